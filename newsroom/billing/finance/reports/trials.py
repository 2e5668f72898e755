"""Trials: how many began in a month, and what became of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import day_of, end_of, moment
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row, holder_of
from newsroom.billing.models import Span, Subscription


class Trials(Report):
    name = "trials"
    title = _("Trials and conversion")
    says = _("Trials by the month they began: those that became paid, those that run, and those that ended unpaid.")
    group_label = _("trial began in")
    measures = {
        "began": Measure(_("began"), money=False),
        "converted": Measure(_("became paid"), money=False),
        "running": Measure(_("running"), money=False),
        "ended": Measure(_("ended unpaid"), money=False),
    }
    head = (_("subscription"), _("plan"), _("trial from"), _("trial until"))
    filters = ("first", "last", "country", "product")
    up = ("began",)
    down = ()

    def _found(self, asked: Asked) -> list[Any]:
        paid = Span.objects.filter(source=OuterRef("stripe_id"), starts_at__gte=OuterRef("trial_start"))
        found = Subscription.objects.filter(
            trial_start__gte=moment(asked.first), trial_start__lt=end_of(asked.last), duplicate=False
        )
        if asked.country:
            found = found.filter(account__country=asked.country)
        if asked.product:
            found = found.filter(plan=asked.product)
        found = found.filter(~Q(status__in=("incomplete", "incomplete_expired")))
        return list(
            found.select_related("account").annotate(paid=Exists(paid)).defer("raw").order_by("trial_start", "pk")
        )

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.measures, 0))
        for each in self._found(asked):
            values = sums[f"{day_of(each.trial_start):%Y-%m}"]
            values["began"] += 1
            values[_end(each)] += 1
        return [Figure("", group, group, values) for group, values in sorted(sums.items())]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        found = [each for each in self._found(asked) if f"{day_of(each.trial_start):%Y-%m}" == group]
        return [
            Row(holder_of(each.account), (each.stripe_id, each.plan, each.trial_start, each.trial_end), 1)
            for each in found
            if measure in ("began", _end(each))
        ]


def _end(subscription: Any) -> str:
    """`paid`: annotated; something recurs of it."""
    if subscription.paid:
        return "converted"
    return "running" if subscription.status == "trialing" else "ended"
