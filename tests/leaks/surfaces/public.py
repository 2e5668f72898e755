"""The rows of what readers and machines are shown of stories."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.core.files.storage import Storage, storages

from tests.factories import NOON
from tests.leaks.canaries import BODY, FULL, ORIGINALS, WITHDRAWN, Kind
from tests.leaks.states import Told
from tests.leaks.surfaces.surface import LISTED, Ask, Surface, one
from tests.leaks.world import World

FEW = ("anonymous", "wrong product", "licensed", "claims to be a crawler")
TWO = ("anonymous", "licensed")
NOTHING: frozenset[Kind] = frozenset()
TITLES = frozenset({Kind.HEADLINE})
CARDS = frozenset({Kind.HEADLINE, Kind.SUMMARY})
HEAD_OF_STORY = frozenset({Kind.HEADLINE, Kind.SUMMARY, Kind.NOTE, Kind.BYLINE, Kind.DATELINE, Kind.CREDIT})
ON_THE_PAGE = HEAD_OF_STORY | BODY | {Kind.ALT, Kind.CAPTION, Kind.TERMS} | WITHDRAWN
INSIDE = (Kind.FIRST, Kind.MIDDLE, Kind.LAST, Kind.TABLE, Kind.QUOTE, Kind.LIST, Kind.ALT, Kind.CAPTION)
UNSEARCHED = (Kind.INTERNAL, Kind.FILE, Kind.METADATA, Kind.NOTICE, Kind.LINK)
STRANGE_QUERIES = (
    "amp", "amp=1", "print", "print=1", "format=json", "format=amp", "output=1", "variant=2", "variant=full",
    "preview=1", "preview=true&p=1", "context=edit", "fields=body_html", "include=body", "expand=full", "_escaped_fragment_=",
    "debug=1", "as=licensed", "reader=1", "user_id=1", "tier=2", "full=1", "utm_source=google", "gclid=1", "outputType=amp",
    "lang=ar", "language=tr", "before=0-0", "share=abc", "token=abc", "gift=abc", "wt=1", "partial=body", "_pjax=1",
)  # fmt: skip
STRANGE_HEADERS: tuple[dict[str, str], ...] = (
    {"HX-Request": "true", "HX-Target": "main", "HX-Boosted": "true"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Accept": "application/json"},
    {"Accept": "text/markdown, text/plain"},
    {"Accept": "application/activity+json"},
    {"Range": "bytes=0-99999"},
    {"Range": "bytes=2000-"},
    {"If-Range": '"x"', "Range": "bytes=0-10"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Original-URL": "/desk/", "X-Rewrite-URL": "/desk/"},
    {"X-HTTP-Method-Override": "PUT"},
    {"Authorization": "Bearer full"},
    {"Cookie": "sessionid=; language=ar"},
    {"Accept-Encoding": "gzip, br", "Save-Data": "on"},
)
SUFFIXES = (
    "x.css", "index.html", "index.json", "amp/", "print/", "full/", "json", "feed/", "embed/", ".md", "original/", "%2e%2e/",
)  # fmt: skip
ENDINGS = (".css", ".js", ".md", ".txt", ".json", ".amp", ".html", ".pdf", ".xml", "%00", ";x=1", ".css/", "~")
SITES_OWN = (
    "/llms.txt", "/llms-full.txt", "/blog.txt", "/feed/", "/rss.xml", "/feed.json", "/oembed?url=x", "/wp-json/", "/api/",
    "/api/v1/", "/graphql", "/admin/", "/media/", "/nowhere/", "/documents/", "/images/", "/.well-known/", "/static/",
)  # fmt: skip


def each_story(world: World) -> Iterable[Ask]:
    return [Ask(f"/story/{story.slug}/", story) for story in world.stories.values()]


def strange_questions(world: World) -> Iterable[Ask]:
    """Parameters and headers that other systems heed; here they change nothing."""
    live = world.stories["live"]
    for query in STRANGE_QUERIES:
        yield Ask(f"/story/{live.slug}/?{query}", live)
    for story in world.stories.values():
        yield Ask(f"/story/{story.slug}/?format=json&preview=1&variant=full", story)
    for headers in STRANGE_HEADERS:
        yield Ask(f"/story/{live.slug}/", live, headers=headers, says=NOTHING)


def strange_addresses(world: World) -> Iterable[Ask]:
    """Addresses that look like a story's and are none."""
    for story in (world.stories["live"], world.stories["hidden"]):
        yield from (Ask(f"/story/{story.slug}/{suffix}", story) for suffix in SUFFIXES)
        yield from (Ask(f"/story/{story.slug}{ending}", story) for ending in ENDINGS)
        yield Ask(f"/story/{story.slug}", story)
        yield Ask(f"/story//{story.slug}/", story)
        yield Ask(f"//story/{story.slug}/", story)
        yield Ask(f"/story/{story.slug.upper()}/", story)
    yield from (Ask(path) for path in SITES_OWN)


def other_methods(world: World) -> Iterable[Ask]:
    for story in world.stories.values():
        for method in ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            yield Ask(f"/story/{story.slug}/", story, method=method)


