"""The rows of explain access: staff who sell are told why, and of a story no more than everybody may see."""

from collections.abc import Iterable
from urllib.parse import urlencode

from tests.leaks.canaries import Kind
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World


def questions(world: World) -> Iterable[Ask]:
    """Each story, by its address, at the present moment and at one past."""
    for story in world.stories.values():
        if story.slug:
            for at in ({}, {"at": "2026-03-03T14:30:00"}):
                query = {"story": f"/story/{story.slug}/", "use": "read"} | at
                yield Ask(f"/desk/explain/?{urlencode(query)}", story)


HEADLINE = frozenset({Kind.HEADLINE})
ROWS = (Surface("desk: explain access", (), questions, most=HEADLINE, readers=("sales",)),)
