"""The rows of what spends: the button of the meter and of a price, and gift links."""

from collections.abc import Iterable

from newsroom.core.audit import SYSTEM
from newsroom.licensing import gifts
from newsroom.wire.models import Item
from tests.factories import NOON, a_user
from tests.leaks.canaries import WITHDRAWN, Kind
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

WHO = ("anonymous", "registered", "licensed", "wrong product", "expired", "quota spent", "quota spent, at a price")
TITLE = frozenset({Kind.HEADLINE})
NOTHING: frozenset[Kind] = frozenset()


def pressed(world: World) -> Iterable[Ask]:
    """Each story's button, plainly, with a worthless token, and for a picture. It leads on, and shows no story itself."""
    for story in world.stories.values():
        for form in ({"x": "1"}, {"accept": "worthless"}, {"position": "0"}):
            yield Ask(f"/story/{story.slug}/read/", story, method="POST", form=form, most=WITHDRAWN)
        yield Ask(f"/story/{story.slug}/read/", story, most=NOTHING)


def links(world: World) -> Iterable[Ask]:
    """A gift link of each story that ever was on the wire. Its answer is the address, which may be made of the headline."""
    for story in world.stories.values():
        item = Item.objects.filter(slug=story.slug).first()
        if item is not None:
            _gift, token = gifts.give(giver=a_user(), item=item, by=SYSTEM, at=NOON, a_month=None)
            yield Ask(f"/gift/{token}/", story, most=TITLE)
    yield Ask("/gift/unknown/")


def giving(world: World) -> Iterable[Ask]:
    """Making a link names the story to those who may read it."""
    yield Ask("/account/gifts/")
    yield Ask("/account/gifts/1/revoke/", method="POST", form={"x": "1"})
    for story in world.stories.values():
        yield Ask(f"/account/gifts/new/?story={story.slug}", story, most=TITLE)
        form = {"story": story.slug, "days": "3", "views": "2"}
        yield Ask("/account/gifts/new/", story, method="POST", form=form, most=TITLE)


ROWS = (
    Surface("the button that spends", ("read",), pressed, readers=WHO),
    Surface("gift links", ("gift",), links, readers=WHO),
    Surface("giving a story", ("gifts", "gift_new", "gift_revoke"), giving, readers=WHO),
)
