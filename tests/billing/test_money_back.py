"""Money that goes back, and what becomes of the right it paid for."""

from dataclasses import replace

import pytest

from newsroom.billing import sync
from newsroom.billing.catalogue import Plan, catalogue
from newsroom.billing.models import Account, Dispute, Matter, OutboxCall, Payment, Refund
from newsroom.billing.states import After
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
DISPUTED_AT_ONCE, FAILS_AFTERWARDS = "4000000000000259", "4000000000005126"
FULL, SUMMARY = Tier.FULL, Tier.SUMMARY


@pytest.fixture
def policy(monkeypatch):
    """The plan has another policy than that of the file."""

    def put(**facts: After) -> None:
        plan = catalogue().plan("reader")
        assert plan is not None
        other: Plan = replace(plan, **facts)
        monkeypatch.setattr(type(catalogue()), "plan", lambda self, code: other)

    return put


def mails(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def open_matters() -> list[tuple[str, int]]:
    return sorted(Matter.objects.filter(settled_at=None).values_list("kind", "amount_minor"))


def test_a_full_refund_ends_the_right_and_the_billing(shop):
    user, item = shop.subscriber(), an_item(at=now())

    shop.refund(user)
    shop.hear_all()

    assert decision(user, item).tier is SUMMARY
    assert the_subscription(user).status == "canceled"
    payment, refund = Payment.objects.get(), Refund.objects.get()
    assert (payment.refunded_minor, refund.amount_minor, refund.status) == (990, 990, "succeeded")
    version = Licence.objects.get(user=user).versions.get(recorded_to=None)
    assert version.ends_at == refund.created_at
    assert (mails("refund_made"), open_matters()) == (1, [])


@pytest.mark.parametrize(
    ("after", "tier", "status", "ends"),
    [
        (After.NOW, SUMMARY, "canceled", False),
        (After.PERIOD_END, FULL, "active", True),
        (After.KEEP, FULL, "active", False),
    ],
)
def test_a_full_refund_does_what_the_policy_of_the_plan_says(shop, policy, after, tier, status, ends):
    policy(after_refund=after)
    user, item = shop.subscriber(), an_item(at=now())

    shop.refund(user)
    shop.hear_all()

    held = the_subscription(user)
    assert (decision(user, item).tier, held.status, held.cancel_at is not None) == (tier, status, ends)


def test_what_the_policy_lets_run_to_its_end_ends_there_and_is_not_billed_again(shop, policy):
    policy(after_refund=After.PERIOD_END)
    user, item = shop.subscriber(), an_item(at=now())
    shop.refund(user)
    shop.hear_all()

    shop.wait(days=32)

    assert (decision(user, item).tier, the_subscription(user).status) == (SUMMARY, "canceled")
    assert Payment.objects.count() == 1


def test_a_part_that_went_back_changes_nothing_and_waits_for_staff(shop):
    user, item = shop.subscriber(), an_item(at=now())

    shop.refund(user, 300)
    shop.hear_all()

    assert (decision(user, item).tier, the_subscription(user).status) == (FULL, "active")
    assert (open_matters(), mails("refund_made")) == ([("partial_refund", 300)], 1)


def test_when_the_rest_goes_back_too_there_is_nothing_left_to_decide(shop):
    user, item = shop.subscriber(), an_item(at=now())
    shop.refund(user, 300)
    shop.hear_all()

    shop.refund(user)
    shop.hear_all()

    assert (decision(user, item).tier, open_matters()) == (SUMMARY, [])
    assert Matter.objects.get().decision == "overtaken"
    assert mails("refund_made") == 2


def test_the_money_of_an_earlier_period_ends_nothing(shop):
    user, item = shop.subscriber(), an_item(at=now())
    first = shop.charge_of(user)
    shop.wait(days=32)

    shop.sdk.v1.refunds.create({"charge": first})
    shop.hear_all()

    assert (decision(user, item).tier, the_subscription(user).status) == (FULL, "active")


def test_a_refund_that_did_not_arrive_is_a_matter_for_staff(shop, policy):
    policy(after_refund=After.KEEP)
    user, item = shop.subscriber(FAILS_AFTERWARDS), an_item(at=now())
    shop.refund(user)
    shop.hear_all()

    shop.wait(hours=2)

    assert (Payment.objects.get().refunded_minor, Refund.objects.get().status) == (0, "failed")
    assert (decision(user, item).tier, open_matters()) == (FULL, [("refund_failed", 990)])


def test_an_open_dispute_lets_the_right_rest_and_a_won_one_brings_it_back(shop):
    user, item = shop.subscriber(), an_item(at=now())

    shop.dispute(user)
    shop.hear_all()
    assert (decision(user, item).tier, the_subscription(user).status) == (SUMMARY, "active")
    assert open_matters() == [("dispute", 990)]

    shop.dispute_won(user)
    shop.hear_all()

    assert (decision(user, item).tier, Dispute.objects.get().status) == (FULL, "won")
    assert open_matters() == []


@pytest.mark.parametrize(
    ("after", "tier", "status", "ends"),
    [
        (After.NOW, SUMMARY, "canceled", False),
        (After.PERIOD_END, FULL, "active", True),
        (After.KEEP, FULL, "active", False),
    ],
)
def test_a_lost_dispute_does_what_the_policy_of_the_plan_says(shop, policy, after, tier, status, ends):
    policy(after_dispute=after)
    user, item = shop.subscriber(), an_item(at=now())
    shop.dispute(user)
    shop.hear_all()

    shop.dispute_lost(user)
    shop.hear_all()

    held = the_subscription(user)
    assert (decision(user, item).tier, held.status, held.cancel_at is not None) == (tier, status, ends)
    assert Dispute.objects.get().status == "lost"


def test_an_inquiry_takes_nothing_but_wants_an_answer(shop):
    user, item = shop.subscriber(), an_item(at=now())

    shop.dispute(user, inquiry=True)
    shop.hear_all()

    assert (decision(user, item).tier, open_matters()) == (FULL, [("dispute", 990)])


def test_a_card_that_disputes_at_once_opens_nothing(shop):
    user, item = shop.subscriber(DISPUTED_AT_ONCE), an_item(at=now())

    assert decision(user, item).tier is SUMMARY
    assert Licence.objects.get(user=user).versions.get(recorded_to=None).suspended


def test_nobody_answers_and_the_dispute_is_lost(shop):
    user, item = shop.subscriber(DISPUTED_AT_ONCE), an_item(at=now())

    shop.wait(days=9, hours=1)
    shop.hear_all()

    assert (Dispute.objects.get().status, decision(user, item).tier) == ("lost", SUMMARY)
    assert the_subscription(user).status == "canceled"


def test_the_same_heard_again_says_and_does_nothing_more(shop):
    user = shop.subscriber()
    shop.refund(user, 300)
    shop.dispute(user)
    shop.hear_all()
    before = (Message.objects.count(), Matter.objects.count(), AuditEntry.objects.count(), OutboxCall.objects.count())

    for _ in range(3):
        sync.sync(account_id=Account.objects.get(user=user).pk, at=now())

    assert before == (
        Message.objects.count(),
        Matter.objects.count(),
        AuditEntry.objects.count(),
        OutboxCall.objects.count(),
    )


def _second(shop, user) -> str:
    """A second subscription, paid, made beside the first, a minute later."""
    shop.pass_time(minutes=1)
    customer = Account.objects.get(user=user).stripe_customer_id
    price = shop.sdk.v1.prices.list({"lookup_keys": ["reader_month_eur"]}).data[0]
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    made = shop.sdk.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price.id}], "default_payment_method": method.id}
    )
    return str(made.id)


