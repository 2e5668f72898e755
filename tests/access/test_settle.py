"""What a yes costs: the first licence that has the story already or has room is spent, in one statement with the ledger."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.access import prices
from newsroom.access.decide import Asked, find, open_for, original_for
from newsroom.access.rules import Decision, Reason
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Counted, Counter, Overage, Usage
from newsroom.licensing.rules import Limits, Quota, Use
from newsroom.wire.rules import Tier
from newsroom.wire.views import FullText, Summary
from tests.factories import DAY, HOUR, NOON, a_licence, a_member, a_picture, a_user, an_item, an_organisation

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
ASKED = Asked("api", "request-1", "en")
PRICE = Money(450, "eur")


def a_quota_of(limit, holder=None, use=Use.READ, period="month", **facts):
    quota = Quota(use, limit, period, **{name: facts.pop(name) for name in ("per_reader", "overage") if name in facts})
    return a_licence(holder or a_user(), uses=[use], ends_at=None, limits=Limits(quotas=(quota,)), **facts)


def opened(holder, item, at=NOON, use=Use.READ, **asked):
    values = {"channel": "api", "request_id": "request-1", "locale": "en"} | asked
    return open_for(reader=reader_of(holder, at), item=find(slug=item.slug), use=use, at=at, asked=Asked(**values))


def counters():
    return list(Counter.objects.order_by("pk").values_list("pool", "used", "limit", "overage"))


def test_a_quota_lets_so_many_different_stories_through_and_then_says_when_it_begins_anew():
    user = a_user()
    licence = a_quota_of(2, user)
    stories = [an_item() for _ in range(3)]

    answers = [opened(user, each) for each in stories]

    assert [type(shown) for shown, _ in answers] == [FullText, FullText, Summary]
    assert [decision.remaining for _, decision in answers] == [1, 0, 0]
    assert answers[2][1] == Decision(
        Tier.SUMMARY,
        Reason.QUOTA_SPENT,
        licence.pk,
        "test clause",
        APRIL,
        version=1,
        remaining=0,
        allowance=2,
        source="comp",
    )
    assert counters() == [("", 2, 2, 0)]
    assert Usage.objects.count() == Counted.objects.count() == 2


def test_reading_a_counted_story_again_is_free_also_for_a_colleague():
    organisation = an_organisation()
    ayse, can = a_member(organisation), a_member(organisation)
    a_quota_of(1, organisation)
    story = an_item()

    answers = [opened(ayse, story), opened(ayse, story, at=NOON + DAY), opened(can, story), opened(can, an_item())]

    assert [decision.reason for _, decision in answers] == [*[Reason.LICENSED] * 3, Reason.QUOTA_SPENT]
    assert counters() == [("", 1, 1, 0)]
    assert Usage.objects.count() == 3


def test_where_each_reader_has_their_own_one_spends_nothing_of_the_others():
    organisation = an_organisation()
    ayse, can = a_member(organisation), a_member(organisation)
    a_quota_of(1, organisation, per_reader=True)

    reasons = [opened(who, an_item())[1].reason for who in (ayse, can, ayse)]

    assert reasons == [Reason.LICENSED, Reason.LICENSED, Reason.QUOTA_SPENT]
    assert counters() == [(f"u:{ayse.pk}", 1, 1, 0), (f"u:{can.pk}", 1, 1, 0)]


def test_a_licence_that_counts_nothing_comes_first_and_the_next_one_when_the_first_is_used_up():
    user = a_user()
    small, large = a_quota_of(1, user), a_quota_of(2, user)
    assert [opened(user, an_item())[1].licence_id for _ in range(4)] == [small.pk, large.pk, large.pk, small.pk]
    free = a_licence(user)
    assert opened(user, an_item())[1].licence_id == free.pk
    assert [used for _, used, _, _ in counters()] == [1, 2]


def test_a_story_that_the_second_licence_has_counted_spends_nothing_of_the_first():
    user, story = a_user(), an_item()
    second = a_quota_of(1, user)
    opened(user, story)
    a_quota_of(5, user, starts_at=NOON - 2 * DAY)
    assert opened(user, story)[1].licence_id == second.pk
    assert len(counters()) == 1


@pytest.mark.parametrize("period", ["day", "month", "year"])
def test_a_period_begins_anew_at_its_second_in_utc(period):
    user = a_user()
    begins = {
        "day": datetime(2026, 3, 4, tzinfo=UTC),
        "month": APRIL,
        "year": datetime(2027, 1, 1, tzinfo=UTC),
    }[period]
    a_quota_of(1, user, period=period)
    opened(user, an_item())
    second = timedelta(seconds=1)
    reasons = [opened(user, an_item(), at=at)[1].reason for at in (begins - second, begins, begins + second)]
    assert reasons == [Reason.QUOTA_SPENT, Reason.LICENSED, Reason.QUOTA_SPENT]


def test_a_quota_of_the_term_never_begins_anew_until_the_term_does():
    user = a_user()
    licence = a_quota_of(1, user, period="term")
    opened(user, an_item())
    licensing.extend(licence=licence, ends_at=NOON + 900 * DAY, by=SYSTEM, at=NOON)
    _, decision = opened(user, an_item(), at=NOON + 400 * DAY)
    assert (decision.reason, decision.until) == (Reason.QUOTA_SPENT, None)


def test_two_quotas_for_one_use_are_both_kept():
    user = a_user()
    quotas = (Quota(Use.READ, 1, "day"), Quota(Use.READ, 2, "month"))
    a_licence(user, ends_at=None, limits=Limits(quotas=quotas))
    days = [NOON, NOON, NOON + DAY, NOON + 2 * DAY]
    answers = [opened(user, an_item(), at=at)[1] for at in days]
    assert [each.reason for each in answers] == [
        Reason.LICENSED,
        Reason.QUOTA_SPENT,
        Reason.LICENSED,
        Reason.QUOTA_SPENT,
    ]
    assert [answers[1].until, answers[3].until] == [datetime(2026, 3, 4, tzinfo=UTC), APRIL]


@pytest.mark.parametrize(("limit", "reason", "remaining"), [(5, Reason.LICENSED, 2), (1, Reason.QUOTA_SPENT, 0)])
def test_a_limit_that_changes_within_the_period_holds_from_the_next_story_on(limit, reason, remaining):
    user, read = a_user(), an_item()
    licence = a_quota_of(2, user)
    opened(user, read)
    opened(user, an_item())

    licensing.limit(licence=licence, limits=Limits(quotas=(Quota(Use.READ, limit),)), by=SYSTEM, at=NOON)

    decision = opened(user, an_item(), at=NOON + HOUR)[1]
    assert (decision.reason, decision.remaining) == (reason, remaining)
    assert opened(user, read, at=NOON + HOUR)[1].reason is Reason.LICENSED


def test_who_only_looks_spends_nothing_and_is_handed_what_was_counted_already():
    user, counted, fresh = a_user(), an_item(), an_item()
    licence = a_quota_of(2, user)
    opened(user, counted)

    looked = [opened(user, each, counts=False) for each in (counted, fresh)]

    assert [type(shown) for shown, _ in looked] == [FullText, Summary]
    assert looked[1][1] == Decision(
        Tier.SUMMARY,
        Reason.METERED,
        licence.pk,
        "test clause",
        APRIL,
        version=1,
        remaining=1,
        allowance=2,
        source="comp",
    )
    assert (counters(), Usage.objects.count()) == ([("", 1, 2, 0)], 1)


def test_a_repeated_request_is_one_use_and_its_number_with_another_story_is_another():
    user, one, other = a_user(), an_item(), an_item()
    a_quota_of(3, user)
    for story in (one, one, other):
        opened(user, story, request_id="the same")
    assert counters() == [("", 2, 3, 0)]
    assert set(Usage.objects.values_list("item", "request_id")) == {(one.pk, "the same"), (other.pk, "the same")}


def test_a_clock_that_runs_behind_counts_nothing_twice():
    user, story = a_user(), an_item(at=NOON - DAY)
    a_quota_of(1, user)
    assert [opened(user, story, at=at)[1].reason for at in (NOON, NOON - HOUR)] == [Reason.LICENSED] * 2
    assert counters() == [("", 1, 1, 0)]


def test_an_overage_is_offered_with_its_price_and_counted_once_it_is_accepted():
    user = a_user()
    licence = a_quota_of(1, user, overage=PRICE)
    opened(user, an_item())
    story = an_item()

    shown, offered = opened(user, story)
    assert type(shown) is Summary
    assert offered == Decision(
        Tier.SUMMARY, Reason.OVERAGE, licence.pk, "test clause", APRIL, 1, 0, PRICE, allowance=1, source="comp"
    )
    token = prices.offer(offered, reader=reader_of(user, NOON), item_id=story.pk, use=Use.READ, at=NOON)
    answers = [opened(user, story, accepts=token, at=at) for at in (NOON, NOON + HOUR)]

    assert [type(shown) for shown, _ in answers] == [FullText] * 2
    assert counters() == [("", 2, 1, 1)]
    assert list(Overage.objects.values_list("licence", "item", "user", "accepted_by", "minor", "currency", "at")) == [
        (licence.pk, story.pk, user.pk, user.email, 450, "eur", NOON)
    ]
    assert opened(user, an_item())[1].reason is Reason.OVERAGE


def test_a_price_that_changed_is_refused_and_the_new_one_named():
    user, story = a_user(), an_item()
    licence = a_quota_of(1, user, overage=PRICE)
    opened(user, an_item())
    offered = opened(user, story)[1]
    token = prices.offer(offered, reader=reader_of(user, NOON), item_id=story.pk, use=Use.READ, at=NOON)
    dearer = Limits(quotas=(Quota(Use.READ, 1, overage=Money(900, "eur")),))
    licensing.limit(licence=licence, limits=dearer, by=SYSTEM, at=NOON)

    decision = opened(user, story, accepts=token)[1]

    assert (decision.reason, decision.price) == (Reason.PRICE_CHANGED, Money(900, "eur"))
    assert not Overage.objects.exists()


@pytest.mark.parametrize("fault", ["other story", "other reader", "other use", "too old", "from the future", "forged"])
def test_a_token_accepts_nothing_but_what_it_was_made_for(fault):
    organisation = an_organisation()
    user, other = a_member(organisation), a_member(organisation)
    a_quota_of(1, organisation, overage=PRICE)
    opened(user, an_item())
    story = an_item()
    made = {"reader": reader_of(user, NOON), "item_id": story.pk, "use": Use.READ, "at": NOON}
    made |= {
        "other story": {"item_id": an_item().pk},
        "other reader": {"reader": reader_of(other, NOON)},
        "other use": {"use": Use.DOWNLOAD},
        "too old": {"at": NOON - HOUR},
        "from the future": {"at": NOON + timedelta(minutes=3)},
        "forged": {},
    }[fault]
    token = prices.offer(opened(user, story)[1], **made)

    decision = opened(user, story, accepts=f"{token}x" if fault == "forged" else token)[1]

    assert (decision.reason, decision.price) == (Reason.OVERAGE, PRICE)
    assert not Overage.objects.exists()


def test_a_price_accepted_while_there_is_room_costs_nothing():
    user, story = a_user(), an_item()
    licence = a_quota_of(1, user, overage=PRICE)
    opened(user, an_item())
    token = prices.offer(opened(user, story)[1], reader=reader_of(user, NOON), item_id=story.pk, use=Use.READ, at=NOON)
    more = Limits(quotas=(Quota(Use.READ, 2, overage=PRICE),))
    licensing.limit(licence=licence, limits=more, by=SYSTEM, at=NOON)
    assert opened(user, story, accepts=token)[1].allowed
    assert (counters(), Overage.objects.exists()) == ([("", 2, 2, 0)], False)


def test_a_story_paid_for_fits_where_the_limit_was_lowered_under_what_is_used():
    user, story = a_user(), an_item()
    licence = a_quota_of(3, user, overage=PRICE)
    for _ in range(3):
        opened(user, an_item())
    lower = Limits(quotas=(Quota(Use.READ, 1, overage=PRICE),))
    licensing.limit(licence=licence, limits=lower, by=SYSTEM, at=NOON)
    token = prices.offer(opened(user, story)[1], reader=reader_of(user, NOON), item_id=story.pk, use=Use.READ, at=NOON)
    assert opened(user, story, accepts=token)[1].allowed
    assert counters() == [("", 4, 3, 1)]


def test_a_download_is_counted_apart_from_reading_and_a_picture_that_is_not_there_costs_nothing():
    user, story = a_user(), an_item(pictures=(a_picture(),))
    a_quota_of(1, user, use=Use.DOWNLOAD)
    item, reader = find(slug=story.slug), reader_of(user, NOON)

    def original(position, of=item):
        return original_for(reader=reader, item=of, position=position, at=NOON, asked=ASKED)

    assert original(7)[0] is None
    assert counters() == []
    assert original(0)[0].type == "image/jpeg"
    other = find(slug=an_item(pictures=(a_picture(),)).slug)
    found, decision = original(0, other)
    assert (found, decision.reason) == (None, Reason.QUOTA_SPENT)
    assert original(0)[0] is not None


def test_of_a_hidden_story_that_the_licence_covers_the_summary_is_shown_as_lists_show_it():
    user = a_user()
    a_quota_of(1, user)
    opened(user, an_item())
    shown, decision = opened(user, an_item(public_tier=Tier.NOTHING))
    assert (type(shown), decision.tier, decision.reason) == (Summary, Tier.SUMMARY, Reason.QUOTA_SPENT)


def test_spending_costs_one_question_and_one_statement(django_assert_num_queries):
    user, story = a_user(), find(slug=an_item().slug)
    a_quota_of(5, user)
    reader = reader_of(user, NOON)
    with django_assert_num_queries(6):  # terms, look, savepoint of the test, spend, its release, vault
        open_for(reader=reader, item=story, use=Use.READ, at=NOON, asked=ASKED)
