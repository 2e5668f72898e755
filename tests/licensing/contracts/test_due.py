"""What the clock does: notices, renewals, ends, deletion. Twice, late, and after a week without anybody at work."""

from datetime import date, timedelta

import pytest

from newsroom.core.audit import SYSTEM
from newsroom.core.errors import Refused
from newsroom.core.models import Message
from newsroom.licensing.contracts import actions, links
from newsroom.licensing.contracts.rules import BadTerm, LinkSpent, NotNow, Side
from newsroom.licensing.contracts.tasks import contract_due, contracts_due
from newsroom.licensing.models import Contract, DeletionDuty
from tests.factories import DAY, HOUR, a_user
from tests.licensing.contracts.making import (
    JANUARY,
    NEXT,
    SIGNED,
    a_contract,
    a_customer,
    a_line,
    amend,
    in_force,
    kinds,
    now_says,
    on,
)
from tests.licensing.contracts.test_life import JUNE, MAY, SLACK, begins

pytestmark = pytest.mark.django_db


def run(contract, at):
    """The clock, twice: what it does must not depend on how often it comes."""
    for _ in range(2):
        actions.due(contract_id=contract.pk, at=at)
    contract.refresh_from_db()


def mails(**facts):
    return list(Message.objects.filter(**facts).order_by("pk").values_list("to", flat=True))


def test_both_sides_are_told_90_60_and_30_days_before_the_end_once_each():
    paper = a_customer()
    contract = a_contract(organisation=paper, manager=a_user("seller@agency.example"))
    assert contract.next_at == begins(date(2026, 10, 3))

    told = []
    for day in (date(2026, 10, 2), date(2026, 10, 3), date(2026, 11, 2), date(2026, 12, 2), date(2026, 12, 3)):
        run(contract, on(day))
        told.append(Message.objects.count())

    assert told == [0, 3, 6, 9, 9]
    assert mails(kind="contract_ending")[:2] == [f"owner-{paper.pk}@zebra.example", f"billing-{paper.pk}@zebra.example"]
    assert mails(kind="contract_ending_manager") == ["seller@agency.example"] * 3
    assert [each.facts["days"] for each in contract.events.filter(kind="reminded")] == [90, 60, 30]
    first, *_others = Message.objects.order_by("pk")
    assert first.subject == f"Contract {contract.number} renews in 90 days"
    assert "give notice by 3 October 2026" in first.text
    assert f"/organisation/{paper.slug}/contracts/{contract.number}/" in first.text


def test_who_was_not_told_for_a_month_is_told_once_and_of_what_is_left():
    contract = a_contract(organisation=a_customer(), auto_renew=False)

    run(contract, on(date(2026, 12, 10)))

    assert [each.facts["days"] for each in contract.events.filter(kind="reminded")] == [30]
    assert Message.objects.first().subject == f"Contract {contract.number} ends in 22 days"


def test_a_renewal_that_is_a_week_late_has_locked_nobody_out():
    contract = a_contract()
    late = on(NEXT + timedelta(days=7))
    assert in_force(contract, late - HOUR)

    run(contract, late)

    assert kinds(contract).count("renewed") == 1
    assert now_says(contract).ends_at == begins(date(2028, 1, 1)) + SLACK
    assert contract.versions.known().last().valid_from == begins(NEXT)
    assert contract.next_at == begins(date(2027, 10, 3))


def test_three_monthly_periods_slept_through_are_caught_up_with_one_by_one():
    contract = a_contract(term_months=1, notice_days=7, indexation=1000, interval="month")

    run(contract, on(date(2026, 4, 15)))

    assert [each.facts["period_to"] for each in contract.events.filter(kind="renewed")] == [
        "2026-03-01",
        "2026-04-01",
        "2026-05-01",
    ]
    assert contract.versions.known().last().agreed[0].line.price.minor == 159_720


