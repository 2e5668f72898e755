"""(surface × reader × state): nobody finds a canary beyond their right, and those with a right find what is theirs."""

from collections.abc import Collection, Iterable
from datetime import datetime
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from django.test import Client

from tests.factories import NOON
from tests.leaks.canaries import LIBRARY, PUBLIC, WITHDRAWN, Kind, Mark, words_in
from tests.leaks.readers import BY_NAME, READERS, Persona
from tests.leaks.states import Told
from tests.leaks.surfaces.surface import LISTED, Ask, Surface
from tests.leaks.world import World, at, empty_cache

ANONYMOUS = BY_NAME["anonymous"]


def check(
    world: World,
    surface: Surface,
    *,
    readers: Collection[str] | None = None,
    states: Collection[str] | None = None,
    moment: datetime = NOON,
) -> int:
    """Try every cell of this row, or those named. Answers how many were tried; AssertionError names the wrong ones."""
    empty_cache()
    wrong: list[str] = []
    tried = 0
    with at(moment):
        asks = [ask for ask in surface.asks(world) if states is None or ask.about is None or ask.about.state in states]
        for persona in _who(surface, readers):
            browser = world.browser(persona)
            for ask in asks:
                if ask.readers is not None and persona.name not in ask.readers:
                    continue
                tried += 1
                response = send(browser, ask)
                found = world.found_in(response)
                wrong += faults(world, surface, persona, ask, found, moment)
                wrong += kept(world, persona, ask, response, found, moment)
    assert not wrong, f"{surface}: {len(wrong)} wrong\n" + "\n".join(wrong[:12])
    assert tried, f"{surface}: no cell was tried"
    return tried


def _who(surface: Surface, readers: Collection[str] | None) -> Iterable[Persona]:
    wanted = readers if readers is not None else surface.readers
    return [persona for persona in READERS if wanted is None or persona.name in wanted]


def send(browser: Client, ask: Ask) -> HttpResponseBase:
    response: HttpResponseBase = browser.generic(ask.method, ask.path, headers=dict(ask.headers), **_form(ask))
    return response


def _form(ask: Ask) -> dict[str, str]:
    if ask.json:
        return {"data": ask.json, "content_type": "application/json"}
    if not ask.form:
        return {}
    body = "&".join(f"{name}={value}" for name, value in ask.form.items())
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def faults(
    world: World, surface: Surface, persona: Persona, ask: Ask, found: frozenset[Mark], moment: datetime
) -> list[str]:
    """What this answer held and may not hold, and what it lacks."""
    own = world.planted.marks
    asked = (unquote(str(ask)), repr(ask.form), ask.json)
    echoed = {own[word] for word in words_in(*(each.encode() for each in asked)) if word in own}
    leaked = found - allowed(world, surface, persona, ask, moment) - echoed
    missing = due(world, surface, persona, ask, moment) - found
    who = f"{ask} for {persona}"
    return [f"  LEAKED {mark}: {who}" for mark in sorted(leaked, key=str)] + [
        f"  MISSING {mark}: {who}" for mark in sorted(missing, key=str)
    ]


def kept(
    world: World, persona: Persona, ask: Ask, response: HttpResponseBase, found: frozenset[Mark], moment: datetime
) -> list[str]:
    """What caches on the way may keep of this answer though it is not for everybody."""
    rule = response.get("Cache-Control", "")
    everybodys = {
        Mark(story.state, kind)
        for story in world.stories.values()
        for kind in rights(ANONYMOUS, story, moment) | WITHDRAWN
    }
    if found - everybodys and "no-store" not in rule:
        return [f"  MAY BE KEPT “{rule}”: {ask} for {persona}"]
    if ("public" in rule or "s-maxage" in rule) and response.cookies:
        return [f"  KEPT WITH A COOKIE “{rule}”: {ask} for {persona}"]
    return []


def allowed(world: World, surface: Surface, persona: Persona, ask: Ask, moment: datetime) -> set[Mark]:
    """All that this reader may find in the answer."""
    if ask.about is not None and not ask.needs <= found_by(persona, ask.about, moment):
        return set()
    seen: set[Mark] = set()
    for story in world.stories.values():
        if surface.desk:
            kinds = at_desk(persona)
        elif story is ask.about:
            kinds = rights(persona, story, moment) & (surface.most if ask.most is None else ask.most)
        elif ask.needs:
            kinds = frozenset()
        else:
            kinds = rights(persona if surface.personal else ANONYMOUS, story, moment) & LISTED & surface.most
        seen |= {Mark(story.state, kind) for kind in kinds}
    return seen


def due(world: World, surface: Surface, persona: Persona, ask: Ask, moment: datetime) -> set[Mark]:
    """All that this reader must find in the answer."""
    says = surface.says if ask.says is None else ask.says
    if ask.about is not None:
        have = at_desk(persona) if surface.desk else rights(persona, ask.about, moment)
        return {Mark(ask.about.state, kind) for kind in have & says} if ask.needs <= have else set()
    if not surface.lists or (surface.desk and persona.desk != "own"):
        return set()
    everybody = ((story, rights(ANONYMOUS, story, moment)) for story in world.stories.values())
    return {Mark(story.state, kind) for story, kinds in everybody for kind in kinds & says & LISTED}


def rights(persona: Persona, story: Told, moment: datetime) -> frozenset[Kind]:
    seen = story.kinds_for(reads=persona.reads, downloads=persona.downloads, at=moment)
    covered = story.kinds_for(reads=True, downloads=False, at=moment) if persona.covered else frozenset()
    return seen | covered & PUBLIC


def found_by(persona: Persona, story: Told, moment: datetime) -> frozenset[Kind]:
    """By which of its words they may find it: who has to spend to read it chooses by all of them."""
    return story.kinds_for(reads=persona.reads or persona.covered, downloads=persona.downloads, at=moment)


def at_desk(persona: Persona) -> frozenset[Kind]:
    """What staff may see of this desk's stories on the newsroom's own pages. The picture library is the newsroom's."""
    return {"own": frozenset(Kind), "other": LIBRARY}.get(persona.desk, frozenset())
