"""Questions about money."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from newsroom.accounts.models import Merger
from newsroom.billing.states import LIVE

if TYPE_CHECKING:
    from newsroom.billing.models import Account, Invoice, OutboxCall, StripeEvent, Subscription  # noqa: F401  # in the generics


def _of_person(user_id: int, field: str) -> Q:
    """The person's own, and those of accounts that were merged into theirs."""
    former = Merger.objects.open().filter(keep_id=user_id).values("gone_id")
    return Q(**{field: user_id}) | Q(**{f"{field}__in": former})


class AccountQuerySet(models.QuerySet["Account"]):
    def of_user(self, user_id: int) -> Self:
        """Those this person pays by: one; after a merger perhaps two, the one with a running subscription first."""
        subscriptions = apps.get_model("billing", "Subscription")._default_manager
        live = subscriptions.filter(account=OuterRef("pk"), status__in=LIVE, duplicate=False)
        return self.filter(_of_person(user_id, "user_id")).order_by(Exists(live).desc(), "pk")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> Self:
        """The account's one self-serve subscription that still runs."""
        return self.filter(status__in=LIVE, duplicate=False)

    def of_user(self, user_id: int) -> Self:
        return self.filter(_of_person(user_id, "account__user_id"))

    def newest_first(self) -> Self:
        """The one to show first: one that runs, then the youngest."""
        runs = models.Case(models.When(status__in=LIVE, duplicate=False, then=0), default=1)
        return self.order_by(runs, "-started_at", "-pk")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def of_user(self, user_id: int) -> Self:
        return self.filter(_of_person(user_id, "account__user_id"))

    def issued(self) -> Self:
        """Final: what the customer may see."""
        return self.exclude(status="draft")

    def owed_for(self, subscription: str) -> Self:
        """Open ones of this subscription, the oldest first: what was declined."""
        return self.filter(subscription_ref=subscription, status="open").order_by("created_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def due(self, at: datetime) -> Self:
        """Waiting, failed and to be tried again, or held by a worker that is long gone."""
        return self.filter(state__in=("received", "failed", "processing"), next_attempt_at__lte=at)

    def dead(self) -> Self:
        """Given up: they wait for staff."""
        return self.filter(state="dead")


class OutboxCallQuerySet(models.QuerySet["OutboxCall"]):
    def unanswered(self) -> Self:
        """Stripe may or may not have done it: to be asked again with the same key."""
        return self.filter(state="queued")

    def due(self, at: datetime) -> Self:
        return self.unanswered().filter(next_attempt_at__lte=at)

    def dead(self) -> Self:
        """Given up with an unknown outcome, and nobody of the staff has settled it."""
        return self.filter(state="dead", settled_at=None)