def test_a_double_payment_goes_back_and_the_paid_order_stays(shop):
    user, item = shop.subscriber(), an_item(at=now())
    first = the_subscription(user).stripe_id
    second = _second(shop, user)

    shop.hear_all()
    shop.hear_all()

    states = {each["id"]: each["status"] for each in shop.objects("subscription")}
    assert states == {first: "active", second: "canceled"}
    back = {each.intent_ref: each.refunded_minor for each in Payment.objects.order_by("pk")}
    assert sorted(back.values()) == [0, 990]
    assert [(each.reason, each.amount_minor) for each in Refund.objects.all()] == [("duplicate", 990)]
    assert (decision(user, item).tier, open_matters(), len(shop.objects("refund"))) == (FULL, [], 1)
    made = OutboxCall.objects.filter(operation="refund.create")
    assert [each.state for each in made] == ["done"]


def test_a_purchase_rests_while_disputed_and_ends_with_its_money(shop):
    user, item = a_user(), an_item(at=now())
    order = shop.buy_day_pass(user)
    licence = Licence.objects.get(source=Source.DAY_PASS, source_ref=str(order.ref))
    assert decision(user, item).tier is FULL

    shop.dispute(user)
    shop.hear_all()
    assert licence.versions.get(recorded_to=None).suspended
    shop.dispute_won(user)
    shop.hear_all()
    assert not licence.versions.get(recorded_to=None).suspended
    shop.refund_of(order)
    shop.hear_all()

    held = licence.versions.get(recorded_to=None)
    assert held.ends_at == max(held.starts_at, Refund.objects.get().created_at)
