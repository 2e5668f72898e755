"""A quote on paper, in its customer's language."""

from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.core.countries import countries
from newsroom.licensing.documents.shape import Paper, Section
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Indexation, Interval, Quote
from newsroom.licensing.selling import pricing, wording
from newsroom.wire.models import Product


def of_quote(quote: Quote) -> Paper:
    """What the quote's document says."""
    rows = list(quote.rows.order_by("position", "pk"))
    names = dict(Product.objects.values_list("code", "name"))
    with translation.override(quote.locale):
        lines = [row.line for row in rows]
        listed = [wording.money(row.list_price, quote.locale) for row in rows]
        return {
            "title": _("Quote"),
            "subtitle": _("for the licensing of news content, revision %(number)s") % {"number": quote.revision},
            "parties": _parties(quote),
            "facts": _frame(quote),
            "sections": [
                *_intro(quote),
                _offered(lines, listed, quote),
                *(_line(at, line, names, quote.locale) for at, line in enumerate(lines, 1)),
                {"heading": _("Terms"), "clauses": _clauses(quote)},
            ],
            "signatures": [
                {
                    "role": _("For %(name)s") % {"name": settings.SITE_NAME},
                    "name": str(quote.manager),
                    "title": _("Account manager"),
                },
                {"role": _("For %(name)s") % {"name": quote.customer}},
            ],
            "notice": _("Whether this document still holds, and that it is ours, is told at this address."),
        }


def _parties(quote: Quote) -> list[Any]:
    country = countries(translation.to_locale(quote.locale)).get(quote.country, quote.country)
    lines = [quote.contact_name, *quote.address.splitlines(), country]
    return [
        {"role": _("Licensor"), "name": settings.SITE_NAME, "lines": [settings.BASE_URL]},
        {"role": _("Customer"), "name": quote.customer, "lines": [line for line in lines if line.strip()]},
    ]


def _frame(quote: Quote) -> list[list[str]]:
    until = timezone.localtime(quote.valid_until)
    return [
        [_("Offer valid until"), formats.date_format(until, "j F Y, H:i")],
        [_("Start"), formats.date_format(quote.starts_on, "j F Y")],
        [_("Term"), ngettext("%(n)s month", "%(n)s months", quote.term_months) % {"n": quote.term_months}],
        [_("Billed for"), str(Interval(quote.billing_interval).label)],
        [_("Payment"), _("within %(days)s days of the invoice") % {"days": quote.payment_days}],
    ]


def _intro(quote: Quote) -> list[Section]:
    paragraphs = [line for line in quote.intro.splitlines() if line.strip()]
    return [{"paragraphs": paragraphs}] if paragraphs else []


def _offered(lines: list[Line], listed: list[str], quote: Quote) -> Section:
    discounts = any(line.discount for line in lines)
    columns: list[Any] = [{"label": _("No.")}, {"label": _("What"), "wide": True}]
    if discounts:
        columns += [{"label": _("List price"), "align": "end"}, {"label": _("Discount"), "align": "end"}]
    columns += [{"label": _("Price"), "align": "end"}, {"label": _("for")}]
    rows = []
    for at, (line, before) in enumerate(zip(lines, listed, strict=True), 1):
        less = [before, wording.percent(line.discount) if line.discount else "–"] if discounts else []
        price = wording.money(line.price, quote.locale)
        rows.append([str(at), line.title, *less, price, str(Interval(line.interval).label)])
    return {
        "heading": _("What we offer"),
        "table": {"columns": columns, "rows": rows, "totals": _totals(lines, quote.locale)},
    }


def _totals(lines: list[Line], locale: str) -> list[list[str]]:
    found = pricing.totals(lines)
    return [
        [_("Total, %(interval)s") % {"interval": Interval(name).label}, wording.money(found[name], locale)]
        for name in Interval.values
        if name in found
    ]


def _line(at: int, line: Line, names: dict[str, str], locale: str) -> Section:
    return {
        "heading": f"{at}. {line.title}",
        "facts": wording.facts(line, names, locale),
        "paragraphs": [line.clause],
    }


def _clauses(quote: Quote) -> list[str]:
    rate = {"rate": wording.percent(quote.indexation_rate)}
    moves = {
        Indexation.NONE: _("At a renewal the prices stay as they are."),
        Indexation.FIXED: _("At each renewal the prices rise by %(rate)s.") % rate,
        Indexation.CPI: _("At each renewal the prices follow the consumer price index, by %(rate)s at most.") % rate,
    }
    notice = {"days": quote.notice_days}
    ending = (
        _("The agreement renews for the same term unless a party gives notice %(days)s days before its end.") % notice
        if quote.auto_renew
        else _("The agreement ends with its term. Whoever wishes to renew it says so %(days)s days before.") % notice
    )
    return [
        ending,
        moves[Indexation(quote.indexation)],
        _("Prices are net of taxes, which are added at the rate that applies."),
        _(
            "Each line grants what it names and nothing beyond it. What it limits, the restrictions of a story may limit further."
        ),
        _("A story that is withdrawn or killed is removed everywhere as soon as the notice arrives."),
        _("By accepting, the customer agrees to this document as it stands, identified by its number and its hash."),
    ]
