"""The rows of the API: what machines are told of stories, with which key and by whom ever. No word of any, to anybody."""

import json
from collections.abc import Iterable

from newsroom.accounts import keys
from newsroom.accounts.keys import Scope, Wanted
from newsroom.accounts.models import Organisation
from newsroom.core.audit import SYSTEM
from newsroom.licensing.rules import Use
from tests.factories import DAY, NOON, a_licence, an_organisation
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

ALL = tuple(Use)
TWO = ("anonymous", "licensed")
ADDRESSES = {
    "openapi-json": "/api/v1/openapi.json",
    "api_docs": "/api/docs",
    "api_unknown": "/api/v1/unknown",
    "jwks": "/.well-known/jwks.json",
    "revocations": "/api/v1/revocations",
    "organisation_keys": "/organisation/daily/keys/",
    "organisation_key_revoke": "/organisation/daily/keys/1/revoke/",
}


def tokens(world: World) -> list[str]:
    """Keys of one who holds everything, one who holds another product, and one whose licence has ended."""
    right, wrong, ended = an_organisation(), an_organisation(), an_organisation()
    a_licence(right, products=[world.products.right], uses=ALL)
    a_licence(wrong, products=[world.products.wrong], uses=ALL)
    a_licence(ended, products=[world.products.right], uses=ALL, ends_at=NOON)
    return [_key(each) for each in (right, wrong, ended)]


def _key(organisation: Organisation) -> str:
    wanted = Wanted(name="leaks", scopes=list(Scope.values), audiences=["https://edge.example"])
    return keys.create(organisation=organisation, wanted=wanted, by=SYSTEM, at=NOON - DAY)[1]


def checks(world: World) -> Iterable[Ask]:
    """Every story, by every key, singly, in one batch, and used."""
    for number, token in enumerate(tokens(world)):
        headers = {"Authorization": f"Bearer {token}"}
        addresses = [f"/story/{story.slug}/" for story in world.stories.values()]
        for story in world.stories.values():
            yield Ask(f"/api/v1/entitlements/{story.slug}", story, headers=headers)
            use = {"item": story.slug, "use": "read", "request_id": f"leaks-{number}-{story.state.replace(' ', '-')}"}
            yield Ask("/api/v1/uses", story, "POST", headers=headers, json=json.dumps(use))
        batch = {
            "questions": [{"item": each, "use": use} for each in addresses for use in ("read", "publish", "receive")]
        }
        yield Ask("/api/v1/entitlements/check", None, "POST", headers=headers, json=json.dumps(batch))
        wanted = {"audience": "https://edge.example"}
        yield Ask("/api/v1/tokens", None, "POST", headers=headers, json=json.dumps(wanted))
        yield Ask("/api/v1/revocations", None, headers=headers)


def without_a_key(world: World) -> Iterable[Ask]:
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(path, method="POST", form={"name": "x"})
    for story in world.stories.values():
        yield Ask(f"/api/v1/entitlements/{story.slug}", story)


ROWS = (
    Surface("api: checks and uses", ("entitlements_check", "entitlement", "uses", "tokens"), checks, readers=TWO),
    Surface("api: pages and strangers", tuple(ADDRESSES), without_a_key, readers=TWO),
)
