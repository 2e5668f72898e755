"""A contract from its first day to its last: what it says, what its licences say, what its timeline says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.core.money import Money
from newsroom.licensing.contracts import actions, rules
from newsroom.licensing.contracts.dates import moment
from newsroom.licensing.contracts.rules import Side, State
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.models import Contract, ContractVersion, Licence, Seat
from newsroom.licensing.rules import Source, Use
from tests.factories import DAY, HOUR, a_member, an_organisation
from tests.licensing.contracts.making import (
    ISTANBUL,
    JANUARY,
    NEXT,
    SIGNED,
    a_contract,
    a_line,
    amend,
    in_force,
    kinds,
    licence_of,
    lines_of,
    now_says,
    on,
)

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)
SLACK = timedelta(days=14)


def begins(day):
    return moment(day, ISTANBUL)


def state(contract, at):
    return rules.state_at(contract.events.order_by("pk"), at)


def test_each_line_of_a_contract_is_a_licence():
    contract = a_contract(a_line(), a_line(title="Pictures", uses=("read", "download"), seats=3))

    first, second = now_says(contract, 1), now_says(contract, 2)
    assert contract.number == "CT-2025-0001"
    assert (first.licence.source, first.licence.source_ref) == (Source.CONTRACT, "CT-2025-0001/1")
    assert (first.starts_at, first.ends_at, first.uses, first.clause) == (
        begins(JANUARY),
        begins(NEXT) + SLACK,
        [Use.READ],
        "§2: reading by the staff.",
    )
    assert (second.uses, second.seats) == ([Use.DOWNLOAD, Use.READ], 3)
    assert (state(contract, SIGNED), state(contract, on(JANUARY))) == (State.TO_COME, State.ACTIVE)
    assert AuditEntry.objects.get(action="contract.activated").subject_id == str(contract.pk)


def test_numbers_of_a_year_have_no_gap_and_a_failure_gives_its_number_back():
    a_contract()
    with pytest.raises(rules.UnknownProduct):
        a_contract(a_line(products=("nothing-like-this",)))
    with transaction.atomic():
        a_contract()
        transaction.set_rollback(True)
    a_contract(at=on(date(2026, 2, 1)))

    assert a_contract().number == "CT-2025-0002"
    assert sorted(Contract.objects.values_list("number", flat=True)) == ["CT-2025-0001", "CT-2025-0002", "CT-2026-0001"]


def test_what_it_was_made_from_makes_one_contract_however_often_it_comes():
    first = a_contract(source_ref="quote/7")
    again = a_contract(source_ref="quote/7", organisation=first.organisation)

    assert (again, Contract.objects.count(), Licence.objects.count()) == (first, 1, 1)
    assert kinds(first) == ["activated"]


def test_a_contract_that_does_not_renew_ends_on_its_day_without_anybody_at_work():
    assert now_says(a_contract(auto_renew=False)).ends_at == begins(NEXT)


def test_an_amendment_adds_changes_and_ends_lines_from_its_day():
    contract = a_contract(a_line(), a_line(title="Sport"))
    changed = a_line(uses=("read", "publish"), price=Money(150_000, "eur"))

    version = amend(contract, JUNE, [(1, changed), (None, a_line(title="Archive"))], on(MAY))

    assert [(each.key, each.line.title, each.since) for each in version.agreed] == [
        (1, "Full wire", JANUARY),
        (3, "Archive", JUNE),
    ]
    assert (now_says(contract, 1).uses, now_says(contract, 2).ends_at) == (["read"], begins(JUNE))
    assert (now_says(contract, 3).starts_at, now_says(contract, 3).ends_at) == (begins(JUNE), begins(NEXT) + SLACK)
    assert (state(contract, on(MAY)), state(contract, on(JUNE))) == (State.ACTIVE, State.AMENDED)
    assert contract.events.last().facts["changes"] == [
        {"key": 1, "kind": "changed", "year": 30_000},
        {"key": 2, "kind": "ended", "year": -120_000},
        {"key": 3, "kind": "added", "year": 120_000},
    ]

    actions.due(contract_id=contract.pk, at=on(JUNE))
    assert now_says(contract, 1).uses == ["publish", "read"]


def test_an_amendment_from_today_holds_at_once():
    contract = a_contract(a_line(seats=5))

    amend(contract, MAY, [(1, a_line(seats=9))], on(MAY))

    assert (now_says(contract).seats, state(contract, on(MAY))) == (9, State.AMENDED)
    former = ContractVersion.objects.known().get(contract=contract, number=1)
    assert (former.valid_from, former.valid_to) == (begins(JANUARY), on(MAY))


def test_the_same_amendment_again_changes_nothing():
    contract = a_contract()
    lines = [(1, a_line(seats=9))]
    amend(contract, MAY, lines, on(MAY))
    amend(contract, MAY, lines, on(MAY) + HOUR)

    assert kinds(contract) == ["activated", "amended"]


def test_an_amendment_that_has_not_begun_is_withdrawn_as_if_never_agreed():
    contract = a_contract(a_line(), a_line(title="Sport"))
    amend(contract, JUNE, [(1, a_line()), (None, a_line(title="Archive"))], on(MAY))
    for _ in range(2):
        actions.withdraw_amendment(contract=contract, by=SYSTEM, at=on(MAY) + HOUR, why="A mistake.")

    assert [each.line.title for each in contract.versions.known().get().agreed] == ["Full wire", "Sport"]
    assert now_says(contract, 2).ends_at == begins(NEXT) + SLACK
    assert now_says(contract, 3).ends_at == now_says(contract, 3).starts_at
    assert (kinds(contract)[-1], state(contract, on(JUNE))) == ("amendment-withdrawn", State.ACTIVE)
    amend(contract, JUNE, [(1, a_line()), (None, a_line(title="Photos"))], on(MAY) + 2 * HOUR)
    assert [each.key for each in contract.versions.known().last().agreed] == [1, 4]


def test_an_amendment_that_has_begun_is_not_withdrawn():
    contract = a_contract()
    amend(contract, MAY, [(1, a_line(seats=9))], on(MAY))
    with pytest.raises(rules.NotNow, match="has begun"):
        actions.withdraw_amendment(contract=contract, by=SYSTEM, at=on(MAY) + HOUR, why="A mistake.")


def test_seats_are_not_cut_below_those_who_sit_in_them():
    contract = a_contract(a_line(seats=3))
    licence = licence_of(contract)
    for number in (1, 2):
        Seat.objects.create(
            licence=licence, user=a_member(contract.organisation), number=number, valid_from=on(JANUARY)
        )

    with pytest.raises(rules.SeatsOccupied, match="2 people") as refused:
        amend(contract, JUNE, [(1, a_line(seats=1))], on(MAY))
    assert refused.value.field == "line-1.seats"
    amend(contract, JUNE, [(1, a_line(seats=2))], on(MAY))


def test_it_renews_by_itself_at_risen_prices_and_says_which():
    contract = a_contract(a_line(price=Money(1020, "eur")), a_line(interval="once"), indexation=250)

    for _ in range(2):
        actions.renew(contract=contract, period_to=NEXT, by=SYSTEM, at=on(NEXT))

    last = contract.versions.known().last()
    assert [each.line.price.minor for each in last.agreed] == [1046, 120_000]
    assert (last.period_from, last.period_to, last.valid_from) == (NEXT, date(2028, 1, 1), begins(NEXT))
    assert now_says(contract).ends_at == begins(date(2028, 1, 1)) + SLACK
    assert kinds(contract) == ["activated", "renewed"]
    facts = contract.events.last().facts
    assert (facts["rise"], facts["prices"]) == (
        250,
        [{"key": 1, "before": 1020, "after": 1046}, {"key": 2, "before": 120_000, "after": 120_000}],
    )


def test_notice_in_time_ends_the_contract_with_its_period_and_is_withdrawn():
    contract = a_contract()
    deadline = on(date(2026, 10, 3), 23)

    assert actions.give_notice(contract=contract, side=Side.CUSTOMER, by=SYSTEM, at=deadline) == NEXT
    assert actions.give_notice(contract=contract, side=Side.CUSTOMER, by=SYSTEM, at=deadline) == NEXT
    assert now_says(contract).ends_at == begins(NEXT)

    actions.withdraw_notice(contract=contract, by=SYSTEM, at=deadline + HOUR)
    actions.withdraw_notice(contract=contract, by=SYSTEM, at=deadline + HOUR)
    assert now_says(contract).ends_at == begins(NEXT) + SLACK
    assert kinds(contract) == ["activated", "notice-given", "notice-withdrawn"]


def test_notice_too_late_is_told_what_it_counts_for():
    contract = a_contract()
    late = on(date(2026, 10, 4))
    with pytest.raises(rules.TooLate) as refused:
        actions.give_notice(contract=contract, side=Side.AGENCY, by=SYSTEM, at=late)
    assert refused.value.earliest == date(2028, 1, 1)
    assert "3 October 2026" in str(refused.value)
    assert "31 December 2027" in str(refused.value)

    until = refused.value.earliest
    actions.give_notice(contract=contract, side=Side.AGENCY, by=SYSTEM, at=late, until=until)
    assert now_says(contract).ends_at == begins(NEXT) + SLACK
    actions.due(contract_id=contract.pk, at=on(NEXT))
    assert now_says(contract).ends_at == begins(until)
    actions.due(contract_id=contract.pk, at=on(until))
    assert "expired" in kinds(contract)


def test_suspension_stops_every_licence_at_once_and_credits_its_days():
    contract = a_contract(a_line(price=Money(36_500, "eur")), a_line(title="Sport", price=Money(36_500, "eur")))
    first = on(date(2026, 3, 1), 9)
    for _ in range(2):
        actions.suspend(contract=contract, by=SYSTEM, at=first, why="Not paid.")
    assert (now_says(contract, 1).suspended, now_says(contract, 2).suspended) == (True, True)
    assert state(contract, first) == State.SUSPENDED

    for _ in range(2):
        actions.resume(contract=contract, by=SYSTEM, at=on(date(2026, 3, 11), 9))

    assert contract.events.last().facts == {"days": 10, "pause": "credit", "credit": {"minor": 2000, "currency": "eur"}}
    assert (now_says(contract).suspended, now_says(contract).ends_at) == (False, begins(NEXT) + SLACK)
    assert (kinds(contract), state(contract, on(JUNE))) == (["activated", "suspended", "resumed"], State.ACTIVE)


def test_suspended_days_move_the_end_where_that_is_agreed_and_are_not_paid_twice():
    from newsroom.licensing.contracts.prices import schedule

    contract = a_contract(pause="extend", auto_renew=False)
    actions.suspend(contract=contract, by=SYSTEM, at=on(date(2026, 3, 1)), why="Not paid.")
    actions.resume(contract=contract, by=SYSTEM, at=on(date(2026, 3, 11)))

    assert now_says(contract).ends_at == begins(date(2027, 1, 11))
    versions = contract.versions.known()
    assert sum(due.amount.minor for each in versions for due in schedule(each)) == 120_000
    actions.renew(contract=contract, period_to=date(2027, 1, 11), by=SYSTEM, at=on(date(2027, 1, 5)))
    last = versions.last()
    assert (last.period_to, last.anchor) == (date(2028, 1, 11), date(2027, 1, 11))


def test_termination_ends_the_licences_on_its_day_and_can_be_withdrawn():
    contract = a_contract()
    amend(contract, JUNE, [(1, a_line(seats=9))], on(MAY))
    for _ in range(2):
        actions.terminate(contract=contract, on=JUNE + 9 * DAY, by=SYSTEM, at=on(MAY), why="Closing down.")
    assert now_says(contract).ends_at == begins(date(2026, 6, 10))
    assert (state(contract, on(JUNE)), state(contract, on(date(2026, 6, 10)))) == (State.AMENDED, State.TERMINATED)

    for _ in range(2):
        actions.withdraw_termination(contract=contract, by=SYSTEM, at=on(MAY) + HOUR, why="They stay.")
    assert now_says(contract).ends_at == begins(NEXT) + SLACK
    assert (kinds(contract)[-1], state(contract, on(JUNE))) == ("termination-withdrawn", State.AMENDED)
    assert [each.number for each in contract.versions.known()] == [1, 2]


def test_a_contract_that_has_not_begun_is_terminated_and_never_opens_anything():
    contract = a_contract()
    actions.terminate(contract=contract, on=SIGNED.date(), by=SYSTEM, at=SIGNED + HOUR, why="Changed their mind.")

    assert not in_force(contract, on(JANUARY))
    assert now_says(contract).starts_at == now_says(contract).ends_at


def test_a_termination_long_past_is_not_withdrawn():
    contract = a_contract()
    actions.terminate(contract=contract, on=JUNE, by=SYSTEM, at=on(MAY), why="Closing down.")
    with pytest.raises(rules.NotNow, match="ended meanwhile"):
        actions.withdraw_termination(contract=contract, by=SYSTEM, at=on(NEXT), why="They stay.")
    assert state(contract, on(NEXT)) == State.TERMINATED


def test_another_manager_keeps_it():
    contract = a_contract()
    seller = a_member(an_organisation())
    for _ in range(2):
        actions.assign(contract=contract, manager=seller, by=SYSTEM, at=on(MAY))
    contract.refresh_from_db()
    assert (contract.manager, kinds(contract)) == (seller, ["activated", "assigned"])


@pytest.mark.parametrize(
    ("facts", "error", "field"),
    [
        ({"term_months": 0}, rules.BadTerm, "term_months"),
        ({"term_months": 121}, rules.BadTerm, "term_months"),
        ({"notice_days": 731}, rules.BadTerm, "notice_days"),
        ({"term_months": 1, "notice_days": 30}, rules.BadTerm, "notice_days"),
        ({"indexation": 10_001}, rules.BadTerm, "indexation"),
        ({"cap": 100}, rules.BadTerm, "cap"),
        ({"interval": "week"}, rules.BadTerm, "interval"),
        ({"pause": "nothing"}, rules.BadTerm, "pause"),
        ({"payment_days": -1}, rules.BadTerm, "payment_days"),
        ({"currency": "EUR"}, rules.BadTerm, "currency"),
        ({"starts_on": date(2024, 1, 1)}, rules.InThePast, "starts_on"),
    ],
)
def test_terms_no_contract_can_have_are_refused_on_their_field(facts, error, field):
    with pytest.raises(error) as refused:
        a_contract(**facts)
    assert (refused.value.field, Contract.objects.exists(), Licence.objects.exists()) == (field, False, False)


def test_the_table_says_what_may_follow_and_nothing_else_does():
    contract = a_contract()
    actions.terminate(contract=contract, on=MAY, by=SYSTEM, at=on(MAY), why="Closing down.")
    later = {"contract": contract, "by": SYSTEM, "at": on(MAY) + HOUR}
    refused = [
        lambda: amend(contract, JUNE, [(1, a_line(seats=9))], on(MAY) + HOUR),
        lambda: actions.renew(period_to=NEXT, **later),
        lambda: actions.suspend(why="x", **later),
        lambda: actions.expire(**later),
        lambda: actions.give_notice(side=Side.AGENCY, **later),
        lambda: actions.terminate(on=JUNE, why="x", **later),
    ]
    for each in refused:
        with pytest.raises(rules.NotNow):
            each()
    assert kinds(contract) == ["activated", "terminated"]


def test_history_is_only_ever_added_and_one_thing_is_said_at_a_time():
    contract = a_contract()
    amend(contract, JUNE, [(1, a_line(seats=9))], on(MAY))
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        contract.versions.update(number=9)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        contract.events.all().delete()
    twice = contract.versions.known().last()
    twice.pk, twice.number = None, 9
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


def test_terms_are_amended_too():
    contract = a_contract()
    terms = replace(Terms(), auto_renew=False)

    amend(contract, MAY, lines_of(contract), on(MAY), terms=terms)

    assert contract.versions.known().last().terms == terms
    assert now_says(contract).ends_at == begins(NEXT)
