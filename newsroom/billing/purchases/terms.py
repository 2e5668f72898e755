"""What is chosen when one story is licensed, what it grants, and what it costs. Pure.

Publishing is limited by territory, circulation and time; who reads for themselves is limited by none of them.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.core.countries import is_country
from newsroom.core.errors import Refused
from newsroom.licensing.rules import Channel, Use

EUROPE = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""The European Union, the European Economic Area, Switzerland and the United Kingdom."""
LASTS = {"month": timedelta(days=30), "year": timedelta(days=365), "forever": None}


class BadChoice(Refused):
    """This cannot be bought so. `field` names what is wrong."""

    status = 400

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Purpose(models.TextChoices):
    PERSONAL = "personal", gettext_lazy("read it yourself")
    WEB = "web", gettext_lazy("publish it on a website")
    NEWSLETTER = "newsletter", gettext_lazy("send it in a newsletter")
    PRINT = "print", gettext_lazy("print it")
    BROADCAST = "broadcast", gettext_lazy("broadcast it")


class Territory(models.TextChoices):
    COUNTRY = "country", gettext_lazy("one country")
    EUROPE = "europe", gettext_lazy("Europe")
    WORLD = "world", gettext_lazy("worldwide")


class Circulation(models.TextChoices):
    SMALL = "small", gettext_lazy("up to 10,000")
    MEDIUM = "medium", gettext_lazy("up to 100,000")
    LARGE = "large", gettext_lazy("up to 1,000,000")
    UNLIMITED = "unlimited", gettext_lazy("unlimited")


class Duration(models.TextChoices):
    MONTH = "month", gettext_lazy("30 days")
    YEAR = "year", gettext_lazy("a year")
    FOREVER = "forever", gettext_lazy("for good")


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to do with one story. `country` only where the territory is one country."""

    purpose: str = Purpose.PERSONAL
    territory: str = Territory.WORLD
    country: str = ""
    circulation: str = Circulation.UNLIMITED
    duration: str = Duration.FOREVER

    @property
    def personal(self) -> bool:
        return self.purpose == Purpose.PERSONAL

    @property
    def uses(self) -> tuple[Use, ...]:
        return (Use.READ,) if self.personal else (Use.READ, Use.DOWNLOAD, Use.PUBLISH)

    @property
    def channels(self) -> tuple[str, ...]:
        return () if self.personal else (Channel(self.purpose).value,)

    @property
    def territories(self) -> frozenset[str]:
        """Where it may be used; empty for everywhere."""
        if self.territory == Territory.COUNTRY:
            return frozenset({self.country})
        return EUROPE if self.territory == Territory.EUROPE else frozenset()

    @property
    def purpose_label(self) -> str:
        return str(Purpose(self.purpose).label)

    @property
    def territory_label(self) -> str:
        return str(Territory(self.territory).label)

    @property
    def circulation_label(self) -> str:
        return str(Circulation(self.circulation).label)

    @property
    def duration_label(self) -> str:
        return str(Duration(self.duration).label)

    @property
    def lasts(self) -> timedelta | None:
        return LASTS[self.duration]

    @property
    def clause(self) -> str:
        """The words of the licence, in the source language: a contract's words do not change with the menu."""
        if self.personal:
            return "One story, to read, for good."
        where = {"country": self.country, "europe": "Europe", "world": "worldwide"}[self.territory]
        how_long = {"month": "for 30 days", "year": "for a year", "forever": "for good"}[self.duration]
        return f"One story, to publish ({self.purpose}), {where}, {how_long}."

    @property
    def printed_circulation(self) -> str:
        """As the certificate says it: empty is unlimited."""
        return "" if self.circulation == Circulation.UNLIMITED else self.circulation_label

    def as_json(self) -> dict[str, Any]:
        return {name: str(each) for name, each in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)


def chosen(given: dict[str, str]) -> Choice:
    """The choice in these words. Who reads for themselves chooses nothing else. Raises `BadChoice` on the field."""
    purpose = _one_of(Purpose, given, "purpose")
    if purpose == Purpose.PERSONAL:
        return Choice()
    territory = _one_of(Territory, given, "territory")
    country = given.get("country", "").upper() if territory == Territory.COUNTRY else ""
    if territory == Territory.COUNTRY and not is_country(country):
        raise BadChoice("country", _("Choose the country in which you publish."))
    circulation, duration = _one_of(Circulation, given, "circulation"), _one_of(Duration, given, "duration")
    return Choice(purpose, territory, country, circulation, duration)


def _one_of(kind: type[models.TextChoices], given: dict[str, str], name: str) -> str:
    value = given.get(name, "")
    if value not in kind.values:
        raise BadChoice(name, _("Choose one of the values shown."))
    return value


def check_story(
    choice: Choice, *, uses_out: Collection[str], channels_out: Collection[str], territories_out: Collection[str]
) -> None:
    """Raises `BadChoice` for what the story's own terms rule out: nobody is sold what would not open it."""
    if set(choice.uses) & set(uses_out) or set(choice.channels) & set(channels_out):
        raise BadChoice("purpose", _("This story's own terms rule out this use."))
    if choice.territories and choice.territories <= set(territories_out):
        raise BadChoice("country", _("This story's own terms rule out this country."))
