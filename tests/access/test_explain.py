"""Explained as of a moment: what was written since does not count, and today's answer is the gate's own."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access.decide import decide, find
from newsroom.access.explain import as_of, reader_then
from newsroom.access.rules import Decision, Manner, Reason
from newsroom.accounts.models import Membership, Network
from newsroom.accounts.readers import ANONYMOUS, Reader
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Seat
from newsroom.licensing.rules import Limits, Source, Use
from newsroom.wire import actions as wire
from newsroom.wire.rules import Signal, Tier
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    a_draft,
    a_licence,
    a_member,
    a_product,
    a_release,
    a_user,
    an_item,
    an_organisation,
)

pytestmark = pytest.mark.django_db
BEFORE, AFTER = NOON, NOON + 2 * HOUR
CHANGED = NOON + HOUR


def why(reader, item, at, use=Use.READ, **manner) -> Decision:
    return as_of(reader=reader, item=item, use=use, at=at, manner=Manner(**manner)).decision


def whys(who, item, **facts):
    """The reason before and after the change."""
    return [why(reader_then(who, at=at), item, at, **facts).reason for at in (BEFORE, AFTER)]


def test_a_story_killed_later_was_readable_then():
    user = a_user()
    licence = a_licence(user)
    item = an_item()
    wire.kill(item=item, by=SYSTEM, note="It was false.", at=CHANGED)

    assert whys(user, item) == [Reason.LICENSED, Reason.KILLED]
    assert why(reader_then(user, at=BEFORE), item, BEFORE) == Decision(
        Tier.FULL, Reason.LICENSED, licence.pk, "test clause", NOON + DAY, 1
    )


def test_a_story_was_nothing_before_its_first_release():
    item = an_item(CHANGED)
    assert whys(None, item) == [Reason.NOT_RELEASED, Reason.NO_LICENCE]


def test_a_story_withheld_and_brought_back_is_all_three_things_at_their_moments():
    made = a_release(NOON - HOUR, public_tier=Tier.FULL)
    item = made.item
    wire.withhold(item=item, by=SYSTEM, note="A check.", at=NOON)
    wire.release(draft=a_draft(uri=item.uri, public_tier=Tier.SUMMARY), signal=Signal.UPDATE, by=SYSTEM, at=NOON + HOUR)
    moments = (NOON - HOUR, NOON - timedelta(seconds=1), NOON, NOON + HOUR)
    assert [why(ANONYMOUS, item, at).reason for at in moments] == [
        Reason.FREE,
        Reason.FREE,
        Reason.WITHHELD,
        Reason.NO_LICENCE,
    ]


def test_a_restriction_that_a_later_version_brought_did_not_hold_then():
    user = a_user()
    a_licence(user)
    item = an_item()
    draft = a_draft(uri=item.uri, territories_out=("TR",))
    wire.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=CHANGED)

    assert whys(user, item, territory="TR") == [Reason.LICENSED, Reason.STORY_NOT_HERE]


def test_a_licence_suspended_later_said_yes_then():
    user = a_user()
    licensing.suspend(licence=a_licence(user), by=SYSTEM, at=CHANGED, why="not paid")
    assert whys(user, an_item()) == [Reason.LICENSED, Reason.SUSPENDED]


def test_a_licence_written_down_later_with_an_earlier_start_gave_nothing_then():
    user = a_user()
    a_licence(user, starts_at=NOON - DAY, at=CHANGED)
    assert whys(user, an_item()) == [Reason.NO_LICENCE, Reason.LICENSED]


def test_a_licence_limited_later_was_wide_then():
    user = a_user()
    limits = Limits(territories=frozenset({"DE"}))
    licensing.limit(licence=a_licence(user), limits=limits, by=SYSTEM, at=CHANGED)
    assert whys(user, an_item(), territory="TR") == [Reason.LICENSED, Reason.WRONG_TERRITORY]


def test_a_membership_that_ended_later_counted_then():
    paper = an_organisation()
    a_licence(paper, source=Source.CONTRACT)
    user = a_member(paper)
    Membership.objects.filter(user=user).update(valid_to=CHANGED)
    assert whys(user, an_item()) == [Reason.LICENSED, Reason.NO_LICENCE]


def test_a_seat_given_later_was_not_there_then():
    paper = an_organisation()
    licence = a_licence(paper, source=Source.CONTRACT, limits=Limits(seats=1))
    user = a_member(paper)
    Seat.objects.create(licence=licence, user=user, number=1, valid_from=CHANGED)
    assert whys(user, an_item()) == [Reason.NO_SEAT, Reason.LICENSED]


def test_a_rule_changed_later_did_not_include_the_story_then():
    user, product = a_user(), a_product("turkish", {"include": {"language": ["tr"]}})
    a_licence(user, products=[product])
    item = an_item(language="en")
    wire.set_rule(product=product, rule={"include": {"language": ["en"]}}, by=SYSTEM, at=CHANGED)
    wire.restamp(product=product, at=CHANGED)

    assert whys(user, item) == [Reason.OUTSIDE_PRODUCT, Reason.LICENSED]


def test_a_product_that_has_a_rule_only_later_is_no_product_then():
    user = a_user()
    item = an_item()
    late = a_product("late", at=CHANGED)
    a_licence(user, products=[late])
    answers = [as_of(reader=reader_then(user, at=at), item=item, use=Use.READ, at=at) for at in (BEFORE, AFTER)]
    assert [list(each.products) for each in answers] == [[], [late]]
    assert [each.decision.reason for each in answers] == [Reason.OUTSIDE_PRODUCT, Reason.LICENSED]


@pytest.mark.parametrize(
    ("cidr", "inside", "outside"),
    [("192.0.2.0/24", "192.0.2.7", "192.0.3.7"), ("2001:db8::/48", "2001:db8::7", "2001:db9::7")],
)
def test_a_network_opens_to_its_own_addresses_while_it_is_the_organisations(cidr, inside, outside):
    library = an_organisation()
    a_licence(library, source=Source.NETWORK)
    Network.objects.create(organisation=library, cidr=cidr, valid_from=NOON - DAY, valid_to=CHANGED)
    item = an_item()

    def asked(address, at):
        return why(reader_then(None, at=at, address=address), item, at).reason

    assert asked(inside, BEFORE) is Reason.LICENSED
    assert (asked(outside, BEFORE), asked(inside, AFTER), asked("", BEFORE)) == (Reason.NO_LICENCE,) * 3


def test_an_organisation_is_any_of_its_people():
    paper = an_organisation("The Ferry Post")
    a_licence(paper, source=Source.CONTRACT)
    reader = reader_then(paper, at=NOON, country="TR")

    assert reader == Reader(organisation_ids=frozenset({paper.pk}), label="The Ferry Post", country="TR")
    assert why(reader, an_item(), NOON).reason is Reason.LICENSED


def test_the_territory_is_the_readers_country_where_none_is_named():
    user = a_user()
    a_licence(user, limits=Limits(territories=frozenset({"TR"})))
    item = an_item()
    here, there = (reader_then(user, at=NOON, country=country) for country in ("TR", "DE"))

    assert why(here, item, NOON).reason is Reason.LICENSED
    assert why(there, item, NOON).reason is Reason.WRONG_TERRITORY
    assert why(there, item, NOON, territory="TR").reason is Reason.LICENSED


def test_the_answer_names_the_release_the_story_was_then():
    first = a_release()
    second = wire.release(draft=a_draft(uri=first.item.uri), signal=Signal.CORRECTION, by=SYSTEM, at=CHANGED)
    answers = [as_of(reader=ANONYMOUS, item=first.item, use=Use.READ, at=at) for at in (BEFORE, AFTER)]
    assert [each.release for each in answers] == [first, second]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.fixed_dictionaries(
        {
            "uses": st.sampled_from([["read"], ["receive"], ["read", "receive"]]),
            "limits": st.builds(
                Limits,
                territories=st.frozensets(st.sampled_from(["TR", "DE"]), max_size=1),
                delay=st.sampled_from([timedelta(0), 2 * HOUR]),
                under_embargo=st.booleans(),
                seats=st.sampled_from([None, 1]),
            ),
        }
    ),
    product=st.sampled_from([None, "english", "turkish"]),
    story=st.fixed_dictionaries(
        {
            "public_tier": st.sampled_from(list(Tier)),
            "embargo_until": st.sampled_from([None, NOON + HOUR]),
            "territories_out": st.sampled_from([(), ("DE",)]),
        }
    ),
    killed=st.booleans(),
    use=st.sampled_from([Use.READ, Use.RECEIVE]),
)
def test_at_the_present_moment_it_is_what_the_gate_decides(facts, product, story, killed, use):
    sold = {"english": ["en"], "turkish": ["tr"]}
    products = {code: a_product(code, {"include": {"language": of}}) for code, of in sold.items()}
    paper = an_organisation()
    a_licence(paper, products=None if product is None else [products[product]], **facts)
    user = a_member(paper)
    made = a_release(**story)
    if killed:
        wire.kill(item=made.item, by=SYSTEM, note="x", at=NOON)
    for reader in (reader_then(user, at=NOON, country="TR"), ANONYMOUS):
        item = find(slug=made.item.slug)
        assert why(reader, item, NOON, use) == decide(reader=reader, item=item, use=use, at=NOON)
