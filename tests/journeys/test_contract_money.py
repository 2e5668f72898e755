"""An organisation's money, from the contract to the second year's invoice. It moves the demo's clock by a year."""

import re

from tests.journeys import customer as desk
from tests.journeys.customer import FINANCE, SALES

OWNER = "press@coast.example"
HOUSE = "ministry-of-the-coast"
LEDGER = "ledger@coast.example"


def test_an_organisation_from_its_contract_to_overdue_to_paid_to_renewed(visit):
    sales, finance, owner, clock = visit(), visit(), visit(), visit()
    contract = _agreed(sales)
    _set_up(finance, contract)
    number = _invoiced(finance, owner, contract)
    _overdue(clock, finance, contract, number)
    _rests(clock, owner, contract)
    _paid(finance, owner, contract, number)
    _renewed(clock, owner, contract, number)


def _agreed(sales) -> str:
    """Sales writes a contract of one line; answers its number."""
    sales.open("/desk/")
    sales.sign_in(SALES)
    sales.open("/desk/contracts/new/")
    desk.choose(sales, organisation="Ministry of the Coast", currency="EUR", interval="a year")
    desk.date_in(sales, "starts_on", _today(sales))
    sales.fill(term_months="12", notice_days="0", payment_days="14", why="Agreed by letter.")
    sales.fill(
        **{"new-1-title": "Full wire", "new-1-clause": "§2: reading by the press office.", "new-1-price": "1200"}
    )
    sales.page.locator("main [name='new-1-all_products']").check()
    sales.page.locator("main [name='new-1-uses'][value=read]").set_checked(True)
    sales.press("Put the contract in force")
    sales.reads("§2: reading by the press office.")
    return str(sales.page.locator("main h2 bdi").first.inner_text())


def _set_up(finance, contract: str) -> None:
    finance.open("/desk/invoicing/")
    finance.sign_in(FINANCE)
    finance.open("/desk/invoicing/")
    finance.reads("Nobody has set up how it is invoiced.")
    finance.keep("not-invoiced")
    finance.press(contract)
    finance.press("Set up its invoices")
    finance.fill(line1="1 Harbour Street", city="Piraeus", po_number="PO-2026-7", recipients=LEDGER)
    finance.fill(reminder_1="3", reminder_2="14", reminder_3="21", grace_days="30")
    finance.keep("settings")
    desk.confirm(finance, "Save")
    finance.reads("Comes next")
    finance.reads("€1,200.00")
    finance.keep("comes-next")


def _invoiced(finance, owner, contract: str) -> str:
    """The run sends it; the customer sees it with its order number and how to pay. Answers its number."""
    finance.open("/desk/invoicing/")
    finance.reads(contract)
    finance.press("Write and send what is due")
    finance.keep("run")
    finance.mail(LEDGER, "Invoice ")
    finance.keep("mail")
    owner.open("/account/login/")
    owner.sign_in(OWNER)
    owner.open(f"/organisation/{HOUSE}/invoices/")
    owner.reads("€1,200.00")
    owner.keep("to-be-paid")
    number = str(owner.page.locator("main tbody td").first.inner_text())
    owner.press(f"See and pay {number}")
    owner.reads("PO-2026-7")
    owner.reads("Pay by bank transfer")
    owner.keep("hosted")
    desk.pdf(owner, owner.path + "pdf/")
    return number


def _overdue(clock, finance, contract: str, number: str) -> None:
    """The day of payment is over: a reminder says until when the licences hold."""
    clock.advance(days=18)
    finance.mail(LEDGER, f"Invoice {number} is not paid yet")
    finance.reads("the licences of")
    finance.keep("reminder")
    finance.open(f"/desk/contracts/?words={contract}")
    finance.press(contract)
    finance.press("Its invoices: what comes next, what was sent, what is owed")
    finance.reads("overdue")
    finance.reads("its licences give nothing from")
    finance.keep("overdue")
    finance.open("/desk/invoicing/receivables/")
    finance.reads("1–30 days")
    finance.keep("receivables")


def _rests(clock, owner, contract: str) -> None:
    clock.advance(days=28)
    owner.mail(LEDGER, f"The licences of contract {contract} rest")
    owner.comes(f"/organisation/{HOUSE}/contracts/", owner.text("Suspended"))
    owner.keep("rests")


def _paid(finance, owner, contract: str, number: str) -> None:
    """Finance books the transfer, by number and amount; the contract goes on."""
    finance.open("/desk/invoicing/receivables/")
    finance.press(f"Book a transfer for {number}")
    finance.fill(amount="1200.01", reference="SEPA 2026-7")
    desk.confirm(finance, "Book it")
    finance.reads("Only €1,200.00 is still to be paid.")
    finance.keep("too-much")
    finance.fill(amount="1200.00")
    desk.confirm(finance, "Book it")
    finance.reads("paid with it")
    finance.keep("booked")
    owner.mail(LEDGER, f"The licences of contract {contract} hold again")
    owner.open(f"/organisation/{HOUSE}/invoices/")
    owner.reads("Paid")
    owner.comes(f"/organisation/{HOUSE}/contracts/", owner.text("Active"))
    owner.keep("paid")


def _renewed(clock, owner, contract: str, number: str) -> None:
    """A year after its first day the contract goes on by itself, and the next year is invoiced."""
    clock.advance(days=320)
    owner.comes(f"/organisation/{HOUSE}/contracts/", owner.text("Renewed"))
    clock.advance(days=1)
    row = owner.page.locator("main tbody tr").filter(has_not_text=number).filter(has_text=contract)
    owner.comes(f"/organisation/{HOUSE}/invoices/", row.first)
    owner.keep("next-year")


def _today(sales) -> str:
    """The day it is for the product, in the form a date field takes."""
    found = re.search(r'datetime="(\d{4}-\d{2}-\d{2})', sales.source("/sandbox/control/"))
    assert found
    return found[1]
