"""A line of a quote: any agreement of uses, products and limits, field by field."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Interval, Quote, QuoteLine, RateCard
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use
from newsroom.licensing.selling import pricing
from newsroom.licensing.terms import FORMATS
from newsroom.newsdesk.selling.amounts import Percent, Price, basis_points_of, minor_of, shown
from newsroom.newsdesk.selling.choices import any_language, country_choices, product_choices

QUOTAS = 4
CLAUSES = {
    "channels": _("Clause on channels"),
    "territories": _("Clause on territories"),
    "formats": _("Clause on formats"),
    "delay": _("Clause on the delay"),
    "archive": _("Clause on the archive"),
    "rendition": _("Clause on pictures"),
    "seats": _("Clause on seats"),
    "quotas": _("Clause on quotas"),
}
"""The limits that may have words of their own. Empty: the line's clause stands for it."""
MINUTE = timedelta(minutes=1)


class LineForm(forms.Form):
    """What is licensed, within which limits, at which price."""

    title = forms.CharField(label=_("Title"), max_length=200)
    all_products = forms.BooleanField(label=_("Every product, also those to come"), required=False)
    products = forms.MultipleChoiceField(
        label=_("Products"), required=False, choices=product_choices, widget=forms.CheckboxSelectMultiple
    )
    uses = forms.MultipleChoiceField(
        label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple, initial=[Use.READ]
    )
    clause = forms.CharField(
        label=_("Clause"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The words of the agreement. Every decision that rests on this line cites them."),
    )
    interval = forms.ChoiceField(label=_("Price is for"), choices=Interval.choices, initial=Interval.YEAR)
    card = forms.ModelChoiceField(
        label=_("Rate card"),
        required=False,
        queryset=RateCard.objects.none(),
        empty_label=_("none: a list price set by hand"),
        help_text=_("A price set by hand needs another person's approval."),
    )
    audience = forms.IntegerField(label=_("Audience"), initial=0, min_value=0, help_text=_("For the rate card."))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=any_language, help_text=_("For the rate card.")
    )
    list_price = Price(label=_("List price"), required=False, help_text=_("Without a rate card."))
    discount = Percent(label=_("Discount in percent"), initial=0)
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every channel."),
    )
    territories = forms.MultipleChoiceField(
        label=_("Territories"),
        required=False,
        choices=country_choices,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("None: worldwide."),
    )
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, help_text=_("Empty: not counted."))
    seat_kind = forms.ChoiceField(label=_("Kind of seats"), choices=SeatKind.choices, initial=SeatKind.NAMED)
    delay = forms.IntegerField(label=_("Delay in minutes"), initial=0, min_value=0)
    archive = forms.IntegerField(
        label=_("Archive in days"), required=False, min_value=1, help_text=_("How old a story may be. Empty: any age.")
    )
    rendition = forms.TypedChoiceField(
        label=_("Largest picture"), choices=Rendition.choices, coerce=int, initial=Rendition.ORIGINAL
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        required=False,
        choices=[(each, each) for each in sorted(FORMATS)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every format."),
    )
    under_embargo = forms.BooleanField(label=_("May receive under embargo"), required=False)

    def __init__(self, *args: Any, quote: Quote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quote = quote
        cards = cast("forms.ModelChoiceField[RateCard]", self.fields["card"])
        cards.queryset = RateCard.objects.filter(currency=quote.currency).order_by("name")
        self.fields["list_price"].help_text = f"{quote.currency.upper()}. {_now('Without a rate card.')}"
        for number in range(1, QUOTAS + 1):
            self.fields |= dict(quota_fields(number, quote.currency))
        for name, label in CLAUSES.items():
            area = forms.Textarea(attrs={"rows": 2})
            self.fields[f"clause_{name}"] = forms.CharField(label=label, required=False, max_length=2000, widget=area)

    def clean_list_price(self) -> int | None:
        amount = self.cleaned_data["list_price"]
        return None if amount is None else minor_of(amount, self.quote.currency)

    def clean_discount(self) -> int:
        return basis_points_of(self.cleaned_data["discount"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("all_products")) == bool(cleaned.get("products")) and "products" not in self.errors:
            self.add_error("products", _("Choose products, or every product."))
        if not cleaned.get("card") and cleaned.get("list_price") is None and "list_price" not in self.errors:
            self.add_error("list_price", _("Choose a rate card, or write a list price."))
        cleaned["quotas"] = [quota for number in range(1, QUOTAS + 1) if (quota := self._quota(number, cleaned))]
        return cleaned

    def _quota(self, number: int, cleaned: dict[str, Any]) -> Quota | None:
        asked: dict[str, Any] = {
            name: cleaned.get(f"quota{number}_{name}") for name in ("use", "limit", "period", "each", "overage")
        }
        if not asked["use"]:
            if asked["limit"]:
                self.add_error(f"quota{number}_use", _("Say for which use."))
            return None
        if asked["limit"] is None:
            if f"quota{number}_limit" not in self.errors:
                self.add_error(f"quota{number}_limit", _("Say how many stories."))
            return None
        return Quota(
            asked["use"], asked["limit"], asked["period"], asked["each"], self._overage(number, asked["overage"])
        )

    def _overage(self, number: int, amount: Decimal | None) -> Money | None:
        if amount is None:
            return None
        try:
            return Money(minor_of(amount, self.quote.currency), self.quote.currency)
        except ValidationError as error:
            self.add_error(f"quota{number}_overage", error)
            return None

    def limits(self) -> Limits:
        """The limits as they were filled in."""
        asked = self.cleaned_data
        clauses = {name: text for name in CLAUSES if (text := asked[f"clause_{name}"].strip())}
        return Limits(
            channels=frozenset(asked["channels"]),
            territories=frozenset(asked["territories"]),
            formats=frozenset(asked["formats"]),
            delay=asked["delay"] * MINUTE,
            archive=timedelta(days=asked["archive"]) if asked["archive"] else None,
            rendition=asked["rendition"],
            under_embargo=asked["under_embargo"],
            seats=asked["seats"],
            seat_kind=asked["seat_kind"],
            quotas=tuple(asked["quotas"]),
            clauses=clauses,
        )

    def line(self, listed: Money) -> Line:
        """The line, at this list price less the discount that was written."""
        asked = self.cleaned_data
        return Line(
            title=asked["title"].strip(),
            products=() if asked["all_products"] else tuple(sorted(asked["products"])),
            uses=tuple(sorted(asked["uses"])),
            limits=self.limits(),
            clause=asked["clause"].strip(),
            price=pricing.discounted(listed, asked["discount"]),
            interval=asked["interval"],
            discount=asked["discount"],
        )


def quota_fields(number: int, currency: str) -> Iterator[tuple[str, forms.Field]]:
    """One quota. Left empty it is none."""
    say = {"number": number, "currency": currency.upper()}
    uses = [("", _("no quota")), *Use.choices]
    yield f"quota{number}_use", forms.ChoiceField(label=_("Quota %(number)s: use") % say, required=False, choices=uses)
    yield (
        f"quota{number}_limit",
        forms.IntegerField(label=_("Quota %(number)s: stories") % say, required=False, min_value=1),
    )
    yield (
        f"quota{number}_period",
        forms.ChoiceField(
            label=_("Quota %(number)s: in") % say, required=False, choices=Period.choices, initial=Period.MONTH
        ),
    )
    yield (
        f"quota{number}_each",
        forms.BooleanField(label=_("Quota %(number)s: for each reader, not for all together") % say, required=False),
    )
    yield (
        f"quota{number}_overage",
        Price(
            label=_("Quota %(number)s: price of each further story, %(currency)s") % say,
            required=False,
            help_text=_("Empty: a hard stop."),
        ),
    )


def initial_of(row: QuoteLine) -> dict[str, Any]:
    """The line as the form shows it."""
    line, limits = row.line, row.line.limits
    rates = list(row.rates)
    found: dict[str, Any] = {
        "title": line.title,
        "all_products": not line.products,
        "products": list(line.products),
        "uses": list(line.uses),
        "clause": line.clause,
        "interval": line.interval,
        "card": rates[0].card_id if rates else None,
        "audience": max((rate.audience_from for rate in rates), default=0),
        "language": max((rate.language for rate in rates), default=""),
        "list_price": None if rates else shown(row.list_price),
        "discount": Decimal(line.discount).scaleb(-2),
        "channels": sorted(limits.channels),
        "territories": sorted(limits.territories),
        "seats": limits.seats,
        "seat_kind": limits.seat_kind,
        "delay": limits.delay // MINUTE,
        "archive": limits.archive.days if limits.archive else None,
        "rendition": limits.rendition,
        "formats": sorted(limits.formats),
        "under_embargo": limits.under_embargo,
    }
    for number, quota in enumerate(limits.quotas[:QUOTAS], 1):
        facts = (quota.use, quota.limit, quota.period, quota.per_reader, quota.overage and shown(quota.overage))
        found |= dict(
            zip((f"quota{number}_{each}" for each in ("use", "limit", "period", "each", "overage")), facts, strict=True)
        )
    return found | {f"clause_{name}": words for name, words in limits.clauses.items()}
