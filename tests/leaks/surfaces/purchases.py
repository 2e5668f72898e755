"""The rows of what is bought once: the page that licenses a story names it to those who see it, and nothing more."""

from collections.abc import Iterable

from tests.leaks.canaries import Kind
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

WHO = ("anonymous", "registered", "licensed", "wrong product", "expired")
TITLE = frozenset({Kind.HEADLINE})
NOBODY = "00000000-0000-4000-8000-000000000000"
ADDRESSES = {
    "day_pass": "/day-pass/",
    "bought": f"/bought/{NOBODY}/",
    "purchases": "/account/purchases/",
    "purchase_certificate": f"/account/purchases/{NOBODY}/certificate.pdf",
    "gift_plan": "/give/",
    "redeem": "/redeem/",
    "redeem_code": "/redeem/ABCD-EFGH-IJKL-MNOP/",
    "company": "/account/company/",
    "billing_portal": "/account/billing/portal/",
}
CHOSEN = ("?purpose=personal", "?purpose=print&territory=world&circulation=small&duration=year", "?purpose=nonsense")


def licences(world: World) -> Iterable[Ask]:
    """Each story's page, plain and with a choice, and its button with a price that is not ours."""
    for story in world.stories.values():
        yield Ask(f"/story/{story.slug}/licence/", story, most=TITLE)
        for query in CHOSEN:
            yield Ask(f"/story/{story.slug}/licence/{query}", story, most=TITLE)
        yield Ask(f"/story/{story.slug}/licence/buy/", story, method="POST", form={"offer": "worthless"}, most=TITLE)


def money(world: World) -> Iterable[Ask]:
    """Looked at, not acted on: behind the forms stands Stripe."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")


ROWS = (
    Surface("licensing a story", ("story_licence", "story_buy"), licences, readers=WHO),
    Surface("what is bought once", tuple(ADDRESSES), money, readers=("anonymous", "licensed", "wrong product")),
)
