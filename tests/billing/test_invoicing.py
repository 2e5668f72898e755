"""Orders that break off and go on, transfers booked by hand, overage with its evidence, and what is refused."""

import hashlib
from datetime import timedelta

import pytest

from newsroom.billing.gateway import Unanswered, gateway
from newsroom.billing.invoicing import accounts, overage, owing, runs, transfers
from newsroom.billing.invoicing.preview import preview
from newsroom.billing.invoicing.refusals import BillingRefused
from newsroom.billing.models import (
    BankPayment,
    BillingDetails,
    CreditNote,
    InvoicePlan,
    OutboxCall,
)
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.licensing.contracts import actions as contracts
from newsroom.licensing.contracts.actions.amending import numbered
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.dates import add_months
from newsroom.licensing.models import Overage
from tests.billing.contracts_shop import ContractsShop, a_line
from tests.factories import an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
STEPS = ("customer.create", "invoice.create", "invoice_item.create", "invoice.finalize", "invoice.send")


class Dies(Exception):
    """The worker is killed."""


@pytest.mark.parametrize("operation", STEPS)
@pytest.mark.parametrize("answered", [False, True], ids=["before Stripe did it", "after Stripe did it"])
def test_a_run_that_dies_at_any_call_goes_on_there_and_bills_once(shop, monkeypatch, operation, answered):
    house, real = ContractsShop(shop, a_line(120_000), a_line(6_000, title="Pictures")), gateway().change

    def dying(asked, params, *, key):
        if asked != operation:
            return real(asked, params, key=key)
        if answered:
            real(asked, params, key=key)
        raise Dies

    monkeypatch.setattr(gateway(), "change", dying)
    with pytest.raises(Dies):
        house.run()
    monkeypatch.setattr(gateway(), "change", real)
    house.run()
    house.run()

    assert [(each.status, each.total_minor, len(each.lines)) for each in house.invoices] == [("open", 126_000, 2)]
    assert (len(shop.objects("customer")), len(shop.objects("invoice")), len(shop.objects("invoiceitem"))) == (1, 1, 2)
    assert [each.state for each in house.orders] == ["done"]
    assert OutboxCall.objects.exclude(state="done").count() == 0


def test_a_run_that_stripe_does_not_answer_is_noted_and_goes_on_later(shop, monkeypatch):
    house, real = ContractsShop(shop), gateway().change

    def silent(asked, params, *, key):
        raise Unanswered("Stripe: APIConnectionError 0")

    monkeypatch.setattr(gateway(), "change", silent)
    failed = house.run()
    monkeypatch.setattr(gateway(), "change", real)
    done = house.run()

    assert (failed.planned, failed.sent, [each["why"] for each in failed.problems]) == (
        1,
        0,
        ["Stripe: APIConnectionError 0"],
    )
    assert (done.planned, done.sent, done.problems) == (0, 1, [])


