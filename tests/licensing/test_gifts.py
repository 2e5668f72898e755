"""Gift links: for one story, so many readers and so long; their token is kept nowhere."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from newsroom.access.decide import Asked, find, open_for
from newsroom.access.giving import may_give
from newsroom.access.rules import Reason
from newsroom.access.search import Wanted, search
from newsroom.accounts.readers import ANONYMOUS, Reader, reader_of
from newsroom.accounts.visitors import digest
from newsroom.core.audit import SYSTEM
from newsroom.licensing import gifts, proof
from newsroom.licensing.gifts import GiftsSpent, State
from newsroom.licensing.models import Counter, Gift, Licence
from newsroom.licensing.rules import Limits, Quota, Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.rules import Tier
from newsroom.wire.views import FullText
from tests.factories import DAY, HOUR, NOON, a_licence, a_release, a_user, an_item

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def a_gift(item, giver=None, at=NOON, a_month=10, **facts):
    giver = giver or a_user()
    return gifts.give(giver=giver, item=item, by=giver.actor, at=at, a_month=a_month, **facts)


def given(token, browser="a"):
    return Reader(bearers=frozenset({digest(token)}), browser=browser * 22)


def opened(reader, item, at=NOON, **asked):
    values = {"channel": "portal", "request_id": "r", "locale": "en"} | asked
    return open_for(reader=reader, item=find(slug=item.slug), use=Use.READ, at=at, asked=Asked(**values))


def state(gift, at=NOON):
    return gifts.state_of(gifts.with_views(Gift.objects.all()).get(pk=gift.pk), at)


def test_whoever_has_the_link_reads_that_story_and_no_other():
    story, other = an_item(), an_item()
    _gift, token = a_gift(story)
    assert isinstance(opened(given(token), story)[0], FullText)
    assert [opened(reader, other)[1].reason for reader in (given(token), ANONYMOUS)] == [Reason.NO_LICENCE] * 2
    assert opened(given("another"), story)[1].reason is Reason.NO_LICENCE


def test_the_token_has_128_random_bits_and_only_its_digest_is_kept():
    gift, token = a_gift(an_item())
    assert len(token) == 22
    assert gift.licence.bearer == digest(token)
    kept = [str(value) for model in (Gift, Licence) for row in model.objects.values_list() for value in row]
    assert not [each for each in kept if token in each]


def test_it_opens_until_its_second_and_not_after():
    story = an_item()
    _gift, token = a_gift(story, days=2)
    ends = NOON + 2 * DAY
    assert [opened(given(token), story, at=at)[1].reason for at in (ends - SECOND, ends)] == [
        Reason.LICENSED,
        Reason.ENDED,
    ]


def test_it_counts_readers_not_readings_and_then_it_is_used_up():
    story = an_item()
    gift, token = a_gift(story, views=2)
    who = ["a", "a", "b", "c", "a"]
    found = [opened(given(token, each), story)[1].reason for each in who]
    assert found == [*[Reason.LICENSED] * 3, Reason.QUOTA_SPENT, Reason.LICENSED]
    assert (state(gift), Counter.objects.get().used) == (State.SPENT, 2)
    assert list(proof.differences()) == []


def test_somebody_whom_nothing_tells_from_others_is_refused():
    story = an_item()
    _gift, token = a_gift(story)
    assert opened(Reader(bearers=frozenset({digest(token)})), story)[1].reason is Reason.QUOTA_SPENT


def test_who_only_looks_is_no_reader_of_the_gift():
    story = an_item()
    gift, token = a_gift(story, views=1)
    assert opened(given(token), story, counts=False)[1].reason is Reason.METERED
    assert (state(gift), Counter.objects.exists()) == (State.OPEN, False)


def test_a_link_that_was_taken_back_opens_nothing_for_nobody():
    story = an_item()
    gift, token = a_gift(story)
    opened(given(token), story)
    for at in (NOON + HOUR, NOON + 2 * HOUR):
        gifts.revoke(gift=gift, by=SYSTEM, at=at)
    assert opened(given(token), story, at=NOON + HOUR)[1].reason is Reason.ENDED
    assert (state(gift), Gift.objects.get().revoked_at) == (State.REVOKED, NOON + HOUR)


def test_one_that_expired_is_not_taken_back_afterwards():
    gift, _token = a_gift(an_item(), days=1)
    gifts.revoke(gift=gift, by=SYSTEM, at=NOON + 2 * DAY)
    assert state(gift, NOON + 2 * DAY) is State.EXPIRED


def test_so_many_links_a_month_and_staff_as_many_as_they_like():
    giver = a_user()
    for _ in range(2):
        a_gift(an_item(), giver, a_month=2)
    with pytest.raises(GiftsSpent):
        a_gift(an_item(), giver, a_month=2)
    assert gifts.left(giver=giver, at=NOON, a_month=2) == 0
    a_gift(an_item(), giver, a_month=2, at=NOON + 29 * DAY)
    for _ in range(3):
        a_gift(an_item(), giver, a_month=None)
    assert Gift.objects.count() == 6


@pytest.mark.parametrize(
    ("facts", "field"), [({"days": 0}, "days"), ({"days": 31}, "days"), ({"views": 0}, "views"), ({"views": -3}, "views"), ({"views": 101}, "views")]
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused_on_their_field(facts, field):
    with pytest.raises(BadTerms) as refused:
        a_gift(an_item(), **facts)
    assert (refused.value.field, Gift.objects.exists(), Licence.objects.exists()) == (field, False, False)


def test_only_what_one_reads_by_a_licence_of_ones_own_can_be_given():
    story, free = an_item(), an_item(public_tier=Tier.FULL)
    user, expired, quota = a_user(), a_user(), a_user()
    a_licence(user)
    a_licence(expired, ends_at=NOON)
    a_licence(quota, limits=Limits(quotas=(Quota(Use.READ, 1),)))
    _gift, token = a_gift(story)

    def reason(reader, item=story):
        return may_give(reader=reader, item=find(slug=item.slug), at=NOON).reason

    assert [reason(reader_of(each, NOON)) for each in (user, quota)] == [Reason.LICENSED] * 2
    assert reason(reader_of(expired, NOON)) is Reason.ENDED
    assert [reason(each) for each in (given(token), ANONYMOUS, Reader(a_user().pk))] == [Reason.NO_LICENCE] * 3
    assert reason(reader_of(user, NOON), free) is Reason.FREE


def test_a_gift_opens_no_search_in_the_text():
    made = a_release(body_html="<p>A zugzwang on the quay.</p>")
    _gift, token = a_gift(made.item)
    assert search(reader=given(token), wanted=Wanted("zugzwang"), at=NOON, locale="en").total == 0


def test_nothing_of_a_gift_but_its_end_ever_changes():
    gift, _token = a_gift(an_item())
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(views=99)
