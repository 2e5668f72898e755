"""Disputes at the stand-in: opened, answered, won, lost."""

import pytest
import stripe

from newsroom.sandbox.engine import disputes
from newsroom.sandbox.engine.errors import StripeError
from tests.sandbox.shop import Shop
from tests.sandbox.test_refunds import DISPUTED, paid

INQUIRED, NOT_RECEIVED = "4000000000001976", "4000000000002685"


def the_dispute(shop: Shop) -> stripe.Dispute:
    return shop.sdk.v1.disputes.list().data[0]


def open_one(shop: Shop, number: str = DISPUTED) -> stripe.Dispute:
    charge = paid(shop, number)
    return shop.sdk.v1.disputes.list({"charge": charge.id}).data[0]


@pytest.mark.parametrize(
    ("number", "status", "reason", "refundable", "events"),
    [
        (DISPUTED, "needs_response", "fraudulent", False, ["charge.dispute.created", "charge.dispute.funds_withdrawn"]),
        (
            NOT_RECEIVED,
            "needs_response",
            "product_not_received",
            False,
            ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
        ),
        (INQUIRED, "warning_needs_response", "fraudulent", True, ["charge.dispute.created"]),
    ],
)
def test_some_cards_dispute_what_they_paid(
    shop: Shop, number: str, status: str, reason: str, refundable: bool, events: list[str]
) -> None:
    dispute = open_one(shop, number)

    assert (dispute.status, dispute.reason, dispute.amount, dispute.is_charge_refundable) == (
        status,
        reason,
        900,
        refundable,
    )
    assert shop.sdk.v1.charges.retrieve(str(dispute.charge)).disputed
    assert [each for each in shop.happened() if each.startswith("charge.dispute")] == events


@pytest.mark.parametrize(
    ("words", "status", "last"),
    [
        ("winning_evidence", "won", "charge.dispute.funds_reinstated"),
        ("losing_evidence", "lost", "charge.dispute.closed"),
    ],
)
def test_the_bank_decides_by_the_evidence(shop: Shop, words: str, status: str, last: str) -> None:
    dispute = open_one(shop)

    answered = shop.sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}})
    assert (answered.status, answered.evidence_details.submission_count) == ("under_review", 1)
    shop.advance(hours=1)

    assert (the_dispute(shop).status, shop.happened()[-1]) == (status, last)


def test_evidence_may_be_kept_back_until_it_is_whole(shop: Shop) -> None:
    dispute = open_one(shop)

    staged = shop.sdk.v1.disputes.update(
        dispute.id, {"evidence": {"product_description": "A month of news"}, "submit": False}
    )

    assert (staged.status, staged.evidence.product_description) == ("needs_response", "A month of news")
    assert (staged.evidence_details.has_evidence, staged.evidence_details.submission_count) == (True, 0)


def test_who_does_not_answer_in_time_has_lost(shop: Shop) -> None:
    open_one(shop)

    shop.advance(days=9)

    lost = the_dispute(shop)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)


def test_an_inquiry_that_nobody_pursues_is_closed(shop: Shop) -> None:
    dispute = open_one(shop, INQUIRED)

    shop.advance(days=121)

    assert shop.sdk.v1.disputes.retrieve(dispute.id).status == "warning_closed"


def test_closing_it_is_losing_it_and_then_nothing_can_be_changed(shop: Shop) -> None:
    dispute = open_one(shop)

    assert shop.sdk.v1.disputes.close(dispute.id).status == "lost"

    with pytest.raises(stripe.InvalidRequestError) as raised:
        shop.sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert raised.value.code == "dispute_closed"
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.disputes.close(dispute.id)
    with pytest.raises(StripeError):
        shop.do(lambda world: disputes.decide(world, world.get("dispute", dispute.id), won=True))


def test_only_what_is_left_can_be_disputed_and_only_once(shop: Shop) -> None:
    charge = paid(shop)
    shop.sdk.v1.refunds.create({"charge": charge.id, "amount": 400})

    made = shop.do(lambda world: disputes.opened(world, world.get("charge", charge.id)))

    assert made["amount"] == 500
    with pytest.raises(StripeError):
        shop.do(lambda world: disputes.opened(world, world.get("charge", charge.id)))
