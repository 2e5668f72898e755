"""The search page: what may be found by whom, and what a form with faults answers."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from newsroom.accounts.models import User
from newsroom.core.clock import now
from tests.factories import DAY, HOUR, a_desk, a_licence, a_release, a_user

pytestmark = pytest.mark.django_db


def found(html: str) -> list[str]:
    return re.findall(r'<h[23] class="card__title"[^>]*><a[^>]*>([^<]*)</a>', html)


def search(client: Client, **asked: str) -> str:
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_words_of_the_summary_find_a_story_for_everybody_and_words_of_the_text_for_its_readers(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    user, at = a_user(), now()
    a_licence(user, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    a_release(at - HOUR, headline="Ferries", summary="Service resumed.", body_html="<p>A walrus watched.</p>")

    assert found(search(client, q="resumed")) == ["Ferries"]
    assert found(search(client, q="walrus")) == []
    assert "Nothing found" in search(client, q="walrus")
    seen = search(signed_in(user), q="walrus")
    assert found(seen) == ["Ferries"]
    assert "watched" not in seen


def test_the_search_is_narrowed_by_desk_language_and_dates(client: Client) -> None:
    at = now()
    a_release(at - HOUR, headline="Match", desk=a_desk("sport"))
    a_release(at - 10 * DAY, headline="Vote", desk=a_desk("world"))
    a_release(at - HOUR, headline="Maç", language="tr", desk=a_desk("sport"))
    day = f"{at - 5 * DAY:%Y-%m-%d}"

    assert sorted(found(search(client))) == ["Match", "Maç", "Vote"]
    assert sorted(found(search(client, desk="sport"))) == ["Match", "Maç"]
    assert found(search(client, desk="sport", language="tr")) == ["Maç"]
    assert found(search(client, until=day)) == ["Vote"]
    assert sorted(found(search(client, since=day))) == ["Match", "Maç"]


def test_pages_of_results_keep_what_was_asked(client: Client) -> None:
    at = now()
    for each in range(25):
        a_release(at - each * HOUR - HOUR, headline=f"Ferry {each:02}")

    first = search(client, q="ferry", language="en", noise="x")
    address = re.search(r'href="(/search/\?[^"]*)" rel="next"', first)

    assert address
    assert "noise" not in address[1]
    second = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert found(first) + found(second) == [f"Ferry {each:02}" for each in range(25)]
    assert "25 stories" in first


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"desk": "nowhere"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "This day lies before the first one."),
        ({"q": "x" * 201}, "Ensure this value has at most 200 characters"),
    ],
)
def test_a_fault_is_named_at_its_field_and_nothing_is_searched(
    client: Client, asked: dict[str, str], words: str
) -> None:
    a_release(now() - HOUR, headline="Ferries")

    response = client.get("/search/", asked)

    html = response.content.decode()
    assert response.status_code == 400
    assert words in html
    assert 'class="errorlist"' in html
    assert found(html) == []


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "'; DROP TABLE--", "\x00", "((((", "\u202eabc", "%", "ı İ"]
)
def test_odd_words_are_shown_harmless_and_break_nothing(client: Client, words: str) -> None:
    response = client.get("/search/", {"q": words})

    assert response.status_code in {200, 400}
    assert "<script>alert" not in response.content.decode()


def test_results_are_kept_by_nobody(client: Client) -> None:
    assert client.get("/search/?q=x")["Cache-Control"] == "private, no-store"
