"""What is sold once and for how much: `prices.toml`, checked once and never changed while running."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newsroom.billing.catalogue import BadCatalogue, Price, catalogue
from newsroom.billing.purchases.terms import Choice, Circulation, Duration, Purpose, Territory
from newsroom.core.money import Money, exponent

FILE = Path(__file__).with_name("prices.toml")
Amounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PriceList:
    steps: Amounts
    day_passes: Amounts
    purposes: Mapping[str, Amounts]
    percents: Mapping[str, int]  # by territory, circulation and duration
    gift_plans: tuple[str, ...]
    gift_months: tuple[int, ...]

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(self.steps)

    def currency(self, wanted: str) -> str:
        """This one where we sell in it, else the first."""
        return wanted if wanted in self.steps else self.currencies[0]

    def day_pass(self, currency: str) -> Money:
        return Money(self.day_passes[currency], currency)

    def story(self, choice: Choice, currency: str) -> Money:
        """The price of a purpose, times where, how many and how long, in whole steps of the currency (half goes up)."""
        amount, whole = self.purposes[choice.purpose][currency], 1
        if not choice.personal:
            for name in (choice.territory, choice.circulation, choice.duration):
                amount, whole = amount * self.percents[name], whole * 100
        step = self.steps[currency] * whole
        return Money((amount * 2 + step) // (step * 2) * self.steps[currency], currency)

    def gift(self, plan: str, months: int, currency: str) -> Money | None:
        """What the plan costs for so many months, a whole year at the price of the year; None where it is not given."""
        if plan not in self.gift_plans or months not in self.gift_months:
            return None
        times, interval = (months // 12, "year") if months % 12 == 0 else (months, "month")
        price = _price_of(plan, interval, currency)
        return None if price is None else Money(price.money.minor * times, currency)


def _price_of(plan: str, interval: str, currency: str) -> Price | None:
    return next(
        (
            each
            for each in catalogue().prices()
            if (each.plan, each.interval, each.money.currency) == (plan, interval, currency)
        ),
        None,
    )


def read(text: str) -> PriceList:
    """The price list in this TOML. Raises `BadCatalogue`, naming the place."""
    try:
        data = tomllib.loads(text)
        story = data["story"]
        percents = story["territories"] | story["circulations"] | story["durations"]
        found = PriceList(
            data["steps"],
            data["day_pass"],
            story["purposes"],
            percents,
            tuple(data["gift"]["plans"]),
            tuple(data["gift"]["months"]),
        )
    except KeyError as error:
        raise BadCatalogue(f"prices.toml: missing {error.args[0]}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadCatalogue(f"prices.toml: {error}") from None
    _check(found)
    return found


def _check(found: PriceList) -> None:
    if set(found.purposes) != set(Purpose.values):
        raise BadCatalogue("prices.toml: each purpose needs its prices")
    if set(found.percents) != {*Territory.values, *Circulation.values, *Duration.values}:
        raise BadCatalogue("prices.toml: each territory, circulation and duration needs its percentage")
    for where, amounts in {"steps": found.steps, "day_pass": found.day_passes, **found.purposes}.items():
        if set(amounts) != set(found.currencies):
            raise BadCatalogue(f"prices.toml: {where} needs each of {', '.join(found.currencies)}")
        for currency, minor in amounts.items():
            _check_amount(where, currency, minor)


def _check_amount(where: str, currency: str, minor: object) -> None:
    if type(minor) is not int or minor <= 0:
        raise BadCatalogue(f"prices.toml: {where}: {minor!r} {currency} is not a whole number of minor units")
    if exponent(currency) == 3 and minor % 10:  # https://docs.stripe.com/currencies#three-decimal
        raise BadCatalogue(f"prices.toml: {where}: Stripe charges {currency} in tens")


@lru_cache(maxsize=1)
def price_list() -> PriceList:
    """The price list in force."""
    return read(FILE.read_text(encoding="utf-8"))
