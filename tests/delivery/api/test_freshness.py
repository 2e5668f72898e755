"""What is revoked is refused at the next request; nothing is asked of the database while nothing changes."""

from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as NoConnection

from newsroom.access import changes, entitlements, warm
from newsroom.access.epochs import COUNTER, KEY, Away, Epochs, epochs
from newsroom.access.models import Change
from newsroom.accounts import keys
from newsroom.accounts.models import ApiKey, Membership
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Seat
from newsroom.licensing.rules import Limits, Use
from newsroom.wire import actions as wire
from tests.delivery.api.conftest import Machine, a_key
from tests.factories import DAY, HOUR, NOON, a_draft, a_licence, a_member, a_product, an_item
from tests.leaks.world import after_commit, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return an_item()


def warmed(machine, *uris, **facts):
    """Asked until nothing is new: the key, its last use, the reader, the items."""
    after_commit()
    for _ in range(2):
        machine.check(*({"item": each} for each in uris), **facts)
    after_commit()


@contextmanager
def valkey_away():
    """Nobody gets an answer, and everybody notices at once."""
    with mock.patch.object(Epochs, "client", new_callable=mock.PropertyMock) as client:
        client.return_value.mget.side_effect = NoConnection
        client.return_value.delete.side_effect = NoConnection
        client.return_value.pipeline.side_effect = NoConnection
        yield
    epochs._resting_until = 0.0


def test_a_warm_check_asks_the_database_nothing(daily, machine, item, django_assert_num_queries):
    a_licence(daily)
    warmed(machine, item.uri)

    with django_assert_num_queries(0):
        assert machine.may(item.uri) == "licensed"
        assert machine.get(f"/entitlements/{item.uri}").json()["code"] == "licensed"


def test_a_warm_batch_of_a_hundred_asks_the_database_nothing(daily, machine, django_assert_num_queries):
    a_licence(daily)
    uris = [an_item().uri for _ in range(3)] + [f"urn:unknown:{number}" for number in range(97)]
    warmed(machine, *uris)

    with django_assert_num_queries(0):
        found = machine.check(*({"item": each} for each in uris))
    assert [each["code"] for each in found] == ["licensed"] * 3 + ["content.unknown"] * 97


def test_a_cold_batch_asks_as_often_for_three_as_for_one(daily, machine):
    a_licence(daily)
    uris = [an_item().uri for _ in range(3)]
    counts = []
    for asked in (uris[:1], uris):
        epochs.forget()
        with CaptureQueriesContext(connection) as captured:
            machine.check(*({"item": each} for each in asked))
        counts.append(len(captured))
        after_commit()
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("many", [1, 100])
def test_a_warm_request_is_one_round_trip(daily, machine, many):
    a_licence(daily)
    uris = [an_item().uri for _ in range(2)] + [f"urn:unknown:{number}" for number in range(98)]
    warmed(machine, *uris[:many])
    trips = []

    def counted(send):
        def sent(self, command, *args, **facts):
            trips.append(command)
            return send(self, command, *args, **facts)

        return sent

    with mock.patch.object(AbstractConnection, "send_packed_command", counted(AbstractConnection.send_packed_command)):
        machine.check(*({"item": each} for each in uris[:many]))
    assert len(trips) == 1


def revoke_licence(daily, licence, key, item, person):
    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")


def suspend_licence(daily, licence, key, item, person):
    licensing.suspend(licence=licence, by=SYSTEM, at=NOON, why="not paid")


def take_the_seat(daily, licence, key, item, person):
    Seat.objects.filter(user=person).update(valid_to=NOON)


def end_membership(daily, licence, key, item, person):
    Membership.objects.filter(user=person).update(valid_to=NOON)


def close_account(daily, licence, key, item, person):
    person.is_active = False
    person.save(update_fields=["is_active"])


def kill(daily, licence, key, item, person):
    wire.kill(item=item, by=SYSTEM, note="Wrong.", at=NOON)


def withhold(daily, licence, key, item, person):
    wire.withhold(item=item, by=SYSTEM, note="Checking.", at=NOON)


def restrict(daily, licence, key, item, person):
    wire.release(
        draft=a_draft(uri=item.uri, uses_out=frozenset({"read"})), signal=wire.Signal.UPDATE, by=SYSTEM, at=NOON
    )


def expire(daily, licence, key, item, person):
    wire.release(draft=a_draft(uri=item.uri, expires_at=NOON), signal=wire.Signal.UPDATE, by=SYSTEM, at=NOON)


def revoke_key(daily, licence, key, item, person):
    keys.revoke(key=key, by=SYSTEM, at=NOON)


def take_scope(daily, licence, key, item, person):
    ApiKey.objects.filter(pk=key.pk).update(scopes=["use"])


DEEDS = {
    revoke_licence: "licence.inactive",
    suspend_licence: "licence.inactive",
    take_the_seat: "entitlement.seat",
    end_membership: "member.unknown",
    close_account: "member.unknown",
    kill: "content.killed",
    withhold: "content.withheld",
    restrict: "rights.use",
    expire: "content.expired",
    revoke_key: "auth.revoked",
    take_scope: "auth.scope",
}


def asked(machine, item, person):
    """The code of the answer, or of the problem."""
    body = {"questions": [{"item": item.uri}], "on_behalf_of": {"email": person.email}}
    found = machine.post("/entitlements/check", body).json()
    return found["code"] if "code" in found else found["answers"][0]["code"]


