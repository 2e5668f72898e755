"""The one table. A row says what the law of a country asks of us, and where it says so; the last row is our own word.

Facts only, and the stricter reading where two are possible. What a row does not name, it does not ask for.
"""

from dataclasses import dataclass, field, replace

PRO_RATA, FULL = "pro_rata", "full"
EU_RIGHTS = "Directive 2011/83/EU, art. 9–16 (withdrawal within 14 days; art. 14(3): a share for what was used)"
EU_FUNCTION = "Directive 2011/83/EU, art. 11a, added by Directive (EU) 2023/2673, applied from 19 June 2026"
EU_TIMES = "Regulation (EEC, Euratom) 1182/71, art. 3 (the first day does not count; ends on a working day)"
OWN = "Our own terms of use: what consumers in the European Union have, everybody has"


@dataclass(frozen=True, slots=True)
class Row:
    """What is due to a consumer of one country. Days before are counted back from the moment itself."""

    zone: str  # where the day ends last in this country
    days: int = 14  # to withdraw, after the day of the contract
    working_day: bool = False  # the last of them is moved on to a working day
    refund: str = PRO_RATA
    renewal: dict[str, tuple[int, ...]] = field(default_factory=lambda: {"year": (30,)})
    trial: tuple[int, ...] = (3,)
    price_notice: int = 30
    sources: tuple[str, ...] = (OWN,)


EU = Row(zone="Europe/Brussels", working_day=True, sources=(EU_RIGHTS, EU_FUNCTION, EU_TIMES))
ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "BG": "Europe/Sofia", "HR": "Europe/Zagreb", "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "FI": "Europe/Helsinki",
    "FR": "Europe/Paris", "DE": "Europe/Berlin", "GR": "Europe/Athens", "HU": "Europe/Budapest", "IE": "Europe/Dublin",
    "IT": "Europe/Rome", "LV": "Europe/Riga", "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw", "PT": "Atlantic/Azores", "RO": "Europe/Bucharest",
    "SK": "Europe/Bratislava", "SI": "Europe/Ljubljana", "ES": "Atlantic/Canary", "SE": "Europe/Stockholm",
}  # fmt: skip
"""The Union's members. Where a country has two zones, the one whose day ends later."""
MEMBERS = {code: replace(EU, zone=zone) for code, zone in ZONES.items()}
TABLE = MEMBERS | {
    "DE": replace(
        MEMBERS["DE"],
        sources=(
            *EU.sources,
            "BGB § 355, § 356 (withdrawal), § 357a (share for what was used)",
            "BGB § 312k (cancel button without sign-in, confirmation at once in text form)",
        ),
    ),
    "FR": replace(
        MEMBERS["FR"],
        renewal={"year": (60, 30)},
        sources=(
            *EU.sources,
            "Code de la consommation, art. L221-18 ff. (rétractation)",
            "Code de la consommation, art. L215-1 (notice of tacit renewal, one to three months before)",
            "Code de la consommation, art. L215-1-1 (résiliation en ligne, without sign-in)",
        ),
    ),
    "GB": Row(
        zone="Europe/London",
        renewal={"year": (30, 7), "month": ()},
        sources=(
            "Consumer Contracts (Information, Cancellation and Additional Charges) Regulations 2013, reg. 29–36",
            "Digital Markets, Competition and Consumers Act 2024, Part 4 Chapter 2 (subscription contracts: reminders, "
            "ending a contract online, cooling-off)",
        ),
    ),
    "TR": Row(
        zone="Europe/Istanbul",
        refund=FULL,
        sources=(
            "6502 sayılı Tüketicinin Korunması Hakkında Kanun, art. 48 (withdrawal within 14 days), art. 52 (subscriptions)",
            "Mesafeli Sözleşmeler Yönetmeliği, Resmî Gazete 27.11.2014, 29188, art. 9–12",
            "Abonelik Sözleşmeleri Yönetmeliği, Resmî Gazete 24.01.2015, 29246",
        ),
    ),
    "US": Row(
        zone="Pacific/Honolulu",
        sources=(
            "Restore Online Shoppers' Confidence Act, 15 U.S.C. § 8403 (simple mechanisms to stop recurring charges)",
            "California Business and Professions Code § 17600 ff. (reminders of yearly renewals and ends of trials, "
            "notice of changed prices, online cancellation)",
            OWN,
        ),
    ),
}  # fmt: skip
OTHERS = Row(zone="Etc/GMT+12")
"""Where we know of no rule: our own word, and the day that ends last on Earth."""


def row_of(country: str) -> Row:
    """The row of this country (ISO 3166-1 alpha-2, any case), or our own word."""
    return TABLE.get(country.upper(), OTHERS)


def longest_price_notice() -> int:
    """The notice that suffices everywhere, in days."""
    return max(each.price_notice for each in (*TABLE.values(), OTHERS))
