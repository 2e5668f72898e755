"""The two queues between Stripe and us, and each comparison with Stripe."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models.account import Account
from newsroom.billing.querysets import OutboxCallQuerySet, StripeEventQuerySet


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
            models.Index(fields=["-received_at", "-id"], name="stripe_event_newest"),
            models.Index(fields=["customer", "-received_at"], name="stripe_event_of_customer"),
            models.Index(fields=["-received_at"], condition=Q(state="dead"), name="stripe_event_dead"),
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
    settled_at = models.DateTimeField(_("settled"), null=True)  # nobody needs to look at it any more

    objects = OutboxCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to Stripe")
        verbose_name_plural = _("calls to Stripe")
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(state="queued"), name="outbox_asked_once"),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="outbox_due"),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest"),
            models.Index(fields=["-created_at"], condition=Q(state="dead", settled_at=None), name="outbox_dead"),
        ]

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
