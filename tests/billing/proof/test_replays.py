"""Each life by itself: its events permuted, repeated, lost, late. In the end all is as if each had come once, at once."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.billing import reconcile
from tests.billing.proof.budget import EXAMPLES
from tests.billing.proof.lives import LIVES
from tests.billing.proof.playing import End, Player, disordered
from tests.billing.proof.records import State, mails, state
from tests.billing.proof.table import counted

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SEEDED = settings(
    deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True, max_examples=EXAMPLES
)
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(f"proof {name}")) for name in sorted(LIVES)]
chances = st.integers(1, 10**6).map(Random)


_canonical: dict[str, tuple[list[State], list[str]]] = {}
_at_the_end: dict[str, End] = {}


def step_by_step(player: Player, again) -> tuple[list[State], list[str]]:
    """The canonical run: each event once, in order, at its step. What stood after each step, and what was mailed."""
    (life,) = player.lives
    if life.name in _canonical:
        return _canonical[life.name]
    found = []
    with again():
        player.begin()
        for number, step in enumerate(life.steps):
            player.turn(life, number)
            player.deliver(step.events, step.at)
            player.drain(step.at)
            found.append(player.end()[0][0])
        told = mails()
    return _canonical.setdefault(life.name, (found, told))


def at_the_end(player: Player, again) -> End:
    """The canonical run of one who hears of everything when all is over."""
    name = player.lives[0].name
    if name not in _at_the_end:
        with again():
            player.begin()
            player.deliver(player.everything, player.at)
            player.drain(player.at)
            _at_the_end[name] = player.end()
    return _at_the_end[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_life_heard_of_in_order_ends_as_it_was_recorded(player, again, record_property, name):
    played = player(name)
    (life,) = played.lives

    states, told = step_by_step(played, again)

    assert len(life.steps) >= 2
    assert len(states[-1]["Subscription"]) == len(life.end.present.subscriptions)
    assert len(states[-1]["Invoice"]) == len(life.end.present.invoices)
    assert len(set(told)) == len(told)
    counted(record_property, lives=1, steps=len(life.steps), recorded_events=len(life.events))


@pytest.mark.parametrize("name", NAMES)
def test_permuted_repeated_and_lost_at_each_step_everything_stands_as_it_should(player, again, name):
    played = player(name)
    (life,) = played.lives
    expected, told = step_by_step(played, again)

    @SEEDED
    @given(chances)
    def replay(chance: Random) -> None:
        with again():
            played.begin()
            for number, step in enumerate(life.steps):
                played.turn(life, number)
                played.deliver(disordered(list(step.events), chance, lost=0.3), step.at)
                reconcile.events(at=step.at + reconcile.YOUNGEST)
                played.drain(step.at + reconcile.YOUNGEST)
                assert played.end()[0][0] == expected[number]
            assert reconcile.objects(at=life.end.at).repaired == 0
            assert mails() == told

    replay()


@pytest.mark.parametrize("name", NAMES)
def test_late_by_any_number_of_steps_or_never_it_ends_the_same(player, again, name):
    played = player(name)
    (life,) = played.lives
    expected, told = step_by_step(played, again)

    @SEEDED
    @given(chances)
    def replay(chance: Random) -> None:
        with again():
            played.begin()
            waiting = []
            for number, step in enumerate(life.steps):
                played.turn(life, number)
                waiting += disordered(list(step.events), chance, lost=0.2, again=0.1)
                chance.shuffle(waiting)
                due = [waiting.pop() for _ in range(chance.randint(0, len(waiting)))]
                played.deliver(due, step.at)
            played.deliver(waiting, life.end.at)
            reconcile.events(at=life.end.at + reconcile.YOUNGEST)
            played.drain(life.end.at + reconcile.YOUNGEST)
            reconcile.objects(at=life.end.at)
            assert played.end()[0][0] == expected[-1]
            assert set(mails()) <= set(told)
            assert _receipts(mails()) == _receipts(told)
            assert reconcile.objects(at=life.end.at).repaired == 0

    replay()


def _receipts(keys: list[str]) -> list[str]:
    return [each for each in keys if each.startswith("receipt:")]


@pytest.mark.parametrize("name", NAMES)
def test_heard_of_when_all_is_over_in_any_order_or_not_at_all_it_ends_the_same(player, again, name):
    played = player(name)
    expected = at_the_end(played, again)

    @SEEDED
    @given(chances)
    def replay(chance: Random) -> None:
        with again():
            played.begin()
            played.deliver(disordered(played.everything, chance, lost=0.2), played.at)
            reconcile.events(at=played.at + reconcile.YOUNGEST)
            played.drain(played.at + reconcile.YOUNGEST)
            assert played.end() == expected

    replay()
    with again():
        played.begin()
        assert reconcile.objects(at=played.at).repaired > 0
        assert played.end() == expected
        assert reconcile.objects(at=played.at).repaired == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_stale_answer_held_back_does_not_win(player, again, monkeypatch, name):
    """While an old answer is on its way, a newer one is fetched and written."""
    played = player(name)
    (life,) = played.lives
    expected = at_the_end(played, again)

    for number in range(len(life.steps)):
        with again():
            account = life.begin()
            played.begin()
            held_back(played, life, number, monkeypatch)
            assert (state(account), mails()) == (expected[0][0], expected[1]), life.steps[number].name
            monkeypatch.undo()
            player(name)  # puts Stripe back in place


def held_back(played: Player, life, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    newest, plain, seen = life.end, played.stripe.present, []

    def present(customer: str):
        if seen:
            return plain(customer)
        seen.append(customer)
        old = life.steps[number].present
        played.deliver(newest.events[-1:], newest.at)  # somebody else hears, looks and writes
        return old

    monkeypatch.setattr(played.stripe, "present", present)
    played.deliver(life.events[:1], newest.at)
    played.drain(newest.at)
