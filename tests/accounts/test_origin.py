"""Where a request comes from: never where it says itself."""

from ipaddress import ip_address, ip_network

import pytest
from django.test import RequestFactory

from newsroom.accounts.origin import Origin, address_of, country_of, origin_of, prefix_of
from tests.factories import NOON

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))


@pytest.fixture(autouse=True)
def proxies(settings):
    settings.TRUSTED_PROXIES = PROXIES
    settings.COUNTRY_HEADER = "CF-IPCountry"


def asked(peer: str, forwarded: str | None = None, **headers):
    named = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=named | headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("93.184.216.34", None, "93.184.216.34"),
        ("93.184.216.34", "8.8.8.8", "93.184.216.34"),  # not from a proxy of ours
        ("10.0.0.1", "93.184.216.34", "93.184.216.34"),
        ("10.0.0.1", "8.8.8.8, 93.184.216.34", "93.184.216.34"),  # the left-most is the reader's own word
        ("10.0.0.1", "8.8.8.8, 93.184.216.34, 10.9.9.9", "93.184.216.34"),
        ("10.0.0.1", "10.0.0.7, 10.0.0.8", "10.0.0.7"),  # nobody but proxies
        ("10.0.0.1", "93.184.216.34, ", "10.0.0.1"),  # malformed where we look
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "93.184.216.34:4711", "10.0.0.1"),
        ("10.0.0.1", "rubbish, 93.184.216.34", "93.184.216.34"),  # malformed where nobody looks
        ("10.0.0.1", "93.184.216.34, rubbish, 10.0.0.2", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "::ffff:93.184.216.34", "93.184.216.34"),
        ("2001:db8:ffff::1", "2a00:1450:4001:800::1", "2a00:1450:4001:800::1"),
        ("2001:db8:fffe::1", "2a00:1450:4001:800::1", "2001:db8:fffe::1"),
    ],
)
def test_the_list_is_walked_from_the_right_past_known_proxies(peer, forwarded, address):
    assert address_of(asked(peer, forwarded)) == ip_address(address)


@pytest.mark.parametrize("header", ["X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"])
def test_no_other_header_names_the_reader(header):
    assert address_of(asked("10.0.0.1", None, **{header: "93.184.216.34"})) == ip_address("10.0.0.1")


def test_a_socket_has_no_address():
    assert address_of(asked("")) is None
    assert origin_of(asked(""), NOON) == Origin()


@pytest.mark.parametrize(
    ("address", "prefix"),
    [("93.184.216.34", "93.184.216.0/24"), ("2a00:1450:4001:8ff::1", "2a00:1450:4001:800::/56")],
)
def test_the_prefix_is_a_24_or_a_56(address, prefix):
    assert prefix_of(ip_address(address)) == prefix


@pytest.mark.parametrize(
    ("peer", "said", "country"),
    [
        ("10.0.0.1", "TR", "TR"),
        ("10.0.0.1", "tr", "TR"),
        ("10.0.0.1", "XX", ""),
        ("10.0.0.1", "T1", ""),
        ("10.0.0.1", "", ""),
        ("93.184.216.34", "TR", ""),
        ("", "TR", ""),
    ],
)
def test_a_country_is_what_a_known_proxy_says_and_a_country(peer, said, country):
    assert country_of(asked(peer, None, **{"CF-IPCountry": said})) == country


def test_without_a_header_of_our_proxies_there_is_no_country(settings):
    settings.COUNTRY_HEADER = ""
    assert country_of(asked("10.0.0.1", None, **{"CF-IPCountry": "TR"})) == ""
