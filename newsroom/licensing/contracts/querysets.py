"""Questions about contracts."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from newsroom.licensing.models import Contract, ContractVersion, DeletionDuty  # noqa: F401  # in the generics


class ContractQuerySet(models.QuerySet["Contract"]):
    def due(self, at: datetime) -> Self:
        """Something of theirs is to be done: a notice, a renewal, an end, a change, a reminder."""
        return self.filter(next_at__lte=at)

    def with_state(self, at: datetime) -> Self:
        """Annotated with `state`, what each is at this moment."""
        said = models.Q(effective__lte=at) & ~Q(state="")
        events = self.model._meta.get_field("events").related_model._default_manager
        last = events.filter(said, contract=OuterRef("pk")).order_by("-pk").values("state")[:1]
        return self.annotate(state=Coalesce(Subquery(last), models.Value("")))

    def with_terms(self) -> Self:
        """Annotated with `period_to` and `auto_renew` of the last version as it is known."""
        versions: Any = self.model._meta.get_field("versions").related_model
        last = versions.objects.filter(contract=OuterRef("pk"), recorded_to=None).order_by("-valid_from")
        return self.annotate(
            period_to=Subquery(last.values("period_to")[:1]), auto_renew=Subquery(last.values("auto_renew")[:1])
        )

    def in_state(self, *states: str) -> Self:
        """Of those `with_state`."""
        return self.filter(Q(state__in=states))

    def ending(self, first: date, last: date) -> Self:
        """Of those `with_state` and `with_terms`: not over yet, their period ends between these days. Soonest first."""
        running = self.exclude(Q(state__in=["expired", "terminated"]))
        return running.filter(Q(period_to__range=(first, last))).order_by("period_to", "pk")


class ContractVersionQuerySet(models.QuerySet["ContractVersion"]):
    def recorded(self, at: datetime) -> Self:
        """What we knew at the moment `at`."""
        return self.filter(Q(recorded_to=None) | Q(recorded_to__gt=at), recorded_from__lte=at)

    def known(self) -> Self:
        """As it stands in the book now, earliest first."""
        return self.filter(recorded_to=None).order_by("valid_from", "number")


class DeletionDutyQuerySet(models.QuerySet["DeletionDuty"]):
    def open(self) -> Self:
        """Neither attested nor withdrawn."""
        return self.filter(attested_at=None, withdrawn_at=None)
