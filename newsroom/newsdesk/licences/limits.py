"""Every limit a licence can have, as fields: one form for grants, quotes and contracts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from newsroom.core.countries import countries
from newsroom.core.money import Money, exponent
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use
from newsroom.licensing.terms import FORMATS

QUOTAS = 3
LIMITED = ("channels", "territories", "formats", "delay", "archive", "rendition", "under_embargo", "seats", "quotas")
CURRENCIES = [("", "—"), *((code, code.upper()) for code in ("eur", "usd", "gbp", "try", "jpy", "kwd"))]


class LimitsForm(forms.Form):
    """What the licence does not allow although its uses and products would. Everything empty: no limit."""

    seats = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, help_text=_("Empty: everybody in the organisation.")
    )
    seat_kind = forms.ChoiceField(label=_("Kind of seats"), choices=SeatKind.choices, initial=SeatKind.NAMED)
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the customer publishes. None chosen: everywhere."),
    )
    territories = forms.CharField(
        label=_("Territory"),
        required=False,
        max_length=2000,
        help_text=_("Countries, by name or by code, with commas between them: TR, Germany. Empty: the world."),
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        required=False,
        choices=[(each, each) for each in sorted(FORMATS)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every format."),
    )
    delay_minutes = forms.IntegerField(
        label=_("Delay, in minutes"), required=False, min_value=0, max_value=525_600, help_text=_("Empty: at once.")
    )
    archive_days = forms.IntegerField(
        label=_("Archive window, in days"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("How old a story may be. Empty: the whole archive."),
    )
    rendition = forms.TypedChoiceField(
        label=_("Largest picture"), coerce=int, choices=Rendition.choices, initial=Rendition.ORIGINAL
    )
    under_embargo = forms.BooleanField(label=_("May receive stories under embargo"), required=False)
    clauses = forms.CharField(
        label=_("Clauses of single limits"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One on each line, the limit first: “archive: §7, thirty days”. The clause above decides the rest."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, QUOTAS + 1):
            self.fields |= dict(_quota_fields(number))

    def clean_territories(self) -> list[str]:
        return [country_of(word) for word in re.split(r"[,;\n]", self.cleaned_data["territories"]) if word.strip()]

    def clean_clauses(self) -> dict[str, str]:
        lines = [line.strip() for line in self.cleaned_data["clauses"].splitlines() if line.strip()]
        found = {name.strip(): words.strip() for name, _colon, words in (line.partition(":") for line in lines)}
        for name, words in found.items():
            if name not in LIMITED or not words:
                known = {"name": name, "known": ", ".join(LIMITED)}
                raise forms.ValidationError(_("“%(name)s” is no limit with words. Known: %(known)s.") % known)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["quotas"] = [quota for number in range(1, QUOTAS + 1) if (quota := self._quota(number))]
        if not self.errors:
            cleaned["limits"] = self.limits()
        return cleaned

    def _quota(self, number: int) -> Quota | None:
        asked: list[Any] = [self.cleaned_data.get(f"quota_{number}_{part}") for part in PARTS]
        use, limit, period, price, currency = asked
        if not use and limit is None:
            return None
        if not use or limit is None:
            self.add_error(f"quota_{number}_use", gettext("A quota needs a use and a number of stories."))
            return None
        if (price is None) != (not currency):
            self.add_error(f"quota_{number}_price", gettext("A price needs an amount and a currency."))
            return None
        overage = _money(price, currency) if price is not None else None
        if overage is not None and overage.minor < 1:
            self.add_error(f"quota_{number}_price", gettext("Overage needs a price above nothing."))
        return Quota(use, limit, period, overage=overage)

    def limits(self) -> Limits:
        """What was asked for, of a form that is valid."""
        asked = self.cleaned_data
        return Limits(
            channels=frozenset(asked["channels"]),
            territories=frozenset(asked["territories"]),
            formats=frozenset(asked["formats"]),
            delay=timedelta(minutes=asked["delay_minutes"] or 0),
            archive=timedelta(days=asked["archive_days"]) if asked["archive_days"] else None,
            rendition=asked["rendition"],
            under_embargo=asked["under_embargo"],
            seats=asked["seats"],
            seat_kind=asked["seat_kind"],
            quotas=tuple(asked["quotas"]),
            clauses=asked["clauses"],
        )


PARTS = ("use", "limit", "period", "price", "currency")


def _quota_fields(number: int) -> Iterator[tuple[str, forms.Field]]:
    name = {"number": number}
    yield (
        f"quota_{number}_use",
        forms.ChoiceField(
            label=_("Quota %(number)s: use") % name, required=False, choices=[("", _("no quota")), *Use.choices]
        ),
    )
    yield (
        f"quota_{number}_limit",
        forms.IntegerField(
            label=_("Quota %(number)s: stories") % name, required=False, min_value=1, max_value=10_000_000
        ),
    )
    yield (
        f"quota_{number}_period",
        forms.ChoiceField(label=_("Quota %(number)s: in") % name, choices=Period.choices, initial=Period.MONTH),
    )
    yield (
        f"quota_{number}_price",
        forms.DecimalField(
            label=_("Quota %(number)s: price of each story above") % name,
            required=False,
            max_digits=12,
            decimal_places=3,
            help_text=_("Empty: nothing above the quota."),
        ),
    )
    yield (
        f"quota_{number}_currency",
        forms.ChoiceField(label=_("Quota %(number)s: currency") % name, required=False, choices=CURRENCIES),
    )


def country_of(word: str) -> str:
    """The code of a country written by code or by name. Raises `ValidationError`."""
    word = word.strip()
    here = countries((get_language() or "en").split("-")[0])
    if word.upper() in here:
        return word.upper()
    for names in (here, countries("en")):
        found = [code for code, name in names.items() if name.casefold() == word.casefold()]
        if found:
            return found[0]
    raise forms.ValidationError(gettext("“%(code)s” is no country of ISO 3166-1.") % {"code": word[:60]})


def _money(amount: Decimal, currency: str) -> Money:
    return Money(int(amount.scaleb(exponent(currency))), currency)


def initial_of(limits: Limits) -> dict[str, Any]:
    """The fields of these limits, to change them."""
    found: dict[str, Any] = {
        "seats": limits.seats,
        "seat_kind": limits.seat_kind,
        "channels": sorted(limits.channels),
        "territories": ", ".join(sorted(limits.territories)),
        "formats": sorted(limits.formats),
        "delay_minutes": int(limits.delay.total_seconds() // 60) or None,
        "archive_days": limits.archive.days if limits.archive else None,
        "rendition": limits.rendition,
        "under_embargo": limits.under_embargo,
        "clauses": "\n".join(f"{name}: {words}" for name, words in limits.clauses.items()),
    }
    for number, quota in enumerate(limits.quotas[:QUOTAS], 1):
        price = quota.overage
        values = (quota.use, quota.limit, quota.period, price and price.amount, price.currency if price else "")
        found |= {f"quota_{number}_{part}": value for part, value in zip(PARTS, values, strict=True)}
    return found
