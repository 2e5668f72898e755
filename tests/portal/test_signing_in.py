"""Opening an account, signing in and out, choosing a password."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.test import Client

from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.core.models import Message
from tests.factories import HOUR, a_release, a_user

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-phrase"


def a_confirmed_user(email: str = "reader@example.com") -> User:
    user = a_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def link(kind: str) -> str:
    """The address in the newest mail of this kind, as a path."""
    text = Message.objects.filter(kind=kind).latest("pk").text
    found = re.search(r"https?://[^/\s]+(/account/\S+)", text)
    assert found
    return found[1]


def test_a_stranger_signs_up_at_a_story_confirms_by_mail_and_is_back_at_it(client: Client) -> None:
    story = a_release(now() - HOUR).item.get_absolute_url()
    entrance = client.get(f"/account/login/?next={story}").content.decode()
    signup = re.search(r'href="(/account/signup/\?next=[^"]*)"', entrance)
    assert signup
    client.get(signup[1])

    sent = client.post("/account/signup/", {"email": "New@Example.com", "password1": PASSWORD, "next": story})
    assert sent.headers["Location"] == "/account/confirm-email/"
    assert "Look into your mail" in client.get("/account/confirm-email/").content.decode()
    assert client.get("/account/").status_code == 302

    address = link("account_email_confirmation_signup")
    asked = client.get(address)
    assert "new@example.com" in asked.content.decode()
    confirmed = client.post(address)

    assert confirmed.headers["Location"] == story
    assert client.get("/account/").status_code == 200


def test_the_mail_speaks_the_readers_language_in_text_and_html(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    client.post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD})

    message = Message.objects.get()

    assert (message.kind, message.to, message.locale) == ("account_email_confirmation_signup", "new@example.com", "ar")
    assert '<html lang="ar" dir="rtl">' in message.html
    assert message.text.count("/account/confirm-email/") == 1


def test_an_address_that_is_taken_is_answered_like_a_new_one(client: Client) -> None:
    """Nobody learns from the form who has an account (L49)."""
    a_confirmed_user("taken@example.com")

    answers = [
        client.post("/account/signup/", {"email": email, "password1": PASSWORD})
        for email in ("taken@example.com", "free@example.com")
    ]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/account/confirm-email/")
    }
    assert sorted(Message.objects.values_list("to", "kind")) == [
        ("free@example.com", "account_email_confirmation_signup"),
        ("taken@example.com", "account_account_already_exists"),
    ]


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", PASSWORD, "This field is required."),
        ("no-address", PASSWORD, "Enter a valid email address."),
        ("a@example.com", "short", "This password is too short."),
        ("a@example.com", "password", "This password is too common."),
        ("<script>@example.com", PASSWORD, "Enter a valid email address."),
        ("a" * 300 + "@example.com", PASSWORD, "Enter a valid email address."),
    ],
)
def test_a_fault_in_the_form_is_named_at_its_field(client: Client, email: str, password: str, words: str) -> None:
    response = client.post("/account/signup/", {"email": email, "password1": password})

    html = response.content.decode()
    assert words in html
    assert 'aria-invalid="true"' in html
    assert "<script>@" not in html
    assert User.objects.count() == 0


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client) -> None:
    a_confirmed_user()

    answers = [
        client.post("/account/login/", {"login": email, "password": "wrong"}).content.decode()
        for email in ("reader@example.com", "nobody@example.com")
    ]

    said = [re.findall(r'<ul class="errorlist[^>]*>.*?</ul>', html, re.DOTALL) for html in answers]
    assert said[0]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(client: Client, target: str) -> None:
    a_confirmed_user()

    answer = client.post(
        "/account/login/", {"login": "reader@example.com", "password": "correct-horse-9", "next": target}
    )

    assert answer.headers["Location"] == "/account/"


def test_a_link_that_expired_or_was_used_says_so(client: Client) -> None:
    assert "This link has expired" in client.get("/account/confirm-email/unknown-key/").content.decode()
    assert "This link no longer works" in client.get("/account/password/reset/key/1-set-x/").content.decode()


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client) -> None:
    user = a_confirmed_user()

    done = client.post("/account/password/reset/", {"email": user.email}, follow=True).content.decode()
    form = client.get(link("account_password_reset_key"), follow=True)
    chosen = client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD}, follow=True)

    assert "Look into your mail" in done
    assert "Your password is changed" in chosen.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_was_let_in_without_an_account_of_their_own_gets_in_by_the_mails_link(client: Client) -> None:
    """An accepted offer makes the contact a person; the link in the mail proves the only address they have."""
    user = a_user("contact@paper.example")
    client.post("/account/password/reset/", {"email": user.email})
    form = client.get(link("account_password_reset_key"), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert answer.headers["Location"] == "/account/"


def test_an_unknown_address_gets_a_mail_and_the_page_says_the_same(client: Client) -> None:
    html = client.post("/account/password/reset/", {"email": "nobody@example.com"}, follow=True).content.decode()

    assert "Look into your mail" in html
    assert list(Message.objects.values_list("to", "kind")) == [("nobody@example.com", "account_unknown_account")]


def test_signing_out_drops_what_the_browser_kept(signed_in: Callable[[User], Client]) -> None:
    browser = signed_in(a_user())
    assert "Sign out?" in browser.get("/account/logout/").content.decode()

    answer = browser.post("/account/logout/")

    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/", '"cache"')
    assert browser.get("/account/").status_code == 302


def test_one_can_sign_out_everywhere_else(client: Client) -> None:
    a_confirmed_user()
    elsewhere = Client()
    for browser in (elsewhere, client):
        browser.post("/account/login/", {"login": "reader@example.com", "password": "correct-horse-9"})
        assert browser.get("/account/").status_code == 200
    assert "Sign out everywhere else" in client.get("/account/sessions/").content.decode()

    client.post("/account/sessions/")

    assert [browser.get("/account/").status_code for browser in (client, elsewhere)] == [200, 302]


@pytest.mark.parametrize(
    "address",
    [
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/done/",
        "/account/confirm-email/",
        "/account/inactive/",
    ],
)
def test_every_page_of_the_entrance_is_ours_and_out_of_the_search_engines(client: Client, address: str) -> None:
    html = client.get(address).content.decode()

    assert 'class="site-header"' in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(
    "address",
    [
        "/account/",
        "/account/profile/",
        "/account/email/",
        "/account/password/change/",
        "/account/two-factor/",
        "/account/sessions/",
    ],
)
def test_every_page_of_the_account_is_for_its_owner_and_kept_by_nobody(client: Client, address: str) -> None:
    a_confirmed_user()
    assert client.get(address).headers["Location"].startswith("/account/login/?next=/account/")

    client.post("/account/login/", {"login": "reader@example.com", "password": "correct-horse-9"})
    answer = client.get(address)

    assert answer.status_code == 200
    assert 'class="side-nav"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_two_factors_are_set_up_and_asked_for(client: Client) -> None:
    a_confirmed_user()
    client.post("/account/login/", {"login": "reader@example.com", "password": "correct-horse-9"})
    asked = client.get("/account/two-factor/totp/activate/", follow=True)
    assert 'name="password"' in asked.content.decode()
    page = client.post(asked.redirect_chain[-1][0], {"password": "correct-horse-9"}, follow=True).content.decode()
    secret = client.session["mfa.totp.secret"]
    assert 'class="qr"' in page

    code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
    activated = client.post("/account/two-factor/totp/activate/", {"code": code}, follow=True).content.decode()
    other = Client()
    entered = other.post("/account/login/", {"login": "reader@example.com", "password": "correct-horse-9"})

    assert "Recovery Codes" in activated
    assert entered.headers["Location"].startswith("/account/two-factor/authenticate/")
    assert 'name="code"' in other.get("/account/two-factor/authenticate/").content.decode()
    assert other.get("/account/").status_code == 302
