"""Whom nobody has signed in: the address range they come from, and the cookies that are ours alone."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.accounts import visitors
from newsroom.accounts.readers import ANONYMOUS, Reader

ID = "a" * 22


def request(**facts):
    return RequestFactory().get("/", **facts)


def with_cookies(*deeds):
    response, made = HttpResponse(), request()
    for deed in deeds:
        deed(response)
    made.COOKIES.update({name: morsel.value for name, morsel in response.cookies.items()})
    return made


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:aa:bbcc:1::1", "2001:db8:aa:bb00::/56"),
        ("", ""),
        ("unix:", ""),
        ("203.0.113.77, 10.0.0.1", ""),
    ],
)
def test_a_reader_comes_from_an_address_range(address, prefix):
    assert visitors.prefix_of(request(REMOTE_ADDR=address)) == prefix


def test_a_forwarded_address_is_nobodys_word():
    made = request(REMOTE_ADDR="203.0.113.77", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert visitors.prefix_of(made) == "203.0.113.0/24"


def test_a_browser_is_known_by_both_its_cookies():
    made = with_cookies(
        lambda response: visitors.remember(response, ID),
        lambda response: visitors.hand_over(response, ID, ["one", "two"]),
    )
    assert visitors.recognise(made, ANONYMOUS) == Reader(
        bearers=frozenset({visitors.digest("one"), visitors.digest("two")}),
        visitor=ID,
        browser=ID,
        prefix="127.0.0.0/24",
    )


def test_a_person_who_is_signed_in_is_no_visitor_and_keeps_their_gifts():
    made = with_cookies(
        lambda response: visitors.remember(response, ID),
        lambda response: visitors.hand_over(response, ID, ["one"]),
    )
    reader = visitors.recognise(made, Reader(7, prefix="198.51.100.0/24"))
    assert (reader.user_id, reader.visitor, reader.bearers) == (7, "", frozenset({visitors.digest("one")}))
    assert reader.prefix == "198.51.100.0/24"


def test_without_a_cookie_of_ours_the_reader_is_who_they_were():
    assert visitors.recognise(request(), ANONYMOUS) is ANONYMOUS


@pytest.mark.parametrize("name", ["visitor", "gifts"])
@pytest.mark.parametrize("value", ["", ID, f"{ID}.one", f"{ID}:x:y", "\x00", "a:b:c", "é" * 50])
def test_a_cookie_that_we_did_not_sign_is_none(name, value):
    made = request()
    made.COOKIES[name] = value
    assert visitors.recognise(made, ANONYMOUS) is ANONYMOUS


def test_the_cookie_of_one_is_not_the_cookie_of_the_other():
    made = with_cookies(lambda response: visitors.remember(response, ID))
    made.COOKIES["gifts"] = made.COOKIES.pop("visitor")
    assert visitors.recognise(made, ANONYMOUS) is ANONYMOUS


def test_a_signed_value_that_is_no_id_of_ours_is_none():
    made = with_cookies(
        lambda response: visitors.remember(response, "short"),
        lambda response: visitors.hand_over(response, "short", ["one"]),
    )
    assert visitors.recognise(made, ANONYMOUS) is ANONYMOUS


def test_a_browser_shows_the_newest_gifts_only():
    made = with_cookies(lambda response: visitors.hand_over(response, ID, [f"t{n}" for n in range(12)]))
    assert visitors.shown_in(made) == (ID, tuple(f"t{n}" for n in range(4, 12)))
