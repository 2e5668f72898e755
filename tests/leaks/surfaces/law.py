"""The rows of what consumers declare: no story stands there."""

from collections.abc import Iterable

from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

READERS = ("anonymous", "licensed", "wrong product")
ADDRESSES = {
    "withdraw": "/withdraw/",
    "withdraw_received": "/withdraw/received/",
    "cancel_contract": "/cancel/",
    "cancel_received": "/cancel/received/",
    "declaration_confirm": "/declaration/unknown/",
}


def declarations(world: World) -> Iterable[Ask]:
    """Each address alone, with a story's address, and as a form."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
        yield Ask(path, method="POST", form={"name": back, "email": "zeynep@example.com", "contract": back})


ROWS = (Surface("declarations of consumers", tuple(ADDRESSES), declarations, readers=READERS),)
