"""Tax rates, and what they come to on an amount: https://docs.stripe.com/billing/taxes/tax-rates."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from newsroom.core.money import exponent
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

CREATE_BUILT = words(
    "active country description display_name expand inclusive jurisdiction metadata percentage state tax_type"
)
UPDATE_BUILT = CREATE_BUILT - {"inclusive", "percentage"}
MOST = 5  # on one line


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its taxes: what it is without them, what it is with them, and each of them."""

    subtotal: int
    total: int
    taxes: tuple[tuple[Body, int, int], ...]  # the rate, what it taxes, what it comes to


def create(world: World, given: Body) -> Body:
    _check_percentage(given["percentage"])
    facts = {name: each for name, each in given.items() if name != "expand"}
    facts["metadata"] = merged({}, given.get("metadata"))
    whole = {"active": True, "rate_type": "percentage", "effective_percentage": given["percentage"]} | facts
    return world.add("tax_rate", "tax_rate.created", **whole)


def _check_percentage(percentage: float) -> None:
    exact = Decimal(str(percentage))
    if not 0 <= exact <= 100 or exact != exact.quantize(Decimal("0.0001")):
        raise invalid("Invalid percentage: it is between 0 and 100, with up to four decimals.", param="percentage")


def update(world: World, given: Body, name: str) -> Body:
    rate = world.get("tax_rate", name)
    facts = unset({key: each for key, each in given.items() if key != "expand"})
    facts["metadata"] = merged(rate["metadata"], given.get("metadata"))
    return world.change(rate, "tax_rate.updated", **facts)


def find(world: World, given: Body) -> Body:
    return page(world, "tax_rate", given, {name: given[name] for name in ("active", "inclusive") if name in given})


def named(world: World, names: list[str], at: str) -> list[Body]:
    """The active rates of these ids. Raises StripeError as Stripe does for a line that cannot have them together."""
    found = [world.get("tax_rate", name, param=f"{at}[{number}]") for number, name in enumerate(names)]
    if idle := next((each["id"] for each in found if not each["active"]), None):
        raise invalid(f"The tax rate `{idle}` is archived and cannot be used.", param=at)
    if len({each["inclusive"] for each in found}) > 1:
        raise invalid("You cannot combine inclusive and exclusive tax rates on one line.", param=at)
    if len(found) > MOST:
        raise invalid(f"You can use at most {MOST} tax rates on one line.", param=at)
    return [public(each) for each in found]


def taxed(amount: int, rates: list[Body], currency: str) -> Taxed:
    """Taxes of a line, rounded line by line to what the currency is charged in; of an inclusive price, taken out of it."""
    inclusive = bool(rates) and rates[0]["inclusive"]
    percentages = [Decimal(str(each["percentage"])) for each in rates]
    base = Decimal(amount) / (1 + sum(percentages, Decimal(0)) / 100) if inclusive else Decimal(amount)
    found = [_whole(base * percentage / 100, step_of(currency)) for percentage in percentages]
    net = amount - sum(found) if inclusive else amount
    taxes = tuple((rate, net, tax) for rate, tax in zip(rates, found, strict=True))
    return Taxed(amount, amount if inclusive else amount + sum(found), taxes)


def step_of(currency: str) -> int:
    """Amounts of three-decimal currencies end in 0 (https://docs.stripe.com/currencies#three-decimal)."""
    return 10 if exponent(currency) == 3 else 1


def _whole(exact: Decimal, step: int) -> int:
    return int((exact / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def of_line_item(taxed: Taxed) -> list[Body]:
    """As a Checkout's line says it."""
    return [
        {"amount": tax, "rate": rate, "taxability_reason": None, "taxable_amount": base}
        for rate, base, tax in taxed.taxes
    ]


def of_invoice(taxed: Taxed) -> list[Body]:
    """As an invoice and its lines say it."""
    return [
        {
            "amount": tax,
            "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]},
            "taxability_reason": "not_available",
            "taxable_amount": base,
            "type": "tax_rate_details",
        }
        for rate, base, tax in taxed.taxes
    ]


def summed(each_line: list[list[Body]]) -> list[Body]:
    """The taxes of an invoice: those of its lines, one row for each rate."""
    found: dict[str, Body] = {}
    for tax in (tax for line in each_line for tax in line):
        name = tax["tax_rate_details"]["tax_rate"]
        known = found.get(name, tax | {"amount": 0, "taxable_amount": 0})
        found[name] = known | {key: known[key] + tax[key] for key in ("amount", "taxable_amount")}
    return list(found.values())
