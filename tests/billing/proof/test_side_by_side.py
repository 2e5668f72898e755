"""Many workers at once on one log, in a database where writes stay."""

import threading
from datetime import timedelta
from random import Random

import pytest
from django.db import connections

from newsroom.billing import inbox, reconcile
from newsroom.billing.models import StripeEvent
from tests.billing.proof.playing import End, Player, canonical, disordered
from tests.billing.proof.records import recorded, undone
from tests.billing.proof.table import counted

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sandbox"]),
    pytest.mark.xdist_group("transactions"),
]
FEW = ["a second subscription is undone", "declined and recovered", "seats up and down", "trial that is paid"]


def test_eight_workers_on_one_disordered_log_of_many_lives(many, record_property):
    played, expected = many
    log = disordered(played.everything, Random(8), lost=0.1, again=0.4)
    for event in log:
        inbox.store(event, "{}", via="webhook", at=played.at)
    rows = list(StripeEvent.objects.values_list("pk", flat=True))
    shares = [rows[number::4] + rows[number + 1 :: 4] for number in range(8)]  # each row is in two or more shares

    failures = _side_by_side([lambda share=share: _work(share, played.at) for share in shares])
    played.drain(played.at + timedelta(minutes=5))  # who was overtaken each time it looked has its event tried again
    reconcile.objects(at=played.at)

    assert failures == []
    assert StripeEvent.objects.exclude(state__in=["done", "ignored"]).count() == 0
    assert played.end() == expected
    counted(record_property, events_delivered=len(log), workers_side_by_side=8)


def _work(share: list[int], at) -> None:
    for pk in share:
        inbox.process(event_id=pk, at=at)


def _side_by_side(deeds) -> list[Exception]:
    """All let go at the same moment; the errors they ended with."""
    gate, failures = threading.Barrier(len(deeds)), []

    def run(deed) -> None:
        gate.wait()
        try:
            deed()
        except Exception as error:  # handed to the test
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.fixture
def many(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Player, End]:
    """Lives recorded and begun in a database where writes stay, and what one worker makes of them."""
    played = Player(monkeypatch, *[recorded(name) for name in FEW])
    with undone("default"):
        played.begin()
        expected = canonical(played)
    played.begin()
    return played, expected
