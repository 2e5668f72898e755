"""Uses above a quota, with an accepted price: billed month by month, each once, with the rows that prove it."""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.billing.models import BilledOverage, ContractBilling, InvoicePlan
from newsroom.licensing.contracts.book import today
from newsroom.licensing.contracts.dates import add_months, moment
from newsroom.licensing.models import Contract, ContractLine, Overage

COLUMNS = ("at", "story", "use", "accepted_by", "price", "currency", "key", "request_id")


def plan_uses(billing: ContractBilling, *, before: date, at: datetime) -> list[InvoicePlan]:
    """Every use of a month that is over by this day stands in the plan. Within the transaction of the run."""
    contract, zone = billing.contract, timezone.get_default_timezone()
    groups: dict[tuple[int, date, str], list[Overage]] = {}
    lines = dict(ContractLine.objects.filter(contract=contract).values_list("licence_id", "key"))
    days = {"at__gte": moment(billing.billed_from, zone), "at__lt": moment(before.replace(day=1), zone)}
    waiting = Overage.objects.filter(licence_id__in=lines, billed=None, **days).select_related("item")
    for each in waiting.order_by("at", "pk"):
        month = today(each.at).replace(day=1)
        groups.setdefault((lines[each.licence_id], month, each.currency), []).append(each)
    return [_planned(contract, *key, uses, at) for key, uses in sorted(groups.items())]


def _planned(
    contract: Contract, line: int, month: date, currency: str, uses: list[Overage], at: datetime
) -> InvoicePlan:
    until, total = add_months(month, 1), sum(each.minor for each in uses)
    known = InvoicePlan.objects.filter(contract=contract, kind=InvoicePlan.Kind.OVERAGE, line=line, on=month)
    text = evidence(uses)
    row = InvoicePlan.objects.create(
        contract=contract,
        kind=InvoicePlan.Kind.OVERAGE,
        line=line,
        version=0,
        on=month,
        until=until,
        begins=month,
        ends=until,
        whole_minor=total,
        turn=known.count(),
        amount_minor=total,
        currency=currency,
        title=_("Uses above the quota (%(number)s)") % {"number": len(uses)},
        facts={"uses": len(uses), "sha256": hashlib.sha256(text.encode()).hexdigest()},
        created_at=at,
    )
    BilledOverage.objects.bulk_create(BilledOverage(overage=each, plan=row) for each in uses)
    return row


def evidence(uses: Iterable[Overage]) -> str:
    """The rows as CSV, one for each use, in the order of time. The same rows give the same bytes for ever."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for each in uses:
        when = each.at.astimezone(timezone.get_fixed_timezone(0)).isoformat()
        story = each.item.uri
        rows.writerow([when, story, each.use, each.accepted_by, each.minor, each.currency, each.key, each.request_id])
    return out.getvalue()


def evidence_of(plan: InvoicePlan) -> str:
    """What proves this line: the uses that were billed with it."""
    return evidence(Overage.objects.filter(billed__plan=plan).select_related("item").order_by("at", "pk"))
