"""Rate cards: adding and ending rates, and pricing a line by the card valid at a moment."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.countries import is_country
from newsroom.core.money import EXPONENTS, SIGNS
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Interval, Rate, RateCard
from newsroom.licensing.rules import Use
from newsroom.licensing.selling import pricing
from newsroom.licensing.selling.errors import BadOffer
from newsroom.wire.models import Product

CURRENCIES = tuple(sorted({*SIGNS, *EXPONENTS, "chf", "aed", "sar", "qar", "azn", "cad", "aud"}))
"""What may be sold in: ISO 4217, in lower case."""


@transaction.atomic
def open_card(*, name: str, currency: str, by: Actor, at: datetime) -> RateCard:
    """A new, empty card. Raises `BadOffer`."""
    if currency not in CURRENCIES:
        raise BadOffer("currency", _("We do not sell in this currency."))
    if RateCard.objects.filter(name__iexact=name.strip()).exists():
        raise BadOffer("name", _("There is a rate card of this name already."))
    card = RateCard.objects.create(name=name.strip(), currency=currency, created_at=at)
    audit.record("rate_card.opened", by=by, of=card, at=at)
    return card


@transaction.atomic
def add(
    *,
    card: RateCard,
    product: Product | None,
    uses: Iterable[str],
    minor: int,
    interval: str,
    valid_from: datetime,
    valid_to: datetime | None,
    by: Actor,
    at: datetime,
    countries: Iterable[str] = (),
    region: str = "",
    language: str = "",
    audience_from: int = 0,
    audience_to: int | None = None,
) -> Rate:
    """A row more. Raises `BadOffer`: also when it overlaps a row that is as particular as it is."""
    card = RateCard.objects.select_for_update().get(pk=card.pk)
    rate = Rate(
        card=card,
        product=product,
        uses=sorted(set(uses)),
        minor=minor,
        interval=interval,
        valid_from=valid_from,
        valid_to=valid_to,
        countries=sorted({code.strip().upper() for code in countries}),
        region=region.strip(),
        language=language,
        audience_from=audience_from,
        audience_to=audience_to,
    )
    _check(rate)
    _check_alone(rate)
    rate.save()
    audit.record("rate.added", by=by, of=rate, at=at, facts={"card": card.pk, "minor": minor})
    return rate


@transaction.atomic
def end(*, rate: Rate, valid_to: datetime, by: Actor, at: datetime) -> None:
    """From this moment on the row prices nothing. Raises `BadOffer`."""
    rate = Rate.objects.select_for_update(of=("self",)).get(pk=rate.pk)
    if valid_to < rate.valid_from:
        raise BadOffer("valid_to", _("The end lies before the start."))
    if rate.valid_to is not None and valid_to > rate.valid_to:
        raise BadOffer("valid_to", _("A rate can end earlier, not later. Add a new row instead."))
    Rate.objects.filter(pk=rate.pk).update(valid_to=valid_to)
    audit.record("rate.ended", by=by, of=rate, at=at, facts={"valid_to": valid_to.isoformat()})


def price(*, line: Line, card: RateCard, whom: pricing.For, at: datetime) -> pricing.Priced | None:
    """The list price of the line by the card as it is valid at `at`, and which rows it used; None: not on the card."""
    valid = card.rates.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)
    return pricing.price(line, [_row(rate) for rate in valid.select_related("card", "product")], whom)


def _row(rate: Rate) -> pricing.Row:
    return pricing.Row(
        pk=rate.pk,
        price=rate.price,
        product=rate.product.code if rate.product else "",
        uses=frozenset(rate.uses),
        interval=rate.interval,
        countries=frozenset(rate.countries),
        language=rate.language,
        audience_from=rate.audience_from,
        audience_to=rate.audience_to,
    )


def _check(rate: Rate) -> None:
    if rate.minor < 0:
        raise BadOffer("price", _("A price cannot be negative."))
    if not rate.uses or set(rate.uses) - set(Use.values):
        raise BadOffer("uses", _("Choose at least one use."))
    if rate.interval not in Interval.values:
        raise BadOffer("interval", _("A price is for a month, a quarter, a year or once."))
    unknown = [code for code in rate.countries if not is_country(code)]
    if unknown:
        raise BadOffer("countries", _("“%(code)s” is no country of ISO 3166-1.") % {"code": unknown[0]})
    if len(rate.countries) > 1 and not rate.region:
        raise BadOffer("region", _("Give a group of countries its name."))
    if rate.audience_from < 0:
        raise BadOffer("audience_from", _("An audience cannot be negative."))
    if rate.audience_to is not None and rate.audience_to <= rate.audience_from:
        raise BadOffer("audience_to", _("The audience ends below where it begins."))
    if rate.valid_to is not None and rate.valid_to <= rate.valid_from:
        raise BadOffer("valid_to", _("The end lies before the start."))


def _check_alone(rate: Rate) -> None:
    """No two rows as particular as each other price the same thing at the same moment."""
    same = Rate.objects.filter(
        card=rate.card, product=rate.product, uses=rate.uses, interval=rate.interval, language=rate.language
    )
    if rate.valid_to is not None:
        same = same.filter(valid_from__lt=rate.valid_to)
    same = same.filter(Q(valid_to=None) | Q(valid_to__gt=rate.valid_from) & Q(valid_to__gt=F("valid_from")))
    if rate.audience_to is not None:
        same = same.filter(audience_from__lt=rate.audience_to)
    same = same.filter(Q(audience_to=None) | Q(audience_to__gt=rate.audience_from))
    for other in same:
        if pricing.rank(other.countries) == pricing.rank(rate.countries) and _meet(other.countries, rate.countries):
            raise BadOffer(
                "valid_from", _("This period overlaps that of a row for the same thing. End that row first.")
            )


def _meet(some: list[str], others: list[str]) -> bool:
    return bool(set(some) & set(others)) or not (some or others)
