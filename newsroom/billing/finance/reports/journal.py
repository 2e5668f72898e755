"""The journal of a month: of a closed one as it was written, of an open one as it would be written now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.chart import chart
from newsroom.billing.finance.closing import Post, open_month, outstanding
from newsroom.billing.finance.months import last_of, number_of
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row, holder_of
from newsroom.billing.models import Account, ClosedMonth, Entry, JournalLine
from newsroom.billing.models.book import Happening
from newsroom.core.money import Money

CSV_HEAD = (
    _("line"), _("day"), _("account"), _("account name"), _("currency"), _("debit"), _("credit"), _("why"),
    _("document"), _("document at Stripe"), _("paying account"), _("happened"), _("corrects line"),
)  # fmt: skip


def is_closed(month: date) -> bool:
    return ClosedMonth.objects.filter(pk=number_of(month)).exists()


def posts_of(month: date) -> list[Post]:
    """What an open month would say. What changed of closed months lands in the first open one alone."""
    first_open = open_month()
    if first_open is None or month < first_open:
        return []
    if month == first_open:
        return outstanding(month)
    found = Entry.objects.filter(day__gte=month, day__lte=last_of(month)).order_by("day", "paper", "happening", "role")
    return [
        Post(
            each.day,
            each.day,
            each.account_id,
            each.paper,
            each.number,
            each.happening,
            each.role,
            each.currency,
            each.amount_minor,
        )
        for each in found
    ]


class Journal(Report):
    name = "journal"
    title = _("Journal")
    says = _(
        "Every entry of the month: debits and credits by account, and what is left. A closed month stands as it was "
        "written; an open one says what it would be now."
    )
    group_label = _("account")
    measures = {
        "debit": Measure(_("debit")),
        "credit": Measure(_("credit")),
        "balance": Measure(_("balance")),
    }
    head = (_("line"), _("day"), _("document"), _("why"), _("happened"), _("corrects line"))
    filters = ("last", "currency")
    up = ("debit",)
    down = ("credit",)

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, str], dict[str, int]] = {}
        for role, currency, amount in self._amounts(asked):
            values = sums.setdefault((currency, role), dict.fromkeys(self.measures, 0))
            values["debit" if amount > 0 else "credit"] += amount
            values["balance"] += amount
        accounts = chart()
        found = [Figure(currency, role, str(accounts[role]), values) for (currency, role), values in sums.items()]
        return sorted(found, key=lambda each: (each.currency, accounts[each.group].code))

    def _amounts(self, asked: Asked) -> Iterator[tuple[str, str, int]]:
        """Debits and credits apart: of a closed month by SQL."""
        if is_closed(asked.last):
            lines = JournalLine.objects.filter(month_id=number_of(asked.last))
            lines = lines.filter(currency=asked.currency) if asked.currency else lines
            for some in (lines.filter(amount_minor__gt=0), lines.filter(amount_minor__lt=0)):
                for each in some.values("role", "currency").annotate(sum=Sum("amount_minor")).order_by("role"):
                    yield each["role"], each["currency"], int(each["sum"])
            return
        for post in posts_of(asked.last):
            if asked.currency in ("", post.currency):
                yield post.role, post.currency, post.amount

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        if is_closed(asked.last):
            lines = JournalLine.objects.filter(month_id=number_of(asked.last), currency=currency, role=group)
            if measure != "balance":
                lines = lines.filter(amount_minor__gt=0) if measure == "debit" else lines.filter(amount_minor__lt=0)
            return lines.select_related("account", "corrects").order_by("line")  # type: ignore[return-value]
        return [
            each
            for each in posts_of(asked.last)
            if (each.currency, each.role) == (currency, group)
            and (measure == "balance" or (each.amount > 0) == (measure == "debit"))
        ]

    def shown(self, page: Iterable[JournalLine | Post], measure: str) -> list[Row]:
        page = list(page)
        wanted = {each.account_id for each in page}
        holders = {each.pk: holder_of(each) for each in Account.objects.filter(pk__in=wanted)}
        return [_row(each, holders[each.account_id]) for each in page]


def _row(each: JournalLine | Post, holder: str) -> Row:
    why = str(Happening(each.happening).label)
    adjusted = each.of_day if each.of_day != each.day else None
    if isinstance(each, Post):
        cells = (None, each.day, each.number or each.paper, why, adjusted, each.corrects or None)
        return Row(holder, cells, each.amount)
    corrected = each.corrects.line if each.corrects else None
    return Row(holder, (each.line, each.day, each.number or each.paper, why, adjusted, corrected), each.amount_minor)


def export(month: date) -> Iterator[list[Any]]:
    """The month's lines for an accountant. Those of an open month have no number yet."""
    if is_closed(month):
        lines = JournalLine.objects.filter(month_id=number_of(month)).select_related("corrects").order_by("line")
        for line in lines.iterator(chunk_size=1000):
            corrected = line.corrects.line if line.corrects else None
            yield _cells(line, line.line, line.code, line.name, line.amount_minor, corrected)
        return
    accounts = chart()
    for post in posts_of(month):
        account = accounts[post.role]
        yield _cells(post, None, account.code, account.name, post.amount, post.corrects or None)


def _cells(
    of: JournalLine | Post, line: int | None, code: str, name: str, amount: int, corrected: int | None
) -> list[Any]:
    debit, credit = _major(max(amount, 0), of.currency), _major(max(-amount, 0), of.currency)
    return [
        line, of.day.isoformat(), code, name, of.currency.upper(), debit if amount > 0 else None,
        credit if amount < 0 else None, of.happening, of.number, of.paper, of.account_id,
        of.of_day.isoformat(), corrected,
    ]  # fmt: skip


def _major(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).amount
