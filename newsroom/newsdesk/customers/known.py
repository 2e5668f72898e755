"""What there is to know of a customer: read only, for the customer's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.billing.models import Account, Invoice, Payment
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import ContractLine, LicenceVersion, Seat, Usage
from newsroom.licensing.rules import Source, Use
from newsroom.newsdesk.licences.views import state_of

DAYS = 30


@dataclass(frozen=True, slots=True)
class Held:
    """A licence as it stands, with how many sit in it. `contract_id`: whose line it is, and where it is changed."""

    version: LicenceVersion
    state: Any
    seated: int
    contract_id: int | None

    @property
    def by_hand(self) -> bool:
        return self.contract_id is None and self.version.licence.source in {Source.CONTRACT, Source.COMP}


def licences(holder: Organisation | User, at: datetime) -> list[Held]:
    """Those in force first, then those to come, then those that are over. Three queries."""
    whose = Q(licence__organisation=holder) if isinstance(holder, Organisation) else Q(licence__user=holder)
    versions = list(LicenceVersion.objects.filter(whose, recorded_to=None).select_related("licence"))
    ids = [each.licence_id for each in versions]
    sitting = dict(
        Seat.objects.valid(at).filter(licence__in=ids).values_list("licence").annotate(Count("pk")).order_by()
    )
    lines = dict(ContractLine.objects.filter(licence__in=ids).values_list("licence", "contract"))
    found = [
        Held(each, state_of(each, at), sitting.get(each.licence_id, 0), lines.get(each.licence_id)) for each in versions
    ]
    return sorted(found, key=lambda each: (_over(each.version, at), -each.version.starts_at.timestamp()))


def _over(version: LicenceVersion, at: datetime) -> bool:
    return version.ends_at is not None and version.ends_at <= at


def people(organisation: Organisation, at: datetime) -> QuerySet[Membership]:
    """Its members now, owners first."""
    found: QuerySet[Membership] = Membership.objects.valid(at).filter(organisation=organisation)
    return found.select_related("user").order_by("role", "user__name", "pk")


def usage(holder: Organisation | User, at: datetime) -> list[tuple[str, int]]:
    """How often each use was made in the last days. One query."""
    whose = Q(organisation=holder) if isinstance(holder, Organisation) else Q(user=holder)
    rows = Usage.objects.filter(whose, at__gt=at - timedelta(days=DAYS), at__lte=at)
    counted = rows.values("use").annotate(times=Count("pk")).order_by("-times", "use")
    return [(str(Use(each["use"]).label), each["times"]) for each in counted]


def timeline(holder: Organisation | User) -> QuerySet[AuditEntry]:
    """Every line of the audit about this customer: themselves, who belongs to them, what they hold. Newest first."""
    label = holder._meta.label_lower
    about = Q(subject_kind=label, subject_id=str(holder.pk))
    whose = {"organisation": holder} if isinstance(holder, Organisation) else {"user": holder}
    for related in ("memberships", "licences", "contracts"):
        rows: Any = getattr(holder, related, None)
        if rows is not None:
            ids = [str(pk) for pk in rows.model.objects.filter(**whose).values_list("pk", flat=True)]
            about |= Q(subject_kind=rows.model._meta.label_lower, subject_id__in=ids)
    paying = [str(pk) for pk in Account.objects.filter(**whose).values_list("pk", flat=True)]
    about |= Q(subject_kind=Account._meta.label_lower, subject_id__in=paying)
    return AuditEntry.objects.filter(about).order_by("-at", "-pk")


def returns(holder: Organisation | User, asker: Any) -> dict[str, Any]:
    """What was paid and what may go back, for those who may give it back. Two queries, and none for others."""
    if not asker.has_perm("billing.give_money_back"):
        return {"may_give_back": False}
    whose = Q(account__organisation=holder) if isinstance(holder, Organisation) else Q(account__user=holder)
    invoices = Invoice.objects.filter(whose, status__in=("open", "paid"), total_minor__gt=0)
    return {
        "may_give_back": True,
        "payments": Payment.objects.filter(whose).order_by("-created_at", "-pk")[:DAYS],
        "credited": invoices.filter(credited_minor__lt=F("total_minor")).order_by("-created_at", "-pk")[:10],
    }
