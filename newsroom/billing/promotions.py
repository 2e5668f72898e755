"""Coupons and promotion codes of the catalogue, and what Stripe has otherwise.

A coupon is terms, a promotion code is the word that gives them (https://docs.stripe.com/billing/subscriptions/coupons).
Terms cannot change at Stripe: other terms are another coupon, and who has the old one keeps it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsroom.billing.gateway import Body, gateway

DURATIONS = ("once", "repeating", "forever")


@dataclass(frozen=True, slots=True)
class Coupon:
    """What is taken off: hundredths, or minor units of one currency."""

    code: str
    name: str
    duration: str
    percent_off: int | None = None
    amount_off: int | None = None
    currency: str | None = None
    months: int | None = None
    most: int | None = None  # redemptions

    @property
    def params(self) -> Body:
        """As Stripe is told. Whole numbers only."""
        facts = {
            "id": self.code,
            "name": self.name,
            "duration": self.duration,
            "percent_off": self.percent_off,
            "amount_off": self.amount_off,
            "currency": self.currency,
            "duration_in_months": self.months,
            "max_redemptions": self.most,
        }
        return {name: fact for name, fact in facts.items() if fact is not None}


@dataclass(frozen=True, slots=True)
class Promotion:
    """The word a reader types in."""

    code: str
    coupon: str
    first_time: bool = False
    minimum: int | None = None  # minor units of `currency`
    currency: str | None = None
    most: int | None = None
    active: bool = True

    @property
    def params(self) -> Body:
        limits: Body = {"first_time_transaction": self.first_time}
        if self.minimum is not None:
            limits |= {"minimum_amount": self.minimum, "minimum_amount_currency": self.currency}
        facts: Body = {
            "code": self.code,
            "promotion": {"type": "coupon", "coupon": self.coupon},
            "restrictions": limits,
        }
        return facts | ({"max_redemptions": self.most} if self.most is not None else {})


def coupon_of(data: dict[str, Any]) -> Coupon:
    """The coupon in this table. Raises ValueError naming what is wrong, KeyError for what is missing."""
    found = Coupon(**data | {"duration": data.get("duration", "once")})
    if (found.percent_off is None) == (found.amount_off is None):
        raise ValueError(f"coupon {found.code}: either percent_off or amount_off")
    if found.percent_off is not None and not (type(found.percent_off) is int and 0 < found.percent_off <= 100):
        raise ValueError(f"coupon {found.code}: percent_off is a whole number from 1 to 100")
    if found.amount_off is not None and (type(found.amount_off) is not int or not found.currency):
        raise ValueError(f"coupon {found.code}: amount_off is whole minor units of a currency")
    if found.duration not in DURATIONS or (found.duration == "repeating") != (found.months is not None):
        raise ValueError(f"coupon {found.code}: duration is once, forever or repeating with months")
    return found


def promotion_of(data: dict[str, Any], coupons: Iterable[Coupon]) -> Promotion:
    found = Promotion(**data)
    if found.coupon not in {each.code for each in coupons}:
        raise ValueError(f"promotion code {found.code}: there is no coupon {found.coupon!r}")
    if (found.minimum is None) != (found.currency is None):
        raise ValueError(f"promotion code {found.code}: a minimum needs its currency")
    return found


def differences(coupons: Iterable[Coupon], promotions: Iterable[Promotion]) -> Iterator[tuple[str, Body, str]]:
    """What to ask of Stripe, with what, and how a person would say it. Asks Stripe; changes nothing."""
    there = gateway().coupons() if coupons else {}
    for coupon in coupons:
        yield from _coupon(coupon, there.get(coupon.code))
    for each in promotions:
        yield from _promotion(each, gateway().promotion_code(each.code))


def _coupon(coupon: Coupon, there: Body | None) -> Iterator[tuple[str, Body, str]]:
    if there is None:
        yield "coupon.create", coupon.params, f"+ coupon {coupon.code}: {_words(coupon)}"
        return
    odd = [name for name, fact in coupon.params.items() if there.get(name) != fact and name != "name"]
    if odd:
        raise ValueError(f"coupon {coupon.code}: Stripe has another {', '.join(odd)}; other terms need another code")
    if there["name"] != coupon.name:
        yield "coupon.update", {"subject": coupon.code, "name": coupon.name}, f"~ coupon {coupon.code}: name"


def _words(coupon: Coupon) -> str:
    off = f"{coupon.percent_off} %" if coupon.percent_off else f"{coupon.amount_off} {coupon.currency}"
    return f"{off} off, {coupon.duration}" + (f" for {coupon.months} months" if coupon.months else "")


def _promotion(each: Promotion, there: Body | None) -> Iterator[tuple[str, Body, str]]:
    if there is None and each.active:
        yield "promotion_code.create", each.params, f"+ promotion code {each.code}: {each.coupon}"
    elif there is not None and there["active"] != each.active and not _used_up(there):
        change = {"subject": there["id"], "active": each.active}
        yield "promotion_code.update", change, f"~ promotion code {each.code}: {'on' if each.active else 'off'}"


def _used_up(there: Body) -> bool:
    most = there["max_redemptions"]
    return most is not None and there["times_redeemed"] >= most
