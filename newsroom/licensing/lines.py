"""A line of an offer or a contract: what is licensed, with which limits, at which price. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from newsroom.core.money import Money
from newsroom.licensing.rules import Limits, Quota


@dataclass(frozen=True, slots=True)
class Line:
    """What is agreed, once. `products`: codes, empty for every product. `uses`: values of `Use`.

    `price` is for each `interval` ("month", "quarter", "year" or "once"), for all seats together. `discount` in
    basis points is within the price already, and kept to be shown and approved: 1500 is 15 %.
    """

    title: str
    products: tuple[str, ...]
    uses: tuple[str, ...]
    limits: Limits
    clause: str
    price: Money
    interval: str = "year"
    discount: int = 0

    def as_json(self) -> dict[str, Any]:
        """For a JSON column and for a document's hash: keys sorted by whoever writes it, nothing left out."""
        limits = self.limits
        return {
            "title": self.title,
            "products": list(self.products),
            "uses": list(self.uses),
            "clause": self.clause,
            "price": {"minor": self.price.minor, "currency": self.price.currency},
            "interval": self.interval,
            "discount": self.discount,
            "limits": {
                "channels": sorted(limits.channels),
                "territories": sorted(limits.territories),
                "formats": sorted(limits.formats),
                "delay_seconds": int(limits.delay.total_seconds()),
                "archive_days": None if limits.archive is None else limits.archive.days,
                "rendition": int(limits.rendition),
                "under_embargo": limits.under_embargo,
                "seats": limits.seats,
                "seat_kind": str(limits.seat_kind),
                "quotas": [each.as_json() for each in limits.quotas],
                "clauses": dict(limits.clauses),
            },
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        found = kept["limits"]
        limits = Limits(
            channels=frozenset(found["channels"]),
            territories=frozenset(found["territories"]),
            formats=frozenset(found["formats"]),
            delay=timedelta(seconds=found["delay_seconds"]),
            archive=None if found["archive_days"] is None else timedelta(days=found["archive_days"]),
            rendition=found["rendition"],
            under_embargo=found["under_embargo"],
            seats=found["seats"],
            seat_kind=found["seat_kind"],
            quotas=tuple(Quota.from_json(each) for each in found["quotas"]),
            clauses=found["clauses"],
        )
        price = Money(kept["price"]["minor"], kept["price"]["currency"])
        return cls(
            title=kept["title"],
            products=tuple(kept["products"]),
            uses=tuple(kept["uses"]),
            limits=limits,
            clause=kept["clause"],
            price=price,
            interval=kept["interval"],
            discount=kept["discount"],
        )
