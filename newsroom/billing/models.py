"""What they pay: a thin copy of what Stripe knows, and the two queues between Stripe and us."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing import states
from newsroom.billing.querysets import (
    AccountQuerySet,
    InvoiceQuerySet,
    OutboxCallQuerySet,
    StripeEventQuerySet,
    SubscriptionQuerySet,
)
from newsroom.core.money import Money


class Account(models.Model):
    """A person who pays: the customer at Stripe. `version` rises with every sync, so that a stale one is seen."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="billing_account")
    stripe_customer_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001  # null is not unique
    version = models.PositiveIntegerField(default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    open_checkout = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(_("created"))
    synced_at = models.DateTimeField(_("compared with Stripe"), null=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("paying account")
        verbose_name_plural = _("paying accounts")

    def __str__(self) -> str:
        return str(self.user)


class Subscription(models.Model):
    """Our copy of one subscription. `raw` is what Stripe said, the columns what we ask for."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="subscriptions")
    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(_("state at Stripe"), max_length=40)
    plan = models.CharField(_("plan"), max_length=60, blank=True)
    lookup_key = models.CharField(_("price"), max_length=200, blank=True)
    amount = models.BigIntegerField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    interval = models.CharField(_("interval"), max_length=10)
    started_at = models.DateTimeField(_("started"))
    current_period_start = models.DateTimeField(_("period from"))
    current_period_end = models.DateTimeField(_("period until"))
    cancel_at = models.DateTimeField(_("ends on"), null=True)
    cancel_at_period_end = models.BooleanField(_("ends with the period"), default=False)
    canceled_at = models.DateTimeField(_("cancelled"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    trial_end = models.DateTimeField(_("trial until"), null=True)
    past_due_since = models.DateTimeField(_("unpaid since"), null=True)
    paid_until = models.DateTimeField(_("paid until"), null=True)
    grace_until = models.DateTimeField(_("grace until"), null=True)
    duplicate = models.BooleanField(_("second of its account"), default=False)
    raw = models.JSONField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(status__in=sorted(states.LIVE), duplicate=False),
                name="subscription_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stripe_id} {self.status}"

    @property
    def facts(self) -> states.Facts:
        """What the table of states must know of it."""
        return states.Facts(
            status=self.status,
            started_at=self.started_at,
            period_start=self.current_period_start,
            period_end=self.current_period_end,
            cancel_at=self.cancel_at,
            cancel_at_period_end=self.cancel_at_period_end,
            ended_at=self.ended_at,
            unpaid_since=self.past_due_since,
            paid_until=self.paid_until,
        )

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)


class Invoice(models.Model):
    """Our copy of one invoice. Its number, totals and PDF are Stripe's; nothing is computed here."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices")
    stripe_id = models.CharField(max_length=255, unique=True)
    subscription_ref = models.CharField(max_length=255, blank=True, db_index=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    status = models.CharField(_("state"), max_length=40)
    total_minor = models.BigIntegerField(_("total"))
    currency = models.CharField(_("currency"), max_length=3)
    lines = models.JSONField(_("lines"), default=list)
    hosted_url = models.CharField(max_length=2000, blank=True)
    pdf_url = models.CharField(max_length=2000, blank=True)
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("until"))
    created_at = models.DateTimeField(_("created"))
    finalised_at = models.DateTimeField(_("final since"), null=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    attempted = models.BooleanField(default=False)
    raw = models.JSONField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [models.Index(fields=["account", "-created_at"], name="invoice_newest")]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class StripeEvent(models.Model):
    """What Stripe told us, once. It only says whose matters to look at."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        PROCESSING = "processing", _("being looked at")
        DONE = "done", _("done")
        IGNORED = "ignored", _("not ours")
        FAILED = "failed", _("to be tried again")
        DEAD = "dead", _("given up")

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=120)
    customer = models.CharField(_("customer"), max_length=255, blank=True)
    payload = models.TextField()  # as it came: JSON may hold what jsonb cannot
    via = models.CharField(_("by way of"), max_length=10)  # webhook or reconcile
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(_("last error"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"))

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event from Stripe")
        verbose_name_plural = _("events from Stripe")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=["received", "failed", "processing"]),
                name="stripe_event_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class OutboxCall(models.Model):
    """One thing we ask Stripe to change. `key` is its idempotency key: asked twice, done once."""

    class State(models.TextChoices):
        QUEUED = "queued", _("not answered yet")
        DONE = "done", _("done")
        DECLINED = "declined", _("refused by Stripe")
        DEAD = "dead", _("given up")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="calls")
    operation = models.CharField(_("operation"), max_length=60)
    params = models.JSONField(_("parameters"))
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField()
    answer_id = models.CharField(_("answer"), max_length=255, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = OutboxCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to Stripe")
        verbose_name_plural = _("calls to Stripe")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(state="queued"), name="outbox_asked_once"),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class Reconcile(models.Model):
    """One comparison with Stripe. `repaired` is the figure to watch: it is to be 0."""

    class Kind(models.TextChoices):
        EVENTS = "events", _("events")
        OBJECTS = "objects", _("subscriptions and invoices")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    seen_until = models.DateTimeField(_("compared until"))
    examined = models.PositiveIntegerField(_("examined"))
    repaired = models.PositiveIntegerField(_("repaired"))
    facts = models.JSONField(_("which"), default=list)

    class Meta:
        verbose_name = _("comparison with Stripe")
        verbose_name_plural = _("comparisons with Stripe")
        indexes = [models.Index(fields=["kind", "-at"], name="reconcile_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}: {self.repaired}"