def test_more_seats_are_billed_for_the_days_that_are_left(shop):
    start = today(now()) - timedelta(days=100)
    house = ContractsShop(shop, a_line(36_500, seats=5), starts_on=start)
    house.run()
    house.amend((1, a_line(73_000, seats=10)))
    house.run()

    days, until = (add_months(start, 12) - start).days, add_months(start, 12)
    rest = 36_500 - 36_500 * 100 // days
    assert house.billed == [
        (start, until, 36_500),
        (today(now()), until, -rest),
        (today(now()), until, 73_000 - 73_000 * 100 // days),
    ]
    assert [each.total_minor for each in house.invoices] == [36_500, house.billed[1][2] + house.billed[2][2]]
    assert house.invoices[1].lines[0]["description"].startswith("Credit: Full wire")


def test_what_a_change_is_billed_is_shown_before_to_the_minor_unit(shop):
    start = today(now()) - timedelta(days=100)
    house = ContractsShop(shop, a_line(36_511, seats=5), starts_on=start)
    house.run()
    line = a_line(73_007, seats=10)
    book = Book.of(house.contract)

    shown = preview(house.billing, numbered(book, [(1, line)], today(now())), today(now()), "year")
    house.amend((1, line))
    house.run()

    assert [(*each.span.days, each.minor) for each in shown] == house.billed[1:]
    assert len(shown) == 2


def test_an_end_within_the_period_becomes_a_credit_note_of_the_invoice(shop):
    house = ContractsShop(shop, a_line(36_500))
    house.run()
    house.pay()
    shop.pass_time(days=73)
    contracts.terminate(contract=house.contract, on=today(now()), by=SYSTEM, at=now(), why="They closed.")
    house.run()
    shop.hear()

    note = CreditNote.objects.get(account=house.account)
    assert (note.invoice_ref, note.total_minor) == (house.invoices[0].stripe_id, 36_500 - 36_500 * 73 // 365)
    assert house.account.credit_minor == note.total_minor
    assert [each.kind for each in house.orders] == ["invoice", "credit"]


@pytest.mark.parametrize(("currency", "minor"), [("jpy", 100_001), ("kwd", 1_000_010)])
def test_a_year_in_months_sums_to_its_price_in_every_currency(shop, currency, minor):
    start = today(now()) - timedelta(days=340)
    house = ContractsShop(shop, a_line(minor, currency), interval="month", starts_on=start)
    house.run()

    assert sum(each[2] for each in house.billed) == minor
    assert [(each.currency, each.total_minor) for each in house.invoices] == [(currency, minor)]


def test_nothing_is_billed_of_days_that_are_billed_elsewhere_and_nothing_on_hold(shop):
    house = ContractsShop(shop, starts_on=today(now()) - timedelta(days=100), billed_from=today(now()))
    accounts.set_up(contract=house.contract, by=SYSTEM, at=now(), held=True)
    assert house.run().planned == 0
    accounts.set_up(contract=house.contract, by=SYSTEM, at=now(), held=False)
    house.run()

    assert [each[0] for each in house.billed] == [today(now())]


def an_overage(house: ContractsShop, days_ago: int, minor: int = 500) -> Overage:
    """Somebody of the paper accepted a price for a story above the quota."""
    at, item = now() - timedelta(days=days_ago), an_item(at=now())
    licence = house.contract.licences.get(key=1).licence
    return Overage.objects.create(
        licence=licence,
        use="read",
        period="month",
        starts_at=at,
        item=item,
        user=house.owner,
        accepted_by="Olga Owner",
        minor=minor,
        currency="eur",
        at=at,
        key=f"key-{item.pk}",
        request_id="r-1",
    )


def test_uses_above_a_quota_are_billed_once_with_the_rows_that_prove_them(shop):
    house = ContractsShop(shop, starts_on=today(now()) - timedelta(days=100))
    first, second, fresh = an_overage(house, 45), an_overage(house, 45, 700), an_overage(house, 0)
    house.run()
    house.run()

    plan = InvoicePlan.objects.get(kind="overage")
    month = today(first.at).replace(day=1)
    assert (plan.on, plan.until, plan.amount_minor, plan.facts["uses"]) == (month, add_months(month, 1), 1_200, 2)
    text = overage.evidence_of(plan)
    assert hashlib.sha256(text.encode()).hexdigest() == plan.facts["sha256"]
    assert [row.split(",")[4] for row in text.splitlines()] == ["price", "500", "700"]
    assert {first.billed.plan, second.billed.plan} == {plan}
    assert not hasattr(Overage.objects.get(pk=fresh.pk), "billed")


def test_a_transfer_in_two_parts_pays_the_invoice_and_a_part_can_be_undone(shop):
    house = ContractsShop(shop, a_line(100_000))
    house.run()
    house.pay(minor=30_000, reference="A")
    house.pay(minor=20_000, reference="wrong")
    wrong = BankPayment.objects.get(reference="wrong")
    transfers.undo(payment=wrong, by=house.finance, at=now(), why="another customer's")
    assert house.invoices[0].status == "open"
    house.pay(minor=70_000, reference="B")

    assert (house.invoices[0].status, house.invoices[0].remaining_minor) == ("paid", 0)
    states = dict(BankPayment.objects.values_list("reference", "state"))
    assert states == {"A": "paid", "B": "paid", "wrong": "undone"}
    with pytest.raises(BillingRefused, match="stays so"):
        transfers.undo(payment=BankPayment.objects.get(reference="B"), by=house.finance, at=now(), why="x")


BAD = [
    ({"minor": 100_001}, "amount", "Only"),
    ({"minor": 0}, "amount", "must have come"),
    ({"currency": "usd"}, "amount", "is in EUR"),
    ({"days": 1}, "received_on", "has not come"),
    ({"reference": "  "}, "reference", "bank's reference"),
]


@pytest.mark.parametrize(("facts", "field", "said"), BAD)
def test_a_transfer_that_cannot_be_is_refused_on_its_field_and_nothing_is_booked(shop, facts, field, said):
    house = ContractsShop(shop, a_line(100_000))
    house.run()

    with pytest.raises(BillingRefused, match=said) as refused:
        transfers.record(
            invoice=house.invoices[0],
            amount=Money(facts.get("minor", 100_000), facts.get("currency", "eur")),
            received_on=house.on(facts.get("days", 0)),
            reference=facts.get("reference", "SEPA"),
            by=house.finance,
            at=now(),
        )

    assert refused.value.field == field
    assert not BankPayment.objects.exists()


def test_a_transfer_is_booked_once_and_not_on_what_is_paid(shop):
    house = ContractsShop(shop, a_line(100_000))
    house.run()
    house.pay(minor=10_000, reference="A")
    with pytest.raises(BillingRefused, match="booked already"):
        house.pay(minor=10_000, reference="A")
    house.pay(minor=90_000, reference="B")

    with pytest.raises(BillingRefused, match="not open"):
        house.pay(house.invoices[0], minor=1, reference="C")
    with pytest.raises(BillingRefused, match="no invoice"):
        transfers.by_number("nothing like it")


def test_what_is_owed_is_shown_by_how_late_it_is(shop):
    house = ContractsShop(shop, a_line(100_000), grace_days=None)
    house.run()
    assert [each.minor for each in owing.by_customer(now())[0].by_age] == [100_000, 0, 0, 0, 0]
    house.pay(minor=40_000)
    shop.pass_time(days=30 + 31)

    (row,) = owing.by_customer(now())
    assert [each.minor for each in row.by_age] == [0, 0, 60_000, 0, 0]
    assert (row.total, row.organisation) == (Money(60_000, "eur"), house.paper)


def test_a_contract_nobody_set_up_is_a_problem_and_so_is_one_without_an_address(shop):
    house = ContractsShop(shop)
    BillingDetails.objects.all().delete()
    result = house.run()

    assert [why for _contract, why in runs.problems()] == ["Name and address for the invoice are missing."]
    assert [each["why"] for each in result.problems] == ["Name and address for the invoice are missing."]
    house.billing.delete()
    assert [why for _contract, why in runs.problems()] == ["Nobody has set up how it is invoiced."]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reminder_1": 20, "reminder_2": 10}, "grace_days"),
        ({"reminder_3": 30, "grace_days": 20}, "grace_days"),
        ({"arrears": True}, "arrears"),
    ],
)
def test_settings_that_cannot_be_are_refused_on_their_field(shop, facts, field):
    house = ContractsShop(shop)
    house.run()

    with pytest.raises(BillingRefused) as refused:
        accounts.set_up(contract=house.contract, by=SYSTEM, at=now(), **facts)

    assert refused.value.field == field


