"""Reports read off the book: receivables, deferred and earned revenue, money that went back. SQL sums them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import day_of, last_of
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row, holder_of
from newsroom.billing.models import Account, Entry, Invoice
from newsroom.billing.models.book import Happening, Role

AGES = {
    "due": _("not due"),
    "30": _("1–30 days"),
    "60": _("31–60 days"),
    "90": _("61–90 days"),
    "more": _("more than 90 days"),
}
CREDITED = (Role.RECEIVABLES, Role.BAD_DEBT, Role.REFUNDS, Role.BANK, Role.CREDIT)
"""Where the total of a credit note goes."""


def within(asked: Asked) -> QuerySet[Entry]:
    found = Entry.objects.filter(day__gte=asked.first, day__lte=last_of(asked.last))
    return scoped(found, asked)


def scoped(found: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked.currency:
        found = found.filter(currency=asked.currency)
    return found.filter(account__country=asked.country) if asked.country else found


def in_month(found: QuerySet[Entry], group: str) -> QuerySet[Entry]:
    """Those of the month "2026-03"; none where that is no month."""
    try:
        month = date.fromisoformat(f"{group}-01")
    except ValueError:
        return found.none()
    return found.filter(day__gte=month, day__lte=last_of(month))


class _ByMonth(Report):
    """Sums of entries by month."""

    group_label = _("month")
    filters = ("first", "last", "currency", "country")
    head = (_("day"), _("document"), _("why"))

    def which(self, measure: str) -> Q:
        """The entries a measure sums."""
        raise NotImplementedError

    sign = -1

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[str, Any] = {
            f"sum_{name}": Sum(F("amount_minor") * self.sign, filter=self.which(name), default=0)
            for name in self.measures
        }
        any_of = Q(pk=None)
        for name in self.measures:
            any_of |= self.which(name)
        grouped: Any = within(asked).filter(any_of).annotate(month=TruncMonth("day")).values("currency", "month")
        return [
            Figure(
                each["currency"],
                f"{each['month']:%Y-%m}",
                f"{each['month']:%Y-%m}",
                {name: int(each[f"sum_{name}"]) for name in self.measures},
            )
            for each in grouped.annotate(**sums).order_by("currency", "month")
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        if measure not in self.measures:
            return []
        found = in_month(within(asked), group).filter(self.which(measure), currency=currency)
        return found.select_related("account").order_by("day", "pk")  # type: ignore[return-value]  # is cut like one

    def shown(self, page: Iterable[Entry], measure: str) -> list[Row]:
        return [
            Row(
                holder_of(each.account),
                (each.day, each.number or each.paper, each.get_happening_display()),
                self.sign * each.amount_minor,
            )
            for each in page
        ]


class Earned(_ByMonth):
    name = "earned"
    title = _("Revenue earned")
    says = _("What was earned in each month: straight-line by day over the period of each line, without tax.")
    measures = {
        "earned": Measure(_("earned over time")),
        "at_once": Measure(_("earned at once")),
        "credited": Measure(_("taken back")),
        "revenue": Measure(_("revenue")),
    }
    up = ("earned", "at_once")
    down = ("credited",)

    def which(self, measure: str) -> Q:
        revenue = Q(role=Role.REVENUE)
        over_time, at_once = (
            Q(happening=Happening.RECOGNITION),
            Q(happening__in=(Happening.INVOICE, Happening.PURCHASE)),
        )
        match measure:
            case "earned":
                return revenue & over_time
            case "at_once":
                return revenue & at_once
            case "credited":
                return revenue & ~over_time & ~at_once
        return revenue


class Backwards(_ByMonth):
    name = "backwards"
    title = _("Refunds and disputes")
    says = _("Money that went back, or may: refunds, credit notes, disputes, and disputes that were won.")
    measures = {
        "refunds": Measure(_("refunds")),
        "credit_notes": Measure(_("credit notes")),
        "disputes": Measure(_("disputes")),
        "won": Measure(_("disputes won")),
    }
    up = ("won",)
    down = ("refunds", "disputes")

    def which(self, measure: str) -> Q:
        match measure:
            case "refunds":
                return Q(role=Role.STRIPE, happening=Happening.REFUND)
            case "disputes":
                return Q(role=Role.STRIPE, happening=Happening.DISPUTE)
            case "won":
                return Q(role=Role.STRIPE, happening=Happening.DISPUTE_WON)
        return Q(role__in=CREDITED, happening__in=(Happening.CREDIT_NOTE, Happening.CREDIT_NOTE_VOID))

    sign = 1


class _Balance(Report):
    """What documents sum to on an account, by the end of a day."""

    head = (_("document"), _("since"))

    def _balances(self, asked: Asked, role: str, until: date, currency: str) -> QuerySet[Any, Any]:
        found = scoped(Entry.objects.filter(role=role, day__lte=until), asked).filter(currency=currency)
        grouped = found.values("account_id", "about", "currency")
        summed: QuerySet[Any, Any] = grouped.annotate(sum=Sum("amount_minor"), since=Min("day")).exclude(sum=0)
        return summed


class Deferred(_Balance):
    name = "deferred"
    title = _("Deferred revenue")
    says = _("What was invoiced and is not earned yet, at the end of each month, straight-line by day.")
    group_label = _("end of")
    measures = {"deferred": Measure(_("deferred"))}
    filters = ("first", "last", "currency", "country")
    up = ("deferred",)
    sums = False

    def figures(self, asked: Asked) -> list[Figure]:
        ends = {f"{month:%Y-%m}": last_of(month) for month in asked.months}
        sums: dict[str, Any] = {
            f"by_{index}": Sum("amount_minor", filter=Q(day__lte=until), default=0)
            for index, until in enumerate(ends.values())
        }
        found = scoped(Entry.objects.filter(role=Role.DEFERRED, day__lte=last_of(asked.last)), asked)
        return [
            Figure(each["currency"], group, group, {"deferred": -int(each[f"by_{index}"])})
            for each in found.values("currency").annotate(**sums).order_by("currency")
            for index, group in enumerate(ends)
            if each[f"by_{index}"]
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        month = next((each for each in asked.months if f"{each:%Y-%m}" == group), None)
        if month is None:
            return []
        return self._balances(asked, Role.DEFERRED, last_of(month), currency).order_by("sum", "about")  # type: ignore[return-value]

    def shown(self, page: Iterable[dict[str, Any]], measure: str) -> list[Row]:
        return _balance_rows(page, -1)


def _balance_rows(page: Iterable[dict[str, Any]], sign: int) -> list[Row]:
    page = list(page)
    accounts = {each.pk: each for each in Account.objects.filter(pk__in={each["account_id"] for each in page})}
    papers = Invoice.objects.filter(stripe_id__in=[each["about"] for each in page])
    numbers = dict(papers.values_list("stripe_id", "number"))
    return [
        Row(
            holder_of(accounts[each["account_id"]]),
            (numbers.get(each["about"]) or each["about"], each["since"]),
            sign * each["sum"],
        )
        for each in page
    ]


class Receivables(Report):
    name = "receivables"
    title = _("Receivables by age")
    says = _("What is open at the end of the last month, or now, by how long its day of payment is over.")
    group_label = _("overdue")
    measures = {"open": Measure(_("open"))}
    head = (_("invoice"), _("due on"), _("days"))
    filters = ("last", "currency", "country")
    up = ("open",)

    def _day(self, asked: Asked) -> date:
        return min(last_of(asked.last), day_of(asked.at))

    def _found(self, asked: Asked) -> list[tuple[str, str, Row]]:
        """Currency, age and row of each invoice that was open at the end of the day."""
        open_then = _open_at(asked, self._day(asked))
        invoices = Invoice.objects.filter(stripe_id__in=list(open_then)).select_related("account").defer("raw", "lines")
        found = []
        for each in invoices.order_by("due_at", "finalised_at", "pk"):
            due = day_of(_due(each))
            days = max((self._day(asked) - due).days, 0)
            row = Row(holder_of(each.account), (str(each), due, days), open_then[each.stripe_id])
            found.append((each.currency, _age(days), row))
        return found

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, str], int] = {}
        for currency, age, row in self._found(asked):
            sums[currency, age] = sums.get((currency, age), 0) + row.amount
        order = list(AGES)
        return [
            Figure(currency, age, str(AGES[age]), {"open": amount})
            for (currency, age), amount in sorted(sums.items(), key=lambda each: (each[0][0], order.index(each[0][1])))
        ]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        return [row for of, age, row in self._found(asked) if (of, age) == (currency, group)]


def _open_at(asked: Asked, day: date) -> dict[str, int]:
    """What each invoice still asked for at the end of this day."""
    found = scoped(Entry.objects.filter(role=Role.RECEIVABLES, day__lte=day), asked)
    sums: dict[str, int] = {}
    for each in found.values("about").annotate(sum=Sum("amount_minor")).order_by("about"):
        if each["sum"]:
            sums[each["about"]] = each["sum"]
    return sums


def _due(invoice: Invoice) -> datetime:
    """A card is asked at once."""
    return invoice.due_at or invoice.finalised_at or invoice.created_at


def _age(days: int) -> str:
    if days <= 0:
        return "due"
    return next((age for age, most in (("30", 30), ("60", 60), ("90", 90)) if days <= most), "more")
