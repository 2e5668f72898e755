"""The rows of organisations' own pages and of accounts made one: they tell of people, never of stories."""

from collections.abc import Iterable

from newsroom.accounts.models import Membership
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

READERS = ("anonymous", "member", "member removed", "with a seat", "licensed")
PAGES = {
    "organisation": "",
    "organisation_choose": "choose/",
    "organisation_join": "join/",
    "organisation_leave": "leave/",
    "organisation_ask": "ask/",
    "organisation_person": "people/1/",
    "organisation_invitations": "invitations/",
    "organisation_invitation_change": "invitations/1/again/",
    "organisation_requests": "requests/",
    "organisation_request": "requests/1/",
    "organisation_usage": "usage/",
    "organisation_settings": "settings/",
    "organisation_claim": "settings/claims/1/check/",
    "organisation_place_end": "settings/networks/1/end/",
}
OTHERS = {
    "organisations": "/organisation/",
    "invitation": "/organisation/invitation/unknown/",
    "merge": "/account/merge/",
    "merger": "/account/merge/unknown/",
}


def pages(world: World) -> Iterable[Ask]:
    """Each page of each organisation that a reader of the matrix belongs to."""
    people = [user for user in world.people.values() if user is not None]
    slugs = Membership.objects.filter(user__in=people).values_list("organisation__slug", flat=True).distinct()
    for slug in slugs:
        yield from (Ask(f"/organisation/{slug}/{page}") for page in PAGES.values())
    yield from (Ask(path) for path in OTHERS.values())


ROWS = (Surface("organisations", (*PAGES, *OTHERS), pages, readers=READERS),)
