"""What may be an organisation's network or mail domain. Pure but for the list of public mail providers it ships with."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import idna
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from newsroom.core.errors import Refused

WIDEST = {4: 16, 6: 32}
PROVIDERS = Path(__file__).parent / "data" / "public_mail.txt"
LONGEST_DOMAIN = 253
Network = IPv4Network | IPv6Network

SPECIAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (gettext_noop("These are addresses of the machine itself."), ("127.0.0.0/8", "::1/128")),
    (
        gettext_noop("These are private addresses. Everybody has them; give the public ones."),
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
    ),
    (gettext_noop("These are link-local addresses."), ("169.254.0.0/16", "fe80::/10")),
    (
        gettext_noop("These addresses are kept for documentation."),
        ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    ),
    (gettext_noop("These are multicast addresses."), ("224.0.0.0/4", "ff00::/8")),
    (
        gettext_noop("Nobody on the internet has these addresses."),
        (
            *("0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4"),
            *("::/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16"),
        ),
    ),
)
"""Why an address range is nobody's network on the internet (https://www.iana.org/assignments/iana-ipv4-special-registry)."""


class Wrong(Refused):
    """What was typed cannot be. `field` names where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BadNetwork(Wrong):
    """These addresses cannot be an organisation's network."""


class BadDomain(Wrong):
    """This cannot be an organisation's mail domain."""


def network_of(text: str) -> Network:
    """The network that was typed, `93.184.216.0/24` or one address. Raises `BadNetwork`, of the field `cidr`."""
    text = text.strip()
    try:
        found = ip_network(text)
    except ValueError:
        raise BadNetwork("cidr", _unreadable(text)) from None
    for why, ranges in _special():
        if any(found.version == each.version and found.overlaps(each) for each in ranges):
            raise BadNetwork("cidr", _(why))
    widest = WIDEST[found.version]
    if found.prefixlen < widest:
        raise BadNetwork("cidr", _("This network is too wide: /%(widest)s is the widest.") % {"widest": widest})
    return found


@lru_cache(maxsize=1)
def _special() -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return tuple((why, tuple(ip_network(each) for each in ranges)) for why, ranges in SPECIAL)


def _unreadable(text: str) -> str:
    """What is wrong with it; of an address that lies inside its network, which network that is."""
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return _("This is no network. Write it like 93.184.216.0/24 or 2a00:1450:4001::/48.")
    return _("This address lies inside a network. Did you mean %(network)s?") % {"network": meant}


def domain_of(text: str) -> str:
    """The mail domain that was typed, in lower case and IDNA form. Raises `BadDomain`, of the field `name`."""
    name = text.strip().removeprefix("@").rstrip(".").lower()
    host = ascii_of(name)
    if not host or "." not in host or len(host) > LONGEST_DOMAIN or host.rsplit(".", 1)[-1].isdigit():
        raise BadDomain("name", _("This is no domain. Write what stands behind the @ of your addresses."))
    if host in public_providers():
        raise BadDomain("name", _("Everybody can have an address at this domain."))
    return host


def host_of(email: str) -> str:
    """The domain of a mail address, in lower case and IDNA form; empty when it has none. What stands before the last
    @ plays no part: neither another @ nor a +."""
    return ascii_of(email.strip().rpartition("@")[2].rstrip(".").lower()) if "@" in email else ""


def ascii_of(name: str) -> str:
    """The IDNA form (UTS 46) of a host name; empty for what is none."""
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""


def written(host: str) -> str:
    """A domain as its people write it: `müller.example` for `xn--mller-kva.example`."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


@lru_cache(maxsize=1)
def public_providers() -> frozenset[str]:
    """Domains at which everybody can have an address."""
    lines = PROVIDERS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
