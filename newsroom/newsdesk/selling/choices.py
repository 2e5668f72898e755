"""What forms of selling let one choose from."""

from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from newsroom.core.countries import countries
from newsroom.licensing.selling.rates import CURRENCIES
from newsroom.wire.models import Product, Release


def country_choices() -> list[tuple[str, str]]:
    """Every country by its name in the language of the page."""
    return list(countries(to_locale(get_language() or "en")).items())


def any_country() -> list[tuple[str, str]]:
    return [("", _("Every country")), *country_choices()]


def one_country() -> list[tuple[str, str]]:
    return [("", _("Choose a country")), *country_choices()]


def product_choices() -> list[tuple[str, str]]:
    return list(Product.objects.order_by("name").values_list("code", "name"))


def currency_choices() -> list[tuple[str, str]]:
    common = ["eur", "usd", "try", "gbp"]
    return [(code, code.upper()) for code in [*common, *(each for each in CURRENCIES if each not in common)]]


def any_language() -> list[tuple[str, str]]:
    """The languages in which the wire writes, or whichever."""
    found = Release.objects.order_by("language").values_list("language", flat=True).distinct()
    return [("", _("any")), *((code, code) for code in found)]
