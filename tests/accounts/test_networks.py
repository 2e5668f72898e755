"""Institution networks: kept, found, and gone at the next request."""

from ipaddress import ip_address

import pytest
from django.db import IntegrityError, transaction
from redis.exceptions import ConnectionError as NoConnection

from newsroom.accounts import networks
from newsroom.accounts.actions import add_network, end_network
from newsroom.accounts.middleware import asker
from newsroom.accounts.models import Network
from newsroom.accounts.rules import BadNetwork
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from tests.factories import HOUR, NOON, an_organisation

pytestmark = pytest.mark.django_db
INSIDE = ip_address("93.184.216.34")


@pytest.fixture(autouse=True)
def nothing_known():
    networks.forget()
    yield
    networks.forget()


def add(organisation, cidr="93.184.216.0/24", at=NOON, **facts):
    return add_network(organisation=organisation, cidr=cidr, by=SYSTEM, at=at, **facts)


@pytest.mark.parametrize(
    ("cidr", "address", "holds"),
    [
        ("93.184.216.0/24", "93.184.216.255", True),
        ("93.184.216.0/24", "93.184.217.0", False),
        ("93.184.216.34", "93.184.216.34", True),
        ("93.184.216.34", "93.184.216.35", False),
        ("2a00:1450:4001::/48", "2a00:1450:4001:ffff::1", True),
        ("2a00:1450:4001::/48", "2a00:1450:4002::", False),
        ("93.184.216.0/24", "::5db8:d822", False),
    ],
)
def test_an_address_is_held_by_whose_network_it_lies_in(cidr, address, holds):
    library = an_organisation()
    add(library, cidr)

    assert networks.holders(ip_address(address), NOON) == ({library.pk} if holds else set())


def test_a_network_holds_from_its_first_moment_to_its_last():
    library = an_organisation()
    network = add(library)
    end_network(network=network, by=SYSTEM, at=NOON + HOUR, why="moved")

    moments = (NOON - HOUR, NOON, NOON + HOUR / 2, NOON + HOUR)
    assert [bool(networks.holders(INSIDE, at)) for at in moments] == [False, True, True, False]
    assert AuditEntry.objects.get(action="organisation.network_ended").why == "moved"


def test_once_known_it_costs_no_query_until_something_changes(django_assert_num_queries):
    library = an_organisation()
    network = add(library)
    assert networks.holders(INSIDE, NOON)

    with django_assert_num_queries(0):
        assert networks.holders(INSIDE, NOON) == {library.pk}
    end_network(network=network, by=SYSTEM, at=NOON)
    with django_assert_num_queries(1):
        assert networks.holders(INSIDE, NOON) == frozenset()


def test_what_another_process_changed_is_read_again():
    library = an_organisation()
    assert networks.holders(INSIDE, NOON) == frozenset()
    kept = list(networks._kept)
    add(library)

    networks._kept[:] = kept  # this process has not heard of it

    assert networks.holders(INSIDE, NOON) == {library.pk}


def test_a_cache_that_forgot_gives_a_new_generation_and_not_the_old_table():
    assert networks.holders(INSIDE, NOON) == frozenset()
    kept = list(networks._kept)
    library = an_organisation()
    add(library)
    networks.cache.delete(networks.GENERATION)
    networks._kept[:] = kept

    assert networks.holders(INSIDE, NOON) == {library.pk}


def test_without_a_cache_the_database_is_asked_each_time(monkeypatch, django_assert_num_queries):
    library = an_organisation()
    add(library)

    def away(*_args, **_kwargs):
        raise NoConnection

    monkeypatch.setattr(networks.cache, "get", away)
    for _ in range(2):
        with django_assert_num_queries(1):
            assert networks.holders(INSIDE, NOON) == {library.pk}


def test_a_table_that_is_too_old_is_read_again(monkeypatch, django_assert_num_queries):
    networks.holders(INSIDE, NOON)
    later = networks.time.monotonic() + networks.LIVE + 1
    monkeypatch.setattr(networks.time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        networks.holders(INSIDE, NOON)


def test_two_organisations_have_no_address_in_common():
    library, other = an_organisation(), an_organisation()
    add(library)

    for cidr in ("93.184.216.0/24", "93.184.0.0/16", "93.184.216.34"):
        with pytest.raises(BadNetwork, match="another organisation") as refusal:
            add(other, cidr)
        assert refusal.value.field == "cidr"
    with pytest.raises(BadNetwork, match="Your network 93.184.216.0/24"):
        add(library, "93.184.216.0/25")
    with pytest.raises(IntegrityError), transaction.atomic():
        Network.objects.create(organisation=other, cidr="93.184.216.0/25", valid_from=NOON)


def test_a_network_that_ended_may_be_anothers():
    library, other = an_organisation(), an_organisation()
    end_network(network=add(library), by=SYSTEM, at=NOON + HOUR)

    add(other, at=NOON + HOUR)

    assert networks.holders(INSIDE, NOON) == {library.pk}
    assert networks.holders(INSIDE, NOON + HOUR) == {other.pk}


def test_a_request_from_a_network_is_the_organisations_without_a_session(client, monkeypatch):
    monkeypatch.setattr("newsroom.accounts.middleware.now", lambda: NOON)
    library = an_organisation()
    add(library)

    here = asker(client.get("/about/", REMOTE_ADDR="93.184.216.34").wsgi_request)
    mapped = asker(client.get("/about/", REMOTE_ADDR="::ffff:93.184.216.34").wsgi_request)
    forged = asker(client.get("/about/", headers={"X-Forwarded-For": "93.184.216.34"}).wsgi_request)

    assert (here.network_ids, here.prefix, here.anonymous) == ({library.pk}, "93.184.216.0/24", False)
    assert (mapped.network_ids, forged.network_ids, forged.anonymous) == ({library.pk}, set(), True)
