"""Recorded lives played back: Stripe says what it said then, and its events come as a test wants them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

import pytest

from newsroom.billing import comparing, inbox, outbox, reconcile, sync
from newsroom.billing.gateway import Body, Present
from newsroom.billing.models import Account, OutboxCall, StripeEvent
from tests.billing.proof.records import Recorded, State, Step, mails, state

End = tuple[list[State], list[str]]


class Frozen:
    """Stripe as it was at a step of each life. Changes are answered as done, and counted."""

    def __init__(self, *lives: Recorded) -> None:
        self.steps: dict[str, Step] = {each.customer: each.end for each in lives}
        self.events_so_far: list[Body] = []
        self.asked: list[str] = []

    def present(self, customer: str) -> Present:
        return self.steps[customer].present

    def change(self, operation: str, params: Body, *, key: str) -> Body:
        self.asked.append(key)
        return {"id": str(params.get("subject", f"new_{key}"))}

    def events(self, since: int) -> Iterable[Body]:
        found = [each for each in self.events_so_far if each["created"] >= since]
        return sorted(found, key=lambda each: each["created"], reverse=True)

    def __getattr__(self, name: str) -> Callable[..., Iterable[Body]]:
        """The lists that the nightly comparison reads: what the customers' own lists say."""

        def listed(*args: object, **kwargs: object) -> list[Body]:
            return [each for step in self.steps.values() for each in getattr(step.present, name)]

        if name == "open_invoices":
            return list
        if name not in Present.__dataclass_fields__:
            raise AttributeError(name)
        return listed


class Player:
    """Some lives in our database, and a Stripe that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *lives: Recorded) -> None:
        self.lives = lives
        self.stripe = Frozen(*lives)
        self.delivered = 0
        for module in (sync, reconcile, comparing, outbox):
            monkeypatch.setattr(module, "gateway", lambda: self.stripe)

    def begin(self) -> None:
        """Our rows; Stripe at its last word, with all its events."""
        self.accounts = [each.begin() for each in self.lives]
        self.stripe.steps = {each.customer: each.end for each in self.lives}
        self.stripe.events_so_far = self.everything
        StripeEvent.objects.all().delete()

    @property
    def everything(self) -> list[Body]:
        return [event for each in self.lives for event in each.events]

    @property
    def at(self) -> datetime:
        """When the last of the lives was over."""
        return max(each.end.at for each in self.lives)

    def turn(self, life: Recorded, number: int) -> Step:
        """Stripe says of this life what it said at this step."""
        step = life.steps[number]
        self.stripe.steps[life.customer] = step
        self.stripe.events_so_far = [event for each in life.steps[: number + 1] for event in each.events]
        return step

    def deliver(self, events: Iterable[Body], at: datetime) -> None:
        for event in events:
            row = inbox.store(event, "{}", via="webhook", at=at)
            inbox.process(event_id=row.pk, at=at)
            self.delivered += 1

    def drain(self, at: datetime) -> None:
        """What the sweeps would find, until there is nothing."""
        for _ in range(20):
            due = list(StripeEvent.objects.due(at).values_list("pk", flat=True))
            asked = list(OutboxCall.objects.unanswered().values_list("pk", flat=True))
            if not due and not asked:
                return
            for pk in due:
                inbox.process(event_id=pk, at=at)
            for pk in asked:
                outbox.retry(call_id=pk, at=at)
        raise AssertionError("the sweeps never end")

    def end(self) -> End:
        accounts = Account.objects.select_related("user", "organisation").in_bulk([each.pk for each in self.accounts])
        return [state(accounts[each.pk]) for each in self.accounts], mails()


def disordered(events: list[Body], chance: Random, lost: float = 0.0, again: float = 0.3) -> list[Body]:
    """The same events in another order, some of them never, some of them twice."""
    kept = [each for each in events if chance.random() >= lost]
    kept += [each for each in events if chance.random() < again]
    chance.shuffle(kept)
    return kept


def canonical(player: Player) -> End:
    """Each customer looked at once when all is over."""
    for each in player.accounts:
        sync.sync(account_id=each.pk, at=player.at)
    player.drain(player.at)
    return player.end()
