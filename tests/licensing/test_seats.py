"""Named seats: who sits, never more than there are, and what is gone when a seat is."""

import pytest
from django.db import IntegrityError, transaction

from newsroom.access.decide import decide
from newsroom.access.rules import Reason
from newsroom.accounts.actions import add_domain
from newsroom.accounts.addresses import follow
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing import actions, seats
from newsroom.licensing.models import Seat
from newsroom.licensing.rules import Limits, SeatKind, Source, Use
from newsroom.licensing.signals import changed
from tests.factories import DAY, HOUR, NOON, a_licence, a_user, an_item
from tests.licensing.organisations.people import LONG_AGO, a_paper, belong, seated

pytestmark = pytest.mark.django_db


def give(licence, user, at=NOON):
    return seats.give(licence=licence, user=user, by=SYSTEM, at=at)


def numbers(licence) -> dict[str, int]:
    return {str(each.user): each.number for each in Seat.objects.taken().filter(licence=licence).select_related("user")}


def test_each_sits_in_the_lowest_free_seat_and_whoever_sits_keeps_theirs():
    paper, _owner = a_paper()
    licence = seated(paper, 3)
    ada, ben, cleo = (belong(paper, a_user(name=name)) for name in ("Ada", "Ben", "Cleo"))

    for each in (ada, ben, cleo):
        give(licence, each)
    seats.take_back(licence=licence, user=ada, by=SYSTEM, at=NOON)
    dora = belong(paper, a_user(name="Dora"))
    again = give(licence, dora), give(licence, dora)

    assert numbers(licence) == {"Ben": 2, "Cleo": 3, "Dora": 1}
    assert again[0] == again[1]


def test_a_seat_is_a_right_and_without_it_there_is_none_as_of_each_moment():
    paper, _owner = a_paper()
    licence, user, item = seated(paper, 1, starts_at=LONG_AGO), belong(paper), an_item()

    def reason(at):
        return decide(reader=reader_of(user, at), item=item, use=Use.READ, at=at).reason

    give(licence, user, NOON)
    seats.take_back(licence=licence, user=user, by=SYSTEM, at=NOON + HOUR)

    moments = (NOON - HOUR / 2, NOON, NOON + HOUR / 2, NOON + HOUR)
    assert [reason(at) for at in moments] == [Reason.NO_SEAT, Reason.LICENSED, Reason.LICENSED, Reason.NO_SEAT]


def test_every_seat_taken_is_named():
    paper, owner = a_paper()
    licence = seated(paper, 1)
    give(licence, owner)

    with pytest.raises(seats.SeatsFull, match="Every seat") as refusal:
        give(licence, belong(paper))

    assert refusal.value.field == "licence"


@pytest.mark.parametrize("limits", [Limits(), Limits(seats=2, seat_kind=SeatKind.FLOATING)])
def test_a_licence_without_named_seats_gives_none(limits):
    paper, owner = a_paper()
    licence = a_licence(paper, source=Source.CONTRACT, limits=limits)

    with pytest.raises(seats.NoNamedSeats):
        give(licence, owner)


def test_only_the_organisations_own_people_sit():
    paper, _owner = a_paper()
    other, _other_owner = a_paper()

    with pytest.raises(seats.NotOfOrganisation) as refusal:
        give(seated(paper, 2), belong(other))

    assert refusal.value.field == "user"


def test_in_a_mail_domains_licence_sits_who_has_a_verified_address_there():
    paper, _owner = a_paper()
    add_domain(organisation=paper, name="uni.example", by=SYSTEM, at=LONG_AGO, why="known")
    licence = a_licence(paper, source=Source.DOMAIN, limits=Limits(seats=2))
    student, stranger = a_user(), a_user()
    follow(user_id=student.pk, email="s@uni.example", verified=True, at=LONG_AGO)

    give(licence, student)
    with pytest.raises(seats.NotOfOrganisation):
        give(licence, stranger)

    assert Seat.objects.taken().get().user == student


