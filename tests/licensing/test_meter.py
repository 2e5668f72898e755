"""The meter as it is set, and one pool for a browser and the person who registers with it."""

from datetime import UTC, datetime

import pytest

from newsroom.access.decide import Asked, decide, find, open_for
from newsroom.access.querysets import readable
from newsroom.access.rules import Decision, Reason
from newsroom.access.search import Wanted, search
from newsroom.accounts.readers import ANONYMOUS, Reader, reader_of
from newsroom.core.audit import SYSTEM
from newsroom.licensing import meter, proof
from newsroom.licensing.meter import Setting
from newsroom.licensing.models import Counter, LicenceVersion, Usage
from newsroom.licensing.rules import Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.models import Release
from newsroom.wire.rules import Tier
from newsroom.wire.views import FullText, Summary
from tests.factories import DAY, HOUR, NOON, a_licence, a_product, a_user, an_item

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
HOME = "203.0.113.0/24"


def set_to(anonymous=2, registered=3, budget=9, products=None, at=NOON - DAY):
    meter.set_meter(
        anonymous=anonymous, registered=registered, budget=budget, products=products, by=SYSTEM, at=at, why="a test"
    )


def visitor(name="a", prefix=HOME):
    return Reader(visitor=name * 22, prefix=prefix)


def opened(reader, item, at=NOON, clicked=True, **asked):
    values = {"channel": "portal", "request_id": "r", "locale": "en", "clicked": clicked} | asked
    return open_for(reader=reader, item=find(slug=item.slug), use=Use.READ, at=at, asked=Asked(**values))


def reasons(reader, number, **facts):
    return [opened(reader, an_item(), **facts)[1].reason for _ in range(number)]


def test_the_meter_is_off_until_somebody_turns_it_on_and_its_history_is_kept():
    assert meter.setting(NOON) == Setting()
    set_to(at=NOON - DAY)
    set_to(anonymous=0, registered=5, budget=0, at=NOON)
    assert meter.setting(NOON - HOUR) == Setting(2, 3, 9)
    assert meter.setting(NOON) == Setting(0, 5, 0)
    set_to(anonymous=1, products=[a_product("some")], at=NOON + DAY)
    assert meter.setting(NOON + DAY) == Setting(1, 3, 9, frozenset({a_product("some").pk}))


