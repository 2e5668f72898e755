"""The words of licences, what they may limit, and what a use is counted by. Pure."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.core.money import Money


class Use(models.TextChoices):
    """What is done with a story."""

    READ = "read", _("read")
    DOWNLOAD = "download", _("download")
    PUBLISH = "publish", _("publish")
    SYNDICATE = "syndicate", _("syndicate")
    RECEIVE = "receive", _("receive by machine")
    AI_TRAIN = "ai-train", _("train models")
    AI_INPUT = "ai-input", _("feed to models")
    AI_INDEX = "ai-index", _("index for models")


class Source(models.TextChoices):
    """Where a licence comes from."""

    CONTRACT = "contract", _("contract")
    PLAN = "plan", _("plan")
    TRIAL = "trial", _("trial")
    COMP = "comp", _("complimentary")
    GIFT = "gift", _("gift link")
    DAY_PASS = "day-pass", _("day pass")
    STORY = "story", _("single story")
    NETWORK = "network", _("institution network")
    DOMAIN = "domain", _("e-mail domain")
    METER = "meter", _("meter")
    STAFF = "staff", _("staff")


class Audience(models.TextChoices):
    """A holder that is no one in particular."""

    EVERYONE = "everyone", _("everyone")
    REGISTERED = "registered", _("registered readers")


class Channel(models.TextChoices):
    """Where a customer publishes."""

    WEB = "web", _("web")
    PRINT = "print", _("print")
    BROADCAST = "broadcast", _("broadcast")
    SOCIAL = "social", _("social media")
    NEWSLETTER = "newsletter", _("newsletter")


class Rendition(models.IntegerChoices):
    """How large a picture, from the smallest to the original."""

    THUMBNAIL = 1, _("thumbnail")
    WEB = 2, _("web")
    PRINT = 3, _("print")
    ORIGINAL = 4, _("original")


class SeatKind(models.TextChoices):
    """Whose a seat is."""

    NAMED = "named", _("named: each seat is one person's")
    FLOATING = "floating", _("floating: so many people at a time")


class Period(models.TextChoices):
    """What a quota is counted over. Days, months and years are of the licence's time zone, UTC."""

    DAY = "day", _("a day")
    MONTH = "month", _("a month")
    YEAR = "year", _("a year")
    TERM = "term", _("the whole term")


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` different stories in each period for one use.

    `per_reader`: each reader has so many (a meter); else all who hold the licence share them.
    `counts_readers`: it counts different readers of the one story instead of different stories (a gift link).
    `prefix_budget`: how many the readers of one address prefix have together; 0: as many as they are.
    `overage`: the price agreed for each further story, once somebody has accepted it; None is a hard stop.
    """

    use: str
    limit: int
    period: str = Period.MONTH
    per_reader: bool = False
    overage: Money | None = None
    counts_readers: bool = False
    prefix_budget: int = 0

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"use": self.use, "limit": self.limit, "period": self.period}
        if self.per_reader:
            found["per_reader"] = True
        if self.counts_readers:
            found["counts_readers"] = True
        if self.prefix_budget:
            found["prefix_budget"] = self.prefix_budget
        if self.overage is not None:
            found["overage"] = {"minor": self.overage.minor, "currency": self.overage.currency}
        return found

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        overage = kept.get("overage")
        return cls(
            kept["use"],
            kept["limit"],
            kept["period"],
            kept.get("per_reader", False),
            Money(overage["minor"], overage["currency"]) if overage else None,
            kept.get("counts_readers", False),
            kept.get("prefix_budget", 0),
        )

    def starts(self, at: datetime) -> datetime | None:
        """When the period that holds `at` began (UTC); None for the whole term."""
        day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        match self.period:
            case Period.DAY:
                return day
            case Period.MONTH:
                return day.replace(day=1)
            case Period.YEAR:
                return day.replace(month=1, day=1)
        return None

    def resets(self, at: datetime) -> datetime | None:
        """When the next period begins (UTC); None when there is none."""
        start = self.starts(at)
        match self.period:
            case Period.DAY:
                return start + timedelta(days=1) if start else None
            case Period.MONTH:
                return (start + timedelta(days=32)).replace(day=1) if start else None
            case Period.YEAR:
                return start.replace(year=start.year + 1) if start else None
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a licence does not allow although its uses and products would. Empty and None: no such limit.

    `territories`: ISO 3166-1 alpha-2, where the use may happen. `delay`: how long after a story is shown its full
    text opens. `archive`: how old a story may be. `formats`: what it may be handed out in (html, ninjs, …).
    `clauses`: the words that decide, by the name of the limit; the licence's own clause stands in for a missing one.
    """

    channels: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    delay: timedelta = timedelta(0)
    archive: timedelta | None = None
    rendition: int = Rendition.ORIGINAL
    under_embargo: bool = False
    seats: int | None = None
    seat_kind: str = SeatKind.NAMED
    quotas: tuple[Quota, ...] = ()
    clauses: dict[str, str] = field(default_factory=dict, hash=False)


NO_LIMITS = Limits()


class Unlock(StrEnum):
    """What would turn a no into a yes, for faces to put in words."""

    SIGN_IN = "sign_in"
    SUBSCRIBE = "subscribe"
    WAIT = "wait"
    ASK_ADMIN = "ask_admin"
    ASK_SALES = "ask_sales"
    PAY = "pay"
    ACCEPT_PRICE = "accept_price"
    SPEND_METER = "spend_meter"
    OTHER_RENDITION = "other_rendition"
    NOTHING = "nothing"


def usage_key(
    *,
    licence_id: int | None,
    user_id: int | None,
    release_id: int,
    use: str,
    channel: str,
    at: datetime,
    reader: str = "",
) -> str:
    """What makes a use one: the same person, release, use and channel on one day (UTC) under one licence.

    `reader` stands for a person nobody has signed in (`counting.nameless`). A request id is no part of it: the same
    request again is the same use, and another use under a repeated id is a use of its own.
    """
    parts: tuple[object, ...] = (licence_id, user_id, release_id, use, channel)
    parts += (at.astimezone(UTC).strftime("%Y-%m-%d"), *([reader] if reader else []))
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
