"""An organisation from its contract to a paid invoice, through the real SDK, whatever comes in between."""

from datetime import timedelta

import pytest

from newsroom.access.rules import Reason
from newsroom.billing.models import CreditNote, DunningStep, OutboxCall
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.contracts.book import Book, desk_zone, today
from newsroom.licensing.contracts.dates import add_months, moment
from newsroom.licensing.contracts.rules import State
from newsroom.wire.rules import Tier
from tests.billing.contracts_shop import ContractsShop, a_line
from tests.billing.shop import decision
from tests.factories import an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def mails(shop):
    return list(Message.objects.filter(to="ledger@zebra.example").order_by("pk").values_list("kind", flat=True))


def test_an_organisation_is_invoiced_reminded_suspended_paid_released_and_renewed(shop):
    item = an_item(at=now())
    house = ContractsShop(shop, a_line(120_000), grace_days=42)
    first = today(now())
    house.day()

    invoice = house.invoices[0]
    assert (invoice.status, invoice.total_minor, invoice.collection) == ("open", 120_000, "send_invoice")
    assert invoice.contract_ref == house.contract.number
    assert invoice.due_at is not None
    assert today(invoice.due_at) == first + timedelta(days=30)
    fields = {each["name"]: each["value"] for each in invoice.raw["custom_fields"]}
    assert fields == {"Contract": house.contract.number, "Purchase order": "PO-17", "Your VAT id": "DE136695976"}
    assert [line["amount"] for line in invoice.lines] == [120_000]
    assert house.billed == [(first, add_months(first, 12), 120_000)]
    assert decision(house.owner, item).tier is Tier.FULL
    assert mails(shop) == ["contract_invoice"]

    house.wait(days=34)
    ends = moment(first + timedelta(days=72), desk_zone())
    house.contract.refresh_from_db()
    assert house.contract.rests_from == ends
    assert decision(house.owner, item).tier is Tier.FULL
    assert decision(house.owner, item, ends).reason is Reason.ENDED  # the date holds, whoever is at work then
    house.wait(days=11)
    house.wait(days=14)
    assert mails(shop) == ["contract_invoice", "contract_reminder", "contract_reminder", "contract_reminder"]

    house.wait(days=14)
    assert Book.of(house.contract).state == State.SUSPENDED
    assert decision(house.owner, item).tier is Tier.SUMMARY
    assert mails(shop)[-1] == "contract_resting"

    house.wait(days=10)
    house.pay()
    house.day()
    assert house.invoices[0].status == "paid"
    assert decision(house.owner, item).tier is Tier.FULL
    assert "contract_released" in mails(shop)
    house.contract.refresh_from_db()
    assert (house.contract.rests_from, Book.of(house.contract).state) == (None, State.ACTIVE)

    note = CreditNote.objects.get(account=house.account)
    free = (first + timedelta(days=73), first + timedelta(days=83))  # the days it rested
    assert house.billed[1:] == [(*free, -note.total_minor)]
    assert note.total_minor == 120_000 * 83 // 365 - 120_000 * 73 // 365
    shop.pass_time(days=365 - 83)
    house.day()
    assert Book.of(house.contract).state == State.RENEWED
    renewed = house.invoices[-1]
    assert (renewed.status, renewed.total_minor) == ("open", 120_000)
    assert renewed.due_minor == 120_000 - note.total_minor
    assert decision(house.owner, item).tier is Tier.FULL
    kinds = list(DunningStep.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["date", "first", "second", "last", "rest", "release"]


def test_a_run_that_comes_again_bills_nothing_again(shop):
    house = ContractsShop(shop)

    runs = [house.run(), house.run(), house.run()]

    assert [(each.planned, each.sent, each.problems) for each in runs] == [(1, 1, []), (0, 0, []), (0, 0, [])]
    assert (len(house.invoices), len(shop.objects("invoice")), len(shop.objects("invoiceitem"))) == (1, 1, 1)
    assert OutboxCall.objects.exclude(state="done").count() == 0
