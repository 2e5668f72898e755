"""Invoices to organisations at the desk: who may, what is shown, what is refused."""

import pytest
from django.test import Client

from newsroom.billing.gateway import gateway
from newsroom.billing.models import BankPayment, BillingDetails, ContractBilling, InvoiceRun
from newsroom.newsdesk.actions import ADMINISTRATION, FINANCE, SALES
from newsroom.sandbox import clock
from tests.billing.contracts_shop import ContractsShop
from tests.billing.shop import Shop
from tests.factories import staff_of
from tests.newsdesk.test_licences import one_of

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _clock():
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def house(db):
    return ContractsShop(Shop(Client()))


def settings_form(**facts):
    values = {"name": "Zebra Media AG", "country": "CH", "city": "Bern", "billed_from": "2026-01-01", "held": ""}
    values |= {"recipients": "a@zebra.example\nb@zebra.example", "po_number": "PO-18", "vat_id": ""}
    return values | {"reminder_1": "5", "reminder_2": "15", "reminder_3": "", "grace_days": "40"} | facts


def transfer(house, **facts):
    number = house.invoices[0].number
    values = {"number": number, "amount": "1200.00", "currency": "eur", "reference": "SEPA 7"}
    return values | {"received_on": house.on(0).isoformat()} | facts


def test_each_page_opens_for_its_roles_and_for_nobody_else(house, at_desk):
    house.run()
    pages = {
        f"/desk/contracts/{house.contract.pk}/money/": {SALES, FINANCE, ADMINISTRATION},
        f"/desk/contracts/{house.contract.pk}/money/settings/": {FINANCE},
        "/desk/invoicing/": {SALES, FINANCE, ADMINISTRATION},
        "/desk/invoicing/receivables/": {SALES, FINANCE, ADMINISTRATION},
        "/desk/invoicing/transfer/": {FINANCE},
    }
    for group in (SALES, FINANCE, ADMINISTRATION):
        client = at_desk(one_of(group))
        opened = {path for path in pages if client.get(path).status_code == 200}
        assert opened == {path for path, groups in pages.items() if group in groups}
    editor = at_desk(staff_of())
    assert {path for path in pages if editor.get(path).status_code == 200} == set()
    runs = InvoiceRun.objects.count()
    at_desk(one_of(SALES)).post("/desk/invoicing/")
    assert InvoiceRun.objects.count() == runs


def test_a_contract_is_set_up_shown_and_run(house, at_desk):
    ContractBilling.objects.all().delete()
    client = at_desk(one_of(FINANCE))
    assert "Nobody has set up how it is invoiced" in client.get("/desk/invoicing/").content.decode()

    first = house.contract.versions.get().period_from.isoformat()
    path = f"/desk/contracts/{house.contract.pk}/money/settings/"
    assert client.post(path, settings_form(billed_from=first)).status_code == 302
    billing = ContractBilling.objects.get(contract=house.contract)
    assert (billing.recipients, billing.reminders) == (["a@zebra.example", "b@zebra.example"], (5, 15, None))
    assert BillingDetails.objects.get().name == "Zebra Media AG"
    due = client.get("/desk/invoicing/").content.decode()
    assert house.contract.number in due
    assert "1,200.00" in due
    client.post("/desk/invoicing/")

    page = client.get(f"/desk/contracts/{house.contract.pk}/money/").content.decode()
    assert house.invoices[0].number in page
    assert "PO-18" in page
    assert "Nothing is due." in client.get("/desk/invoicing/").content.decode()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"recipients": "a@zebra.example\nnobody"}, "valid email"),
        ({"reminder_1": "30"}, "Each step comes after"),
        ({"grace_days": "-1"}, "greater than or equal to 0"),
        ({"billed_from": "soon"}, "valid date"),
        ({"country": "XX"}, "valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_words(house, at_desk, facts, said):
    path = f"/desk/contracts/{house.contract.pk}/money/settings/"

    response = at_desk(one_of(FINANCE)).post(path, settings_form(**facts))

    assert response.status_code == 200
    assert said in response.content.decode()
    assert ContractBilling.objects.get().po_number == "PO-17"


def test_finance_books_a_transfer_by_number_and_amount(house, at_desk):
    house.run()
    client = at_desk(one_of(FINANCE))
    listed = client.get("/desk/invoicing/receivables/").content.decode()
    assert house.invoices[0].number in listed
    part = client.post("/desk/invoicing/transfer/", transfer(house, amount="200"), follow=True)
    assert "Booked as a part" in part.content.decode()
    wrong = BankPayment.objects.get()
    assert client.post(f"/desk/invoicing/transfer/{wrong.pk}/undo/", {"why": "Not theirs."}).status_code == 302

    paid = client.post("/desk/invoicing/transfer/", transfer(house), follow=True)

    assert "the invoice is paid" in paid.content.decode()
    assert house.invoices[0].status == "paid"
    assert "Nobody owes anything." in client.get("/desk/invoicing/receivables/").content.decode()
    second = BankPayment.objects.exclude(pk=wrong.pk).get()
    refused = client.post(f"/desk/invoicing/transfer/{second.pk}/undo/", {"why": "Not theirs."})
    assert "a paid invoice stays so" in refused.content.decode()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"number": "none"}, "no invoice of this number"),
        ({"amount": "1200.01"}, "Only €1,200.00"),
        ({"amount": "0.001"}, "no such small coins"),
        ({"amount": "-5"}, "must have come"),
        ({"amount": "much"}, "Enter a number"),
        ({"currency": "usd"}, "is in EUR"),
        ({"received_on": "2999-01-01"}, "has not come"),
        ({"reference": ""}, "required"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_with_words(house, at_desk, facts, said):
    house.run()

    response = at_desk(one_of(FINANCE)).post("/desk/invoicing/transfer/", transfer(house, **facts))

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not BankPayment.objects.exists()
