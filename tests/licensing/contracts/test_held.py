"""What an organisation held on a day, and under which clause: the answer equals replaying what was done."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.dates import moment
from newsroom.licensing.contracts.held import held
from newsroom.licensing.contracts.rules import ContractRefused
from newsroom.licensing.models import Seat
from newsroom.licensing.rules import Limits, Quota, Source
from tests.factories import DAY, HOUR, a_licence, a_member, a_product, an_organisation
from tests.licensing.contracts.making import ISTANBUL, JANUARY, SIGNED, a_contract, a_line, amend, licence_of, on

MARCH, MAY, JUNE = date(2026, 3, 3), date(2026, 5, 4), date(2026, 6, 1)
LATER = on(date(2026, 12, 1))


def said(organisation, at, known=None):
    return [(each.source_ref, each.clause) for each in held(organisation=organisation, at=at, known=known or at)]


@pytest.mark.django_db
def test_what_x_held_on_3_march_is_told_with_clause_limits_version_and_who_sat():
    contract = a_contract(a_line(limits=Limits(seats=2, quotas=(Quota("read", 50),))))
    paper = contract.organisation
    person = a_member(paper)
    Seat.objects.create(
        licence=licence_of(contract), user=person, number=1, valid_from=on(JANUARY), valid_to=on(date(2026, 4, 1))
    )
    a_licence(paper, source=Source.TRIAL, source_ref="t", starts_at=on(MAY), ends_at=on(JUNE), at=SIGNED)
    a_licence(an_organisation())

    found = held(organisation=paper, at=on(MARCH), known=on(MARCH))

    assert [(each.source_ref, each.products, each.uses, each.clause) for each in found] == [
        (f"{contract.number}/1", ("everything",), ("read",), "§2: reading by the staff.")
    ]
    assert (found[0].limits.seats, found[0].limits.quotas, found[0].seated) == (2, (Quota("read", 50),), (str(person),))
    assert (found[0].contract, found[0].contract_version, found[0].line) == (contract, 1, 1)


@pytest.mark.django_db
def test_a_later_change_does_not_reach_back():
    contract = a_contract(a_line())
    amend(contract, JUNE, [(1, a_line(clause="§2a: also pictures."))], on(MAY))
    actions.due(contract_id=contract.pk, at=on(JUNE))
    paper, ref = contract.organisation, f"{contract.number}/1"

    assert said(paper, on(MARCH)) == said(paper, on(MARCH), LATER) == [(ref, "§2: reading by the staff.")]
    assert said(paper, LATER) == said(paper, on(JUNE), LATER) == [(ref, "§2a: also pictures.")]


@pytest.mark.django_db
def test_what_we_knew_then_is_not_what_we_know_now_of_then():
    paper = an_organisation()
    late = a_licence(paper, source_ref="late", starts_at=on(MARCH) - DAY, ends_at=None, at=on(MAY))
    cut = a_licence(paper, source_ref="cut", starts_at=on(JANUARY), ends_at=None, at=SIGNED)
    licensing.extend(licence=cut, ends_at=on(JANUARY) + DAY, by=SYSTEM, at=on(MAY))
    rests = a_licence(paper, source_ref="rests", starts_at=on(JANUARY), ends_at=None, at=SIGNED)
    licensing.suspend(licence=rests, by=SYSTEM, at=on(MAY), why="Not paid.")

    clause = "test clause"
    assert said(paper, on(MARCH)) == [("cut", clause), ("rests", clause)]
    assert said(paper, on(MARCH), LATER) == [("late", clause), ("rests", clause)]
    assert late.organisation == paper


@pytest.mark.django_db
def test_a_change_the_clock_brought_a_week_late_is_told_both_ways():
    contract = a_contract(a_line())
    amend(contract, JUNE, [(1, a_line(clause="§2a: also pictures."))], on(MAY))
    actions.due(contract_id=contract.pk, at=on(JUNE) + 7 * DAY)

    at = on(JUNE) + DAY
    assert [clause for _ref, clause in said(contract.organisation, at)] == ["§2: reading by the staff."]
    assert [clause for _ref, clause in said(contract.organisation, at, LATER)] == ["§2a: also pictures."]


@pytest.mark.django_db
def test_a_line_that_was_never_to_be_there_was_not_held_by_what_we_know_now():
    contract = a_contract(a_line())
    amend(contract, MAY, [(1, a_line()), (None, a_line(title="Sport"))], on(MAY))
    amend(contract, JUNE, [(1, a_line())], on(MAY) + 2 * HOUR)
    late = on(JUNE) + DAY
    # Somebody moved the licence by hand, past its contract.
    licensing.extend(licence=licence_of(contract, 2), ends_at=LATER, by=SYSTEM, at=on(MAY) + 3 * HOUR)

    assert [ref for ref, _clause in said(contract.organisation, late)] == [f"{contract.number}/{n}" for n in (1, 2)]
    assert [ref for ref, _clause in said(contract.organisation, late, LATER)] == [f"{contract.number}/1"]


@pytest.mark.django_db
def test_it_asks_as_much_for_three_licences_as_for_one(django_assert_num_queries):
    one, three = a_contract().organisation, a_contract(a_line(), a_line(), a_line()).organisation
    for paper in (one, three):
        with django_assert_num_queries(4):
            held(organisation=paper, at=on(MARCH), known=LATER)


@dataclass
class Replay:
    """A contract as a list of what was done, kept apart from the product: which lines say what, from when."""

    changes: list[tuple[datetime, dict[int, str]]]
    rests: list[tuple[datetime, bool]] = field(default_factory=list)
    ends: datetime | None = None

    def at(self, moment_: datetime) -> list[tuple[int, str]]:
        lines = next((lines for since, lines in reversed(self.changes) if since <= moment_), {})
        resting = next((rests for since, rests in reversed(self.rests) if since <= moment_), False)
        over = self.ends is not None and self.ends <= moment_
        return [] if resting or over else sorted(lines.items())


STEP = st.tuples(st.sampled_from(["add", "change", "drop", "suspend", "resume", "end"]), st.integers(1, 40))


class Histories(TestCase):
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=1, max_size=6), st.lists(st.integers(0, 300), min_size=3, max_size=6))
    def test_the_answer_equals_replaying_what_was_done(self, steps, days):
        a_product()
        contract = a_contract(a_line(clause="c0"))
        replay = Replay([(moment(JANUARY, ISTANBUL), {1: "c0"})])
        at = on(JANUARY)
        for number, (what, after) in enumerate(steps, start=1):
            at = at + timedelta(days=after)
            self.do(contract, replay, what, f"c{number}", at)
        end = at + HOUR
        for each in days:
            asked = on(JANUARY) + timedelta(days=each)
            expected = [(f"{contract.number}/{key}", clause) for key, clause in replay.at(asked)]
            assert sorted(said(contract.organisation, asked, max(asked, end))) == expected
            if asked <= end:
                assert sorted(said(contract.organisation, asked)) == expected

    def do(self, contract, replay, what, clause, at):
        """The deed on the contract and, unless it was refused, on the list."""
        lines = dict(replay.changes[-1][1])
        new = max(key for _since, each in replay.changes for key in each) + 1
        after = {
            "add": lines | {new: clause},
            "change": lines | {min(lines): clause},
            "drop": {key: value for key, value in lines.items() if key != min(lines)} or lines,
        }
        try:
            if what in after:
                asked = [(key if key != new else None, a_line(clause=said_)) for key, said_ in after[what].items()]
                amend(contract, at.date(), asked, at)
                replay.changes.append((at, after[what]))
            elif what == "end":
                actions.terminate(contract=contract, on=at.date(), by=SYSTEM, at=at, why="x")
                replay.ends = at
            else:
                deed = actions.suspend if what == "suspend" else actions.resume
                deed(contract=contract, by=SYSTEM, at=at, why="x")
                if replay.ends is None:
                    replay.rests.append((at, what == "suspend"))
        except ContractRefused:
            pass
