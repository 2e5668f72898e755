"""All lives at once in one database: workers that die, a broker that is gone, a sweep alone."""

from random import Random

import pytest
from kombu.exceptions import OperationalError as BrokerAway

from newsroom.billing import effects, inbox, mirror, reconcile, tasks
from newsroom.billing.models import Account, StripeEvent
from newsroom.core.clock import now
from tests.billing.proof.lives import LIVES
from tests.billing.proof.playing import canonical, disordered
from tests.billing.proof.table import counted

pytestmark = [pytest.mark.xdist_group("proof of all"), pytest.mark.django_db(databases=["default", "sandbox"])]


class Killed(BaseException):
    """The worker's process is gone."""


@pytest.mark.parametrize("seed", [1, 2])
def test_workers_killed_between_fetch_write_effect_and_done_are_followed_until_all_is_right(
    player, again, monkeypatch, record_property, seed
):
    played, chance = player(*sorted(LIVES)), Random(seed)
    with again():
        played.begin()
        expected = canonical(played)
    killed = dict.fromkeys(("present", "write", "follow", "_note"), 0)
    for place, name in ((played.stripe, "present"), (mirror, "write"), (effects, "follow"), (inbox, "_note")):
        monkeypatch.setattr(place, name, _dying(getattr(place, name), name, killed, chance))

    with again():
        played.begin()
        for event in disordered(played.everything, chance, lost=0.7, again=0.05):
            inbox.store(event, "{}", via="webhook", at=played.at)
        at = played.at
        for _ in range(40):
            due = list(StripeEvent.objects.due(at).values_list("pk", flat=True))
            if not due:
                break
            for pk in due:
                _survived(lambda pk=pk, at=at: inbox.process(event_id=pk, at=at))
            at += inbox.LEASE
        monkeypatch.undo()
        played = player(*sorted(LIVES))
        played.accounts = list(Account.objects.order_by("pk"))
        reconcile.objects(at=played.at)
        assert set(StripeEvent.objects.values_list("state", flat=True)) <= {"done", "ignored"}
        assert sorted(played.end()[0], key=repr) == sorted(expected[0], key=repr)
        assert played.end()[1] == expected[1]
    assert min(killed.values()) > 3
    counted(record_property, workers_killed=sum(killed.values()))


def _dying(plain, name, killed, chance):
    """The same, but now and then the worker dies: before it, or when it was done."""

    def deed(*args, **kwargs):
        if chance.random() < 0.06:
            killed[name] += 1
            raise Killed
        return plain(*args, **kwargs)

    return deed


def _survived(deed) -> None:
    try:
        deed()
    except Killed:
        return


def test_with_the_broker_gone_the_sweep_alone_drains_every_life(
    player, again, monkeypatch, django_capture_on_commit_callbacks
):
    played = player(*sorted(LIVES))
    with again():
        played.begin()
        expected = canonical(played)

    def away(*args, **kwargs):
        raise BrokerAway("the broker is away")

    with again():
        played.begin()
        monkeypatch.setattr(tasks.process_event, "apply_async", away)
        with django_capture_on_commit_callbacks(execute=True):
            for event in disordered(played.everything, Random(5), lost=0.7, again=0):
                inbox.store(event, "{}", via="webhook", at=now())
        assert set(StripeEvent.objects.values_list("state", flat=True)) == {"received"}
        monkeypatch.setattr(tasks, "now", lambda: played.at)
        monkeypatch.setattr(tasks, "enqueue", lambda name, event_id: tasks.process_event(event_id=event_id))
        StripeEvent.objects.update(next_attempt_at=played.at)
        tasks.sweep_inbox()
        played.drain(played.at)
        reconcile.objects(at=played.at)
        assert played.end() == expected
