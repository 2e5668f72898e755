"""What we ask Stripe to change: a row first, in the transaction of the deed; sent after it, with the row's key.

An unknown outcome is asked again with the same key, for as long as Stripe remembers keys
(https://docs.stripe.com/api/idempotent_requests). What Stripe refused is over; a new try is a new row.
"""

import hashlib
import json
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from newsroom.billing.gateway import Body, Declined, Unanswered, gateway
from newsroom.billing.models import Account, OutboxCall
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import enqueue

log = structlog.get_logger(__name__)
FIRST_SWEEP = timedelta(minutes=1)  # who asked sends it; the sweep comes only where that one died
KEYS_REMEMBERED = timedelta(hours=20)  # Stripe: at least 24 hours
MOST_WAIT = timedelta(hours=1)
# Their answer is a page for one who waits: no sweep asks for it, the next click does, with the same key.
FOR_ONE_WHO_WAITS = frozenset({"checkout.create", "portal.create"})


class Settled(Refused):
    """It is done, or somebody has settled it."""


@transaction.atomic
def ask(*, operation: str, params: Body, account: Account | None, at: datetime) -> OutboxCall:
    """Note what Stripe is to do. The same wish, not answered yet, is one row; an older wish about the same object that
    was never answered is dropped, so that it cannot come late and undo this one."""
    words = json.dumps([operation, account.pk if account else None, params], sort_keys=True)
    digest = hashlib.sha256(words.encode()).hexdigest()
    if "subject" in params:
        stale = OutboxCall.objects.unanswered().filter(operation=operation, params__subject=params["subject"])
        superseded = {"state": OutboxCall.State.DEAD, "error": "a later wish took its place", "settled_at": at}
        stale.exclude(digest=digest).update(**superseded)
    return OutboxCall.objects.get_or_create(
        digest=digest,
        state=OutboxCall.State.QUEUED,
        defaults={
            "operation": operation,
            "params": params,
            "account": account,
            "created_at": at,
            "next_attempt_at": at + (KEYS_REMEMBERED if operation in FOR_ONE_WHO_WAITS else FIRST_SWEEP),
        },
    )[0]


def send(*, call: OutboxCall, at: datetime) -> Body:
    """Have it done, and note the answer. A row already answered is answered alike by Stripe, and changes nothing.

    Raises `Declined` when Stripe says no, `Unanswered` when nobody knows whether it was done.
    """
    try:
        answer = gateway().change(call.operation, _ordered(call.params), key=str(call.key))
    except Declined as error:
        _close(call, OutboxCall.State.DECLINED, error=str(error))
        raise
    except Unanswered as error:
        _postpone(call, str(error), at)
        raise
    _settle(call, answer)
    return answer


def _ordered(params: Body) -> Body:
    """In one order at every try, whichever the database gives back: a key holds for one wording only."""
    ordered: Body = json.loads(json.dumps(params, sort_keys=True))
    return ordered


def _close(call: OutboxCall, state: str, *, answer_id: str = "", error: str = "") -> bool:
    waiting = OutboxCall.objects.unanswered().filter(pk=call.pk)
    return bool(waiting.update(state=state, attempts=F("attempts") + 1, answer_id=answer_id, error=error[:300]))


def _postpone(call: OutboxCall, error: str, at: datetime) -> None:
    wait = min(timedelta(minutes=2 ** min(call.attempts, 10)), MOST_WAIT)
    waiting = OutboxCall.objects.unanswered().filter(pk=call.pk)
    waiting.update(attempts=F("attempts") + 1, error=error[:300])
    waiting.exclude(operation__in=FOR_ONE_WHO_WAITS).update(next_attempt_at=at + wait)


@transaction.atomic
def _settle(call: OutboxCall, answer: Body) -> None:
    """Done: what the answer means for the account is noted with it, once."""
    account = Account.objects.select_for_update().get(pk=call.account_id) if call.account_id else None
    if not _close(call, OutboxCall.State.DONE, answer_id=answer["id"]) or account is None:
        return
    if call.operation == "customer.create" and account.stripe_customer_id is None:
        Account.objects.filter(pk=account.pk).update(stripe_customer_id=answer["id"])
    if call.operation == "checkout.create":
        _replace_checkout(account, answer["id"], call.created_at)
    if call.operation.startswith(("subscription.", "schedule.")):
        enqueue("billing.sync", account_id=account.pk)


def _replace_checkout(account: Account, session: str, at: datetime) -> None:
    """Of two Checkouts opened at once, the later one counts and the other is closed."""
    if account.open_checkout and account.open_checkout != session:
        former = ask(operation="checkout.expire", params={"subject": account.open_checkout}, account=account, at=at)
        enqueue("billing.send_outbox", call_id=former.pk)
    Account.objects.filter(pk=account.pk).update(open_checkout=session)


def retry(*, call_id: int, at: datetime) -> None:
    """Ask again about one row, unless its key is too old to be safe: then staff must look."""
    call = OutboxCall.objects.unanswered().filter(pk=call_id).first()
    if call is None:
        return
    if at - call.created_at >= KEYS_REMEMBERED:
        _close(call, OutboxCall.State.DEAD, error=call.error or "never answered")
        log.error("outbox_given_up", call=call.pk, operation=call.operation)
        return
    try:
        send(call=call, at=at)
    except (Declined, Unanswered) as error:
        log.warning("outbox_not_done", call=call.pk, operation=call.operation, error=str(error))


@transaction.atomic
def ask_again(*, call: OutboxCall, by: Actor, at: datetime, why: str) -> OutboxCall:
    """Staff wants it done after all: with the same key while Stripe remembers it, else as a new wish. Raises `Settled`."""
    held = _open(call)
    audit.record("billing.call_asked_again", by=by, of=held, at=at, why=why)
    if held.state == OutboxCall.State.QUEUED:
        OutboxCall.objects.filter(pk=held.pk).update(next_attempt_at=at)
        anew = held
    else:
        OutboxCall.objects.filter(pk=held.pk).update(settled_at=at)
        anew = ask(operation=held.operation, params=held.params, account=held.account, at=at)
    enqueue("billing.send_outbox", call_id=anew.pk)
    return anew


@transaction.atomic
def give_up(*, call: OutboxCall, by: Actor, at: datetime, why: str) -> None:
    """Staff has looked: it is not asked again, and nobody needs to look any more. Raises `Settled`."""
    held = _open(call)
    audit.record("billing.call_given_up", by=by, of=held, at=at, why=why)
    state = OutboxCall.State.DEAD if held.state == OutboxCall.State.QUEUED else held.state
    OutboxCall.objects.filter(pk=held.pk).update(state=state, settled_at=at)


def _open(call: OutboxCall) -> OutboxCall:
    """The row under its lock, if there is still something to decide."""
    held = OutboxCall.objects.select_for_update(of=("self",)).select_related("account").get(pk=call.pk)
    if held.state == OutboxCall.State.DONE or held.settled_at is not None:
        raise Settled(_("This call is settled already."))
    return held
