"""The rows of what consumers declare, and of money that goes back: no story stands there."""

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
DESK = {
    "newsdesk:money_back": "/desk/money-back/",
    "newsdesk:refund": "/desk/money-back/payments/1/",
    "newsdesk:credit": "/desk/money-back/invoices/1/",
    "newsdesk:answer_dispute": "/desk/money-back/disputes/1/",
    "newsdesk:accept_dispute": "/desk/money-back/disputes/1/accept/",
    "newsdesk:decide_matter": "/desk/money-back/matters/1/",
}


def declarations(world: World) -> Iterable[Ask]:
    """Each address alone, with a story's address, and as a form."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
        yield Ask(path, method="POST", form={"name": back, "email": "zeynep@example.com", "contract": back})


def money_back(world: World) -> Iterable[Ask]:
    for path in DESK.values():
        yield Ask(path)
        yield Ask(path, method="POST", form={"why": "asked"})


ROWS = (
    Surface("declarations of consumers", tuple(ADDRESSES), declarations, readers=READERS),
    Surface("money that goes back", tuple(DESK), money_back, readers=READERS),
)
