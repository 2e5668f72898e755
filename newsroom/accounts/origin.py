"""Where a request comes from: the reader's address behind known proxies, whose network that is, and which country.

Of `X-Forwarded-For` only what our own proxies wrote is believed: the list is walked from the right, past the known
proxies, to the first address that is none (https://developer.mozilla.org/docs/Web/HTTP/Headers/X-Forwarded-For#selecting_an_ip_address).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from newsroom.accounts import networks
from newsroom.core.countries import is_country

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PREFIX = {4: 24, 6: 56}


@dataclass(frozen=True, slots=True)
class Origin:
    """`network_ids`: organisations whose network it is. `prefix`: /24 or /56. `country`: empty when unknown."""

    network_ids: frozenset[int] = frozenset()
    prefix: str = ""
    country: str = ""


def origin_of(request: HttpRequest, at: datetime) -> Origin:
    """All that the address says. No query while the cache answers and this process knows the networks."""
    address = address_of(request)
    if address is None:
        return Origin(country=country_of(request))
    held = networks.holders(address, at, getattr(request, "networks_generation", None))  # a page that asked the cache
    return Origin(held, prefix_of(address), country_of(request))


def address_of(request: HttpRequest) -> Address | None:
    """The reader's address; None when the server speaks through a socket that has none."""
    peer = read(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return behind(peer, forwarded.split(",") if forwarded else [], settings.TRUSTED_PROXIES)


def text_of(request: HttpRequest) -> str:
    """The reader's address in words; nothing when there is none."""
    return str(address_of(request) or "")


def behind(peer: Address, forwarded: Iterable[str], trusted: Collection[Network]) -> Address:
    """The right-most address that is no known proxy. A word that is no address: then nobody is behind the peer."""
    found = peer
    for word in reversed(list(forwarded)):
        if not within(found, trusted):
            return found
        named = read(word)
        if named is None:
            return peer
        found = named
    return found


def read(text: str) -> Address | None:
    """The address that stands there; one of IPv4 that is written as one of IPv6 is one of IPv4."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def within(address: Address, ranges: Collection[Network]) -> bool:
    return any(address.version == each.version and address in each for each in ranges)


def prefix_of(address: Address) -> str:
    """What a budget is counted by: 93.184.216.0/24, 2a00:1450:4001:800::/56."""
    return str(ip_network((int(address), PREFIX[address.version]), strict=False))


def country_of(request: HttpRequest) -> str:
    """What a known proxy says about the country; empty when none does, or when it is no country."""
    peer = read(request.META.get("REMOTE_ADDR", ""))
    if not settings.COUNTRY_HEADER or peer is None or not within(peer, settings.TRUSTED_PROXIES):
        return ""
    code = request.headers.get(settings.COUNTRY_HEADER, "").strip().upper()
    return code if is_country(code) else ""
