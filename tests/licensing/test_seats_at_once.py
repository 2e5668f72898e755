"""Two who act at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from newsroom.accounts.models import Membership
from newsroom.core.audit import SYSTEM
from newsroom.core.errors import Refused
from newsroom.licensing import actions, seats
from newsroom.licensing.models import Seat
from newsroom.licensing.organisations import members
from newsroom.licensing.rules import Limits
from tests.factories import NOON
from tests.licensing.organisations.people import a_paper, belong, membership, seated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("transactions")]


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Do all of them at the same moment. Answers what came of each, by name."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=10)
            deed()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def give(licence, user):
    return lambda: seats.give(licence=licence, user=user, by=SYSTEM, at=NOON)


def test_of_two_who_take_the_last_seat_one_gets_it():
    paper, _owner = a_paper()
    licence = seated(paper, 1)

    outcome = at_once(*(give(licence, belong(paper)) for _ in range(2)))

    assert outcome == ["SeatsFull", "done"]
    assert Seat.objects.taken().filter(licence=licence).count() == 1


def test_of_eight_who_take_three_seats_three_get_one():
    paper, _owner = a_paper()
    licence = seated(paper, 3)

    outcome = at_once(*(give(licence, belong(paper)) for _ in range(8)))

    assert outcome == ["SeatsFull"] * 5 + ["done"] * 3
    assert set(Seat.objects.taken().values_list("number", flat=True)) == {1, 2, 3}


def test_a_seat_is_not_taken_while_the_seats_are_lowered():
    paper, owner = a_paper()
    licence = seated(paper, 2)
    seats.give(licence=licence, user=owner, by=SYSTEM, at=NOON)

    outcome = at_once(
        give(licence, belong(paper)),
        lambda: actions.limit(licence=licence, limits=Limits(seats=1), by=SYSTEM, at=NOON),
    )

    sitting, most = Seat.objects.taken().filter(licence=licence).count(), licence.versions.get(recorded_to=None).seats
    assert (outcome, sitting, most) in [
        (["SeatsFull", "done"], 1, 1),
        (["SeatsOccupied", "done"], 2, 2),
    ]


def test_of_two_owners_who_leave_at_once_one_stays():
    paper, owner = a_paper()
    other = belong(paper, role="owner")
    belong(paper)

    outcome = at_once(
        *(
            lambda person=person: members.remove(membership=membership(paper, person), by=person.actor, at=NOON)
            for person in (owner, other)
        )
    )

    assert outcome == ["LastOwner", "done"]
    assert Membership.objects.filter(organisation=paper, role="owner", valid_to=None).count() == 1


def test_nobody_keeps_a_seat_who_is_removed_while_it_is_given():
    paper, _owner = a_paper()
    licence, user = seated(paper, 1), belong(paper)
    held = membership(paper, user)

    at_once(give(licence, user), lambda: members.remove(membership=held, by=SYSTEM, at=NOON))

    assert not Seat.objects.taken().filter(licence=licence).exists()