@pytest.fixture
def scene(daily, item):
    """A member with a seat, and a key."""
    licence = a_licence(daily, limits=Limits(seats=2))
    person = a_member(daily)
    licence.occupied.create(user=person, number=1, valid_from=NOON - DAY)
    key, token = a_key(daily)
    return Machine(token), licence, key, person


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_what_is_revoked_is_refused_at_the_next_request(daily, scene, item, deed):
    machine, licence, key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    assert asked(machine, item, person) == "licensed"

    deed(daily, licence, key, item, person)
    after_commit()

    assert asked(machine, item, person) == DEEDS[deed]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_without_the_note_of_the_change_it_would_not_be(daily, scene, item, deed):
    """The test above would pass without any of this if nothing were remembered."""
    machine, licence, key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})

    deed(daily, licence, key, item, person)

    assert asked(machine, item, person) == "licensed"


def test_a_product_that_no_longer_holds_a_story_no_longer_opens_it(daily, machine, item):
    product = a_product("world", {"include": {"desk": ["world"]}})
    wire.restamp(product=product, at=NOON)
    a_licence(daily, products=[product])
    warmed(machine, item.uri)
    assert machine.may(item.uri) == "licensed"

    wire.set_rule(product=product, rule={"include": {"desk": ["sport"]}}, by=SYSTEM, at=NOON)
    wire.restamp(product=product, at=NOON)
    after_commit()

    assert machine.may(item.uri) == "entitlement.product"


def test_without_valkey_the_database_is_asked_and_right(daily, scene, item):
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})

    with valkey_away():
        assert asked(machine, item, person) == "licensed"
        licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
        after_commit()
        assert asked(machine, item, person) == "licence.inactive"


def test_what_changed_while_valkey_was_away_is_refused_when_it_is_back(daily, scene, item):
    """The mark still stands there; nobody believes what they knew before."""
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})

    with valkey_away():
        asked(machine, item, person)
        licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
        after_commit()

    assert asked(machine, item, person) == "licence.inactive"


def test_a_change_that_could_not_be_told_is_told_by_the_next_who_publishes(daily, scene, item):
    """This process never noticed that Valkey was away: only the writer did."""
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    with mock.patch.object(epochs, "drop", side_effect=Away):
        licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
        after_commit()
    assert asked(machine, item, person) == "licensed"
    assert Change.objects.filter(published=False).exists()

    changes.publish_soon()

    assert asked(machine, item, person) == "licence.inactive"
    assert not Change.objects.filter(published=False).exists()


def test_nothing_is_believed_for_longer_than_a_minute(daily, scene, item):
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
    with mock.patch.object(warm, "OLDEST", 0.0):
        assert asked(machine, item, person) == "licence.inactive"


def test_a_new_connection_forgets_everything(daily, scene, item):
    """A Valkey that came back from an old snapshot has marks that stood once."""
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")

    epochs.client.connection_pool.disconnect()

    assert asked(machine, item, person) == "licence.inactive"


def test_marks_that_are_lost_make_nothing_look_fresh(daily, scene, item):
    machine, licence, _key, person = scene
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")

    epochs.client.flushdb()

    assert asked(machine, item, person) == "licence.inactive"


def test_what_was_read_before_a_change_is_not_believed_after_it(daily, machine, item):
    """The change comes between reading the mark and reading the database, and its note before the answer is kept."""
    licence = a_licence(daily)
    real = entitlements.HELD.load

    def load(readers, moment):
        found = real(readers, moment)
        licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
        after_commit()
        return found

    with mock.patch.object(entitlements, "HELD", warm.Kind("held", entitlements.subjects_of_reader, load)):
        machine.may(item.uri)

    assert machine.may(item.uri) == "licence.inactive"


def test_what_begins_and_ends_by_the_clock_does_so_warm(daily, scene, item):
    machine, _licence, _key, person = scene
    Membership.objects.filter(user=person).update(valid_to=NOON + HOUR)
    Seat.objects.filter(user=person).update(valid_to=NOON + HOUR / 2)
    warmed(machine, item.uri, on_behalf_of={"email": person.email})
    second = timedelta(seconds=1)

    said = {}
    for moment in (NOON + HOUR / 2 - second, NOON + HOUR / 2, NOON + HOUR - second, NOON + HOUR):
        with at(moment):
            said[moment - NOON] = asked(machine, item, person)

    assert list(said.values()) == ["licensed", "entitlement.seat", "entitlement.seat", "member.unknown"]


def test_a_key_expires_at_its_second(daily, item):
    a_licence(daily)
    _key, token = a_key(daily, expires_at=NOON + HOUR)
    machine = Machine(token)
    warmed(machine, item.uri)

    with at(NOON + HOUR - timedelta(seconds=1)):
        assert machine.may(item.uri) == "licensed"
    with at(NOON + HOUR):
        response = machine.get(f"/entitlements/{item.uri}")

    assert (response.status_code, response.json()["code"]) == (401, "auth.expired")


def test_a_story_that_comes_is_known_at_the_next_request(daily, machine):
    a_licence(daily)
    assert machine.may("urn:newsroom:tomorrow") == "content.unknown"

    an_item(uri="urn:newsroom:tomorrow")
    after_commit()

    assert machine.may("urn:newsroom:tomorrow") == "licensed"


def test_a_licence_that_is_bought_opens_at_the_next_request(daily, machine, item):
    warmed(machine, item.uri)
    a_licence(daily, uses=[Use.READ])
    after_commit()

    assert machine.may(item.uri) == "licensed"


def test_a_prefix_of_ours_stands_before_every_name_in_valkey():
    assert {KEY, COUNTER} == {"newsroom:epoch:", "newsroom:rate:"}
