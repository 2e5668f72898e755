"""Whose network an address lies in, out of this process's memory.

Every process keeps the open networks with the *generation* they were read under; a change gives the cache another
generation, and each process reads them again at its next request. Without a cache they are read each time.
"""

import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_network

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from newsroom.accounts.models import Network

log = structlog.get_logger(__name__)
GENERATION = "generation:networks"
LIVE = 60.0  # seconds: should a change not have reached the cache, it counts after this long
Place = tuple[int, int, int]  # version, length of the prefix, first address


@dataclass(frozen=True, slots=True)
class Held:
    """One organisation's hold on a network."""

    organisation_id: int
    valid_from: datetime
    valid_to: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(slots=True)
class Table:
    """All networks that are open or will be, by place."""

    generation: str
    read_at: float
    places: dict[Place, list[Held]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[int, set[int]] = field(default_factory=lambda: {4: set(), 6: set()})

    def holders(self, address: IPv4Address | IPv6Address, at: datetime) -> frozenset[int]:
        found = set()
        for length in self.lengths[address.version]:
            spare = address.max_prefixlen - length
            place = (address.version, length, int(address) >> spare << spare)
            found |= {each.organisation_id for each in self.places.get(place, ()) if each.holds(at)}
        return frozenset(found)


_kept: list[Table] = []


def holders(address: IPv4Address | IPv6Address, at: datetime, generation: str | None = None) -> frozenset[int]:
    """The organisations whose network the address lies in. `generation`: the cache's, when it was just asked."""
    return _table(generation).holders(address, at)


def _table(generation: str | None) -> Table:
    try:
        present = generation or _generation()
    except RedisError:
        return _read("")
    kept = _kept[0] if _kept else None
    if kept is None or kept.generation != present or time.monotonic() - kept.read_at > LIVE:
        kept = _read(present)
        _kept[:] = [kept]
    return kept


def _generation() -> str:
    """The cache's present generation; a new one where it has forgotten, so that nobody goes on with an older table."""
    found: str | None = cache.get(GENERATION)
    if found is None:
        cache.add(GENERATION, secrets.token_hex(8), None)
        found = cache.get(GENERATION)
    return found or ""


def _read(generation: str) -> Table:
    """As the database has them, by a generation that was known before."""
    table = Table(generation, time.monotonic())
    rows = Network.objects.order_by("pk").values_list("cidr", "organisation_id", "valid_from", "valid_to")
    for cidr, organisation_id, valid_from, valid_to in rows:
        network = ip_network(cidr)
        table.lengths[network.version].add(network.prefixlen)
        place = (network.version, network.prefixlen, int(network.network_address))
        table.places[place].append(Held(organisation_id, valid_from, valid_to))
    return table


def forget() -> None:
    """Let every process read the networks again."""
    _kept.clear()
    try:
        cache.set(GENERATION, secrets.token_hex(8), None)
    except RedisError as error:
        log.warning("networks_not_announced", error=type(error).__name__)
