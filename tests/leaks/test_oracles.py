"""What is hidden shows nowhere by its absence either: not in counts, sizes, order, marks or the bytes of a page."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.http.response import HttpResponseBase
from PIL import Image

from newsroom.access.rules import Decision, Reason, Rights, Terms, judge
from newsroom.core.audit import SYSTEM
from newsroom.licensing.rules import Use
from newsroom.wire import actions as wire
from newsroom.wire.models import Item, Release
from newsroom.wire.rules import Signal, Tier
from tests.factories import HOUR, NOON, a_draft
from tests.leaks.canaries import Kind, new_word
from tests.leaks.readers import BY_NAME
from tests.leaks.states import LIFTS_AT, body_of
from tests.leaks.world import World, after_commit, at, empty_cache
from tests.leaks.world import body_of as read

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
REFUSED = ("anonymous", "registered", "wrong product", "expired", "past due, after grace", "account closed")
STRANGERS = ("anonymous", "claims to be a crawler", "forged address", "forged referer", "account closed")
PAGES = (
    "/",
    "/section/world/",
    "/topic/medtop-15000000/",
    "/search/",
    "/search/?q=sentence",
    "/search/?q=summary&desk=world",
    "/feeds/latest.rss",
    "/feeds/latest.atom",
    "/feeds/desk/world.atom",
    "/feeds/topic/medtop-15000000.rss",
    "/feeds/language/en.atom",
    "/sitemap.xml",
    f"/sitemaps/{NOON.date()}.xml",
    f"/sitemaps/{(NOON - timedelta(days=3)).date()}.xml",
    "/news-sitemap.xml",
)
CHANGING = ("X-Request-ID", "Date", "Expires")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
LENGTHS = {
    "short": "<p>Short.</p>",
    "one giant paragraph": f"<p>{'It goes on and on. ' * 3000}</p>",
    "a list": f"<ul>{'<li>An entry.</li>' * 2000}</ul>",
    "a table": f"<table>{'<tr><td>A cell.</td></tr>' * 1000}</table>",
    "broken": "<p><blockquote>Never <b>closed</p></li>" * 300,
    "nothing": "",
}


def same(response: HttpResponseBase) -> tuple[int, dict[str, str], str, bytes]:
    """All of an answer that may be compared."""
    headers = {name: value for name, value in response.items() if name not in CHANGING}
    return response.status_code, headers, response.cookies.output(), TOKEN.sub(b"", read(response))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(world: World, **facts: Any) -> Item:
    """A story on the watched desk and topic, an hour old."""
    values = {"uri": "urn:newsroom:oracle", "slug_hint": "oracle", "desk": world.desk, "topics": (world.topic,)} | facts
    at_moment = values.pop("at", NOON - HOUR)
    made = wire.release(draft=a_draft(**values), signal=values.pop("signal", Signal.NEW), by=SYSTEM, at=at_moment)
    after_commit()
    return made.item


def pages(world: World, reader: str, paths: tuple[str, ...]) -> dict[str, Any]:
    empty_cache()
    with at(NOON):
        browser = world.browser(BY_NAME[reader])
        return {path: same(browser.get(path)) for path in paths}


@pytest.mark.parametrize(
    "hidden",
    [{"public_tier": Tier.NOTHING}, {"embargo_until": LIFTS_AT}, {"embargo_until": LIFTS_AT, "public_tier": Tier.FULL}],
    ids=["public tier nothing", "embargoed", "embargoed and free"],
)
@pytest.mark.parametrize("reader", ["anonymous", "wrong product"])
def test_a_hidden_story_changes_no_byte_of_any_page(world: World, hidden: Mapping[str, Any], reader):
    before = pages(world, reader, PAGES)
    with undone():
        item = told(world, headline="A sentence about a summary", summary="A summary.", at=NOON - 72 * HOUR, **hidden)
        with_it = pages(world, reader, PAGES)
        address = item.get_absolute_url()
        nowhere = address[:-3] + "zz/"
        itself, unknown = pages(world, reader, (address, nowhere)).values()
    assert with_it == before
    assert itself[:3] == unknown[:3]
    assert (itself[0], itself[3].replace(address.encode(), nowhere.encode())) == (404, unknown[3])


@pytest.mark.parametrize("reader", REFUSED)
def test_search_says_the_same_with_and_without_a_text_that_only_others_may_read(world: World, reader):
    word, phrase = new_word(), f'"{new_word()} ordinary"'
    asked = (f"/search/?q={word}", f"/search/?q={word}+-{word}x", f"/search/?q={phrase}", f"/search/?q=summary+-{word}")
    with undone():
        told(world, body_html="<p>Nothing of it.</p>")
        before = pages(world, reader, asked)
    with undone():
        told(world, body_html=f"<p>It says {word} and {phrase.strip(chr(34))}.</p>" * 3)
        assert pages(world, reader, asked) == before


@pytest.mark.parametrize("reader", REFUSED)
def test_two_bodies_of_different_length_give_a_refused_reader_the_same_answer(world: World, reader):
    answers = {}
    for name, body in LENGTHS.items():
        with undone():
            item = told(world, headline="The same", body_html=body)
            path = item.get_absolute_url()
            answers[name] = pages(
                world, reader, (path, "/", "/search/?q=same", "/feeds/latest.atom", "/news-sitemap.xml")
            )
            with at(NOON):
                answers[name]["HEAD"] = same(world.browser(BY_NAME[reader]).head(path))
    assert all(answer == answers["short"] for answer in answers.values())
    assert answers["short"][path][0] == 200


def test_all_who_are_strangers_are_given_the_same_page(world: World):
    paths = (f"/story/{world.stories['live'].slug}/", f"/story/{world.stories['free'].slug}/", "/", "/section/world/")
    answers = [pages(world, reader, paths) for reader in STRANGERS]
    bodies = [{path: (answer[0], answer[3]) for path, answer in each.items()} for each in answers]
    assert all(each == bodies[0] for each in bodies)


def json_ld(page: bytes) -> dict[str, Any]:
    found = re.search(rb'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_structured_data_says_that_it_is_paid_for_and_never_holds_the_text(world: World):
    live = world.stories["live"]
    with at(NOON):
        refused = read(world.browser(BY_NAME["anonymous"]).get(f"/story/{live.slug}/"))
        licensed = read(world.browser(BY_NAME["licensed"]).get(f"/story/{live.slug}/"))
    for page in (refused, licensed):
        data = json_ld(page)
        assert data["isAccessibleForFree"] is False
        assert not {"articleBody", "text", "wordCount", "timeRequired", "abstract"} & set(data)
    assert "hasPart" not in json_ld(refused)
    selector = json_ld(licensed)["hasPart"]["cssSelector"]
    assert re.search(rb'class="[^"]*\b' + selector.removeprefix(".").encode() + rb'\b[^"]*"', licensed)
    assert selector.removeprefix(".").encode() not in refused


def test_markup_for_strangers_names_no_product_licence_or_reason(world: World):
    live = world.stories["live"]
    with at(NOON):
        page = read(world.browser(BY_NAME["anonymous"]).get(f"/story/{live.slug}/")).decode()
    for secret in (world.products.right.name, world.products.right.code, "test clause", "no_licence", "tier"):
        assert secret not in page


def test_a_headline_that_ends_a_script_stays_inside_its_data(world: World):
    with undone():
        item = told(world, headline="</script><script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")
        page = pages(world, "anonymous", (item.get_absolute_url(),))[item.get_absolute_url()][3]
    assert b"<script>alert" not in page
    assert b"<img src=x" not in page
    assert json_ld(page)["headline"] == "</script><script>alert(1)</script>"


def test_an_error_says_nothing_of_what_was_at_hand(world: World, monkeypatch):
    live = world.stories["live"]
    text = body_of(live.words)

    def fail(*_: object, **__: object) -> None:
        opened = text  # in the frame, as a body would be
        raise ValueError(opened)

    monkeypatch.setattr("newsroom.portal.rendered.Rendered.__call__", fail)  # never kept, unlike the frame around it
    empty_cache()
    with at(NOON):
        for reader in ("anonymous", "licensed"):
            response = world.browser(BY_NAME[reader]).get(f"/story/{live.slug}/")
            assert response.status_code == 500
            assert world.found_in(response) == frozenset()


def test_words_of_a_licence_that_cannot_be_read_open_nothing(world: World, monkeypatch):
    """The gate fails closed: a database that is away gives nobody the benefit of the doubt."""

    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("newsroom.access.decide.terms_of", away)
    with at(NOON):
        response = world.browser(BY_NAME["licensed"]).get(f"/story/{world.stories['live'].slug}/")
    assert response.status_code == 503
    assert world.found_in(response) == frozenset()


def test_public_renditions_carry_no_metadata(world: World):
    live = world.stories["live"]
    for size in ("thumbnail", "web"):
        with at(NOON):
            picture = Image.open(
                io.BytesIO(read(world.browser(BY_NAME["anonymous"]).get(f"/pictures/{live.tokens[0]}/{size}")))
            )
        assert (dict(picture.getexif()), {*picture.info} & {"exif", "xmp", "icc_profile", "photoshop", "comment"}) == (
            {},
            set(),
        )
    assert Kind.METADATA in live.words


def test_the_same_rule_again_opens_no_story_and_makes_no_version(world: World):
    product = world.products.right
    rule = product.versions.get(valid_to=None).rule
    before = list(product.stamps.order_by("release").values_list("release", "version"))
    with undone():
        again = wire.set_rule(product=product, rule=dict(rule), by=SYSTEM, at=NOON)
        wire.restamp(product=product, at=NOON)
        heads = set(Release.objects.heads().values_list("pk", flat=True))
        after = list(product.stamps.order_by("release").values_list("release", "version"))
        assert again == product.versions.get(valid_to=None)
    assert [pair for pair in before if pair[0] in heads] == after


def test_a_state_that_nobody_knows_opens_nothing():
    everything = Terms(1, frozenset(Use), None, NOON - HOUR, None, False, "all")
    unknown = Rights("rumour", Tier.FULL, None, frozenset({1}))
    assert judge([everything], unknown, Use.READ, NOON) == Decision(Tier.NOTHING, Reason.NOT_RELEASED)
