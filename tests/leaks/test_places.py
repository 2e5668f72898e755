"""A licensed network and the pages kept for strangers: neither is given the other's, nor makes the other's be kept."""

import pytest

from newsroom.accounts import networks
from newsroom.accounts.models import Network
from newsroom.wire.rules import Tier
from tests.factories import HOUR, NOON, a_release
from tests.leaks.canaries import BODY, Kind
from tests.leaks.readers import AT_HOME, BY_NAME
from tests.leaks.world import World, after_commit, at, empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
HOME, AWAY = "on network", "off network"


@pytest.fixture(autouse=True)
def noon():
    empty_cache()
    with at(NOON):
        yield
    empty_cache()


def page(world: World, name: str, **headers: str):
    path = f"/story/{world.stories['live'].slug}/"
    return world.browser(BY_NAME[name]).get(path, headers=headers)


def kinds(world: World, response) -> set[Kind]:
    return {mark.kind for mark in world.found_in(response) if mark.story == "live" and not mark.replaced}


def has_text(world: World, response) -> bool:
    found = kinds(world, response)
    assert found >= BODY or found.isdisjoint(BODY)
    return found >= BODY


@pytest.mark.parametrize("order", [(HOME, AWAY, HOME, AWAY), (AWAY, HOME, AWAY, HOME), (AWAY, AWAY, HOME, HOME)])
def test_neither_is_given_the_others_page_in_any_order(world: World, order):
    assert [has_text(world, page(world, name)) for name in order] == [name == HOME for name in order]


def test_what_the_network_is_given_is_kept_by_nobody_and_has_no_mark(world: World):
    home, away = page(world, HOME), page(world, AWAY)
    assert home.headers["Cache-Control"] == "private, no-store"
    assert not {"ETag", "Last-Modified", "Expires"} & set(home.headers)
    assert "public" in away.headers["Cache-Control"]


def test_the_mark_of_a_strangers_page_confirms_nothing_on_the_network(world: World):
    mark = page(world, AWAY).headers["ETag"]
    assert page(world, AWAY, **{"If-None-Match": mark}).status_code == 304
    home = page(world, HOME, **{"If-None-Match": mark})
    assert (home.status_code, has_text(world, home)) == (200, True)


def test_a_network_that_ends_is_closed_at_the_next_request_and_one_that_begins_is_open(world: World):
    assert has_text(world, page(world, HOME))
    network = Network.objects.get(cidr="93.184.216.0/24")
    network.valid_to = NOON
    network.save()
    assert not has_text(world, page(world, HOME))
    network.valid_to = None
    network.save()
    assert has_text(world, page(world, HOME))


def test_without_a_cache_the_network_still_counts(world: World, monkeypatch):
    def away(*_args, **_kwargs):
        raise networks.RedisError

    for name in ("get", "set", "add", "get_many", "set_many"):
        monkeypatch.setattr(networks.cache, name, away)
    assert [has_text(world, page(world, name)) for name in (HOME, AWAY)] == [True, False]


@pytest.mark.parametrize(
    ("forwarded", "opens"),
    [
        (f"{AT_HOME}", True),
        (f"8.8.8.8, {AT_HOME}", True),
        (f"{AT_HOME}, 8.8.8.8", False),
        (f"{AT_HOME}, rubbish", False),
        ("", False),
    ],
)
def test_behind_a_proxy_of_ours_only_its_own_word_counts(world: World, settings, forwarded, opens):
    settings.TRUSTED_PROXIES = tuple(map(networks.ip_network, ("127.0.0.0/8",)))
    assert has_text(world, page(world, "anonymous", **{"X-Forwarded-For": forwarded})) == opens


def test_without_a_proxy_of_ours_nobodys_word_counts(world: World):
    for forwarded in (AT_HOME, f"8.8.8.8, {AT_HOME}", f"{AT_HOME}, 127.0.0.1"):
        assert not has_text(world, page(world, "anonymous", **{"X-Forwarded-For": forwarded}))


def test_a_page_for_one_country_is_not_given_to_another(world: World, settings):
    settings.TRUSTED_PROXIES = tuple(map(networks.ip_network, ("127.0.0.0/8",)))
    settings.COUNTRY_HEADER = "CF-IPCountry"
    free = a_release(NOON - HOUR, public_tier=Tier.FULL, territories_out=("TR",), desk=world.desk)
    after_commit()
    browser, path = world.browser(BY_NAME["anonymous"]), free.item.get_absolute_url()

    def reads(country: str) -> bool:
        answer = browser.get(path, headers={"CF-IPCountry": country})
        assert "CF-IPCountry" in answer.headers["Vary"]
        return "The first ferry left at dawn." in answer.content.decode()

    assert [reads(country) for country in ("DE", "TR", "DE", "TR", "")] == [True, False, True, False, False]
