"""A reader's own pages."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from newsroom.accounts.models import User
from newsroom.core.clock import now
from tests.factories import DAY, a_licence, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db


def test_the_overview_says_what_one_may_read_by_oneself_and_by_ones_organisation(
    signed_in: Callable[[User], Client],
) -> None:
    at, daily = now(), an_organisation("The Daily")
    user = a_member(daily, a_user(name="Ayşe Yılmaz"))
    a_licence(user, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    a_licence(daily, starts_at=at - 2 * DAY, ends_at=at - DAY, at=at - DAY)
    a_licence(a_user(), starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)

    html = signed_in(user).get("/account/").content.decode()

    assert "Ayşe Yılmaz" in html
    assert "The Daily" in html
    assert (html.count(">Running<"), html.count(">Ended<")) == (1, 1)


def test_who_holds_nothing_is_shown_the_way_to_a_plan(signed_in: Callable[[User], Client]) -> None:
    html = signed_in(a_user()).get("/account/").content.decode()

    assert "You read summaries" in html
    assert 'href="/pricing/"' in html


def test_a_profile_is_saved_and_its_language_is_at_once_the_sites(signed_in: Callable[[User], Client]) -> None:
    user = a_user()
    browser = signed_in(user)

    answer = browser.post("/account/profile/", {"name": "Ayşe \u202eYılmaz", "locale": "tr"})

    user.refresh_from_db()
    assert (user.name, user.locale) == ("Ayşe Yılmaz", "tr")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "tr"
    assert '<html lang="tr"' in browser.get("/account/profile/").content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": "x" * 151, "locale": "en"}, "Ensure this value has at most 150 characters"),
        ({"name": "x", "locale": "xx"}, "Select a valid choice"),
        ({"name": "x", "locale": ""}, "This field is required."),
        ({"name": "x\x00y", "locale": "en"}, "Null characters are not allowed."),
    ],
)
def test_a_fault_in_the_profile_is_named_and_nothing_is_saved(
    signed_in: Callable[[User], Client], facts: dict[str, str], words: str
) -> None:
    user = a_user(name="Before")

    answer = signed_in(user).post("/account/profile/", facts)

    user.refresh_from_db()
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert (user.name, user.locale) == ("Before", "en")


def test_a_name_with_a_script_in_it_is_shown_harmless(signed_in: Callable[[User], Client]) -> None:
    user = a_user(name="<script>alert(1)</script>")

    assert "<script>alert" not in signed_in(user).get("/account/").content.decode()
