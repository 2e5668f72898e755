"""An organisation with a contract, invoiced on the stand-in: what each side does, and how time passes."""

from datetime import date, timedelta
from typing import Any

from newsroom.accounts.models import Organisation, User
from newsroom.billing.invoicing import accounts, dunning, runs, transfers
from newsroom.billing.models import Account, ContractBilling, Invoice, InvoiceOrder, InvoiceRun
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.licensing.contracts import actions as contracts
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Contract
from newsroom.licensing.rules import NO_LIMITS, Limits
from tests.billing.shop import Shop
from tests.factories import a_member, a_user, an_organisation


def a_line(minor: int = 120_000, currency: str = "eur", interval: str = "year", **facts: Any) -> Line:
    limits = Limits(seats=facts.pop("seats")) if "seats" in facts else NO_LIMITS
    usual = {"title": "Full wire", "products": (), "uses": ("read",), "clause": "§2: reading."}
    return Line(**{"limits": limits, "price": Money(minor, currency), "interval": interval, **usual, **facts})


class ContractsShop:
    """One customer of the agency with its contract; the first day of which is today."""

    def __init__(self, shop: Shop, *lines: Line, **facts: Any) -> None:
        self.shop = shop
        self.paper: Organisation = an_organisation("Daily Zebra")
        self.owner: User = a_user(f"owner-{self.paper.pk}@zebra.example")
        a_member(self.paper, self.owner, role="owner")
        self.finance: User = a_user(f"finance-{self.paper.pk}@agency.example")
        terms = {name: facts.pop(name) for name in Terms.__slots__ if name in facts}
        self.contract: Contract = self._contract(lines or (a_line(),), terms, facts.pop("starts_on", today(now())))
        self.billing: ContractBilling = self._set_up(**facts)

    def _contract(self, lines: tuple[Line, ...], terms: dict[str, Any], starts_on: date) -> Contract:
        return contracts.activate(
            organisation=self.paper,
            lines=lines,
            terms=Terms(**{"payment_days": 30, "notice_days": 0, **terms}),
            starts_on=starts_on,
            currency=lines[0].price.currency,
            by=SYSTEM,
            at=now(),
        )

    def _set_up(self, **facts: Any) -> ContractBilling:
        account = accounts.account_of(self.paper, now())
        accounts.describe(
            account=account,
            name="Daily Zebra Ltd",
            line1="1 Savannah Road",
            city="Berlin",
            country="DE",
            vat_id="DE136695976",
            by=SYSTEM,
            at=now(),
        )
        first = Book.of(self.contract).versions[0].period_from
        usual = {"billed_from": first, "recipients": ["ledger@zebra.example"], "po_number": "PO-17"}
        return accounts.set_up(contract=self.contract, by=SYSTEM, at=now(), **usual | facts)

    @property
    def account(self) -> Account:
        return Account.objects.get(organisation=self.paper)

    @property
    def invoices(self) -> list[Invoice]:
        """As our copy has them, the oldest first."""
        return list(Invoice.objects.filter(account=self.account).order_by("created_at", "pk"))

    @property
    def orders(self) -> list[InvoiceOrder]:
        return list(InvoiceOrder.objects.filter(contract=self.contract).order_by("pk"))

    @property
    def billed(self) -> list[tuple[date, date, int]]:
        """What was planned: from, until, how much."""
        return list(self.contract.plans.order_by("pk").values_list("on", "until", "amount_minor"))

    def run(self, **facts: Any) -> InvoiceRun:
        """The invoice run, as the clock or finance starts it."""
        return runs.run(by=SYSTEM, at=now(), **facts)

    def settle(self) -> None:
        """What the worker does after each change and every quarter of an hour."""
        dunning.settle(billing_id=self.billing.pk, at=now())

    def day(self) -> None:
        """What the alarm clocks of a day do."""
        contracts.due(contract_id=self.contract.pk, at=now())
        self.run()
        self.settle()
        self.shop.hear()
        self.settle()

    def wait(self, days: int) -> None:
        """Days pass, one look at the end of them."""
        self.shop.pass_time(days=days)
        self.day()

    def pay(self, invoice: Invoice | None = None, minor: int | None = None, reference: str = "SEPA 1") -> None:
        """A bank transfer arrives and finance books it."""
        owed = invoice or next(each for each in self.invoices if each.status in {"open", "uncollectible"})
        amount = Money(owed.remaining_minor if minor is None else minor, owed.currency)
        transfers.record(
            invoice=owed, amount=amount, received_on=today(now()), reference=reference, by=self.finance, at=now()
        )
        self.settle()

    def amend(self, *lines: tuple[int | None, Line], since: date | None = None) -> None:
        contracts.amend(
            contract=self.contract,
            since=since or today(now()),
            lines=lines,
            by=SYSTEM,
            at=now(),
            why="They asked.",
        )

    def on(self, days: int) -> date:
        """The day so many days from today."""
        return today(now()) + timedelta(days=days)
