"""The countries of ISO 3166-1, from the Unicode CLDR that babel brings."""

from functools import lru_cache

from babel import Locale

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
"""Codes CLDR names that ISO 3166-1 does not assign. XK (Kosovo) is in use and stays."""


@lru_cache(maxsize=16)
def countries(locale: str) -> dict[str, str]:
    """Alpha-2 code to name in this language, by name."""
    names = Locale.parse(locale.replace("-", "_")).territories
    found = {code: str(name) for code, name in names.items() if len(code) == 2 and code not in NOT_COUNTRIES}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def is_country(code: str) -> bool:
    """Whether this is an alpha-2 code, in capitals."""
    return code in countries("en")
