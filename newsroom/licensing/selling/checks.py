"""What a quote and its lines cannot say. Reads, and writes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.core.countries import is_country
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Indexation, Interval, Quote
from newsroom.licensing.selling.errors import BadOffer
from newsroom.licensing.selling.rates import CURRENCIES
from newsroom.licensing.terms import check_content, columns
from newsroom.wire.models import Product

TERMS = [
    "customer",
    "contact_name",
    "contact_email",
    "address",
    "country",
    "locale",
    "currency",
    "starts_on",
    "term_months",
    "billing_interval",
    "payment_days",
    "notice_days",
    "auto_renew",
    "indexation",
    "indexation_rate",
    "valid_until",
    "intro",
]
"""The fields of a quote that its writer fills in."""
LONGEST_TERM = 120  # months
MOST_INDEXATION = 2_500  # basis points
MOST_MINOR = 10**13


def terms(content: Mapping[str, Any], at: datetime) -> None:
    """Raises `BadOffer` for terms that no quote can have."""
    if not content["customer"].strip():
        raise BadOffer("customer", _("A quote names its customer."))
    if not is_country(content["country"]):
        raise BadOffer("country", _("Choose a country."))
    if content["currency"] not in CURRENCIES:
        raise BadOffer("currency", _("We do not sell in this currency."))
    if content["valid_until"] <= at:
        raise BadOffer("valid_until", _("The offer would have expired already."))
    _term(content)
    _renewal(content)


def _term(content: Mapping[str, Any]) -> None:
    if not 1 <= content["term_months"] <= LONGEST_TERM:
        raise BadOffer("term_months", _("A term lasts from 1 to %(most)s months.") % {"most": LONGEST_TERM})
    if content["billing_interval"] not in Interval.values:
        raise BadOffer("billing_interval", _("Bills are written each month, quarter, year or once."))
    if content["payment_days"] < 0:
        raise BadOffer("payment_days", _("Days to pay cannot be negative."))
    if not 0 <= content["notice_days"] <= content["term_months"] * 28:
        raise BadOffer("notice_days", _("The notice is longer than the term."))


def _renewal(content: Mapping[str, Any]) -> None:
    if content["indexation"] not in Indexation.values:
        raise BadOffer("indexation", _("There is no such indexation."))
    if not 0 <= content["indexation_rate"] <= MOST_INDEXATION:
        raise BadOffer("indexation_rate", _("An indexation lies between 0 and 25 %."))
    if content["indexation"] != Indexation.NONE and content["indexation_rate"] == 0:
        raise BadOffer("indexation_rate", _("Say by how much the price moves, at most."))


def line(said: Line, quote: Quote) -> None:
    """Raises `BadOffer` or `BadTerms` for a line that could not become a licence of this quote's contract."""
    if not said.title.strip():
        raise BadOffer("title", _("A line needs a title."))
    if said.price.minor < 0:
        raise BadOffer("price", _("A price cannot be negative."))
    if said.price.minor > MOST_MINOR:
        raise BadOffer("price", _("This price is too high to be meant."))
    if said.price.currency != quote.currency:
        raise BadOffer("price", _("A line is priced in the currency of its quote."))
    if said.interval not in Interval.values:
        raise BadOffer("interval", _("A price is for a month, a quarter, a year or once."))
    if any(each.overage and each.overage.currency != quote.currency for each in said.limits.quotas):
        raise BadOffer("quotas", _("Overage is priced in the currency of its quote."))
    product_ids = _products(said.products)
    check_content(
        {
            "uses": list(said.uses),
            "all_products": not said.products,
            "product_ids": product_ids,
            "item_ids": [],
            "starts_at": quote.created_at,
            "ends_at": None,
            "clause": said.clause.strip(),
        }
        | columns(said.limits),
        f"quote-{quote.pk}",
    )


def _products(codes: tuple[str, ...]) -> list[int]:
    found = dict(Product.objects.filter(code__in=codes).values_list("code", "pk"))
    missing = sorted(set(codes) - set(found))
    if missing:
        raise BadOffer("products", _("There is no product “%(code)s” any more.") % {"code": missing[0]})
    return sorted(found.values())
