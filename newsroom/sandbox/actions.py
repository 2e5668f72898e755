"""Deeds of the stand-in, one at a time: what the API, the hosted pages and the passing of time do to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from newsroom.core.jobs import enqueue
from newsroom.sandbox import clock
from newsroom.sandbox.engine import disputes, sessions, tax_ids
from newsroom.sandbox.engine.due import period_end
from newsroom.sandbox.engine.engine import Answer, Engine, Request
from newsroom.sandbox.engine.invoices import DRAFT_FOR
from newsroom.sandbox.engine.world import Settings, World
from newsroom.sandbox.models import SandboxControls, SandboxDelivery, SandboxObject
from newsroom.sandbox.router import ALIAS
from newsroom.sandbox.store import DatabaseStore

_LOCK = 0x57_21_9E  # of PostgreSQL's advisory locks
_LATE = timedelta(minutes=10)
_OVERTAKEN = timedelta(seconds=20)
T = TypeVar("T")
FAULTS: dict[str, Answer] = {
    SandboxControls.Answer.TOO_MANY: Answer(
        429, {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}}
    ),
    SandboxControls.Answer.BROKEN: Answer(500, {"error": {"type": "api_error", "message": "Something is broken."}}),
}


class NoAnswer(Exception):
    """The line is silent, by the wish of the control page: whether it was done, only that page knows."""


@contextmanager
def _alone() -> Iterator[SandboxControls]:
    """Calls come one after another, as if Stripe had one clerk."""
    with transaction.atomic(using=ALIAS):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield SandboxControls.objects.get_or_create(pk=1)[0]


def _engine(controls: SandboxControls) -> Engine:
    return Engine(
        DatabaseStore(), Settings(settings.BASE_URL, settings.SITE_NAME, after_retries=controls.after_retries)
    )


def _now(controls: SandboxControls) -> datetime:
    return timezone.now() + timedelta(seconds=controls.offset)


def call(request: Request) -> Answer:
    """What Stripe would answer. Its events are on their way once it is done."""
    with _alone() as controls:
        fault = _fault(controls)
        if fault in FAULTS:
            return FAULTS[fault]
        if fault == SandboxControls.Answer.USUAL or fault == SandboxControls.Answer.LOST:
            answer = _engine(controls).call(request, now=int(_now(controls).timestamp()))
            _send(answer.events, controls)
    if fault == SandboxControls.Answer.SILENT:
        raise NoAnswer
    _wake(answer.events)
    if fault == SandboxControls.Answer.LOST:
        raise NoAnswer
    return answer


def _fault(controls: SandboxControls) -> str:
    """What the control page chose for this answer; it is used up by it."""
    fault = controls.next_answer
    if fault != SandboxControls.Answer.USUAL:
        controls.answers = max(controls.answers - 1, 0)
        if not controls.answers:
            controls.next_answer, controls.answers = SandboxControls.Answer.USUAL, 1
        controls.save(update_fields=["next_answer", "answers"])
    return fault


def resend(event: str) -> None:
    """Stripe's button "Resend": the event is on its way once more, and due now."""
    kind = SandboxObject.objects.values_list("body__type", flat=True).get(kind="event", name=event)
    _dispatch(event, kind, SandboxControls.Fate.DELIVER, clock.now())
    enqueue("sandbox.deliver")


def do(deed: Callable[[World], T]) -> T:
    """What somebody does on a hosted page. Raises StripeError with a message for that page."""
    with _alone() as controls:
        done = _engine(controls).do(deed, now=int(_now(controls).timestamp()))
        _send(done.events, controls)
    _wake(done.events)
    return done.result()


def complete_checkout(
    session: str, *, email: str, number: str, holder: str = "", details: dict[str, str] | None = None
) -> dict[str, Any]:
    """The Checkout page was filled in. Raises StripeError when the card is declined."""
    filled: dict[str, Any] = {"email": email, "holder": holder, "number": number, "details": details}
    return do(lambda world: sessions.complete(world, session, **filled))


def answer_challenge(session: str, *, approved: bool) -> dict[str, Any]:
    """The bank's page was answered. Raises StripeError when with no, or when the card is declined after it."""

    def deed(world: World) -> dict[str, Any]:
        waiting = world.get("checkout.session", session)["_"]["challenge"]
        if not approved:
            return sessions.refuse_challenge(world, session)
        return sessions.complete(world, session, **waiting, authenticated=True)

    return do(deed)