def test_a_contract_that_does_not_renew_expires_on_its_day_and_asks_for_deletion():
    paper = a_customer()
    contract = a_contract(organisation=paper, auto_renew=False)
    assert not in_force(contract, begins(NEXT))

    run(contract, on(NEXT + timedelta(days=7)))

    assert kinds(contract) == ["activated", "expired", "deletion-asked"]
    duty = DeletionDuty.objects.get()
    assert (duty.since, duty.due_on) == (begins(NEXT), date(2027, 1, 31))
    assert mails(kind="contract_deletion") == [f"owner-{paper.pk}@zebra.example", f"billing-{paper.pk}@zebra.example"]
    assert "ended on 31 December 2026" in Message.objects.first().text
    assert contract.next_at == begins(date(2027, 1, 24))


def test_who_has_not_attested_is_reminded_and_who_has_is_left_alone():
    contract = a_contract(organisation=a_customer(), auto_renew=False)
    run(contract, on(NEXT))
    for day in (date(2027, 1, 24), date(2027, 1, 31), date(2027, 2, 6), date(2027, 2, 7)):
        run(contract, on(day))
    assert kinds(contract)[-3:] == ["deletion-reminded"] * 3
    assert len(mails(kind="contract_deletion")) == 8

    duty = DeletionDuty.objects.get()
    at = on(date(2027, 2, 8))
    with pytest.raises(BadTerm) as refused:
        actions.attest(duty=duty, name="  ", user=None, by=SYSTEM, at=at, words="x")
    assert refused.value.field == "name"
    for name in ("Ada Lovelace", "Somebody Else"):
        actions.attest(duty=duty, name=name, user=None, by=SYSTEM, at=at, words="All copies are deleted.")
    run(contract, on(date(2027, 3, 30)))

    duty.refresh_from_db()
    assert (duty.attested_by, duty.attested_at, duty.words) == ("Ada Lovelace", at, "All copies are deleted.")
    assert (kinds(contract)[-1], contract.next_at) == ("deletion-attested", None)


def test_a_termination_in_advance_asks_for_deletion_when_it_comes():
    contract = a_contract(organisation=a_customer())
    actions.terminate(contract=contract, on=JUNE, by=SYSTEM, at=on(MAY), why="Closing down.")
    run(contract, on(MAY))
    assert not DeletionDuty.objects.exists()

    run(contract, on(JUNE))

    assert DeletionDuty.objects.get().since == begins(JUNE)
    actions.withdraw_termination(contract=contract, by=SYSTEM, at=on(JUNE) + HOUR, why="They stay.")
    assert (in_force(contract, on(JUNE) + HOUR), DeletionDuty.objects.open().exists()) == (True, False)


def test_nobody_comes_back_after_attesting_and_a_duty_can_be_waived():
    gone, excused = a_contract(organisation=a_customer()), a_contract()
    for contract in (gone, excused):
        actions.terminate(contract=contract, on=MAY, by=SYSTEM, at=on(MAY), why="Closing down.")
        run(contract, on(MAY))
    duty = DeletionDuty.objects.get(contract=gone)
    actions.attest(duty=duty, name="Ada", user=None, by=SYSTEM, at=on(MAY) + HOUR, words="x")
    for _ in range(2):
        actions.waive(contract=excused, by=SYSTEM, at=on(MAY) + HOUR, why="They paid for an archive.")

    with pytest.raises(NotNow, match="attested"):
        actions.withdraw_termination(contract=gone, by=SYSTEM, at=on(MAY) + 2 * HOUR, why="They stay.")
    run(excused, on(JUNE))
    assert (kinds(excused)[-1], excused.next_at) == ("deletion-waived", None)
    with pytest.raises(LinkSpent):
        actions.attest(
            duty=DeletionDuty.objects.get(contract=excused), name="A", user=None, by=SYSTEM, at=on(JUNE), words="x"
        )


def test_a_link_says_whose_it_is_and_a_made_up_one_opens_nothing():
    contract = a_contract(organisation=a_customer(), auto_renew=False)
    run(contract, on(NEXT))
    duty = DeletionDuty.objects.get()
    token = links.link_to(duty, 7).rstrip("/").rpartition("/")[2]

    assert links.read(token) == (duty, 7)
    for made_up in (f"{token}x", "nothing", ""):
        with pytest.raises(LinkSpent):
            links.read(made_up)


