"""What an organisation's contract is invoiced by: to whom, what for which days, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing.models.account import Account
from newsroom.billing.models.queue import OutboxCall
from newsroom.core.money import Money
from newsroom.licensing.models import Contract, Overage

FIRST, SECOND, LAST = 3, 14, 28
GRACE = 42


class BillingDetails(models.Model):
    """The organisation as it stands on its invoices."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="details")
    name = models.CharField(_("name on the invoice"), max_length=200)
    line1 = models.CharField(_("street"), max_length=200, blank=True)
    line2 = models.CharField(_("second line"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2)
    vat_id = models.CharField(_("VAT id"), max_length=30, blank=True)
    locale = models.CharField(_("language"), max_length=10, default="en")

    class Meta:
        verbose_name = _("address of invoices")
        verbose_name_plural = _("addresses of invoices")

    def __str__(self) -> str:
        return self.name


class ContractBilling(models.Model):
    """How one contract is invoiced. Days of the steps count from the day of payment; None: that step is left out.

    `billed_from`: what was due for days before is billed elsewhere. `held`: nothing is invoiced until it is released.
    `suspended_at`: we let the contract rest because it was not paid, so that paying brings it back.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="billing")
    arrears = models.BooleanField(_("invoiced in arrears"), default=False)
    billed_from = models.DateField(_("invoiced from"))
    held = models.BooleanField(_("on hold"), default=False)
    recipients = ArrayField(models.EmailField(), verbose_name=_("sent to"), default=list, blank=True)
    po_number = models.CharField(_("purchase order"), max_length=140, blank=True)
    reminder_1 = models.PositiveIntegerField(_("first reminder, days after"), null=True, default=FIRST)
    reminder_2 = models.PositiveIntegerField(_("second reminder, days after"), null=True, default=SECOND)
    reminder_3 = models.PositiveIntegerField(_("last reminder, days after"), null=True, default=LAST)
    grace_days = models.PositiveIntegerField(
        _("licences rest, days after"), null=True, default=GRACE, validators=[MaxValueValidator(730)]
    )
    suspended_at = models.DateTimeField(_("resting since"), null=True)
    created_at = models.DateTimeField(_("set up"))

    class Meta:
        verbose_name = _("invoicing of a contract")
        verbose_name_plural = _("invoicing of contracts")

    def __str__(self) -> str:
        return str(self.contract)

    @property
    def reminders(self) -> tuple[int | None, ...]:
        return self.reminder_1, self.reminder_2, self.reminder_3


class InvoiceRun(models.Model):
    """One look at what is due, and what came of it."""

    at = models.DateTimeField(_("at"))
    through = models.DateField(_("due until"))
    by_label = models.CharField(_("by"), max_length=200)
    planned = models.PositiveIntegerField(_("lines planned"), default=0)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    problems = models.JSONField(_("problems"), default=list)

    class Meta:
        verbose_name = _("invoice run")
        verbose_name_plural = _("invoice runs")
        permissions = [
            ("run_invoices", _("Can have due invoices written and sent")),
            ("reconcile_payments", _("Can match bank transfers with invoices")),
        ]
        indexes = [models.Index(fields=["-at"], name="invoice_run_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class InvoiceOrder(models.Model):
    """One invoice, or credit note, that Stripe is to write; it may break off anywhere and is taken up there."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT = "credit", _("credit note")

    class State(models.TextChoices):
        OPEN = "open", _("to be written")
        DONE = "done", _("sent")
        STUCK = "stuck", _("stuck")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="orders")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoice_orders")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credited_by")
    currency = models.CharField(_("currency"), max_length=3)
    payment_days = models.PositiveIntegerField(_("days to pay"))
    po_number = models.CharField(_("purchase order"), max_length=140, blank=True)
    document_ref = models.CharField(max_length=255, blank=True, db_index=True)  # the invoice or credit note at Stripe
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    why = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("planned"))
    done_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("invoice to be written")
        verbose_name_plural = _("invoices to be written")
        indexes = [models.Index(fields=["contract", "-id"], name="contract_order_newest")]

    def __str__(self) -> str:
        return f"{self.contract} {self.kind} {self.pk}"


