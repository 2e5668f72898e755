"""The rows of an organisation's usage, and of what a person asks about their own data."""

from collections.abc import Iterable

from tests.leaks.canaries import Kind
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

SIGNED_IN_AND_NOT = ("anonymous", "licensed", "wrong product")
ADDRESSES = {
    "organisation_usage_report": "/organisation/daily/usage/report/",
    "organisation_usage_file": "/organisation/daily/usage.csv",
    "personal_data": "/account/data/",
    "personal_data_file": "/account/data/unknown/",
}


def asks(world: World) -> Iterable[Ask]:
    """By story too: a figure names a headline, and never more."""
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?by=item")


ROWS = (
    Surface(
        "usage and personal data", tuple(ADDRESSES), asks, most=frozenset({Kind.HEADLINE}), readers=SIGNED_IN_AND_NOT
    ),
)