def test_a_change_agreed_for_later_begins_with_its_day():
    contract = a_contract(a_line(seats=5))
    amend(contract, JUNE, [(1, a_line(seats=9))], on(MAY))
    contract.refresh_from_db()
    assert contract.next_at == begins(JUNE)

    run(contract, begins(JUNE) - timedelta(seconds=1))
    before = now_says(contract).seats
    run(contract, begins(JUNE))

    assert (before, now_says(contract).seats) == (5, 9)


def test_a_suspended_contract_waits_and_catches_up_when_it_is_resumed():
    contract = a_contract()
    actions.suspend(contract=contract, by=SYSTEM, at=on(date(2026, 12, 20)), why="Not paid.")
    run(contract, on(NEXT) + 30 * DAY)
    assert "renewed" not in kinds(contract)
    assert not in_force(contract, on(NEXT) + 30 * DAY)

    actions.resume(contract=contract, by=SYSTEM, at=on(NEXT) + 31 * DAY)
    run(contract, on(NEXT) + 31 * DAY)

    assert (kinds(contract)[-1], in_force(contract, on(NEXT) + 31 * DAY)) == ("renewed", True)


def test_a_suspended_contract_that_does_not_renew_expires():
    contract = a_contract(auto_renew=False)
    actions.suspend(contract=contract, by=SYSTEM, at=on(date(2026, 12, 20)), why="Not paid.")
    run(contract, on(NEXT))
    actions.expire(contract=contract, by=SYSTEM, at=on(NEXT))
    assert kinds(contract).count("expired") == 1


def test_notice_is_kept_to_after_an_outage():
    contract = a_contract()
    actions.give_notice(contract=contract, side=Side.CUSTOMER, by=SYSTEM, at=on(MAY))

    run(contract, on(NEXT) + 20 * DAY)

    assert (now_says(contract).ends_at, "expired" in kinds(contract)) == (begins(NEXT), True)


def test_the_sweep_asks_only_for_what_is_due(monkeypatch, django_capture_on_commit_callbacks):
    due, later = a_contract(), a_contract(at=SIGNED + HOUR)
    Contract.objects.filter(pk=due.pk).update(next_at=on(JANUARY))
    asked = []
    monkeypatch.setattr("newsroom.licensing.contracts.tasks.enqueue", lambda name, **ids: asked.append((name, ids)))
    monkeypatch.setattr("newsroom.licensing.contracts.tasks.now", lambda: on(MAY))

    contracts_due()

    assert asked == [("licensing.contract_due", {"contract_id": due.pk})]
    assert later.next_at > on(MAY)


def test_the_task_of_one_contract_does_what_is_due_by_the_clock(monkeypatch):
    contract = a_contract()
    monkeypatch.setattr("newsroom.licensing.contracts.tasks.now", lambda: on(NEXT))
    contract_due(contract_id=contract.pk)
    assert "renewed" in kinds(contract)


def test_notice_in_the_hours_of_a_late_renewal_waits_for_it():
    contract = a_contract(term_months=2, notice_days=50)
    late = on(date(2026, 3, 20))
    with pytest.raises(NotNow, match="is being renewed"):
        actions.give_notice(contract=contract, side=Side.AGENCY, by=SYSTEM, at=late, until=date(2026, 5, 1))


def test_days_of_a_suspension_of_no_day_move_nothing():
    contract = a_contract(pause="extend")
    actions.suspend(contract=contract, by=SYSTEM, at=on(MAY), why="A mistake.")
    actions.resume(contract=contract, by=SYSTEM, at=on(MAY) + HOUR)
    assert now_says(contract).ends_at == begins(NEXT) + SLACK


def test_every_no_has_words_that_are_safe_to_show():
    contract = a_contract()
    with pytest.raises(Refused, match="does not end yet"):
        actions.expire(contract=contract, by=SYSTEM, at=on(MAY))