class OrderStep(models.Model):
    """One call to Stripe that an order needs, in its order. A refused one may be asked again as another call."""

    order = models.ForeignKey(InvoiceOrder, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=40)  # draft, item:<plan>, final, sent, credit
    call = models.ForeignKey(OutboxCall, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("step of an invoice")
        constraints = [models.UniqueConstraint(fields=["order", "name"], name="order_step_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.name}"


class InvoicePlan(models.Model):
    """What is billed once: these days of one line as one version has it, a credit for such days, or uses above a quota.

    `begins`, `ends`, `whole_minor`: the interval the days are part of, and its price. `turn`: how often the same was
    billed and credited before. `facts`: of an overage, its evidence.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("charge")
        CREDIT = "credit", _("credit")
        OVERAGE = "overage", _("above the quota")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    line = models.PositiveIntegerField(_("line"))
    version = models.PositiveIntegerField(_("version"))
    on = models.DateField(_("from"))
    until = models.DateField(_("until"))
    begins = models.DateField()
    ends = models.DateField()
    whole_minor = models.BigIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    title = models.CharField(_("title"), max_length=300)
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credited_by")
    order = models.ForeignKey(InvoiceOrder, on_delete=models.PROTECT, null=True, related_name="plans")
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("planned"))

    class Meta:
        verbose_name = _("planned line of an invoice")
        verbose_name_plural = _("planned lines of invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "kind", "line", "version", "on", "until", "turn"], name="plan_once"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("on")), name="plan_of_days"),
            models.CheckConstraint(
                condition=Q(kind="credit", amount_minor__lt=0) | (~Q(kind="credit") & Q(amount_minor__gt=0)),
                name="plan_sign",
            ),
        ]
        indexes = [models.Index(fields=["contract", "id"], name="plan_of_contract")]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.line} {self.on} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class BilledOverage(models.Model):
    """A use above a quota is billed once."""

    overage = models.OneToOneField(Overage, on_delete=models.PROTECT, related_name="billed")
    plan = models.ForeignKey(InvoicePlan, on_delete=models.PROTECT, related_name="overages")

    class Meta:
        verbose_name = _("billed use above a quota")

    def __str__(self) -> str:
        return f"{self.overage_id} in {self.plan_id}"


class BankPayment(models.Model):
    """Money that came to the agency's own account, matched with an invoice by hand."""

    class State(models.TextChoices):
        PART = "part", _("part of the sum")
        PAID = "paid", _("paid with it")
        UNDONE = "undone", _("undone")

    invoice_ref = models.CharField(_("invoice"), max_length=255, db_index=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transfers")
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    received_on = models.DateField(_("received on"))
    reference = models.CharField(_("reference of the bank"), max_length=140)
    state = models.CharField(_("state"), max_length=6, choices=State.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(_("by"), max_length=200)
    call = models.ForeignKey(OutboxCall, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("recorded"))
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bank transfer")
        verbose_name_plural = _("bank transfers")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_of_something"),
            models.UniqueConstraint(
                fields=["account", "reference", "received_on", "amount_minor"],
                condition=~Q(state="undone"),
                name="transfer_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class DunningStep(models.Model):
    """A step that was taken about an invoice that was not paid in time, once."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first reminder")
        SECOND = "second", _("second reminder")
        LAST = "last", _("last reminder")
        DATE = "date", _("licences end on a day")
        REST = "rest", _("licences rest")
        RELEASE = "release", _("released")

    invoice_ref = models.CharField(_("invoice"), max_length=255, db_index=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="dunning")
    kind = models.CharField(_("step"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step about an unpaid invoice")
        constraints = [models.UniqueConstraint(fields=["invoice_ref", "contract", "kind"], name="dunned_once")]
        indexes = [models.Index(fields=["contract", "-id"], name="dunning_newest")]

    def __str__(self) -> str:
        return f"{self.invoice_ref} {self.kind}"
