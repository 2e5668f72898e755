"""Recurring money: what moved it month by month, and where it stands by plan and country."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.contracts import spans_of_contracts
from newsroom.billing.finance.months import end_of
from newsroom.billing.finance.movements import Kind, Move, Scope, Span, monthly, moves, yearly
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row
from newsroom.billing.models import Span as Kept
from newsroom.core.money import Money


def spans() -> list[Span]:
    """Everything that ever recurred: of subscriptions, and of contracts."""
    columns = (
        "holder", "source", "product", "country", "currency", "starts_at", "ends_at", "yearly_minor", "involuntary"
    )  # fmt: skip
    kept = Kept.objects.order_by("pk").values_list(*columns).iterator(chunk_size=5000)
    return [Span(*each) for each in kept] + spans_of_contracts()


def scope_of(asked: Asked) -> Scope:
    def within(span: Span) -> bool:
        return (
            asked.currency in ("", span.currency)
            and asked.country in ("", span.country)
            and asked.product in ("", span.product)
        )

    return within


def moved(asked: Asked) -> list[Move]:
    return moves(spans(), asked.months, asked.at, yearly if asked.a_year else monthly, scope_of(asked))


class Movements(Report):
    name = "recurring"
    title = _("Recurring revenue")
    says = _(
        "What is paid again and again, by month, without tax, at the beginning and at the end of each month, and what "
        "moved it. The opening and the movements sum to the closing."
    )
    group_label = _("month")
    measures = {
        "opening": Measure(_("opening")),
        Kind.NEW: Measure(_("new")),
        Kind.EXPANSION: Measure(_("expansion")),
        Kind.REACTIVATION: Measure(_("reactivation")),
        Kind.CONTRACTION: Measure(_("contraction")),
        Kind.CHURN_VOLUNTARY: Measure(_("cancelled")),
        Kind.CHURN_INVOLUNTARY: Measure(_("lost after declines")),
        Kind.MOVED: Measure(_("moved within the house")),
        "closing": Measure(_("closing")),
    }
    head = (_("at the beginning"), _("at the end"))
    filters = ("first", "last", "currency", "country", "product", "a_year")
    up = (Kind.NEW, Kind.EXPANSION, Kind.REACTIVATION)
    down = (Kind.CONTRACTION, Kind.CHURN_VOLUNTARY, Kind.CHURN_INVOLUNTARY)
    sums = False

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.measures, 0))
        for each in moved(asked):
            values = sums[each.currency, f"{each.month:%Y-%m}"]
            values["opening"] += each.opening
            values["closing"] += each.closing
            if each.kind is not None:
                values[each.kind] += each.delta
        return [Figure(currency, group, group, values) for (currency, group), values in sorted(sums.items())]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        found = [each for each in moved(asked) if (each.currency, f"{each.month:%Y-%m}") == (currency, group)]
        rows = [Row(each.holder, _ends(each), _amount(each, measure)) for each in found]
        return [each for each in rows if each.amount]


def _ends(move: Move) -> tuple[Money, Money]:
    return Money(move.opening, move.currency), Money(move.closing, move.currency)


def _amount(move: Move, measure: str) -> int:
    if measure == "opening":
        return move.opening
    if measure == "closing":
        return move.closing
    return move.delta if move.kind == measure else 0


class _Standing(Report):
    """Where recurring money stands at the end of the last month."""

    says = _("What is paid again and again, at the end of the last month, without tax: in a month and in a year.")
    measures = {
        "monthly": Measure(_("a month")),
        "yearly": Measure(_("a year")),
        "number": Measure(_("subscriptions and contract lines"), money=False),
    }
    head = (_("subscription or contract"), _("plan or line"), _("from"), _("until"))
    filters = ("last", "currency", "country", "product")
    up = ("monthly",)

    def key(self, span: Span) -> str:
        raise NotImplementedError

    def _found(self, asked: Asked) -> list[Span]:
        within, at = scope_of(asked), min(end_of(asked.last), asked.at)
        return [each for each in spans() if each.covers(at) and within(each)]

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.measures, 0))
        for each in self._found(asked):
            values = sums[each.currency, self.key(each)]
            for measure in self.measures:
                values[measure] += _of_span(each, measure)
        found = [Figure(currency, group, group or "–", values) for (currency, group), values in sums.items()]
        return sorted(found, key=lambda each: (each.currency, -each.values["monthly"], each.group))

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        found = [each for each in self._found(asked) if (each.currency, self.key(each)) == (currency, group)]
        rows = [Row(each.holder, _cells(each), _of_span(each, measure)) for each in found]
        return sorted(rows, key=lambda each: (-each.amount, each.holder, each.cells[0]))


def _cells(span: Span) -> tuple[str, str, datetime, datetime]:
    return span.source, span.product, span.starts_at, span.ends_at


def _of_span(span: Span, measure: str) -> int:
    return {"monthly": span.monthly, "yearly": span.yearly, "number": 1}[measure]


class StandingByProduct(_Standing):
    name = "by-plan"
    title = _("Recurring revenue by plan")
    group_label = _("plan or line")

    def key(self, span: Span) -> str:
        return span.product


class StandingByCountry(_Standing):
    name = "by-country"
    title = _("Recurring revenue by country")
    group_label = _("country")

    def key(self, span: Span) -> str:
        return span.country
