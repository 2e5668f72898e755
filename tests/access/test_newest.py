"""The fast list of the newest is the list that `readable` gives, page by page."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access.newest import newest_readable
from newsroom.access.querysets import readable
from newsroom.access.rules import Manner
from newsroom.accounts.readers import ANONYMOUS, reader_of
from newsroom.core.audit import SYSTEM
from newsroom.licensing.rules import Limits, Use
from newsroom.wire import actions as wire
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal, Tier
from tests.factories import DAY, HOUR, NOON, a_draft, a_licence, a_product, a_release, a_user, an_organisation

pytestmark = pytest.mark.django_db
WITH_A_DATABASE = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RULES = {
    "en": {"include": {"language": ["en"]}},
    "tr": {"include": {"language": ["tr"]}},
    "all": {"include": "everything"},
}

some_licences = st.lists(
    st.fixed_dictionaries(
        {
            "uses": st.sampled_from([["read"], ["read", "receive"], ["receive"]]),
            "products": st.sampled_from([None, ("en",), ("tr",), ("en", "tr"), ("all", "en"), ()]),
            "items": st.booleans(),
            "delay": st.sampled_from([timedelta(0), HOUR, DAY]),
            "archive": st.sampled_from([None, None, 2 * HOUR, 3 * DAY]),
            "under_embargo": st.booleans(),
            "territories": st.sampled_from([frozenset(), frozenset({"DE"})]),
        }
    ),
    max_size=4,
)
some_stories = st.lists(
    st.fixed_dictionaries(
        {
            "hours": st.sampled_from([1, 2, 3, 24, 72, 73]),
            "language": st.sampled_from(["en", "tr", "fr"]),
            "public_tier": st.sampled_from([Tier.NOTHING, Tier.SUMMARY, Tier.FULL]),
            "embargo_until": st.sampled_from([None, None, NOON, NOON + HOUR]),
            "expires_at": st.sampled_from([None, None, NOON, NOON + HOUR]),
            "archive": st.sampled_from([None, None, 2 * HOUR]),
            "territories_out": st.sampled_from([(), (), ("DE",)]),
            "uses_out": st.sampled_from([(), (), ("receive",)]),
            "then": st.sampled_from([None, None, "correction", "update", "withhold", "kill"]),
        }
    ),
    min_size=1,
    max_size=9,
)


def told(facts):
    """A story with its history; answers its item."""
    facts = dict(facts)
    at, then = NOON - facts.pop("hours") * HOUR, facts.pop("then")
    draft = a_draft(**facts)
    made = wire.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=at)
    if then in {"correction", "update"}:
        wire.release(draft=draft, signal=Signal(then), by=SYSTEM, at=at + HOUR / 2)
    elif then:
        {"withhold": wire.withhold, "kill": wire.kill}[then](item=made.item, by=SYSTEM, note="x", at=at + HOUR / 2)
    return made.item


def paged(size, **asked):
    """Every page of so many, one behind the other."""
    found, before = [], None
    while page := newest_readable(limit=size, before=before, **asked):
        assert len(page) <= size
        found += page
        before = (page[-1].shown_at, page[-1].pk)
    return found


@WITH_A_DATABASE
@given(
    licences=some_licences,
    stories=some_stories,
    use=st.sampled_from([Use.READ, Use.RECEIVE]),
    at=st.sampled_from([NOON, NOON + HOUR, NOON + DAY, NOON - 2 * HOUR]),
    size=st.sampled_from([1, 3, 50]),
    country=st.sampled_from(["", "DE"]),
)
def test_the_newest_are_those_of_readable(licences, stories, use, at, size, country):
    products = {code: a_product(code, rule) for code, rule in RULES.items()}
    paper, items = an_organisation(), [told(facts) for facts in stories]
    for facts in licences:
        names = facts["products"]
        limits = {name: facts[name] for name in ("delay", "archive", "under_embargo", "territories")}
        a_licence(
            paper,
            uses=facts["uses"],
            products=None if names is None else [products[name] for name in names],
            items=items[:2] if facts["items"] or names == () else (),
            starts_at=NOON - 9 * DAY,
            ends_at=None,
            limits=Limits(**limits),
            at=NOON - 9 * DAY,
        )
    reader, manner = reader_of(a_user(), at), Manner(territory=country)
    member = type(reader)(reader.user_id, organisation_ids=(paper.pk,))
    for asker in (ANONYMOUS, reader, member):
        for tier in (Tier.SUMMARY, Tier.FULL):
            asked = {"reader": asker, "use": use, "at": at, "tier": tier, "manner": manner}
            expected = list(readable(Release.objects.all(), **asked).newest_first())
            assert paged(size, **asked) == expected


def test_a_release_that_was_replaced_is_not_among_the_newest():
    user, product = a_user(), a_product()
    a_licence(user, products=[product])
    draft = a_draft()
    for signal, hours in ((Signal.NEW, 5), (Signal.UPDATE, 4), (Signal.CORRECTION, 3)):
        last = wire.release(draft=draft, signal=signal, by=SYSTEM, at=NOON - hours * HOUR)

    assert newest_readable(reader=reader_of(user, NOON), use=Use.READ, at=NOON) == [last]
    assert [stamp.release for stamp in product.stamps.all()] == [last]


def test_many_restricted_stories_do_not_hide_the_one_behind_them():
    user = a_user()
    a_licence(user, products=[a_product()])
    open_to_all = a_release(NOON - 9 * HOUR)
    for number in range(9):
        a_release(NOON - number * HOUR, uses_out=("read",))

    assert newest_readable(reader=reader_of(user, NOON), use=Use.READ, at=NOON, limit=2) == [open_to_all]


def test_who_holds_nothing_costs_no_walk(django_assert_num_queries):
    a_release()
    with django_assert_num_queries(0):
        assert newest_readable(reader=ANONYMOUS, use=Use.DOWNLOAD, at=NOON) == []


def test_the_newest_cost_the_same_with_one_product_and_with_three(django_assert_num_queries):
    user = a_user()
    reader = reader_of(user, NOON)
    for number, rule in enumerate(RULES.values()):
        a_licence(user, products=[a_product(f"slice-{number}", rule)])
        a_release()
        with django_assert_num_queries(3):
            assert len(newest_readable(reader=reader, use=Use.READ, at=NOON, limit=number + 1)) == number + 1
