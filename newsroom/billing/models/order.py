"""What somebody asked to buy once, and for whom a gift is."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing.models.account import Account
from newsroom.core.money import Money
from newsroom.wire.models import Item


class Order(models.Model):
    """What was chosen and at which price, before anybody paid. Never changed; `ref` stands on the Checkout."""

    class Kind(models.TextChoices):
        DAY_PASS = "day_pass", _("day pass")
        STORY = "story", _("single story")
        GIFT = "gift", _("gift subscription")

    ref = models.UUIDField(unique=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    terms = models.JSONField(_("terms"), default=dict)  # of a story: `terms.Choice`; of a gift: plan and months
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    price_minor = models.BigIntegerField(_("price"))
    currency = models.CharField(_("currency"), max_length=3)
    tax = models.JSONField(_("tax"), default=dict)  # `tax.Treatment`, as it was judged then
    locale = models.CharField(_("language"), max_length=10)
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [models.Index(fields=["account", "-created_at"], name="order_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="order_costs"),
            models.CheckConstraint(
                condition=Q(kind="story", item__isnull=False) | (~Q(kind="story") & Q(item=None)),
                name="order_of_a_story_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class GiftPlan(models.Model):
    """A plan that one pays for and another redeems, once. `digest`: of the code; the code itself is kept nowhere."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="gift")
    plan = models.CharField(_("plan"), max_length=60)
    months = models.PositiveSmallIntegerField(_("months"))
    giver_name = models.CharField(_("from"), max_length=120, blank=True)
    recipient_name = models.CharField(_("to"), max_length=120, blank=True)
    recipient_email = models.EmailField(_("recipient's e-mail"), max_length=254)
    message = models.TextField(_("message"), blank=True, max_length=1000)
    locale = models.CharField(_("language"), max_length=10)
    send_at = models.DateTimeField(_("to be sent"))
    digest = models.CharField(max_length=64, unique=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    taken_back_at = models.DateTimeField(_("refunded"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    redeemed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="gift_plans")
    redeemed_at = models.DateTimeField(_("redeemed"), null=True)
    begins_at = models.DateTimeField(_("begins"), null=True)  # None while a running subscription comes first

    class Meta:
        verbose_name = _("gift subscription")
        verbose_name_plural = _("gift subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(redeemed_by=None, redeemed_at=None)
                | Q(redeemed_by__isnull=False, redeemed_at__isnull=False),
                name="gift_plan_redeemed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(redeemed_at=None) | Q(paid_at__isnull=False), name="gift_plan_paid_first"
            ),
            models.CheckConstraint(condition=Q(months__gte=1), name="gift_plan_lasts"),
        ]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(sent_at=None, paid_at__isnull=False), name="gift_plan_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.plan} x {self.months}"
