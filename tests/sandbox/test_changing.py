"""Prorations to the second, and previews that are what is charged."""

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.changing import a_code, buy, lines, preview, update, wish
from tests.sandbox.shop import DAY, Shop, period


def test_an_upgrade_in_the_middle_gives_half_back_and_takes_half(shop: Shop) -> None:
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    bought = buy(shop, cheap)
    start, end = period(bought)
    shop.now = (start + end) // 2

    after = update(shop, bought, items=wish(bought, dear), proration_behavior="always_invoice")

    invoice = after.latest_invoice
    assert [amount for _words, amount in lines(invoice)] == [-500, 1000]
    assert (invoice.status, invoice.total, invoice.billing_reason) == ("paid", 500, "subscription_update")
    assert period(after) == (start, end)


def test_a_downgrade_at_once_is_owed_to_the_customer_and_pays_the_next_invoice(shop: Shop) -> None:
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    bought = buy(shop, dear)
    shop.now = sum(period(bought)) // 2

    invoice = update(shop, bought, items=wish(bought, cheap), proration_behavior="always_invoice").latest_invoice

    assert (invoice.total, invoice.amount_due, invoice.ending_balance) == (-500, 0, -500)
    shop.advance(days=17)
    renewal = shop.again(bought).latest_invoice
    assert (renewal.total, renewal.amount_due, renewal.status) == (1000, 500, "paid")


def test_what_is_not_invoiced_at_once_is_on_the_next_invoice(shop: Shop) -> None:
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    bought = buy(shop, cheap)
    shop.now = sum(period(bought)) // 2

    seen = preview(shop, bought, items=wish(bought, dear), proration_behavior="create_prorations")
    update(shop, bought, items=wish(bought, dear), proration_behavior="create_prorations")
    shop.advance(days=17)

    assert sorted(amount for _words, amount in lines(shop.again(bought).latest_invoice)) == [-500, 1000, 2000]
    assert shop.again(bought).latest_invoice.total == seen.total == 2500


def test_another_interval_begins_now(shop: Shop) -> None:
    month, year = shop.price(unit_amount=1000), shop.price(unit_amount=9000, recurring={"interval": "year"})
    bought = buy(shop, month)
    shop.now = sum(period(bought)) // 2

    after = update(shop, bought, items=wish(bought, year), proration_behavior="none")

    assert lines(after.latest_invoice) == [("1 × Full access (per year)", 9000)]
    assert (after.billing_cycle_anchor, period(after)[0]) == (shop.now, shop.now)


def test_a_declined_card_makes_past_due_or_an_error_or_a_change_that_waits(shop: Shop) -> None:
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    found = {}
    for behaviour in ("allow_incomplete", "error_if_incomplete", "pending_if_incomplete"):
        bought = buy(shop, cheap)
        method = shop.sdk.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": str(bought.customer)})
        update(shop, bought, default_payment_method=method.id)
        try:
            update(
                shop,
                bought,
                items=wish(bought, dear),
                proration_behavior="always_invoice",
                payment_behavior=behaviour,
            )
        except stripe.CardError as error:
            found[behaviour] = str(error.code)
        after = shop.again(bought)
        price = after["items"].data[0].price.unit_amount
        found[behaviour] = (found.get(behaviour), after.status, price, bool(after.pending_update))

    assert found == {
        "allow_incomplete": (None, "past_due", 2000, False),
        "error_if_incomplete": ("card_declined", "active", 1000, False),
        "pending_if_incomplete": (None, "active", 1000, True),
    }