def test_the_same_setting_again_adds_nothing():
    for _ in range(2):
        set_to()
    assert LicenceVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"anonymous": -1}, "anonymous"),
        ({"registered": -1, "anonymous": -1}, "anonymous"),
        ({"anonymous": 0, "registered": -1}, "registered"),
        ({"budget": -5}, "budget"),
        ({"registered": 1}, "registered"),
        ({"budget": 1}, "budget"),
        ({"products": []}, "products"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_on_their_field(facts, field):
    with pytest.raises(BadTerms) as refused:
        set_to(**facts)
    assert (refused.value.field, meter.setting(NOON)) == (field, Setting())


def test_a_stranger_is_offered_the_whole_allowance_and_a_click_spends_it():
    set_to()
    story = an_item()
    licence = LicenceVersion.objects.get(licence__audience="everyone").licence
    offer = Decision(
        Tier.SUMMARY, Reason.METERED, licence.pk, meter.CLAUSE, APRIL, 1, remaining=2, allowance=2, source="meter"
    )
    for reader in (ANONYMOUS, visitor()):
        shown, decision = opened(reader, story, clicked=False)
        assert (type(shown), decision) == (Summary, offer)
    shown, decision = opened(visitor(), story)
    assert (type(shown), decision.remaining) == (FullText, 1)
    assert opened(visitor(), story, clicked=False)[1].reason is Reason.LICENSED
    assert Usage.objects.values_list("user", "reader").get() == (None, f"v:{'a' * 22}")


def test_nobody_spends_the_meter_without_an_id():
    set_to()
    assert opened(ANONYMOUS, an_item())[1].reason is Reason.METERED
    assert not Counter.objects.exists()


def test_strangers_have_so_many_and_registered_readers_more():
    set_to()
    assert reasons(visitor(), 3) == [Reason.LICENSED, Reason.LICENSED, Reason.QUOTA_SPENT]
    assert reasons(reader_of(a_user(), NOON), 4) == [*[Reason.LICENSED] * 3, Reason.QUOTA_SPENT]
    assert list(proof.differences()) == []


def test_a_new_cookie_gains_no_more_than_the_budget_of_the_address():
    set_to(budget=5)
    allowed = [each for n in "abcdefgh" for each in reasons(visitor(n), 2)]
    assert allowed.count(Reason.LICENSED) == 5
    assert reasons(visitor("i", "198.51.100.0/24"), 1) == [Reason.LICENSED]
    assert list(proof.differences()) == []


def test_an_address_nobody_knows_has_one_budget_for_all():
    set_to(budget=3)
    allowed = [each for n in "abc" for each in reasons(visitor(n, ""), 2)]
    assert allowed.count(Reason.LICENSED) == 3


def test_the_meter_opens_nothing_that_is_hidden_embargoed_or_outside_its_products():
    set_to(products=[a_product("english", {"include": {"language": ["en"]}})])
    found = {
        name: opened(visitor(), an_item(**facts))[1].reason
        for name, facts in {
            "covered": {},
            "outside": {"language": "tr"},
            "hidden": {"public_tier": Tier.NOTHING},
            "embargoed": {"embargo_until": NOON + HOUR},
        }.items()
    }
    assert found == {
        "covered": Reason.LICENSED,
        "outside": Reason.NO_LICENCE,
        "hidden": Reason.NO_LICENCE,
        "embargoed": Reason.EMBARGOED,
    }


def test_lists_search_and_the_bare_judgement_know_no_meter():
    set_to()
    story = an_item(body_html="<p>A zugzwang on the quay.</p>")
    assert decide(reader=visitor(), item=find(slug=story.slug), use=Use.READ, at=NOON).reason is Reason.NO_LICENCE
    assert search(reader=visitor(), wanted=Wanted("zugzwang"), at=NOON, locale="en").total == 0
    full = readable(Release.objects.all(), reader=visitor(), use=Use.READ, at=NOON, tier=Tier.FULL)
    assert list(full) == []


def test_who_holds_a_licence_spends_nothing_of_the_meter_and_is_told_of_it_when_it_ended():
    set_to(registered=2)
    user = a_user()
    a_licence(user, ends_at=NOON + HOUR)
    story = an_item()
    assert opened(reader_of(user, NOON), story)[1].remaining is None
    later = reader_of(user, NOON + HOUR)
    assert opened(later, story, at=NOON + HOUR, clicked=False)[1].reason is Reason.METERED
    assert reasons(later, 3, at=NOON + HOUR) == [Reason.LICENSED, Reason.LICENSED, Reason.ENDED]


def test_what_a_browser_read_counts_for_the_person_who_registers_with_it():
    set_to(registered=3)
    user, read = a_user(), [an_item(), an_item()]
    for story in read:
        opened(visitor(), story)

    assert [meter.join(user_id=user.pk, visitor="a" * 22, at=NOON) for _ in range(2)] == [2, 0]

    reader = reader_of(user, NOON)
    assert [opened(reader, story, clicked=False)[1].reason for story in read] == [Reason.LICENSED] * 2
    assert reasons(reader, 2) == [Reason.LICENSED, Reason.QUOTA_SPENT]
    assert list(proof.differences()) == []


def test_several_browsers_carry_over_no_more_than_there_is_room_for():
    set_to(registered=3)
    user = a_user()
    for name in "ab":
        reasons(visitor(name), 2)
        meter.join(user_id=user.pk, visitor=name * 22, at=NOON)
    assert Counter.objects.get(pool=f"u:{user.pk}").used == 3
    assert reasons(reader_of(user, NOON), 1) == [Reason.QUOTA_SPENT]
    assert list(proof.differences()) == []


def test_there_is_nothing_to_carry_without_a_meter_for_both_or_in_another_month():
    user = a_user()
    assert meter.join(user_id=user.pk, visitor="a" * 22, at=NOON) == 0
    set_to()
    reasons(visitor(), 1)
    assert meter.join(user_id=user.pk, visitor="", at=NOON) == 0
    assert meter.join(user_id=user.pk, visitor="a" * 22, at=APRIL) == 0
    assert list(proof.differences()) == []
