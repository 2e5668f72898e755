"""What is sold: the plans and prices of `catalogue.toml`, checked once and never changed while running."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import to_locale

from newsroom.billing.promotions import Coupon, Promotion, coupon_of, promotion_of
from newsroom.billing.states import After
from newsroom.core.money import Money
from newsroom.licensing.rules import Use

FILE = Path(__file__).with_name("catalogue.toml")
INTERVALS = ("month", "year")
SOURCE_LANGUAGE = "en"


class BadCatalogue(Exception):
    """The catalogue file cannot be sold from. The message names the place."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a plan costs for one interval in one currency."""

    lookup_key: str
    plan: str
    interval: str
    money: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reader can buy. `products` None: every product of the wire. One that is no longer sold stays in the file
    for those who have it."""

    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    features: dict[str, list[str]]
    products: tuple[str, ...] | None
    uses: tuple[Use, ...]
    sold: bool
    prices: tuple[Price, ...]
    after_refund: After = After.NOW  # what becomes of the right when all that was paid for the period went back
    after_dispute: After = After.NOW  # when the bank took it back for good
    trial_days: int = 0

    def name(self, locale: str) -> str:
        return self.names.get(_language(locale), self.names[SOURCE_LANGUAGE])

    def description(self, locale: str) -> str:
        return self.descriptions.get(_language(locale), self.descriptions[SOURCE_LANGUAGE])

    def feature_list(self, locale: str) -> list[str]:
        return self.features.get(_language(locale), self.features[SOURCE_LANGUAGE])

    @property
    def clause(self) -> str:
        """The words a licence of this plan carries. In the source language: a contract's words do not change with
        the reader's menu."""
        return f"Plan {self.names[SOURCE_LANGUAGE]}: {', '.join(self.uses)}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    plans: tuple[Plan, ...]
    currencies: tuple[str, ...]
    default_currency: str
    currency_of_language: dict[str, str]
    coupons: tuple[Coupon, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    win_back: Coupon | None = None  # what a reader who left may have, once

    def plan(self, code: str) -> Plan | None:
        return next((plan for plan in self.plans if plan.code == code), None)

    def on_sale(self) -> list[Plan]:
        return [plan for plan in self.plans if plan.sold]

    def price(self, lookup_key: str) -> Price | None:
        """A price that is sold, by its key."""
        return next((price for price in self.prices() if price.lookup_key == lookup_key), None)

    def prices(self) -> Iterator[Price]:
        """Every price that is sold."""
        for plan in self.on_sale():
            yield from plan.prices

    def currency_for(self, locale: str) -> str:
        return self.currency_of_language.get(_language(locale), self.default_currency)


def _language(locale: str) -> str:
    return to_locale(locale).split("_")[0]


def read(text: str) -> Catalogue:
    """The catalogue in this TOML. Raises `BadCatalogue`."""
    try:
        data = tomllib.loads(text)
        currencies = tuple(data["currencies"])
        plans = tuple(_plan(each, currencies) for each in data["plans"])
        coupons = tuple(coupon_of(each) for each in data.get("coupons", []))
        found = Catalogue(
            plans,
            currencies,
            data["default_currency"],
            data.get("currency_of_language", {}),
            coupons,
            tuple(promotion_of(each, coupons) for each in data.get("promotions", [])),
            next((each for each in coupons if each.code == data.get("win_back")), None),
        )
    except KeyError as error:
        raise BadCatalogue(f"missing: {error.args[0]}") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise BadCatalogue(str(error)) from None
    if len({plan.code for plan in plans}) != len(plans):
        raise BadCatalogue("two plans have one code")
    if not {found.default_currency, *found.currency_of_language.values()} <= set(currencies):
        raise BadCatalogue("a currency is named that no price is in")
    return found


def _plan(data: dict[str, Any], currencies: tuple[str, ...]) -> Plan:
    code = data["code"]
    for texts in ("names", "descriptions", "features"):
        if SOURCE_LANGUAGE not in data[texts]:
            raise BadCatalogue(f"{code}: {texts} are missing in {SOURCE_LANGUAGE}")
    return Plan(
        code=code,
        names=data["names"],
        descriptions=data["descriptions"],
        features=data["features"],
        products=None if data["products"] == "all" else tuple(data["products"]),
        uses=tuple(Use(each) for each in data["uses"]),
        sold=data.get("sold", True),
        prices=tuple(_prices(code, data["prices"], currencies)),
        after_refund=After(data.get("after_refund", After.NOW)),
        after_dispute=After(data.get("after_dispute", After.NOW)),
        trial_days=data.get("trial_days", 0),
    )


def _prices(code: str, data: dict[str, dict[str, int]], currencies: tuple[str, ...]) -> Iterator[Price]:
    for interval, amounts in data.items():
        if interval not in INTERVALS:
            raise BadCatalogue(f"{code}: {interval!r} is not one of {', '.join(INTERVALS)}")
        if set(amounts) != set(currencies):
            raise BadCatalogue(f"{code}: each of {', '.join(currencies)} needs a price per {interval}")
        for currency, minor in amounts.items():
            if type(minor) is not int or minor <= 0:
                raise BadCatalogue(f"{code}: {minor!r} {currency} is not a whole number of minor units")
            yield Price(f"{code}_{interval}_{currency}", code, interval, Money(minor, currency))


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue in force."""
    return read(FILE.read_text(encoding="utf-8"))