def pictures(world: World) -> Iterable[Ask]:
    """The picture of each story, and of each version that was replaced."""
    for story in world.stories.values():
        for token in story.tokens:
            yield Ask(f"/pictures/{token}/web", story)
            yield Ask(f"/pictures/{token}/thumbnail", story, readers=FEW)
        for token in story.formers:
            yield Ask(f"/pictures/{token}/web", story, most=NOTHING, says=NOTHING)
            yield Ask(f"/pictures/{token}/thumbnail", story, most=NOTHING, says=NOTHING, readers=FEW)


def originals(world: World) -> Iterable[Ask]:
    for story in world.stories.values():
        yield Ask(f"/story/{story.slug}/original/0/", story, most=ORIGINALS, says=frozenset({Kind.ORIGINAL}))
        yield Ask(f"/story/{story.slug}/original/1/", story, most=NOTHING, says=NOTHING, readers=(*FEW, "comp"))


def searches(world: World) -> Iterable[Ask]:
    """Each story by words of its text, by words of its summary, and by words that nobody may search."""
    for story in world.stories.values():
        everybody = story.state in {"hidden", "live", "corrected", "from the desk"}
        yield _search(story, INSIDE, needs=BODY, says=CARDS, readers=None if everybody else FEW)
        yield _search(story, (Kind.SUMMARY,), needs=frozenset({Kind.SUMMARY}), says=TITLES, readers=TWO)
        yield _search(story, (Kind.HEADLINE,), needs=TITLES, says=frozenset({Kind.SUMMARY}), readers=TWO)
        yield _search(story, UNSEARCHED, needs=frozenset({Kind.INTERNAL}), says=NOTHING, readers=TWO)


def _search(story: Told, kinds: Iterable[Kind], **facts: Any) -> Ask:
    words = " or ".join(story.words[kind] for kind in kinds)
    return Ask(f"/search/?q={quote(words)}", story, **facts)


def filtered(world: World) -> Iterable[Ask]:
    day = NOON.date().isoformat()
    queries = (
        "",
        "desk=world",
        "language=en",
        f"since={day}&until={day}",
        "q=summary",
        "q=the&desk=world",
        "before=9999999999999999-9",
    )
    return [Ask(f"/search/?{query}") for query in queries]


def stored_files(world: World) -> Iterable[Ask]:
    """Every stored file, asked for as if its folder were served."""
    for store in ("default", "vault", "desk"):
        for name in _files(storages[store], ""):
            for prefix in ("/media/", "/nowhere/", "/static/", "/", "/desk/pictures/file/", "/pictures/"):
                yield Ask(prefix + name)


def _files(storage: Storage, folder: str) -> Iterator[str]:
    """At most a few of each folder: their names are all made alike."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in names[:2])
    for each in folders[:2]:
        yield from _files(storage, f"{folder}{each}/")


def feeds(world: World) -> Iterable[Ask]:
    code = world.topic.code.replace(":", "-")
    names = ("latest", f"desk/{world.desk.code}", f"topic/{code}", "language/en")
    return [Ask(f"/feeds/{name}.{kind}") for name in names for kind in ("atom", "rss")]


def days(world: World) -> Iterable[Ask]:
    return [Ask(f"/sitemaps/{NOON.date()}.xml")]


ROWS = (
    Surface("story page", ("story",), each_story, most=FULL | WITHDRAWN, says=ON_THE_PAGE),
    Surface(
        "story page, strange questions",
        ("story",),
        strange_questions,
        most=FULL | WITHDRAWN,
        says=HEAD_OF_STORY | WITHDRAWN,
        readers=FEW,
    ),
    Surface("story page, strange addresses", ("story",), strange_addresses, readers=FEW),
    Surface("story page, other methods", ("story",), other_methods, readers=FEW),
    Surface("picture", ("picture",), pictures, most=frozenset({Kind.PIXELS}), says=frozenset({Kind.PIXELS})),
    Surface("original of a picture", ("original",), originals),
    Surface("stored files", ("picture",), stored_files, readers=("anonymous", "licensed")),
    Surface("search by canaries", ("search",), searches, most=LISTED, personal=True),
    Surface(
        "search by filters", ("search",), filtered, most=LISTED, says=NOTHING, lists=True, personal=True, readers=FEW
    ),
    Surface("front page", ("front",), one("/"), most=LISTED, says=TITLES, lists=True),
    Surface("section", ("section",), one("/section/world/"), most=LISTED, says=CARDS, lists=True),
    Surface("topic", ("topic",), one("/topic/medtop-15000000/"), most=LISTED, says=CARDS, lists=True),
    Surface(
        "feeds", ("feed_latest", "feed_desk", "feed_topic", "feed_language"), feeds, most=LISTED, says=CARDS, lists=True
    ),
    Surface("sitemap of a day", ("sitemap_day",), days, most=TITLES),
    Surface("news sitemap", ("news_sitemap",), one("/news-sitemap.xml"), most=TITLES, says=TITLES, lists=True),
)