def test_a_preview_keeps_nothing(shop: Shop) -> None:
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    bought = buy(shop, cheap)
    before = (shop.happened(), len(shop.sdk.v1.invoices.list().data))

    seen = preview(shop, bought, items=wish(bought, dear), proration_behavior="always_invoice")

    assert str(seen.id).startswith("upcoming_in_")
    assert (shop.happened(), len(shop.sdk.v1.invoices.list().data)) == before
    assert shop.again(bought)["items"].data[0].price.id == cheap.id


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"proration_date": 1}, "outside of the subscription's current period"),
        ({"items": [{"id": "si_1", "price": "x"}]}, "No such subscription item"),
        ({"quantity": 0}, "greater than or equal to 1"),
        ({"currency": "usd"}, "another currency"),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, facts: dict, said: str) -> None:
    bought = buy(shop, shop.price())
    other = shop.price(unit_amount=1500, currency=facts.pop("currency", "eur"))
    items = facts.pop("items", None) or wish(bought, other, facts.pop("quantity", 1))

    with pytest.raises(stripe.InvalidRequestError, match=said):
        update(shop, bought, items=items, **facts)


@pytest.mark.parametrize(("currency", "amount", "off"), [("eur", 999, 200), ("jpy", 1500, 300), ("kwd", 3330, 670)])
def test_a_percentage_is_rounded_to_what_a_card_can_pay(shop: Shop, currency: str, amount: int, off: int) -> None:
    code = a_code(shop)

    bought = buy(shop, shop.price(unit_amount=amount, currency=currency), discounts=[{"promotion_code": code.id}])

    invoice = shop.again(bought).latest_invoice
    assert (invoice.total, invoice.subtotal) == (amount - off, amount)
    assert [each.amount for each in invoice.total_discount_amounts] == [off]
    assert shop.again(bought).discounts == []


def test_a_discount_ends_with_its_months_and_a_credit_gives_back_what_was_paid(shop: Shop) -> None:
    coupon = shop.sdk.v1.coupons.create({"percent_off": 50, "duration": "repeating", "duration_in_months": 2})
    cheap, dear = shop.price(unit_amount=1000), shop.price(unit_amount=2000)
    bought = buy(shop, cheap, discounts=[{"coupon": coupon.id}])

    shop.now = sum(period(bought)) // 2
    update(shop, bought, items=wish(bought, dear), proration_behavior="always_invoice")

    assert [amount for _words, amount in lines(shop.again(bought).latest_invoice)] == [-250, 500]
    totals = []
    for _month in range(3):
        shop.advance(days=31)
        totals.append(shop.again(bought).latest_invoice.total)
    assert totals == [1000, 2000, 2000]


@settings(max_examples=60, deadline=None)
@given(
    currency=st.sampled_from(["eur", "jpy", "kwd"]),
    steps=st.lists(
        st.tuples(
            st.integers(0, 45 * DAY),
            st.integers(0, 3),
            st.integers(1, 4),
            st.sampled_from(["always_invoice", "create_prorations", "none"]),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_a_preview_is_what_is_charged(currency: str, steps: list[tuple[int, int, int, str]]) -> None:
    shop = Shop()
    amounts = ((900, "month"), (1700, "month"), (9000, "year"), (17_010, "year"))
    prices = [
        shop.price(currency=currency, unit_amount=amount // 10 * 10, recurring={"interval": interval})
        for amount, interval in amounts
    ]
    bought = buy(shop, prices[0])
    for seconds, number, quantity, behaviour in steps:
        shop.advance(hours=seconds / 3600)
        asked = {"items": wish(bought, prices[number], quantity), "proration_behavior": behaviour}
        before = shop.again(bought).latest_invoice.id
        seen = preview(shop, bought, **asked, proration_date=shop.now)
        after = update(shop, bought, **asked, proration_date=shop.now)
        if after.latest_invoice.id != before:
            assert lines(after.latest_invoice) == lines(seen)
            assert after.latest_invoice.amount_due == seen.amount_due
            assert after.latest_invoice.total == seen.total
    customer = shop.sdk.v1.customers.retrieve(str(bought.customer))
    made = [each for each in shop.sdk.v1.invoices.list({"limit": 100}).auto_paging_iter() if each.status == "paid"]
    paid = sum(each.amount for each in shop.sdk.v1.charges.list({"limit": 100}).auto_paging_iter())
    assert paid == sum(each.total for each in made) - customer.balance