@pytest.mark.parametrize(("facts", "field"), [({"name": " "}, "name"), ({"country": "XX"}, "country")])
def test_an_address_that_cannot_be_is_refused(shop, facts, field):
    house = ContractsShop(shop)

    with pytest.raises(BillingRefused) as refused:
        accounts.describe(
            account=house.account, by=SYSTEM, at=now(), **{"name": "Daily Zebra", "country": "DE"} | facts
        )

    assert refused.value.field == field


def test_a_new_address_reaches_stripe(shop):
    house = ContractsShop(shop)
    house.run()
    accounts.describe(account=house.account, name="Zebra Media AG", country="CH", city="Bern", by=SYSTEM, at=now())
    shop.work()

    customer = shop.objects("customer")[0]
    assert (customer["name"], customer["address"]["city"]) == ("Zebra Media AG", "Bern")


def test_a_renewal_nobody_heard_of_locks_nobody_out_for_the_slack(shop, settings):
    house = ContractsShop(shop)
    version = house.contract.licences.get(key=1).licence.versions.get(recorded_to=None)
    end = add_months(today(now()), 12)

    assert today(version.ends_at) == end + timedelta(days=settings.CONTRACT_SLACK_DAYS)


def test_what_somebody_else_suspended_stays_so_when_it_is_paid(shop):
    house = ContractsShop(shop)
    house.run()
    contracts.suspend(contract=house.contract, by=SYSTEM, at=now(), why="They misused it.")
    house.wait(days=80)
    house.pay()

    house.contract.refresh_from_db()
    state = house.contract.events.order_by("-pk").exclude(state="").first()
    assert state is not None
    assert (state.state, house.contract.rests_from) == ("suspended", None)
