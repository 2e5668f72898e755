"""Reports read off documents: the invoice run, taxes, and what was accepted above quotas."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import end_of, last_of, moment
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row, holder_of
from newsroom.billing.finance.reports.ledger import scoped
from newsroom.billing.models import Invoice, TaxLine
from newsroom.licensing.models import Overage


class InvoiceRun(Report):
    name = "invoices"
    title = _("Invoice run")
    says = _("Every invoice that became final in these months, whatever became of it.")
    group_label = _("month")
    measures = {
        "number": Measure(_("invoices"), money=False),
        "total": Measure(_("total")),
        "tax": Measure(_("of it tax")),
        "remaining": Measure(_("open now")),
    }
    head = (_("final on"), _("invoice"), _("state"), _("collected by"))
    filters = ("first", "last", "currency", "country")
    up = ("total",)

    def _found(self, asked: Asked) -> QuerySet[Invoice]:
        found = Invoice.objects.filter(finalised_at__gte=moment(asked.first), finalised_at__lt=end_of(asked.last))
        return scoped(found.exclude(status="draft"), asked)

    def figures(self, asked: Asked) -> list[Figure]:
        zone = timezone.get_default_timezone()
        grouped = self._found(asked).annotate(month=TruncMonth("finalised_at", tzinfo=zone)).values("currency", "month")
        sums: Any = grouped.annotate(
            number_=Count("pk"), total_=Sum("total_minor"), tax_=Sum("tax_minor"), remaining_=Sum("remaining_minor")
        )
        return [
            Figure(
                each["currency"],
                f"{each['month']:%Y-%m}",
                f"{each['month']:%Y-%m}",
                {name: int(each[f"{name}_"]) for name in self.measures},
            )
            for each in sums.order_by("currency", "month")
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        month = next((each for each in asked.months if f"{each:%Y-%m}" == group), None)
        if month is None:
            return []
        found = self._found(asked).filter(
            currency=currency, finalised_at__gte=moment(month), finalised_at__lt=end_of(month)
        )
        return found.select_related("account").defer("raw", "lines").order_by("finalised_at", "pk")  # type: ignore[return-value]

    def shown(self, page: Iterable[Invoice], measure: str) -> list[Row]:
        return [
            Row(
                holder_of(each.account),
                (each.finalised_at, str(each), each.status, each.collection),
                {"number": 1, "total": each.total_minor, "tax": each.tax_minor}.get(measure, each.remaining_minor),
            )
            for each in page
        ]


class Taxes(Report):
    name = "tax"
    title = _("Tax by country")
    says = _("Net, tax and gross of every document of these months, credit notes and void invoices taken off.")
    group_label = _("country and tax")
    measures = {"net": Measure(_("net")), "tax": Measure(_("tax")), "gross": Measure(_("gross"))}
    head = (_("day"), _("document"), _("why"))
    filters = ("first", "last", "currency", "country")
    up = ("tax",)

    def _found(self, asked: Asked) -> QuerySet[TaxLine]:
        found = TaxLine.objects.filter(day__gte=asked.first, day__lte=last_of(asked.last))
        if asked.currency:
            found = found.filter(currency=asked.currency)
        return found.filter(country=asked.country) if asked.country else found

    def figures(self, asked: Asked) -> list[Figure]:
        grouped = self._found(asked).values("currency", "country", "treatment")
        sums = grouped.annotate(net=Sum("net_minor"), tax=Sum("tax_minor")).order_by("currency", "country", "treatment")
        return [
            Figure(
                each["currency"],
                f"{each['country']}:{each['treatment']}",
                f"{each['country'] or '–'} · {treatment_in_words(each['treatment'])}",
                {"net": int(each["net"]), "tax": int(each["tax"]), "gross": int(each["net"] + each["tax"])},
            )
            for each in sums
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        country, _colon, treatment = group.partition(":")
        found = self._found(asked).filter(currency=currency, country=country, treatment=treatment)
        return found.select_related("account").order_by("day", "pk")  # type: ignore[return-value]

    def shown(self, page: Iterable[TaxLine], measure: str) -> list[Row]:
        return [
            Row(
                holder_of(each.account),
                (each.day, each.number or each.paper, each.get_happening_display()),
                {"net": each.net_minor, "tax": each.tax_minor}.get(measure, each.net_minor + each.tax_minor),
            )
            for each in page
        ]


TREATMENTS = {"none": _("no tax"), "reverse_charge": _("reverse charge"), "taxed": _("taxed, rate not said")}


def treatment_in_words(treatment: str) -> str:
    return str(TREATMENTS.get(treatment, treatment))


class Overages(Report):
    name = "overage"
    title = _("Overage")
    says = _("What customers accepted to pay for stories above their quotas, by the month in which they accepted it.")
    group_label = _("month")
    measures = {"number": Measure(_("stories"), money=False), "amount": Measure(_("amount"))}
    head = (_("accepted"), _("by"), _("use"), _("licence"))
    up = ("amount",)

    def _found(self, asked: Asked) -> QuerySet[Overage]:
        found = Overage.objects.filter(at__gte=moment(asked.first), at__lt=end_of(asked.last))
        return found.filter(currency=asked.currency) if asked.currency else found

    def figures(self, asked: Asked) -> list[Figure]:
        zone = timezone.get_default_timezone()
        grouped = self._found(asked).annotate(month=TruncMonth("at", tzinfo=zone)).values("currency", "month")
        return [
            Figure(
                each["currency"],
                f"{each['month']:%Y-%m}",
                f"{each['month']:%Y-%m}",
                {"number": each["number_"], "amount": int(each["amount_"])},
            )
            for each in grouped.annotate(number_=Count("pk"), amount_=Sum("minor")).order_by("currency", "month")
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        month = next((each for each in asked.months if f"{each:%Y-%m}" == group), None)
        if month is None:
            return []
        found = self._found(asked).filter(currency=currency, at__gte=moment(month), at__lt=end_of(month))
        return found.select_related("licence").order_by("at", "pk")  # type: ignore[return-value]

    def shown(self, page: Iterable[Overage], measure: str) -> list[Row]:
        return [
            Row(
                _holder(each),
                (each.at, each.accepted_by, each.get_use_display(), str(each.licence)),
                1 if measure == "number" else each.minor,
            )
            for each in page
        ]


def _holder(overage: Overage) -> str:
    if overage.organisation_id:
        return f"o{overage.organisation_id}"
    return f"u{overage.user_id}" if overage.user_id else ""
