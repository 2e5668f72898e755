"""The rows of enquiries, offers and documents: pages that are about agreements, and on which no story is told."""

from collections.abc import Iterable

from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

READERS = ("anonymous", "licensed", "wrong product")
ADDRESSES = {
    "contact_sent": "/contact/sent/",
    "offer": "/offers/unknown/",
    "offer_pdf": "/offers/unknown/offer.pdf",
    "offer_accept": "/offers/unknown/accept/",
    "offer_decline": "/offers/unknown/decline/",
    "verify": "/verify/",
    "verify_number": "/verify/Q-2026-00001/",
}


def agreements(world: World) -> Iterable[Ask]:
    """Each address alone and as a form; and with the address of every story where a story may be named."""
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(path, method="POST", form={"name": "Zeynep", "digest": "0" * 64})
    for told in world.stories.values():
        yield Ask(f"/contact/?story={told.slug}")
        yield Ask("/contact/", method="POST", form={"story": told.slug, "name": "Zeynep"})
        yield Ask(f"/verify/?number={told.slug[:80]}")


ROWS = (Surface("enquiries, offers and documents", tuple(ADDRESSES), agreements, readers=READERS),)
