"""VAT ids by country, the table of rates, and how a sale is taxed. Pure.

Consumers pay prices that include the tax of their country; businesses pay prices to which it is added, unless the
recipient owes it (reverse charge: Directive 2006/112/EC, Articles 44 and 196). That holds only for a VAT id that was
verified, or that staff has accepted with a reason.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from newsroom.core.errors import Refused

FILE = Path(__file__).with_name("taxes.toml")
FORMS = {
    "AT": r"ATU\d{8}", "BE": r"BE[01]\d{9}", "BG": r"BG\d{9,10}", "CY": r"CY\d{8}[A-Z]", "CZ": r"CZ\d{8,10}",
    "DE": r"DE\d{9}", "DK": r"DK\d{8}", "EE": r"EE\d{9}", "ES": r"ES(?=.*\d)[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"FI\d{8}",
    "FR": r"FR[A-HJ-NP-Z0-9]{2}\d{9}", "GR": r"EL\d{9}", "HR": r"HR\d{11}", "HU": r"HU\d{8}",
    "IE": r"IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"IT\d{11}", "LT": r"LT(\d{9}|\d{12})", "LU": r"LU\d{8}",
    "LV": r"LV\d{11}", "MT": r"MT\d{8}", "NL": r"NL\d{9}B\d{2}", "PL": r"PL\d{10}", "PT": r"PT\d{9}",
    "RO": r"RO\d{2,10}", "SE": r"SE\d{12}", "SI": r"SI\d{8}", "SK": r"SK\d{10}",
    "GB": r"GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})", "TR": r"\d{10}", "CH": r"CHE\d{9}(MWST|TVA|IVA)", "NO": r"\d{9}MVA",
}  # fmt: skip
"""https://ec.europa.eu/taxation_customs/vies/#/faq (EU), and each country's own for GB, TR, CH and NO."""
EXAMPLES = {
    "GR": "EL123456789",
    "GB": "GB123456789",
    "TR": "1234567890",
    "CH": "CHE-123.456.789 MWST",
    "NO": "123456789MVA",
}
KINDS = {"GB": "gb_vat", "TR": "tr_tin", "CH": "ch_vat", "NO": "no_vat"}  # Stripe's; any other is eu_vat


class BadVatId(Refused):
    """This is no VAT id of that country."""

    status = 400


@dataclass(frozen=True, slots=True)
class VatId:
    """A VAT id as Stripe takes it."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the tax of a sale depends on. `trusted`: the VAT id was verified, or staff accepted it with a reason."""

    country: str
    business: bool = False
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a sale is taxed. `percentage` empty: no tax of ours."""

    country: str = ""
    percentage: str = ""
    inclusive: bool = True
    reverse_charge: bool = False
    company: str = ""
    vat_id: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Table:
    """The rates by country, and which countries are of the European Union."""

    rates: Mapping[str, str]
    union: frozenset[str]
    sources: Mapping[str, str]

    def source(self, country: str) -> str:
        return self.sources["eu" if country in self.union else country]


@lru_cache(maxsize=1)
def table() -> Table:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Table(data["eu"] | data["others"], frozenset(data["eu"]), data["sources"])


def treated(buyer: Buyer, *, seller: str) -> Treatment:
    """How a sale to this buyer is taxed. A country that is not in the table is taxed there, and not by us."""
    rate = table().rates.get(buyer.country, "")
    if buyer.business and buyer.trusted and buyer.country != seller:
        return Treatment(buyer.country, "", inclusive=False, reverse_charge=bool(rate))
    return Treatment(buyer.country, rate, inclusive=not buyer.business)


def vat_id(country: str, text: str) -> VatId:
    """The VAT id of this country in that text, however it is spaced. Raises `BadVatId`, saying what one looks like."""
    form = FORMS.get(country)
    if form is None:
        raise BadVatId(_("We know no VAT IDs of this country. Leave the field empty."))
    plain = re.sub(r"[\s.\-/]", "", text.upper())
    if not re.fullmatch(form, plain):
        example = EXAMPLES.get(country) or _example(country)
        raise BadVatId(
            _("This is no VAT ID of the country you chose. One looks like %(example)s.") % {"example": example}
        )
    return VatId(KINDS.get(country, "eu_vat"), _written(country, plain))


def _written(country: str, plain: str) -> str:
    """As Stripe wants it: Swiss ones in their groups."""
    if country != "CH":
        return plain
    return f"CHE-{plain[3:6]}.{plain[6:9]}.{plain[9:12]} {plain[12:]}"


def _example(country: str) -> str:
    examples = {
        "AT": "ATU12345678",
        "CY": "CY12345678X",
        "ES": "ESX1234567X",
        "IE": "IE1234567FA",
        "NL": "NL123456789B01",
    }
    digits = {"BE": 10, "BG": 9, "CZ": 8, "DE": 9, "DK": 8, "EE": 9, "FI": 8, "FR": 11, "HR": 11, "HU": 8, "IT": 11}
    digits |= {"LT": 9, "LU": 8, "LV": 11, "MT": 8, "PL": 10, "PT": 9, "RO": 9, "SE": 12, "SI": 8, "SK": 10}
    return (
        examples.get(country)
        or country + ("0" if country == "BE" else "") + "1234567890123"[: digits[country] - (country == "BE")]
    )
