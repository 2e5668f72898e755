"""The check command: silent when all agree, and it names each difference when one was planted."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from newsroom.access.decide import Asked, find, open_for
from newsroom.accounts.readers import reader_of
from newsroom.core.money import Money
from newsroom.licensing import proof
from newsroom.licensing.models import Counted, Counter, Overage, Usage
from newsroom.licensing.rules import Limits, Quota, Use
from tests.factories import DAY, NOON, a_licence, a_user, an_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def licence():
    """Somebody with a quota by term and one by month for themselves, who has read a story twice, on two days."""
    user, story = a_user(), an_item()
    quotas = (Quota(Use.READ, 2, "month", per_reader=True), Quota(Use.READ, 9, "term"))
    found = a_licence(user, ends_at=None, limits=Limits(quotas=quotas))
    for at in (NOON, NOON + DAY):
        open_for(
            reader=reader_of(user, at),
            item=find(slug=story.slug),
            use=Use.READ,
            at=at,
            asked=Asked("api", "request-1", "en"),
        )
    return found


@pytest.fixture
def erasing():
    """The append-only tables may be written in this test."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL newsroom.erasure = 'on'")


def said():
    return [str(each) for each in proof.differences()]


def test_all_agree_and_the_command_says_so(licence):
    out = StringIO()
    call_command("check_quotas", stdout=out)
    assert out.getvalue() == "2 counters agree with the ledger.\n"


def test_a_counter_that_lost_one_is_named_and_the_command_fails(licence):
    Counter.objects.filter(period="month").update(used=0)
    user, out = licence.user_id, StringIO()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("check_quotas", stdout=out)
    assert out.getvalue() == (
        f"licence {licence.pk}: read by month since 2026-03-01 for u:{user}: the counter says 0, counted are 1\n"
    )


def test_a_counter_that_is_gone_and_one_that_counted_nothing_are_named(licence):
    Counter.objects.filter(period="month").delete()
    Counter.objects.create(
        licence=licence, use="read", period="day", starts_at=NOON, pool="", used=1, limit=1, overage=0
    )
    assert [each.partition(": ")[2] for each in said()] == [
        "read by day since 2026-03-03: the counter says 1, counted are 0",
        f"read by month since 2026-03-01 for u:{licence.user_id}: the counter says 0, counted are 1",
    ]


def test_a_line_that_the_ledger_lost_is_named(licence, erasing):
    story = Counted.objects.first().item_id
    Usage.objects.filter(at=NOON).delete()
    assert said() == [
        f"licence {licence.pk}: read by month since 2026-03-01 for u:{licence.user_id}: story {story} has no line in the ledger",
        f"licence {licence.pk}: read by term since 2026-03-02: story {story} has no line in the ledger",
    ]


def test_a_use_that_was_never_counted_is_named(licence, erasing):
    line = Usage.objects.first()
    Counted.objects.filter(period="month").delete()
    Counter.objects.filter(period="month").delete()
    assert said() == [
        f"licence {licence.pk}: read of story {line.item_id} is in the ledger ({each.key[:12]}) and not counted by month"
        for each in Usage.objects.order_by("pk")
    ]


def test_a_story_above_the_quota_that_nobody_paid_for_is_named(licence, erasing):
    Counted.objects.filter(period="month").update(overage=True)
    story = Counted.objects.first().item_id
    assert said() == [
        f"licence {licence.pk}: read by month since 2026-03-01 for u:{licence.user_id}: the counter says 1, counted are 1;"
        " paid for 0, marked 1",
        f"licence {licence.pk}: read of story {story} was counted above the quota and nobody accepted a price",
    ]


def test_a_price_that_was_accepted_for_nothing_is_named(licence):
    price, line = Money(450, "eur"), Usage.objects.first()
    Overage.objects.create(
        licence=licence,
        use="read",
        period="month",
        starts_at=NOON,
        item_id=line.item_id,
        minor=price.minor,
        currency=price.currency,
        at=NOON,
        key="unknown",
    )
    assert said() == [f"licence {licence.pk}: read of story {line.item_id} was paid for and not counted so"]


def test_what_was_read_before_there_was_a_quota_is_no_difference(licence):
    from newsroom.core.audit import SYSTEM
    from newsroom.licensing import actions

    user, story = a_user(), an_item()
    free = a_licence(user, ends_at=None)
    asked = Asked("api", "request-1", "en")
    facts = {"reader": reader_of(user, NOON), "item": find(slug=story.slug), "use": Use.READ, "asked": asked}
    open_for(**facts, at=NOON)
    actions.limit(licence=free, limits=Limits(quotas=(Quota(Use.READ, 1),)), by=SYSTEM, at=NOON + DAY)
    open_for(**facts, at=NOON + DAY)
    assert (said(), Counted.objects.filter(licence=free).count()) == ([], 1)
