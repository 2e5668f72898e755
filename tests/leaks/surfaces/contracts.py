"""The rows of what a customer agreed to: no story stands there, and other people's contracts do not exist."""

from collections.abc import Iterable

from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

ADDRESSES = {
    "organisation_contracts": "/organisation/daily/contracts/",
    "organisation_contract": "/organisation/daily/contracts/CT-2026-0001/",
    "contract_notice": "/organisation/daily/contracts/CT-2026-0001/notice/",
    "contract_attest": "/organisation/daily/contracts/CT-2026-0001/attest/",
    "contract_document": "/organisation/daily/contracts/CT-2026-0001/documents/C-2026-00001.pdf",
    "attest_deletion": "/organisation/deletion/un:kno:wn/",
}


def contracts(world: World) -> Iterable[Ask]:
    """Each address alone, with a story's address to come back to, and as a form."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
        yield Ask(path, method="POST", form={"name": back, "why": back, "sure": "on"})


ROWS = (
    Surface("contracts of a customer", tuple(ADDRESSES), contracts, readers=("anonymous", "licensed", "wrong product")),
)
