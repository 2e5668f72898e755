"""The entries of one invoice: what it asks for, what it earns, how it is paid, credited, given up or made void. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from newsroom.billing import revenue
from newsroom.billing.finance.line import Line
from newsroom.billing.finance.months import day_of
from newsroom.billing.finance.spreading import Earning, Reduction, at_once, earning
from newsroom.billing.models import CreditNote, Invoice, Payment
from newsroom.billing.models.book import Happening, Role


def entries_of_invoice(invoice: Invoice, notes: list[CreditNote], paid: list[Payment]) -> Iterator[Line]:
    """Nothing of a draft. `notes` and `paid`: those of this invoice; only payments that succeeded."""
    if invoice.finalised_at is None or invoice.status == "draft":
        return
    of = _Invoiced(invoice, sorted(notes, key=lambda each: (each.created_at, each.stripe_id)), paid)
    yield from of.asked()
    yield from of.settled()
    yield from of.credited()
    yield from of.earned()


@dataclass(slots=True)
class _Invoiced:
    invoice: Invoice
    notes: list[CreditNote]
    paid: list[Payment]
    earning: Earning = field(default_factory=Earning)  # by `asked`, which comes first

    def line(
        self, at: datetime | date, happening: str, role: str, amount: int, paper: CreditNote | None = None
    ) -> Line:
        day = day_of(at) if isinstance(at, datetime) else at
        of = paper or self.invoice
        return Line(
            day, happening, role, self.invoice.currency, amount, of.stripe_id, of.number, self.invoice.stripe_id
        )

    @property
    def net(self) -> int:
        return self.invoice.total_minor - self.invoice.tax_minor

    @property
    def applied(self) -> int:
        """What the customer's credit paid of it; below nothing when the invoice gave credit."""
        raw = self.invoice.raw
        return int((raw.get("ending_balance") or 0) - (raw.get("starting_balance") or 0))

    @property
    def final(self) -> datetime:
        assert self.invoice.finalised_at is not None  # drafts make no entries
        return self.invoice.finalised_at

    def asked(self) -> Iterator[Line]:
        """It is owed, its tax is owed on, and its price is deferred until it is earned."""
        invoice, day = self.invoice, day_of(self.final)
        later = [each for each in invoice.lines if not at_once(each)]
        deferred = sum(revenue.net(each) for each in later)
        self.earning = earning(later, day)
        yield self.line(day, Happening.INVOICE, Role.RECEIVABLES, invoice.total_minor)
        yield self.line(day, Happening.INVOICE, Role.TAX, -invoice.tax_minor)
        yield self.line(day, Happening.INVOICE, Role.DEFERRED, -deferred)
        yield self.line(day, Happening.INVOICE, Role.REVENUE, deferred - self.net)
        yield self.line(day, Happening.CREDIT, Role.RECEIVABLES, -self.applied)
        yield self.line(day, Happening.CREDIT, Role.CREDIT, self.applied)

    def owing(self, at: datetime) -> str:
        """The account that bears what is open at this moment: what was given up on is bad debt."""
        given_up = self.invoice.uncollectible_at
        return Role.BAD_DEBT if given_up is not None and at >= given_up else Role.RECEIVABLES

    def settled(self) -> Iterator[Line]:
        """Payments, what came past Stripe, and what was given up on."""
        for each in self.paid:
            line = self.line(each.created_at, Happening.PAYMENT, Role.STRIPE, each.amount_minor)
            line = replace(line, paper=each.stripe_id)
            yield line
            yield replace(line, role=self.owing(each.created_at), amount=-line.amount)
        yield from self._given_up()
        yield from self._transferred()

    def _open_before(self, at: datetime) -> int:
        """What of it was open just before this moment."""
        credited = sum(split.before for each in self.notes if each.created_at < at for split in [_split(each)])
        returned = sum(_split(each).before for each in self.notes if each.voided_at and each.voided_at < at)
        paid = sum(each.amount_minor for each in self.paid if each.created_at < at)
        return self.invoice.total_minor - self.applied - credited + returned - paid

    def _given_up(self) -> Iterator[Line]:
        at = self.invoice.uncollectible_at
        if at is not None and (still := self._open_before(at)) > 0:
            yield self.line(at, Happening.WRITE_OFF, Role.BAD_DEBT, still)
            yield self.line(at, Happening.WRITE_OFF, Role.RECEIVABLES, -still)

    def _transferred(self) -> Iterator[Line]:
        """A paid invoice that no charge paid was paid past Stripe."""
        at = self.invoice.paid_at
        if self.invoice.status != "paid" or at is None:
            return
        valid = sum(_split(each).before for each in self.notes if each.status != "void")
        came = sum(each.amount_minor for each in self.paid)
        if (rest := self.invoice.total_minor - self.applied - valid - came) > 0:
            yield self.line(at, Happening.TRANSFER, Role.BANK, rest)
            yield self.line(at, Happening.TRANSFER, self.owing(at), -rest)

    def credited(self) -> Iterator[Line]:
        """Credit notes, each on its day, and the end of an invoice that is void."""
        taken: dict[str, Reduction] = {}
        turns = [(each.created_at, 0, each) for each in self.notes]
        turns += [(each.voided_at, 1, each) for each in self.notes if each.voided_at is not None]
        for at, back, note in sorted(turns, key=lambda turn: (turn[0], turn[1], turn[2].stripe_id)):
            if back:
                self.earning.restore(day_of(at), taken[note.stripe_id])
            else:
                taken[note.stripe_id] = self.earning.reduce(day_of(at), note.total_minor - note.tax_minor)
            yield from self._noted(note, at, taken[note.stripe_id], -1 if back else 1)
        yield from self._voided()

    def _noted(self, note: CreditNote, at: datetime, taken: Reduction, sign: int) -> Iterator[Line]:
        happening = Happening.CREDIT_NOTE if sign > 0 else Happening.CREDIT_NOTE_VOID
        split = _split(note)
        yield self.line(at, happening, Role.DEFERRED, sign * taken.unearned, note)
        yield self.line(at, happening, Role.REVENUE, sign * taken.earned, note)
        yield self.line(at, happening, Role.TAX, sign * note.tax_minor, note)
        yield self.line(at, happening, self.owing(at), -sign * split.before, note)
        yield self.line(at, happening, Role.REFUNDS, -sign * split.refunded, note)
        yield self.line(at, happening, Role.BANK, -sign * split.outside, note)
        yield self.line(at, happening, Role.CREDIT, -sign * split.kept, note)

    def _voided(self) -> Iterator[Line]:
        """All that is left of it goes, and a credit that paid it comes back."""
        at = self.invoice.voided_at
        if self.invoice.status != "void" or at is None:
            return
        valid = [each for each in self.notes if each.status != "void"]
        tax = self.invoice.tax_minor - sum(each.tax_minor for each in valid)
        total = self.invoice.total_minor - sum(each.total_minor for each in valid)
        taken = self.earning.reduce(day_of(at), total - tax)
        yield self.line(at, Happening.VOID, Role.DEFERRED, taken.unearned)
        yield self.line(at, Happening.VOID, Role.REVENUE, taken.earned)
        yield self.line(at, Happening.VOID, Role.TAX, tax)
        yield self.line(at, Happening.VOID, self.owing(at), self.applied - total)
        yield self.line(at, Happening.VOID, Role.CREDIT, -self.applied)

    def earned(self) -> Iterator[Line]:
        for day, amount in self.earning.days.items():
            yield self.line(day, Happening.RECOGNITION, Role.DEFERRED, amount)
            yield self.line(day, Happening.RECOGNITION, Role.REVENUE, -amount)


@dataclass(frozen=True, slots=True)
class _Split:
    """Where a credit note went: off what was open, refunded, paid back outside Stripe, or kept as credit."""

    before: int
    refunded: int
    outside: int
    kept: int


def _split(note: CreditNote) -> _Split:
    raw = note.raw
    usual = note.total_minor if note.kind == "pre_payment" else 0
    before = int(raw.get("pre_payment_amount", usual) or 0)
    outside = int(raw.get("out_of_band_amount") or 0)
    refunded = sum(int(each.get("amount_refunded") or 0) for each in raw.get("refunds") or [])
    return _Split(before, refunded, outside, note.total_minor - before - outside - refunded)
