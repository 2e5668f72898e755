"""The public feeds: valid, with summaries, the same for everybody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.wire import actions as wire
from newsroom.wire.models import Desk
from newsroom.wire.rules import Signal, Tier
from tests.factories import HOUR, a_desk, a_draft, a_picture, a_release, a_topic

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def titles(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    found = root.findall("a:entry/a:title", ATOM) or root.findall("channel/item/title")
    return [str(each.text) for each in found]


def test_an_atom_feed_has_what_the_standard_asks_of_it(client: Client) -> None:
    """RFC 4287, 4.1.1 and 4.1.2."""
    made = a_release(now() - HOUR, headline="Ferries & <b>boats</b>", summary="Back.", byline="A. Reporter")
    a_release(now() - HOUR, headline="Headline alone", summary="", language="ar")

    answer = client.get("/feeds/latest.atom")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert [len(root.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert root.find("a:link[@rel='self']", ATOM) is not None
    entries = root.findall("a:entry", ATOM)
    for entry in entries:
        assert [len(entry.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated", "published")] == [1] * 4
    first = entries[-1]
    assert first.findtext("a:id", namespaces=ATOM) == made.item.uri
    assert first.findtext("a:title", namespaces=ATOM) == "Ferries & <b>boats</b>"
    assert first.findtext("a:author/a:name", namespaces=ATOM) == "A. Reporter"
    languages = [entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries]
    assert sorted(map(str, languages)) == ["ar", "en"]


def test_an_rss_feed_names_each_story_by_its_uri(client: Client) -> None:
    made = a_release(now() - HOUR, headline="Ferries", summary="Back.")

    answer = client.get("/feeds/latest.rss")

    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    item = etree.fromstring(answer.content).find("channel/item")
    assert item is not None
    assert (item.findtext("title"), item.findtext("description")) == ("Ferries", "Back.")
    assert item.findtext("guid") == made.item.uri
    assert item.findtext("link") == f"http://127.0.0.1:8000/story/{made.item.slug}/"


@pytest.mark.parametrize("kind", ["atom", "rss"])
@pytest.mark.parametrize("feed", ["latest", "desk/world", "topic/medtop-15000000", "language/en"])
def test_no_feed_holds_a_restricted_word(client: Client, feed: str, kind: str) -> None:
    picture = a_picture(alt="secretalt", caption="secretcaption")
    a_release(
        now() - HOUR,
        headline="Ferries",
        topics=(a_topic(),),
        body_html="<p>secretbody</p>",
        usage_terms="secretterms",
        pictures=(picture,),
    )

    answer = client.get(f"/feeds/{feed}.{kind}")

    assert titles(client, f"/feeds/{feed}.{kind}") == ["Ferries"]
    assert b"secret" not in answer.content


def test_each_feed_holds_its_own(client: Client) -> None:
    sport = a_topic()
    match = a_topic("medtop:20001065", "association football", sport)
    a_release(now() - HOUR, headline="Match", desk=a_desk("sport"), topics=(match,))
    a_release(now() - 2 * HOUR, headline="Oy", desk=a_desk("world"), language="tr")

    assert titles(client, "/feeds/latest.rss") == ["Match", "Oy"]
    assert titles(client, "/feeds/desk/world.rss") == ["Oy"]
    assert titles(client, "/feeds/topic/medtop-15000000.atom") == ["Match"]
    assert titles(client, "/feeds/language/tr.atom") == ["Oy"]


@pytest.mark.parametrize(
    "address",
    ["/feeds/desk/none.rss", "/feeds/topic/x.rss", "/feeds/language/xx.rss", "/feeds/latest.xml", "/feeds/latest"],
)
def test_a_feed_of_nothing_we_know_is_not_found(client: Client, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


def test_what_is_not_public_is_in_no_feed_and_what_was_pulled_leaves_at_once(client: Client) -> None:
    at = now()
    a_release(at - HOUR, headline="Hidden", public_tier=Tier.NOTHING)
    a_release(at - HOUR, headline="Later", embargo_until=at + HOUR)
    pulled = a_release(at - HOUR, headline="Pulled")
    a_release(at - 2 * HOUR, headline="Sound")
    before = client.get("/feeds/latest.atom")
    wire.kill(item=pulled.item, by=SYSTEM, note="Made up.", at=at)

    after = client.get("/feeds/latest.atom", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert titles(client, "/feeds/latest.atom") == ["Sound"]


def test_a_feed_reader_that_has_it_is_told_so(client: Client) -> None:
    a_release(now() - HOUR, uri="urn:x:1")
    first = client.get("/feeds/latest.atom")
    same = client.get("/feeds/latest.atom", headers={"If-None-Match": first["ETag"]})
    wire.release(draft=a_draft(uri="urn:x:1", headline="Changed"), signal=Signal.UPDATE, by=SYSTEM, at=now())
    changed = client.get("/feeds/latest.atom", headers={"If-None-Match": first["ETag"]})

    assert (first["Cache-Control"], same.status_code, same.content, changed.status_code) == (
        "public, max-age=60",
        304,
        b"",
        200,
    )


def test_a_feed_is_named_in_the_readers_language(client: Client) -> None:
    Desk.objects.create(code="world", name="World", names={"tr": "Dünya"})

    answer = client.get("/feeds/desk/world.atom", headers={"Accept-Language": "tr"})

    root = etree.fromstring(answer.content)
    assert root.findtext("a:title", namespaces=ATOM) == "Anka Wire: Dünya"


def test_one_story_and_fifty_cost_the_same(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get("/feeds/latest.atom")
        return len(made)

    a_release(now() - HOUR, topics=(a_topic(),))
    cost()  # labels of this process
    one = cost()
    for _ in range(20):
        a_release(now() - HOUR, topics=(a_topic(),))

    assert (one, cost()) == (1, 1)
