"""The book: what the mirror means in accounts and in recurring money; and the months that are closed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing.models.account import Account
from newsroom.core.money import Money


class Role(models.TextChoices):
    """What an account of the ledger is for. Its number and name stand in the chart of accounts."""

    RECEIVABLES = "receivables", _("receivables")
    STRIPE = "stripe", _("Stripe balance")
    BANK = "bank", _("bank")
    CREDIT = "credit", _("customer credit")
    DEFERRED = "deferred", _("deferred revenue")
    TAX = "tax", _("tax owed")
    REVENUE = "revenue", _("revenue")
    REFUNDS = "refunds", _("refunds")
    DISPUTES = "disputes", _("disputes")
    BAD_DEBT = "bad_debt", _("bad debt")


class Happening(models.TextChoices):
    """What moved money from account to account."""

    INVOICE = "invoice", _("invoice")
    CREDIT = "credit", _("credit applied")
    RECOGNITION = "recognition", _("revenue earned")
    VOID = "void", _("invoice made void")
    WRITE_OFF = "write_off", _("given up on")
    CREDIT_NOTE = "credit_note", _("credit note")
    CREDIT_NOTE_VOID = "credit_note_void", _("credit note made void")
    PAYMENT = "payment", _("payment")
    TRANSFER = "transfer", _("bank transfer")
    PURCHASE = "purchase", _("purchase")
    REFUND = "refund", _("refund")
    DISPUTE = "dispute", _("dispute")
    DISPUTE_WON = "dispute_won", _("dispute won")


class ChartAccount(models.Model):
    """Under which number and name the accountant knows an account."""

    role = models.CharField(_("for"), max_length=12, choices=Role.choices, primary_key=True)
    code = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("account of the ledger")
        verbose_name_plural = _("chart of accounts")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Book(models.Model):
    """What was written of a paying account, and at which `version` of it. Behind: its version is another by now."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="book", primary_key=True)
    version = models.PositiveIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("book of an account")

    def __str__(self) -> str:
        return f"{self.account_id} v{self.version}"


class Span(models.Model):
    """A subscription's recurring money from one moment to another, in a year, without tax. Derived, and so replaced.

    `involuntary`: it ended because a payment failed. `holder`: "u17" or "o3", the person or organisation that pays.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="spans")
    holder = models.CharField(max_length=24)
    source = models.CharField(_("subscription"), max_length=255)
    product = models.CharField(_("plan"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    yearly_minor = models.BigIntegerField(_("a year"))
    involuntary = models.BooleanField(_("payment failed"), default=False)

    class Meta:
        verbose_name = _("recurring money")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="span_forward"),
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="span_time")]

    def __str__(self) -> str:
        return f"{self.source} {self.yearly_minor} {self.currency}"


class Posting(models.Model):
    """What an entry says: so much moved on this account of the ledger, on this day. A debit is above nothing."""

    happening = models.CharField(_("why"), max_length=20, choices=Happening.choices)
    role = models.CharField(_("account"), max_length=12, choices=Role.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    paper = models.CharField(_("document at Stripe"), max_length=255)
    number = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Entry(Posting):
    """A line of the book as the mirror has it now. Derived, and so replaced; what is closed stands in `JournalLine`."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    day = models.DateField(_("day"))
    about = models.CharField(max_length=255)  # the invoice, or the charge, whose matter it is

    class Meta(Posting.Meta):
        abstract = False
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["paper", "happening", "role", "currency", "day"], name="entry_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_moves_something"),
        ]
        indexes = [
            models.Index(fields=["role", "day"], name="entry_of_role"),
            models.Index(fields=["day"], name="entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.role} {self.amount}"


class TaxLine(models.Model):
    """What one document says of one tax: the net it is of, and the tax. A credit note's are below nothing. Derived."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tax_lines")
    paper = models.CharField(max_length=255)
    number = models.CharField(_("document"), max_length=100, blank=True)
    happening = models.CharField(_("why"), max_length=20, choices=Happening.choices)
    day = models.DateField(_("day"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    treatment = models.CharField(_("tax"), max_length=80)  # "vat 20", "reverse_charge", "none"
    currency = models.CharField(_("currency"), max_length=3)
    net_minor = models.BigIntegerField(_("net"))
    tax_minor = models.BigIntegerField(_("tax"))

    class Meta:
        verbose_name = _("tax of a document")
        constraints = [
            models.UniqueConstraint(fields=["paper", "happening", "treatment"], name="tax_line_once"),
        ]
        indexes = [models.Index(fields=["day"], name="tax_line_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.treatment} {self.tax_minor} {self.currency}"


class ClosedMonth(models.Model):
    """A month whose journal moves no more. `id` is year × 100 + month; each hash covers the one before.

    The database refuses a line for a month that has this row, and every change of either.
    """

    id = models.PositiveIntegerField(primary_key=True)
    closed_at = models.DateTimeField(_("closed"))
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_label = models.CharField(_("closed by"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    lines = models.PositiveIntegerField(_("lines"))
    last_number = models.PositiveIntegerField(_("last number"))
    before = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")

    def __str__(self) -> str:
        return f"{self.id // 100}-{self.id % 100:02}"


class JournalLine(Posting):
    """A line of a closed month. `line` numbers all lines ever, without a gap.

    `of_day`: the day it happened. In a later month than that it is an adjustment, and `corrects` names the line that
    said otherwise, where there was one.
    """

    month = models.ForeignKey(ClosedMonth, on_delete=models.PROTECT, related_name="journal")
    line = models.PositiveIntegerField(_("line"), unique=True)
    day = models.DateField(_("day"))
    of_day = models.DateField(_("happened"))
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="journal")
    code = models.CharField(_("account number"), max_length=20)
    name = models.CharField(_("account name"), max_length=80)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Posting.Meta):
        abstract = False
        verbose_name = _("line of the journal")
        verbose_name_plural = _("journal")
        permissions = [("view_finance", "Can see finance reports"), ("close_month", "Can close a month")]
        indexes = [
            models.Index(fields=["month", "line"], name="journal_of_month"),
            models.Index(fields=["paper", "happening", "role", "currency", "of_day"], name="journal_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.day} {self.code} {self.amount}"
