"""The rows of what an organisation pays: no story stands there, and other people's invoices do not exist."""

from collections.abc import Iterable

from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

ADDRESSES = {
    "organisation_invoices": "/organisation/daily/invoices/",
    "organisation_invoice": "/organisation/daily/invoices/1/",
    "organisation_overage": "/organisation/daily/uses/1.csv",
}


def invoices(world: World) -> Iterable[Ask]:
    """Each address alone, with a story's address to come back to, and as a form."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
        yield Ask(path, method="POST", form={"as": back})


ROWS = (
    Surface("invoices of a customer", tuple(ADDRESSES), invoices, readers=("anonymous", "licensed", "wrong product")),
)
