"""Refunds at the stand-in: whole, in parts, too much, later, taken back."""

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.sandbox.engine import disputes
from tests.sandbox.shop import Shop

PENDING, FAILS_AFTERWARDS, DISPUTED = "4000000000007726", "4000000000005126", "4000000000000259"


def paid(shop: Shop, number: str = "4242424242424242", **price: Any) -> stripe.Charge:
    shop.subscription(number, price=shop.price(**price).id)
    return shop.sdk.v1.charges.list({"limit": 1}).data[0]


def again(shop: Shop, charge: stripe.Charge) -> tuple[int, bool]:
    found = shop.sdk.v1.charges.retrieve(charge.id)
    return found.amount_refunded, found.refunded


def refused(shop: Shop, **params: Any) -> tuple[str | None, str]:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        shop.sdk.v1.refunds.create(params)  # type: ignore[arg-type]  # on purpose
    return raised.value.code, str(raised.value.user_message)


def test_the_whole_is_refunded_where_no_amount_is_named(shop: Shop) -> None:
    charge = paid(shop)

    refund = shop.sdk.v1.refunds.create({"charge": charge.id, "reason": "requested_by_customer"})

    assert (refund.amount, refund.currency, refund.status, refund.reason) == (
        900,
        "eur",
        "succeeded",
        "requested_by_customer",
    )
    assert again(shop, charge) == (900, True)
    assert shop.happened()[-2:] == ["refund.created", "charge.refunded"]


def test_parts_add_up_and_the_last_makes_the_whole(shop: Shop) -> None:
    charge = paid(shop)

    for amount in (100, 300):
        shop.sdk.v1.refunds.create({"payment_intent": str(charge.payment_intent), "amount": amount})
    assert again(shop, charge) == (400, False)
    rest = shop.sdk.v1.refunds.create({"charge": charge.id})

    assert (rest.amount, *again(shop, charge)) == (500, 900, True)
    listed = shop.sdk.v1.refunds.list({"charge": charge.id}).data
    assert [each.amount for each in listed] == [500, 300, 100]
    held = shop.sdk.v1.charges.retrieve(charge.id, {"expand": ["refunds"]}).refunds
    assert held is not None
    assert [each.amount for each in held.data] == [500, 300, 100]


def test_more_than_is_left_is_refused_by_stripes_own_codes(shop: Shop) -> None:
    charge = paid(shop)

    assert refused(shop, charge=charge.id, amount=901) == (
        "amount_too_large",
        "Refund amount (€9.01) is greater than charge amount (€9.00)",
    )
    shop.sdk.v1.refunds.create({"charge": charge.id, "amount": 800})
    assert refused(shop, charge=charge.id, amount=101) == (
        "amount_too_large",
        "Refund amount (€1.01) is greater than unrefunded amount on charge (€1.00)",
    )
    shop.sdk.v1.refunds.create({"charge": charge.id})
    assert refused(shop, charge=charge.id)[0] == "charge_already_refunded"
    assert again(shop, charge) == (900, True)


def test_what_cannot_be_refunded_is_refused_by_name(shop: Shop) -> None:
    charge = paid(shop)
    customer = shop.customer()
    shop.sdk.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})

    assert refused(shop)[0] == "parameter_missing"
    assert refused(shop, charge=charge.id, payment_intent=str(charge.payment_intent))[0] == "parameters_exclusive"
    assert refused(shop, charge="ch_nobody")[0] == "resource_missing"
    assert refused(shop, charge=charge.id, amount=0)[0] == "parameter_invalid_integer"
    assert "Invalid reason" in refused(shop, charge=charge.id, reason="because")[1]
    assert again(shop, charge) == (0, False)


def test_a_disputed_charge_is_refused_until_it_is_won(shop: Shop) -> None:
    charge = paid(shop, DISPUTED)
    dispute = shop.sdk.v1.disputes.list({"charge": charge.id}).data[0]

    assert refused(shop, charge=charge.id)[0] == "charge_disputed"
    shop.do(lambda world: disputes.decide(world, world.get("dispute", dispute.id), won=True))
    shop.sdk.v1.refunds.create({"charge": charge.id})

    assert again(shop, charge) == (900, True)


def test_a_refund_that_the_bank_settles_later_is_pending_until_then(shop: Shop) -> None:
    charge = paid(shop, PENDING)
    refund = shop.sdk.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason, *again(shop, charge)) == ("pending", "processing", 900, True)

    shop.advance(hours=1)

    assert shop.sdk.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert "refund.updated" in shop.happened()
    assert again(shop, charge) == (900, True)


def test_a_refund_that_fails_comes_back_and_can_be_tried_again(shop: Shop) -> None:
    charge = paid(shop, FAILS_AFTERWARDS)
    refund = shop.sdk.v1.refunds.create({"charge": charge.id, "amount": 300})
    assert (refund.status, *again(shop, charge)) == ("succeeded", 300, False)

    shop.advance(hours=1)

    failed = shop.sdk.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason, *again(shop, charge)) == ("failed", "unknown", 0, False)
    assert shop.happened()[-3:] == ["charge.refund.updated", "refund.failed", "charge.updated"]
    with pytest.raises(stripe.InvalidRequestError, match="can't be canceled"):
        shop.sdk.v1.refunds.cancel(refund.id)
    noted = shop.sdk.v1.refunds.update(refund.id, {"metadata": {"seen": "yes"}}).to_dict()
    assert noted["metadata"] == {"seen": "yes"}


@pytest.mark.parametrize("currency", ["eur", "jpy", "kwd", "try"])
def test_whatever_is_asked_no_more_goes_back_than_was_paid(currency: str) -> None:
    @settings(deadline=None, max_examples=15, derandomize=True, database=None)
    @given(st.lists(st.one_of(st.none(), st.integers(1, 1200)), max_size=6))
    def walk(amounts: list[int | None]) -> None:
        shop = Shop()
        charge = paid(shop, currency=currency, unit_amount=1000)
        left = 1000
        for amount in amounts:
            wanted = left if amount is None else amount
            params: Any = {"charge": charge.id} | ({} if amount is None else {"amount": amount})
            if 0 < wanted <= left:
                assert shop.sdk.v1.refunds.create(params).amount == wanted
                left -= wanted
            else:
                refused(shop, **params)
        assert again(shop, charge) == (1000 - left, left == 0)
        assert sum(each.amount for each in shop.sdk.v1.refunds.list({"charge": charge.id}).data) == 1000 - left

    walk()
