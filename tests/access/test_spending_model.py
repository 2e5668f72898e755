"""Any order of readings, limits and prices ends as a plain count says, and the ledger always agrees."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access import prices
from newsroom.access.decide import Asked, find, open_for
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing import actions, proof
from newsroom.licensing.models import Counter, Usage
from newsroom.licensing.rules import Limits, Quota, Use
from tests.factories import DAY, NOON, a_licence, a_member, an_item, an_organisation

PRICE = Money(450, "eur")
readings = st.tuples(
    st.just("read"),
    st.integers(0, 1),  # which colleague
    st.integers(0, 4),  # which story
    st.sampled_from([0, 1, 29, 30]),  # on which day; April begins on the 29th
    st.booleans(),  # whether the price is accepted, where there is one
)
changes = st.tuples(st.just("limit"), st.integers(1, 4))
deeds = st.lists(st.one_of(readings, readings, readings, changes), max_size=14)


def quota_of(limit, priced, per_reader):
    return Limits(quotas=(Quota(Use.READ, limit, per_reader=per_reader, overage=PRICE if priced else None),))


def read(reader, story, at, accepts):
    """What the door does: ask, and ask again with the price that was offered."""
    asked = {"channel": "api", "request_id": "r", "locale": "en"}
    _shown, decision = open_for(reader=reader, item=story, use=Use.READ, at=at, asked=Asked(**asked))
    token = prices.offer(decision, reader=reader, item_id=story.pk, use=Use.READ, at=at)
    if not (accepts and token):
        return decision.allowed
    return open_for(reader=reader, item=story, use=Use.READ, at=at, asked=Asked(**asked, accepts=token))[1].allowed


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(deeds=deeds, limit=st.integers(1, 3), priced=st.booleans(), per_reader=st.booleans())
def test_every_order_of_deeds_ends_as_a_plain_count_says(deeds, limit, priced, per_reader):
    organisation = an_organisation()
    people = [a_member(organisation), a_member(organisation)]
    stories = [find(slug=an_item().slug) for _ in range(5)]
    licence = a_licence(organisation, ends_at=None, limits=quota_of(limit, priced, per_reader))
    counted: dict[tuple, set] = {}
    paid: dict[tuple, set] = {}
    clock = NOON
    for deed in deeds:
        if deed[0] == "limit":
            limit = deed[1]
            actions.limit(licence=licence, limits=quota_of(limit, priced, per_reader), by=SYSTEM, at=clock)
            continue
        _, who, which, day, accepts = deed
        clock = max(clock, NOON + day * DAY)
        pool = (clock.month, who if per_reader else "")
        mine, bought = counted.setdefault(pool, set()), paid.setdefault(pool, set())

        allowed = read(reader_of(people[who], clock), stories[which], clock, accepts)

        free = which in mine | bought or len(mine) < limit
        assert allowed == (free or (priced and accepts)), deed
        if allowed and which not in mine | bought:
            (mine if len(mine) < limit else bought).add(which)
    mine_of = Counter.objects.filter(licence=licence).values_list("used", "overage")
    assert sorted(mine_of) == sorted(
        (len(counted[each]) + len(paid[each]), len(paid[each])) for each in counted if counted[each] | paid[each]
    )
    assert list(proof.differences()) == []
    assert Usage.objects.filter(licence=licence).exists() == any(counted.values())
