"""Declined renewals: what was asked for in vain, and how much of it came after all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import end_of, moment
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row, holder_of
from newsroom.billing.models import Invoice, Payment
from newsroom.billing.states import GRACE


@dataclass(frozen=True, slots=True)
class Declined:
    """An invoice that a payment failed for. `attempts`: that failed."""

    invoice: Invoice
    first: datetime
    attempts: int

    @property
    def end(self) -> str:
        invoice = self.invoice
        if invoice.status == "paid" and invoice.paid_at is not None:
            in_time = invoice.paid_at <= (invoice.finalised_at or self.first) + GRACE
            return "recovered" if in_time else "late"
        return "open" if invoice.status == "open" else "lost"


class Recovery(Report):
    name = "recovery"
    title = _("Recovery of declined payments")
    says = _(
        "Invoices of subscriptions that a payment first failed for in these months, by the number of payments that "
        "failed: what came within the grace, later, not yet, or never."
    )
    group_label = _("payments that failed")
    measures = {
        "declined": Measure(_("declined")),
        "recovered": Measure(_("came within the grace")),
        "late": Measure(_("came later")),
        "open": Measure(_("still open")),
        "lost": Measure(_("lost")),
    }
    head = (_("invoice"), _("first declined"), _("paid"))
    up = ("recovered", "late")
    down = ("lost",)

    def _found(self, asked: Asked) -> list[Declined]:
        failed = Payment.objects.filter(status="failed").exclude(invoice_ref="").values("invoice_ref")
        failed = failed.annotate(first=Min("created_at"), attempts=Count("pk"))
        failed = failed.filter(first__gte=moment(asked.first), first__lt=end_of(asked.last))
        facts = {each["invoice_ref"]: (each["first"], each["attempts"]) for each in failed}
        invoices = Invoice.objects.filter(stripe_id__in=list(facts)).exclude(subscription_ref="")
        if asked.currency:
            invoices = invoices.filter(currency=asked.currency)
        found = invoices.select_related("account").defer("raw", "lines").order_by("created_at", "pk")
        return [Declined(each, *facts[each.stripe_id]) for each in found]

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.measures, 0))
        for each in self._found(asked):
            values = sums[each.invoice.currency, each.attempts]
            values["declined"] += each.invoice.total_minor
            values[each.end] += each.invoice.total_minor
        return [Figure(currency, str(times), str(times), values) for (currency, times), values in sorted(sums.items())]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        return [
            Row(
                holder_of(each.invoice.account),
                (str(each.invoice), each.first, each.invoice.paid_at),
                each.invoice.total_minor,
            )
            for each in self._found(asked)
            if (each.invoice.currency, str(each.attempts)) == (currency, group) and measure in ("declined", each.end)
        ]