def test_a_seat_is_moved_to_another_person_with_its_number():
    paper, owner = a_paper()
    licence, ben = seated(paper, 2), belong(paper, a_user(name="Ben"))
    give(licence, owner)

    seats.move(licence=licence, user=owner, to=ben, by=SYSTEM, at=NOON)

    assert numbers(licence) == {"Ben": 1}
    with pytest.raises(seats.SeatRefused, match="already"):
        seats.move(licence=licence, user=ben, to=ben, by=SYSTEM, at=NOON)
    with pytest.raises(seats.NotSeated):
        seats.move(licence=licence, user=owner, to=belong(paper), by=SYSTEM, at=NOON)


def test_fewer_seats_than_people_is_refused_and_says_who_sits():
    paper, _owner = a_paper()
    licence = seated(paper, 3)
    for name in ("Ada", "Ben"):
        give(licence, belong(paper, a_user(name=name)))

    with pytest.raises(seats.SeatsOccupied, match="2 people sit in this licence: Ada, Ben") as refusal:
        actions.limit(licence=licence, limits=Limits(seats=1), by=SYSTEM, at=NOON)

    assert (refusal.value.field, refusal.value.people) == ("seats", ["Ada", "Ben"])
    assert licence.versions.get(recorded_to=None).seats == 3


def test_fewer_seats_move_people_to_the_numbers_that_are_left():
    paper, _owner = a_paper()
    licence = seated(paper, 3)
    ada, ben = (belong(paper, a_user(name=name)) for name in ("Ada", "Ben"))
    for each in (ada, ben, belong(paper, a_user(name="Cleo"))):
        give(licence, each)
    for each in (ada, ben):
        seats.take_back(licence=licence, user=each, by=SYSTEM, at=NOON)

    actions.limit(licence=licence, limits=Limits(seats=1), by=SYSTEM, at=NOON + HOUR)

    assert numbers(licence) == {"Cleo": 1}


def test_the_database_seats_nobody_above_the_licences_number():
    paper, owner = a_paper()
    licence = seated(paper, 2)

    for number in (3, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(licence=licence, user=owner, number=number, valid_from=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(licence=a_licence(paper), user=owner, number=1, valid_from=NOON)


def test_the_database_lets_nobody_lower_the_seats_below_who_sits(monkeypatch):
    paper, owner = a_paper()
    licence = seated(paper, 2)
    for each in (owner, belong(paper)):
        give(licence, each)
    monkeypatch.setattr(seats, "make_room", lambda **_: None)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.limit(licence=licence, limits=Limits(seats=1), by=SYSTEM, at=NOON)


def test_each_deed_leaves_its_line_and_is_told(django_capture_on_commit_callbacks):
    paper, owner = a_paper()
    licence = seated(paper, 1)
    told: list[int] = []

    def hear(*, licence_id: int, **_):
        told.append(licence_id)

    changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        give(licence, owner)
        seats.take_back(licence=licence, user=owner, by=SYSTEM, at=NOON, why="left")
    changed.disconnect(hear)

    lines = AuditEntry.objects.filter(action__startswith="seat.").order_by("pk").values_list("action", "why", "facts")
    said = {"user": owner.pk, "number": 1}
    assert list(lines) == [("seat.given", "", said), ("seat.taken_back", "left", said)]
    assert told == [licence.pk, licence.pk]


def test_the_licences_with_seats_are_one_query_however_many(django_assert_num_queries):
    paper, _owner = a_paper()
    seated(paper, 1)
    with django_assert_num_queries(1):
        assert len(seats.of_organisation(paper.pk, NOON)) == 1
    for _ in range(2):
        seated(paper, 1)
    a_licence(paper)
    seated(paper, 1, ends_at=NOON - HOUR, starts_at=NOON - DAY)
    with django_assert_num_queries(1):
        assert len(seats.of_organisation(paper.pk, NOON)) == 3
