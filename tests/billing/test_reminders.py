"""Reminders before a renewal and the end of a trial; and prices that change only after a notice."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from newsroom.billing import push
from newsroom.billing.catalogue import FILE, catalogue, read
from newsroom.billing.law import prices, reminders
from newsroom.billing.models import Account, OutboxCall, PriceNotice, Subscription
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.models import Message
from tests.billing.shop import SOLD, the_subscription
from tests.factories import DAY, NOON, a_user
from tests.portal.paying import a_subscription

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SECOND = timedelta(seconds=1)


def held(country: str = "DE", **facts) -> Subscription:
    made = a_subscription(a_user(), **facts)
    Account.objects.filter(pk=made.account_id).update(country=country)
    return made


def sent() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("country", "days", "mails"),
    [
        ("DE", 31, 0),
        ("DE", 30, 1),
        ("FR", 60, 1),
        ("FR", 30, 2),
        ("GB", 30, 1),
        ("GB", 7, 2),
        ("", 30, 1),
        ("US", 30, 1),
    ],
)
def test_a_yearly_renewal_is_announced_as_early_as_the_country_says(country, days, mails):
    end = NOON + 100 * DAY
    held(country, interval="year", current_period_end=end)

    for left in range(90, days - 1, -1):
        reminders.remind(at=end - left * DAY)
        reminders.remind(at=end - left * DAY)

    assert sent() == ["renewal_coming"] * mails


def test_to_the_second_and_never_after_it_renewed():
    end = NOON + 100 * DAY
    held("DE", interval="year", current_period_end=end)

    assert reminders.remind(at=end - 30 * DAY - SECOND) == 0
    assert reminders.remind(at=end) == 0
    assert reminders.remind(at=end - 30 * DAY) == 1
    text = Message.objects.get().text
    assert "for another year" in text
    assert "/cancel/" in text


@pytest.mark.parametrize(
    "facts",
    [
        {"interval": "month"},
        {"interval": "year", "cancel_at_period_end": True},
        {"interval": "year", "status": "canceled"},
        {"interval": "year", "status": "past_due"},
    ],
)
def test_who_needs_no_reminder_gets_none(facts):
    held("DE", current_period_end=NOON + 20 * DAY, **facts)

    assert (reminders.remind(at=NOON), sent()) == (0, [])


def test_the_end_of_a_trial_is_announced_three_days_before_and_once():
    end = NOON + 14 * DAY
    held("TR", status="trialing", current_period_end=end, trial_end=end)

    for left in (4, 3, 2, 1):
        reminders.remind(at=end - left * DAY)

    assert sent() == ["plan_trial_ending"]
    assert "unless you cancel before" in Message.objects.get().text


@pytest.fixture
def dearer(shop, monkeypatch):
    """The catalogue's price for Reader by the month is another one now, and at Stripe."""
    user = shop.subscriber()
    text = FILE.read_text(encoding="utf-8").replace("eur = 990\n", "eur = 1190\n", 1)
    changed = read(text)
    for module in (prices,):
        monkeypatch.setattr(module, "catalogue", lambda: changed)
    found = [each for each in push.differences(changed) if each.params.get("lookup_key", "reader_month_eur") in SOLD]
    push.push(
        found=[each for each in found if "reader_month_eur" in str(each.params) or each.operation == "price.update"],
        at=now(),
    )
    return user


def announce(days: int, at):
    return prices.announce(lookup_key="reader_month_eur", holds_from=at + days * DAY, by=SYSTEM, at=at)


def test_a_new_price_is_refused_before_the_notice_is_over(shop, dearer):
    at = now()

    with pytest.raises(prices.TooSoon, match="can hold from"):
        prices.announce(lookup_key="reader_month_eur", holds_from=at + 30 * DAY - SECOND, by=SYSTEM, at=at)
    with pytest.raises(prices.NoChange):
        prices.announce(lookup_key="reader_plus_month_eur", holds_from=at + 40 * DAY, by=SYSTEM, at=at)
    assert PriceNotice.objects.count() == 0


def test_the_new_price_is_paid_from_the_first_renewal_after_the_notice_and_not_before(shop, dearer):
    at = now()
    announce(35, at)  # longer than any month
    announce(35, at)
    mail = Message.objects.get(kind="price_changing")
    assert ("€9.90" in mail.text, "€11.90" in mail.text, "/cancel/" in mail.text) == (True, True, True)

    paid = []
    for _month in range(3):
        for _ in range(31):
            prices.carry_out(at=now())
            shop.pass_time(days=1)
        shop.hear_all()
        paid = [each["amount_paid"] for each in shop.objects("invoice") if each["status"] == "paid"]

    assert paid[:2] == [990, 990]
    assert set(paid[2:]) == {1190}
    assert the_subscription(dearer).amount == 1190
    assert OutboxCall.objects.filter(operation="subscription.update").count() == 1


def test_who_cancels_after_the_notice_is_left_alone(shop, dearer):
    at = now()
    announce(30, at)
    shop.sdk.v1.subscriptions.update(the_subscription(dearer).stripe_id, {"cancel_at_period_end": True})
    shop.hear_all()

    assert [prices.carry_out(at=at + days * DAY) for days in (29, 30, 31)] == [0, 0, 0]


def test_who_was_told_nothing_pays_what_they_paid(shop, dearer):
    shop.wait(days=62)
    shop.hear_all()

    assert prices.carry_out(at=now()) == 0
    assert the_subscription(dearer).amount == 990


def test_the_command_says_who_was_told_or_why_not(shop, dearer, monkeypatch):
    out = StringIO()
    day = f"{now() + 40 * DAY:%Y-%m-%d}"
    call_command("announce_price", "reader_month_eur", "--from", day, stdout=out)
    assert "1 told" in out.getvalue()

    for wrong in (f"{now() + 2 * DAY:%Y-%m-%d}", "soon"):
        with pytest.raises(CommandError):
            call_command("announce_price", "reader_month_eur", "--from", wrong)


def test_the_catalogue_says_what_follows_when_money_goes_back():
    plans = catalogue().plans

    assert {(each.code, str(each.after_refund), str(each.after_dispute)) for each in plans} >= {
        ("reader", "now", "now"),
        ("reader_plus", "now", "now"),
    }
