"""The story page: who sees what, in the raw HTML."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Use
from newsroom.wire import actions as wire
from newsroom.wire.models import Item
from newsroom.wire.rules import Signal, Tier
from tests.factories import DAY, HOUR, a_desk, a_draft, a_licence, a_picture, a_product, a_release, a_topic, a_user

pytestmark = pytest.mark.django_db

SECRETS = ("dawnsecret", "quaysecret", "altsecret", "captionsecret", "termssecret")
TEXT = "<p>At dawnsecret it left.</p><table><tr><td>quaysecret</td></tr></table>"


def a_story(**facts: Any) -> Item:
    """A live story, released an hour ago, whose restricted parts each hold a secret word."""
    values: dict[str, Any] = {
        "body_html": TEXT,
        "headline": "Ferries run again",
        "summary": "Service resumed today.",
        "byline": "A. Reporter",
        "pictures": (a_picture(alt="altsecret", caption="captionsecret", credit="A. Photographer"),),
        "usage_terms": "termssecret",
    }
    return a_release(now() - HOUR, **values | facts).item


def licensed(user: User, **facts: Any) -> None:
    at = now()
    a_licence(user, **{"starts_at": at - DAY, "ends_at": at + DAY, "at": at - DAY} | facts)


def leaked(html: str) -> list[str]:
    return [word for word in SECRETS if word in html]


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_a_stranger_reads_the_summary_before_a_wall_that_names_the_way_in(client: Client) -> None:
    item = a_story()

    response = client.get(item.get_absolute_url())

    html = response.content.decode()
    assert response.status_code == 200
    assert [text in html for text in ("Ferries run again", "Service resumed today.", "A. Photographer")] == [True] * 3
    assert leaked(html) == []
    assert "The full text is for licence holders" in html
    assert f'href="/account/login/?next=%2Fstory%2F{item.slug}%2F"' in html
    assert f'href="/pricing/?next=%2Fstory%2F{item.slug}%2F"' in html


def test_a_signed_in_reader_without_a_licence_sees_what_a_stranger_sees(
    signed_in: Callable[[User], Client],
) -> None:
    item = a_story()

    response = signed_in(a_user()).get(item.get_absolute_url())

    html = response.content.decode()
    assert leaked(html) == []
    assert "The full text is for licence holders" in html
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"ends_at": "past"}, "Your licence has ended"),
        ({"starts_at": "future"}, "Your licence has not begun"),
        ({"uses": [Use.RECEIVE]}, "Your licence does not cover this use"),
        ({"products": "other"}, "This story is outside your licence"),
    ],
)
def test_a_refused_reader_is_told_why(signed_in: Callable[[User], Client], facts: dict[str, Any], words: str) -> None:
    item, user, at = a_story(), a_user(), now()
    other = a_product("sport-only", {"include": {"desk": ["nowhere"]}})
    values = {"past": at - HOUR, "future": at + HOUR, "other": [other]}
    licensed(
        user, **{name: values.get(value, value) if isinstance(value, str) else value for name, value in facts.items()}
    )

    html = signed_in(user).get(item.get_absolute_url()).content.decode()

    assert words in html
    assert leaked(html) == []
    assert "What your licence says: test clause" in html


def test_a_licence_holder_reads_the_text_with_captions_and_nobody_keeps_the_page(
    signed_in: Callable[[User], Client],
) -> None:
    item, user = a_story(), a_user()
    licensed(user)

    response = signed_in(user).get(item.get_absolute_url())

    html = response.content.decode()
    assert leaked(html) == list(SECRETS)
    assert 'alt="altsecret"' in html
    assert "wall-title" not in html
    assert response["Cache-Control"] == "private, no-store"


def test_a_reading_is_written_down_once_a_day_and_a_head_or_a_prefetch_never(
    signed_in: Callable[[User], Client],
) -> None:
    item, user = a_story(), a_user()
    licensed(user)
    browser = signed_in(user)

    browser.head(item.get_absolute_url())
    browser.get(item.get_absolute_url(), headers={"Sec-Purpose": "prefetch;prerender"})
    assert Usage.objects.count() == 0

    browser.get(item.get_absolute_url())
    browser.get(item.get_absolute_url())
    assert list(Usage.objects.values_list("user_id", "release_id", "use", "channel")) == [
        (user.pk, item.head_id, "read", "portal")
    ]


def test_a_story_that_is_free_is_shown_in_full_to_everybody(client: Client) -> None:
    item = a_story(public_tier=Tier.FULL)

    response = client.get(item.get_absolute_url())

    html = response.content.decode()
    assert leaked(html) == list(SECRETS)
    assert data_of(html)["isAccessibleForFree"] is True
    assert "noarchive" not in html


def test_a_story_shown_to_nobody_is_not_found_by_strangers_and_read_by_licence_holders(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    item, user = a_story(public_tier=Tier.NOTHING), a_user()
    licensed(user)

    assert client.get(item.get_absolute_url()).status_code == 404
    assert leaked(signed_in(user).get(item.get_absolute_url()).content.decode()) == list(SECRETS)


def test_a_killed_story_is_gone_and_leaves_its_notice_alone(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    item, user = a_story(), a_user()
    licensed(user)
    wire.kill(item=item, by=SYSTEM, note="The source made it up.", at=now())

    for browser in (client, signed_in(user)):
        response = browser.get(item.get_absolute_url())
        html = response.content.decode()
        assert (response.status_code, response["Cache-Control"]) == (410, "no-store")
        assert "The source made it up." in html
        assert "Ferries run again" not in html
        assert "Service resumed" not in html
        assert leaked(html) == []


def test_a_withheld_story_says_why_and_comes_back_with_its_next_release(client: Client) -> None:
    item = a_story(uri="urn:x:1")
    wire.withhold(item=item, by=SYSTEM, note="We are checking a name.", at=now())

    held = client.get(item.get_absolute_url())
    wire.release(draft=a_draft(uri="urn:x:1", headline="Checked"), signal=Signal.UPDATE, by=SYSTEM, at=now())
    back = client.get(item.get_absolute_url())

    assert (held.status_code, held["Cache-Control"]) == (403, "no-store")
    assert "We are checking a name." in held.content.decode()
    assert "Ferries run again" not in held.content.decode()
    assert back.status_code == 200
    assert "Checked" in back.content.decode()


def test_an_embargoed_story_is_not_there_until_the_clock_lifts_it(
    client: Client, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    at, user = now(), a_user()
    licensed(user)
    item = a_story(embargo_until=at + HOUR)
    address = item.get_absolute_url()

    assert [browser.get(address).status_code for browser in (client, signed_in(user))] == [404, 404]

    monkeypatch.setattr("newsroom.portal.views.story.now", lambda: at + HOUR)
    assert client.get(address).status_code == 200


def test_a_correction_says_what_was_wrong(client: Client) -> None:
    item = a_story(uri="urn:x:2")
    corrected = a_draft(uri="urn:x:2", headline="Ferries run again", note="The first boat left at six, not at five.")
    wire.release(draft=corrected, signal=Signal.CORRECTION, by=SYSTEM, at=now())

    html = client.get(item.get_absolute_url()).content.decode()

    assert "The first boat left at six, not at five." in html
    assert '<span class="tag tag--correction">Correction</span>' in html
    assert "Version 2" in html


def test_structured_data_never_holds_the_text_and_names_a_node_only_where_it_stands(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    item, user = a_story(), a_user()
    licensed(user)

    refused = client.get(item.get_absolute_url()).content.decode()
    read = signed_in(user).get(item.get_absolute_url()).content.decode()

    assert data_of(refused)["isAccessibleForFree"] is False
    assert "hasPart" not in data_of(refused)
    assert "story__body" not in refused
    assert data_of(read)["hasPart"] == {
        "@type": "WebPageElement",
        "isAccessibleForFree": False,
        "cssSelector": ".story__body",
    }
    assert 'class="prose story__body"' in read
    for html in (refused, read):
        assert "articleBody" not in html
        assert leaked(json.dumps(data_of(html))) == []


def test_a_headline_cannot_end_the_script_it_is_quoted_in(client: Client) -> None:
    item = a_story(headline="</script><script>alert(1)</script> & <!--")

    html = client.get(item.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert data_of(html)["headline"] == "</script><script>alert(1)</script> & <!--"


def test_the_head_of_the_page_holds_the_summary_and_forbids_archives(client: Client) -> None:
    item = a_story()

    html = client.get(item.get_absolute_url()).content.decode()

    head = html[: html.index("</head>")]
    assert '<meta name="description" content="Service resumed today.">' in head
    assert '<meta property="og:description" content="Service resumed today.">' in head
    assert '<meta name="robots" content="noarchive, max-image-preview:large">' in head
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/story/{item.slug}/">' in head
    assert leaked(head) == []


@pytest.mark.parametrize(
    "query", ["?amp", "?format=txt", "?print=1", "?variant=2", "?output=json&full=1", "?utm_source=x", "?next=//evil"]
)
def test_what_the_address_adds_changes_nothing(client: Client, query: str) -> None:
    address = a_story().get_absolute_url()
    plain = client.get(address).content

    assert client.get(address + query).content == plain


@pytest.mark.parametrize("ending", [".md", ".txt", ".amp", ".json", "/x.css", "/amp/", ".css"])
def test_no_other_rendering_answers(client: Client, ending: str) -> None:
    address = a_story().get_absolute_url().rstrip("/")

    assert client.get(address + ending, follow=True).status_code == 404


def test_neither_size_nor_a_head_tells_how_long_the_text_is(client: Client) -> None:
    facts = {"headline": "The same headline", "pictures": ()}
    short, long = a_story(**facts, desk=a_desk("one")), a_story(**facts, body_html=TEXT * 200, desk=a_desk("two"))

    sizes = [len(client.get(item.get_absolute_url()).content) for item in (short, long)]
    heads = [client.head(item.get_absolute_url())["Content-Length"] for item in (short, long)]

    slugs = [2 * len(item.slug) for item in (short, long)]  # canonical and og:url among others hold the address
    assert slugs[0] == slugs[1]
    assert sizes[0] == sizes[1]
    assert heads == [str(size) for size in sizes]


def test_a_mixed_direction_story_carries_its_own_direction(client: Client) -> None:
    item = a_story(headline="أخبار \u202eAnka\u202c العبّارات", language="ar")

    html = client.get(item.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()

    assert '<html lang="en" dir="ltr">' in html
    assert '<article class="story" lang="ar" dir="rtl">' in html
    assert "\u202e" not in html
    assert "أخبار Anka العبّارات" in html


def test_a_hostile_text_is_shown_harmless(client: Client) -> None:
    body = '<p onclick="x()">Fine</p><script>steal()</script><img src=x onerror=y()><a href="javascript:z()">k</a>'
    item = a_story(public_tier=Tier.FULL, body_html=body, byline="<b>Bold</b>", note="<i>note</i>")

    html = client.get(item.get_absolute_url()).content.decode()

    assert [bad for bad in ("onclick", "steal()", "onerror", "javascript:", "<b>Bold", "<i>note") if bad in html] == []
    assert "<p>Fine</p>" in html


def test_the_page_costs_few_queries(client: Client, signed_in: Callable[[User], Client]) -> None:
    topics = (a_topic(),)
    item, user = a_story(topics=topics), a_user()
    licensed(user)
    for _ in range(6):
        a_story(topics=topics)
    address = item.get_absolute_url()
    browser = signed_in(user)
    client.get("/section/world/")  # the desks and labels of this process

    def cost(asking: Client) -> int:
        with CaptureQueriesContext(connection) as made:
            assert asking.get(address).status_code == 200
        return len(made)

    assert [cost(client), cost(client), cost(browser), cost(browser)] == [3, 0, 6, 5]


def test_each_picture_has_a_public_rendition_while_its_release_is_the_present_one(client: Client) -> None:
    item = a_story(uri="urn:x:3")
    token = item.head.pictures[0]["token"]  # type: ignore[union-attr]  # it was released

    shown = client.get(f"/pictures/{token}/web")
    again = client.get(f"/pictures/{token}/web", headers={"If-None-Match": shown["ETag"]})
    wire.kill(item=item, by=SYSTEM, note="Gone.", at=now())

    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
        200,
        "image/webp",
        "public, max-age=300",
    )
    assert shown.content[8:12] == b"WEBP"
    assert b"secret" not in shown.content
    assert again.status_code == 304
    assert client.get(f"/pictures/{token}/web").status_code == 404
    assert client.get(f"/pictures/{token}/original").status_code == 404
    assert client.get("/pictures/aaaaaaaaaaaaaaaaaaaaaa/web").status_code == 404


def test_the_picture_of_a_story_shown_to_nobody_is_for_its_readers(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    item, user = a_story(public_tier=Tier.NOTHING), a_user()
    licensed(user)
    address = f"/pictures/{item.head.pictures[0]['token']}/thumbnail"  # type: ignore[union-attr]  # it was released

    seen = signed_in(user).get(address)

    assert client.get(address).status_code == 404
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")


def test_an_original_is_handed_to_those_who_may_download_and_to_nobody_else(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    item, reader, downloader = a_story(), a_user(), a_user()
    licensed(reader)
    licensed(downloader, uses=[Use.READ, Use.DOWNLOAD])
    address = f"/story/{item.slug}/original/0/"

    stranger, refused = client.get(address), signed_in(reader).get(address)
    given = signed_in(downloader).get(address)
    body = b"".join(given)  # type: ignore[arg-type]  # a streaming response in tests is iterable

    assert (stranger.status_code, refused.status_code) == (403, 403)
    assert "Your licence does not cover this use" in refused.content.decode()
    assert (given.status_code, given["Content-Type"], given["Cache-Control"]) == (
        200,
        "image/jpeg",
        "private, no-store",
    )
    assert given["Content-Disposition"].startswith("attachment;")
    assert body[:3] == b"\xff\xd8\xff"
    assert list(Usage.objects.values_list("user_id", "use")) == [(downloader.pk, "download")]
    assert signed_in(downloader).get(f"/story/{item.slug}/original/7/").status_code == 404
