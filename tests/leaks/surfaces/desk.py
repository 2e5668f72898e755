"""The rows of the newsroom's own pages: each by name for those who work there, and all of them for those who do not."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from wagtail.models import TaskState, WorkflowState

from newsroom.content.models import Picture, Story
from tests.leaks.canaries import Kind
from tests.leaks.states import Told
from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

STORIES = "/desk/snippets/content/story"
NEWSROOM = ("editor of the desk", "editor of another desk", "staff without a desk", "sales", "licensed")
OUTSIDERS = ("editor of another desk", "staff without a desk", "sales", "licensed", "anonymous")
TEXT = frozenset({Kind.HEADLINE, Kind.SUMMARY})
FORM = TEXT | {Kind.FIRST, Kind.LAST, Kind.ALT, Kind.CAPTION, Kind.TERMS, Kind.INTERNAL}
PART = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
SETTLED = {
    "app_label": "content", "app_name": "content", "model_name": "story", "object_id": "1", "session_id": "1",
    "action": "delete", "action_name": "approve", "signal": "correction", "change": "extend", "filter_spec": "original",
    "uploaded_file_id": "1", "page_id": "1", "parent_page_id": "1", "uidb64": "MQ", "token": "x", "task_id": "1",
    "kind": "csv", "revision_id_a": "earliest", "revision_id_b": "latest", "rest": "reports/",
    "report": "journal", "number": "202601",
}  # fmt: skip


def desk_stories(world: World) -> list[Told]:
    return [story for story in world.stories.values() if story.story_id is not None]


def pages_of(world: World, path: str) -> Iterator[Ask]:
    """This page of each of the desk's stories. Of one that has a newer draft, its pages show that one."""
    for story in desk_stories(world):
        says = frozenset[Kind]() if story.state == "from the desk" and "{revision_id}" not in path else None
        yield Ask(path.format(pk=story.story_id, **numbers(story)), story, says=says)


def numbers(story: Told) -> dict[str, Any]:
    """The numbers by which Wagtail names what hangs on a story."""
    found = Story.objects.get(pk=story.story_id)
    kept = found.revisions.order_by("pk")
    state = WorkflowState.objects.filter(object_id=str(story.story_id)).first()
    task = TaskState.objects.filter(workflow_state=state).first() if state else None
    # The newer draft is the last revision, what it replaced on the wire the first.
    revision = kept.first() if story.state == "from the desk" else kept.last()
    return {
        "revision_id": revision.pk if revision else 0,
        "workflow_state_id": state.pk if state else 0,
        "task_state_id": task.pk if task else 0,
        "image_id": found.pictures.get().image_id,
        "name": found.pictures.get().image.file.name,
    }


def page(name: str, path: str, says: frozenset[Kind], **facts: Any) -> Surface:
    return Surface(name, (), lambda world: pages_of(world, path), says=says, desk=True, readers=NEWSROOM, **facts)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        here = before + str(each.pattern).removeprefix("^").rstrip("$")
        if isinstance(each, URLPattern):
            yield here
        else:
            yield from addresses(each, here)


def every_address(world: World) -> Iterable[Ask]:
    """Each of the desk's patterns, filled with the numbers of a draft, of a live story and of a library picture."""
    patterns = [each for each in addresses(get_resolver()) if each.startswith("desk/")]
    stories = [world.stories[name] for name in ("in review", "newer draft")]
    known = {story.state: numbers(story) | {"pk": story.story_id} for story in stories}
    paths: dict[str, Told] = {}
    for pattern in patterns:
        for story in stories:
            paths.setdefault(_filled(pattern, known[story.state]), story)
    for path, story in paths.items():
        yield Ask(path, story, readers=None if str(story.story_id) in path else ("editor of another desk", "sales"))
        if str(story.story_id) in path:
            yield Ask(path, story, method="POST", readers=("editor of another desk", "sales"))


def _filled(pattern: str, known: dict[str, Any]) -> str:
    """An address of this pattern: the numbers we know, else words that suit."""

    def value(part: "re.Match[str]") -> str:
        name = part[1] or part[2]
        return str(known.get(name, SETTLED.get(name, name)))

    return "/" + PART.sub(value, pattern).replace("\\", "")


def lists(world: World) -> Iterable[Ask]:
    words = [world.stories[name].words[Kind.FIRST] for name in ("draft", "newer draft")]
    queries = [
        "",
        "?state=draft",
        "?state=live",
        "?state=scheduled",
        "?ordering=urgency",
        f"?q={words[0]}",
        f"?q={words[1]}",
    ]
    for query in queries:
        yield Ask(f"{STORIES}/{query}")
        yield Ask(f"{STORIES}/results/{query}")
    yield Ask("/desk/")


def library(world: World) -> Iterable[Ask]:
    image = Picture.objects.get(title__startswith=world.stories["draft"].words[Kind.FILE])
    names = (
        f"/desk/images/{image.pk}/",
        "/desk/images/",
        "/desk/images/chooser/",
        f"/desk/images/chooser/chosen/{image.pk}/",
    )
    yield from (Ask(name) for name in names)
    yield Ask(f"/desk/pictures/file/{image.file.name}")
    yield Ask(f"/desk/images/usage/{image.pk}/")


ROWS = (
    page("desk: edit", f"{STORIES}/edit/{{pk}}/", FORM),
    page("desk: history", f"{STORIES}/history/{{pk}}/", frozenset()),
    page("desk: revision", f"{STORIES}/history/{{pk}}/revisions/{{revision_id}}/view/", TEXT),
    page("desk: revert", f"{STORIES}/history/{{pk}}/revisions/{{revision_id}}/revert/", FORM),
    page("desk: compare", f"{STORIES}/history/{{pk}}/revisions/compare/earliest...latest/", frozenset()),
    page("desk: preview", f"{STORIES}/preview/{{pk}}/", frozenset()),
    page("desk: workflow history", f"{STORIES}/workflow_history/{{pk}}/", frozenset()),
    page("desk: correct", "/desk/stories/{pk}/correction/", frozenset()),
    page("desk: kill", "/desk/stories/{pk}/kill/", frozenset()),
    Surface("desk: lists and search", (), lists, desk=True, readers=NEWSROOM),
    Surface("desk: picture library", (), library, desk=True, readers=NEWSROOM),
    Surface("desk: every address", (), every_address, desk=True, readers=OUTSIDERS),
)
