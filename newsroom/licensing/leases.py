"""Floating seats: so many people at a time. A seat is lent for a quarter of an hour, and again while one reads on."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from newsroom.licensing.models import Seat

LEASE = timedelta(minutes=15)
PROLONGED_AFTER = timedelta(minutes=5)
LOCK = 0x5EA7  # the first of the two keys of an advisory lock; the licence is the second

# The lowest seat that nobody sits in.
TAKE = f"""
INSERT INTO {Seat._meta.db_table} (licence_id, user_id, number, valid_from, valid_to)
SELECT %(licence_id)s, %(user_id)s, free.number, %(at)s, %(until)s
FROM generate_series(1, %(seats)s) AS free(number)
WHERE NOT EXISTS (
    SELECT FROM {Seat._meta.db_table} AS taken
    WHERE taken.licence_id = %(licence_id)s AND taken.number = free.number
        AND (taken.valid_to IS NULL OR taken.valid_to > %(at)s)
)
ORDER BY free.number LIMIT 1
"""  # noqa: S608  # the table's name is ours


def holds(*, licence_id: int, user_id: int, seats: int, at: datetime) -> bool:
    """Whether this person sits in one of the licence's seats at this moment."""
    return Seat.objects.valid(at).filter(licence_id=licence_id, user_id=user_id, number__lte=seats).exists()


def lend(*, licence_id: int, user_id: int, seats: int, at: datetime) -> bool:
    """Give this person a seat, or let them keep the one they have; False when all are taken.

    Never more than `seats` people at a time: those who ask for one licence's seats at once are let in one by one, and
    the database refuses two in one seat.
    """
    mine = Seat.objects.valid(at).filter(licence_id=licence_id, user_id=user_id, number__lte=seats)
    lease = mine.values_list("pk", "valid_to").first()
    if lease is None:
        return _take(licence_id=licence_id, user_id=user_id, seats=seats, at=at)
    pk, until = lease
    if until is not None and until < at + LEASE - PROLONGED_AFTER:
        Seat.objects.filter(pk=pk, valid_to=until).update(valid_to=at + LEASE)
    return True


def _take(*, licence_id: int, user_id: int, seats: int, at: datetime) -> bool:
    values: dict[str, Any] = {
        "licence_id": licence_id,
        "user_id": user_id,
        "seats": seats,
        "at": at,
        "until": at + LEASE,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK, licence_id % 2**31))
            if holds(licence_id=licence_id, user_id=user_id, seats=seats, at=at):
                return True
            cursor.execute(TAKE, values)
            sits: bool = cursor.rowcount == 1
            return sits
    except IntegrityError:  # somebody whose clock is ahead of ours sits there
        return False