def judge_tax_id(name: str, verdict: str) -> None:
    """The register says `verified` or `unverified` of this tax id from now on."""
    do(lambda world: tax_ids.settle(world, world.get("tax_id", name), verdict))


def advance(*, by: timedelta) -> None:
    """Time has passed for the stand-in and, where the product reads its clock, for the product. Raises ValueError backwards."""
    if by < timedelta(0):
        raise ValueError("Time only goes forward.")
    with _alone() as controls:
        controls.offset += int(by.total_seconds())
        controls.save(update_fields=["offset"])
        done = _engine(controls).do(lambda world: None, now=int(_now(controls).timestamp()))
        _send(done.events, controls)
    clock.remember(controls.offset)
    _wake(done.events)


def settle() -> None:
    """What is due by now has been done."""
    advance(by=timedelta(0))


def next_renewal() -> datetime | None:
    """When the next running subscription begins a new period, or ends."""
    rows = SandboxObject.objects.filter(kind="subscription", clock="", due__isnull=False).exclude(
        body__status="incomplete"
    )
    moments = [_turn(body) for body in rows.order_by("due").values_list("body", flat=True)]
    return datetime.fromtimestamp(min(moments), UTC) if moments else None


def _turn(subscription: dict[str, Any]) -> int:
    end = period_end(subscription)
    return min(end, subscription["cancel_at"] or end)


def advance_to_renewal() -> bool:
    """The next renewal, and the hour its invoice stays a draft, have passed. False when nothing renews."""
    renewal = next_renewal()
    if renewal is None:
        return False
    advance(by=max(renewal - clock.now(), timedelta(0)) + timedelta(seconds=DRAFT_FOR + 60))
    return True


def toggle_card(method: str) -> bool:
    """The saved card begins to be declined, or pays again; which of them is handed back."""

    def deed(world: World) -> bool:
        body = world.get("payment_method", method)
        body["_"]["declines"] = "" if body["_"]["declines"] else "insufficient_funds"
        return bool(world.save(body)["_"]["declines"])

    return do(deed)


def open_dispute(charge: str, *, reason: str = "fraudulent", inquiry: bool = False) -> dict[str, Any]:
    """The holder of the card asks the bank for the money back. Raises StripeError where nothing is left to dispute."""
    return do(lambda world: disputes.opened(world, world.get("charge", charge), reason=reason, inquiry=inquiry))


def decide_dispute(dispute: str, *, won: bool) -> dict[str, Any]:
    """The bank has decided. Raises StripeError for one that is over."""
    return do(lambda world: disputes.decide(world, world.get("dispute", dispute), won=won))


def deliver_now() -> None:
    """Everything that waits is due now; what was lost on purpose waits again."""
    states = SandboxDelivery.State
    waiting = SandboxDelivery.objects.filter(state__in=[states.PENDING, states.LOST, states.DEAD])
    waiting.update(state=states.PENDING, due_at=clock.now(), attempts=0)
    enqueue("sandbox.deliver")


def _send(events: Sequence[str], controls: SandboxControls) -> None:
    """Put the events on their way; the first meets the fate that the control page chose for the next one."""
    kinds = dict(SandboxObject.objects.filter(name__in=events).values_list("name", "body__type"))
    for name in events:
        _dispatch(name, kinds[name], controls.next_webhook, _now(controls))
        controls.fated = max(controls.fated - 1, 0)
        if not controls.fated:
            controls.next_webhook, controls.fated = SandboxControls.Fate.DELIVER, 1
    if events:
        controls.save(update_fields=["next_webhook", "fated"])


def _dispatch(name: str, kind: str, fate: str, now: datetime) -> None:
    fates = SandboxControls.Fate
    state = SandboxDelivery.State.LOST if fate == fates.LOSE else SandboxDelivery.State.PENDING
    due_at = now + {fates.DELAY: _LATE, fates.OVERTAKE: _OVERTAKEN}.get(fate, timedelta(0))  # type: ignore[call-overload]  # a fate is its word
    for _copy in range(2 if fate == fates.DUPLICATE else 1):
        SandboxDelivery.objects.create(event=name, kind=kind, state=state, due_at=due_at)


def _wake(events: tuple[str, ...]) -> None:
    if events:
        enqueue("sandbox.deliver")
