"""Many at once, over real connections: exactly as many stories as were agreed, and nothing half done."""

from collections.abc import Callable
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from newsroom.accounts.readers import Reader
from newsroom.core.money import Money
from newsroom.licensing import gifts, leases, proof, spending
from newsroom.licensing.counting import tallies
from newsroom.licensing.gifts import GiftsSpent
from newsroom.licensing.ledger import Entry
from newsroom.licensing.models import Counted, Counter, Gift, Licence, Overage, Seat, Usage
from newsroom.licensing.rules import Audience, Limits, Quota, SeatKind, Use
from newsroom.licensing.spending import Accepted, QuotaSpent
from newsroom.wire.models import Item, Release, Sequence
from tests.factories import HOUR, NOON, a_licence, a_release, a_user, an_organisation

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default"]), pytest.mark.xdist_group("transactions")]
WORKERS, REQUESTS = 12, 200


@pytest.fixture(autouse=True)
def _the_wire_has_its_counter(transactional_db: None) -> None:
    """What a flush after the last test took away."""
    Sequence.objects.update_or_create(pk=1, defaults={"value": 0})


@pytest.fixture
def at_once(transactional_db: None) -> Callable[[Callable[[int], Any]], list[Any]]:
    """Two hundred requests, each by its number, over a dozen connections; what each was answered."""

    def requests(one: Callable[[int], Any]) -> list[Any]:
        waiting, answers = iter(range(REQUESTS)), []

        def worker() -> None:
            try:
                for number in waiting:
                    answers.append(answer(number))
            finally:
                connections.close_all()

        def answer(number: int) -> Any:
            try:
                return one(number)
            except QuotaSpent:
                return QuotaSpent

        threads = [Thread(target=worker) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    return requests


def stories(number: int) -> list[Release]:
    """One release, and copies of its item: a story made by the wire's deeds takes a while."""
    made = [a_release()]
    facts = {field.attname: getattr(made[0], field.attname) for field in Release._meta.concrete_fields}
    for n in range(1, number):
        item = Item.objects.create(uri=f"urn:copy:{n}", slug=f"copy-{n}")
        made.append(Release.objects.create(**facts | {"id": None, "item_id": item.pk, "sequence": 10**6 + n}))
    return made


def counts_of(
    licence: Licence, quotas: tuple[Quota, ...], release: Release, reader: Reader, name: str
) -> tuple[Entry, Any]:
    entry = Entry(
        reader=reader,
        licence_id=licence.pk,
        item_id=release.item_id,
        release_id=release.pk,
        use=Use.READ,
        channel="api",
        request_id=name,
        at=NOON,
        version=1,
    )
    found = tallies(licence_id=licence.pk, quotas=quotas, use=Use.READ, starts_at=NOON, reader=reader, at=NOON)
    return entry, found


def test_two_hundred_requests_for_different_stories_are_allowed_exactly_as_many_as_agreed(at_once):
    user, made = a_user(), stories(REQUESTS)
    quotas = (Quota(Use.READ, 17), Quota(Use.READ, 900, "year"))
    licence = a_licence(user, limits=Limits(quotas=quotas))

    def one(number: int) -> Any:
        entry, found = counts_of(licence, quotas, made[number], Reader(user.pk), f"r{number}")
        return spending.spend(entry, found)

    answers = at_once(one)

    assert answers.count(QuotaSpent) == REQUESTS - 17
    assert sorted(each for each in answers if each is not QuotaSpent) == list(range(17))
    assert list(Counter.objects.order_by("period").values_list("period", "used")) == [("month", 17), ("year", 17)]
    assert (Counted.objects.count(), Usage.objects.count()) == (34, 17)
    assert list(proof.differences()) == []


def test_two_hundred_requests_for_one_story_count_it_once(at_once):
    user, made = a_user(), a_release()
    quotas = (Quota(Use.READ, 3), Quota(Use.READ, 3, "day"))
    licence = a_licence(user, limits=Limits(quotas=quotas))

    answers = at_once(lambda number: spending.spend(*counts_of(licence, quotas, made, Reader(user.pk), "same")))

    assert (answers.count(2), answers.count(None)) == (1, REQUESTS - 1)
    assert list(Counter.objects.values_list("used", flat=True)) == [1, 1]
    assert Usage.objects.count() == 1
    assert list(proof.differences()) == []


def test_two_hundred_strangers_of_one_address_prefix_share_its_budget(at_once):
    quotas = (Quota(Use.READ, 2, per_reader=True, prefix_budget=25),)
    licence = a_licence(Audience.EVERYONE, source="meter", limits=Limits(quotas=quotas))
    made = stories(4)

    def one(number: int) -> Any:
        reader = Reader(visitor=f"visitor-{number // 4}", prefix="203.0.113.0/24")
        return spending.spend(*counts_of(licence, quotas, made[number % 4], reader, f"r{number}"))

    answers = at_once(one)

    assert REQUESTS - answers.count(QuotaSpent) == 25
    assert Counter.objects.get(pool__startswith="p:").used == 25
    assert max(Counter.objects.filter(pool__startswith="v:").values_list("used", flat=True)) <= 2
    assert list(proof.differences()) == []


def test_two_hundred_acceptances_of_one_price_are_one(at_once):
    user, (first, second) = a_user(), stories(2)
    quotas = (Quota(Use.READ, 1, overage=Money(450, "eur")),)
    licence = a_licence(user, limits=Limits(quotas=quotas))
    spending.spend(*counts_of(licence, quotas, first, Reader(user.pk), "first"))

    answers = at_once(
        lambda number: spending.spend(
            *counts_of(licence, quotas, second, Reader(user.pk), "same"), accepted=Accepted(Money(450, "eur"), "Ayşe")
        )
    )

    assert (answers.count(0), answers.count(None)) == (1, REQUESTS - 1)
    assert Counter.objects.values_list("used", "limit", "overage").get() == (2, 1, 1)
    assert Overage.objects.values_list("minor", "accepted_by").get() == (450, "Ayşe")
    assert list(proof.differences()) == []


def test_a_connection_that_dies_before_the_commit_leaves_nothing_behind(transactional_db):
    user, made = a_user(), a_release()
    quotas = (Quota(Use.READ, 3),)
    licence = a_licence(user, limits=Limits(quotas=quotas))
    entry, found = counts_of(licence, quotas, made, Reader(user.pk), "r")
    with closing(connections.create_connection("default")) as other:
        other.connect()
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(spending.SPEND, spending.values_of(entry, found, None))
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with pytest.raises(OperationalError):
            other.commit()

    assert (Counter.objects.count(), Counted.objects.count(), Usage.objects.count()) == (0, 0, 0)
    assert spending.spend(entry, found) == 2
    assert list(proof.differences()) == []


def test_of_two_hundred_people_at_once_exactly_as_many_sit_as_there_are_seats(at_once):
    licence = a_licence(an_organisation(), limits=Limits(seats=3, seat_kind=SeatKind.FLOATING))
    people = [a_user() for _ in range(20)]

    answers = at_once(
        lambda number: (
            number % 20,
            leases.lend(licence_id=licence.pk, user_id=people[number % 20].pk, seats=3, at=NOON),
        )
    )

    sitting = {number for number, sits in answers if sits}
    assert len(sitting) == 3
    assert all(sits == (number in sitting) for number, sits in answers)
    assert sorted(Seat.objects.values_list("number", "valid_to")) == [(n, NOON + HOUR / 4) for n in (1, 2, 3)]


def test_who_presses_twice_at_once_makes_no_more_gift_links_than_there_are(at_once):
    giver, story = a_user(), a_release().item

    def one(number: int) -> Any:
        try:
            return gifts.give(giver=giver, item=story, by=giver.actor, at=NOON, a_month=3)[0].pk
        except GiftsSpent:
            return GiftsSpent

    answers = at_once(one)

    assert (answers.count(GiftsSpent), Gift.objects.count()) == (REQUESTS - 3, 3)
