"""What is paid for again and again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.billing import states
from newsroom.billing.models.account import Account
from newsroom.billing.querysets import SubscriptionQuerySet
from newsroom.core.money import Money


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
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    items = models.JSONField(_("items"), default=list)  # [{id, price, plan, lookup_key, quantity, amount}]
    discount = models.JSONField(_("discount"), default=dict)  # {coupon, promotion_code, percent_off, amount_off, ends}
    trial_start = models.DateTimeField(_("trial from"), null=True)
    paused_since = models.DateTimeField(_("paused since"), null=True)  # set once by sync, like a grace
    resumes_at = models.DateTimeField(_("resumes on"), null=True)
    schedule = models.CharField(max_length=255, blank=True)  # the change that Stripe makes at the period's end
    upcoming = models.JSONField(_("changes to"), default=dict)  # {lookup_key, plan, quantity, at}
    pending = models.JSONField(_("waits for payment"), default=dict)  # {lookup_key, plan, quantity, expires, invoice}
    card = models.CharField(_("card"), max_length=100, blank=True, db_index=True)  # its fingerprint
    cancel_reason = models.CharField(_("left because"), max_length=40, blank=True)
    cancel_comment = models.TextField(_("said on leaving"), blank=True)
    metadata = models.JSONField(default=dict)
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
            paused=self.paused_since is not None,
        )

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)
