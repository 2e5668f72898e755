"""Who has an account is told to nobody but its owner."""

import re
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from newsroom.core.models import Message
from tests.factories import NOON, a_user
from tests.leaks.canaries import new_word
from tests.leaks.test_oracles import same
from tests.leaks.world import World, at, empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
PASSWORD = "correct-horse-9"  # the factories' own


def somebody_known() -> str:
    """The address of somebody who has an account."""
    user = a_user(email=f"{new_word()}@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user.email


@pytest.fixture
def known() -> str:
    return somebody_known()


def asked(path: str, form: dict[str, str], address: str) -> Any:
    """The whole answer and the page it leads to, with the address itself taken out."""
    with at(NOON):
        browser = Client(raise_request_exception=False)
        browser.get(path)
        first = browser.post(path, form)
        leads_to = same(browser.get(first.headers["Location"])) if "Location" in first.headers else None
    return re.sub(address, "ADDRESS", repr((same(first), leads_to)))


def masked(answer: str) -> str:
    """Without what is new in every answer: session keys, their dates and the lengths of pages that echo the address."""
    answer = re.sub(r"(sessionid|messages|csrftoken)=[^;\"']+", r"\1=", answer)
    return re.sub(r"expires=[^;]+", "expires=", answer)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/signup/", {"email": "", "password1": "another-horse-7"}),
        ("/account/login/", {"login": "", "password": "not-the-password-1"}),
        ("/account/password/reset/", {"email": ""}),
    ],
)
def test_a_known_and_an_unknown_address_are_answered_the_same(world: World, known, path, form):
    field = next(name for name, value in form.items() if not value)
    unknown = f"{new_word()}@example.com"
    empty_cache()
    answers = [masked(asked(path, form | {field: address}, address)) for address in (known, unknown)]
    assert answers[0] == answers[1]


def test_each_is_told_by_mail_what_is_the_case(world: World, known):
    unknown = f"{new_word()}@example.com"
    for path, form in (("/account/signup/", {"password1": "another-horse-7"}), ("/account/password/reset/", {})):
        for address in (known, unknown):
            asked(path, form | {"email": address}, address)
    kinds = {(message.to == known, message.kind) for message in Message.objects.filter(to__in=[known, unknown])}
    assert kinds == {
        (True, "account_account_already_exists"),
        (True, "account_password_reset_key"),
        (False, "account_email_confirmation_signup"),
        (False, "account_password_reset_key"),
    } or kinds == {
        (True, "account_account_already_exists"),
        (True, "account_password_reset_key"),
        (False, "account_email_confirmation_signup"),
        (False, "account_unknown_account"),
    }


def test_a_wrong_address_costs_as_many_hashes_as_a_wrong_password(world: World, known):
    counts = []
    for address in (known, f"{new_word()}@example.com"):
        with mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as encode:
            asked("/account/login/", {"login": address, "password": "not-the-password-1"}, address)
        counts.append(encode.call_count)
    assert counts[0] == counts[1] > 0
