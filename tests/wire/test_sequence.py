import multiprocessing
import time
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.wire import actions
from newsroom.wire.models import Desk, Item, Release, Sequence, Stamp, VaultEntry
from newsroom.wire.rules import Signal
from tests.factories import NOON, a_desk, a_draft, a_picture, a_product

PROCESSES, STORIES = 8, 500
FORKED = multiprocessing.get_context("fork")


def publish(who: int, count: int, start: Barrier) -> None:
    """What each process does: opens a connection of its own, waits for the others, releases its stories."""
    desk = Desk.objects.get()
    picture = (a_picture(),)
    drafts = [
        a_draft(uri=f"urn:{who}:{number}", desk=desk, pictures=picture if number % 10 == 0 else ())
        for number in range(count)
    ]
    start.wait()
    for draft in drafts:
        actions.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=NOON)
    connections.close_all()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_eight_processes_publish_at_once_without_a_gap_and_in_commit_order():
    Sequence.objects.update_or_create(pk=1, defaults={"value": 0})
    a_desk()
    a_product()
    connections.close_all()  # a forked process must not share this one's
    start = FORKED.Barrier(PROCESSES + 1)
    shares = [STORIES // PROCESSES + (number < STORIES % PROCESSES) for number in range(PROCESSES)]
    publishers = [FORKED.Process(target=publish, args=(who, share, start)) for who, share in enumerate(shares)]
    for each in publishers:
        each.start()
    start.wait()
    began = time.perf_counter()

    snapshots = []
    while any(each.is_alive() for each in publishers):
        snapshots.append(sorted(Release.objects.values_list("sequence", flat=True)))
        publishers[0].join(0.02)
    print(f"{STORIES} stories by {PROCESSES} processes in {time.perf_counter() - began:.1f} s, {len(snapshots)} looks")
    assert [each.exitcode for each in publishers] == [0] * PROCESSES

    # Whoever looks at any moment sees 1..n: numbers become visible in their order, which is the order of commits.
    assert all(snapshot == list(range(1, len(snapshot) + 1)) for snapshot in snapshots)
    assert len({len(snapshot) for snapshot in snapshots}) > 10
    assert sorted(Release.objects.values_list("sequence", flat=True)) == list(range(1, STORIES + 1))
    counts = [model.objects.count() for model in (Item, VaultEntry, Stamp)]
    assert counts == [STORIES] * 3
    assert Item.objects.filter(head=None).count() == 0
    assert AuditEntry.objects.filter(action="item.new").count() == STORIES
    assert VaultEntry.objects.filter(body_text="").count() == 0
