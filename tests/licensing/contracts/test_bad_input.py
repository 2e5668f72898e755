"""What is asked wrongly is refused with its name, on its field, and nothing is half done."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.core.money import Money
from newsroom.licensing.contracts import actions, rules
from newsroom.licensing.contracts.rules import Side
from newsroom.licensing.models import Contract, ContractVersion, LicenceVersion
from newsroom.licensing.rules import Limits, Quota
from newsroom.wire.models import Product
from tests.factories import DAY, HOUR
from tests.licensing.contracts.making import NEXT, a_contract, a_line, amend, kinds, lines_of, now_says, on
from tests.licensing.contracts.test_life import JUNE, MAY


def quota(limit):
    return a_line(limits=Limits(quotas=(Quota("read", limit),)))


BAD_LINES = [
    (quota(0), "quotas"),
    (quota(-5), "quotas"),
    (a_line(limits=Limits(quotas=(Quota("publish", 5),))), "quotas"),
    (a_line(limits=Limits(territories=frozenset({"XX"}))), "territories"),
    (a_line(limits=Limits(channels=frozenset({"pigeon"}))), "channels"),
    (a_line(limits=Limits(delay=timedelta(-1))), "delay"),
    (a_line(limits=Limits(archive=timedelta(0))), "archive"),
    (a_line(seats=0), "seats"),
    (a_line(title="  "), "title"),
    (a_line(clause=" "), "clause"),
    (a_line(uses=()), "uses"),
    (a_line(uses=("sing",)), "uses"),
    (a_line(price=Money(-1, "eur")), "price"),
    (a_line(price=Money(1, "usd")), "price"),
    (a_line(interval="week"), "interval"),
    (a_line(discount=10_001), "discount"),
    (a_line(products=("gone",)), "products"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "field"), BAD_LINES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_line_that_cannot_be_is_refused_on_its_field(line, field):
    contract = a_contract()
    before = list(LicenceVersion.objects.values()), list(ContractVersion.objects.values())

    for deed in (lambda: a_contract(line), lambda: amend(contract, JUNE, [(1, line)], on(MAY))):
        with pytest.raises(rules.ContractRefused) as refused:
            deed()
        assert refused.value.field == f"line-1.{field}"

    assert (list(LicenceVersion.objects.values()), list(ContractVersion.objects.values())) == before
    assert Contract.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "lines", "error", "field"),
    [
        (MAY - DAY, [(1, a_line(title="x"))], rules.InThePast, "since"),
        (date(2025, 6, 1), [(1, a_line(title="x"))], rules.InThePast, "since"),
        (NEXT, [(1, a_line(title="x"))], rules.OutsideTerm, "since"),
        (JUNE, [], rules.BadLine, "lines"),
        (JUNE, [(9, a_line())], rules.BadLine, "lines"),
        (JUNE, [(1, a_line()), (1, a_line(title="x"))], rules.BadLine, "lines"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_on_its_field(since, lines, error, field):
    contract = a_contract()
    with pytest.raises(error) as refused:
        amend(contract, since, lines, on(MAY))
    assert (refused.value.field, kinds(contract)) == (field, ["activated"])


@pytest.mark.django_db
def test_an_amendment_does_not_overlap_one_that_is_agreed_already():
    contract = a_contract()
    amend(contract, JUNE, [(1, a_line(title="x"))], on(MAY))
    for since in (MAY, JUNE, JUNE + 30 * DAY):
        with pytest.raises(rules.Overlapping):
            amend(contract, since, [(1, a_line(title="y"))], on(MAY))


@pytest.mark.django_db
def test_a_change_in_what_is_over_leaves_no_trace():
    contract = a_contract()
    audited = AuditEntry.objects.count()
    with pytest.raises(rules.InThePast):
        amend(contract, MAY - DAY, [(1, a_line(seats=3))], on(MAY))
    assert (AuditEntry.objects.count(), now_says(contract).seats) == (audited, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "why", "error", "field"),
    [
        (MAY - DAY, "x", rules.InThePast, "on"),
        (NEXT + DAY, "x", rules.OutsideTerm, "on"),
        (JUNE, "  ", rules.BadTerm, "why"),
    ],
)
def test_a_termination_that_cannot_be_is_refused_on_its_field(day, why, error, field):
    contract = a_contract()
    with pytest.raises(error) as refused:
        actions.terminate(contract=contract, on=day, by=SYSTEM, at=on(MAY), why=why)
    assert (refused.value.field, kinds(contract)) == (field, ["activated"])


@pytest.mark.django_db
def test_a_clock_that_stands_before_the_last_deed_does_nothing():
    contract = a_contract()
    actions.suspend(contract=contract, by=SYSTEM, at=on(MAY), why="Not paid.")
    earlier = {"contract": contract, "by": SYSTEM, "at": on(MAY) - HOUR}
    for deed in (
        lambda: actions.resume(**earlier),
        lambda: actions.terminate(**earlier, on=JUNE, why="x"),
        lambda: amend(contract, JUNE, [(1, a_line(title="x"))], on(MAY) - HOUR),
        lambda: actions.due(contract_id=contract.pk, at=on(MAY) - HOUR),
    ):
        with pytest.raises(rules.ClockSkew):
            deed()
    assert kinds(contract) == ["activated", "suspended"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"period_to": date(2026, 6, 1)}, rules.NotNow),
        ({"period_to": NEXT, "index": -1}, rules.BadTerm),
        ({"period_to": NEXT, "index": 10_001}, rules.BadTerm),
    ],
)
def test_a_renewal_that_cannot_be_is_refused(facts, error):
    contract = a_contract(indexation=0, cap=500)
    with pytest.raises(error):
        actions.renew(contract=contract, by=SYSTEM, at=on(MAY), **facts)
    assert kinds(contract) == ["activated"]


@pytest.mark.django_db
def test_notice_needs_a_contract_that_renews_and_an_end_there_is():
    ends, goes_on = a_contract(auto_renew=False), a_contract()
    with pytest.raises(rules.NotNow, match="ends by itself with 31 December 2026"):
        actions.give_notice(contract=ends, side=Side.CUSTOMER, by=SYSTEM, at=on(MAY))
    with pytest.raises(rules.BadTerm) as refused:
        actions.give_notice(contract=goes_on, side=Side.CUSTOMER, by=SYSTEM, at=on(MAY), until=date(2026, 8, 1))
    assert refused.value.field == "until"
    actions.give_notice(contract=goes_on, side=Side.CUSTOMER, by=SYSTEM, at=on(MAY))
    with pytest.raises(rules.NotNow, match="another day"):
        actions.give_notice(contract=goes_on, side=Side.AGENCY, by=SYSTEM, at=on(MAY), until=date(2028, 1, 1))
    with pytest.raises(rules.NotNow, match="Withdraw it first"):
        actions.renew(contract=goes_on, period_to=NEXT, by=SYSTEM, at=on(MAY))


@pytest.mark.django_db
def test_a_product_that_is_gone_breaks_no_licence_and_no_other_line():
    from tests.factories import a_product

    a_product("sport")
    contract = a_contract(a_line(), a_line(products=("sport", "everything")), a_line(products=("sport",)))
    Product.objects.get(code="sport").versions.all().delete()
    Product.objects.filter(code="sport").delete()

    actions.renew(contract=contract, period_to=NEXT, by=SYSTEM, at=on(NEXT))

    assert len(now_says(contract, 2).product_ids) == 1
    assert now_says(contract, 1).ends_at == now_says(contract, 2).ends_at > now_says(contract, 3).ends_at
    with pytest.raises(rules.UnknownProduct):
        amend(contract, date(2027, 2, 1), [(1, a_line(title="x")), *lines_of(contract)[1:]], on(NEXT))


def same_time(*deeds):
    """Each deed in a thread and a connection of its own; what they raised."""
    raised, gate = [], threading.Barrier(len(deeds))

    def run(deed):
        gate.wait()
        try:
            deed()
        except rules.ContractRefused as refusal:
            raised.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_agree_to_one_change_and_the_other_is_told():
    contract = a_contract()
    raised = same_time(
        *(lambda seats=seats: amend(contract, JUNE, [(1, replace(a_line(seats=seats)))], on(MAY)) for seats in (3, 4))
    )
    assert (raised, kinds(contract)) == ([rules.Overlapping], ["activated", "amended"])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_renew_once_and_number_without_a_gap():
    contract = a_contract()
    renew = lambda: actions.renew(contract=contract, period_to=NEXT, by=SYSTEM, at=on(NEXT))  # noqa: E731
    assert same_time(renew, renew, renew) == []
    assert kinds(contract) == ["activated", "renewed"]

    same_time(*(a_contract for _ in range(4)))
    numbers = sorted(Contract.objects.values_list("number", flat=True))
    assert numbers == [f"CT-2025-{number:04d}" for number in range(1, 6)]
