"""A life recorded once: what Stripe said at each step, and every event it sent. In memory, played back at will."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.test import Client

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.billing import outbox
from newsroom.billing.gateway import Body, Present, gateway
from newsroom.billing.models import (
    Account,
    CreditNote,
    Dispute,
    Invoice,
    OutboxCall,
    Payment,
    Purchase,
    Refund,
    Subscription,
)
from newsroom.billing.sync import sync
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.models import LicenceVersion, Seat
from newsroom.sandbox import clock
from newsroom.sandbox.engine.world import public
from tests.billing.proof.lives import LIVES
from tests.billing.shop import Shop

OURS: tuple[type[models.Model], ...] = (User, Organisation, Membership)
MIRROR: tuple[type[models.Model], ...] = (Subscription, Invoice, CreditNote, Payment, Refund, Dispute, Purchase)
# Signed addresses; rows' own numbers; and what says since when we know it, not since when it is so.
NOT_COMPARED = frozenset({"id", "raw", "account", "hosted_url", "pdf_url", "paused_since"})
SEEN = re.compile(r"^(subscription_(?:paused|resumed):\w+):.*$")
State = dict[str, Any]


@dataclass(frozen=True)
class Step:
    name: str
    at: datetime
    present: Present
    events: tuple[Body, ...]  # those of this step


@dataclass
class Recorded:
    name: str
    customer: str
    account: int
    rows: str  # what was ours before money moved, as JSON
    steps: list[Step] = field(default_factory=list)

    @property
    def events(self) -> list[Body]:
        return [each for step in self.steps for each in step.events]

    @property
    def end(self) -> Step:
        return self.steps[-1]

    def begin(self) -> Account:
        """Our rows are there as they were, under the same numbers, and nothing was heard yet."""
        for each in serializers.deserialize("json", self.rows):
            each.save()
        return Account.objects.get(pk=self.account)


_recorded: dict[str, Recorded] = {}


@contextmanager
def undone(database: str) -> Iterator[None]:
    """Nothing written in here stays. The gateway, which refuses to be asked in a transaction, knows it for a test's."""
    block = transaction.atomic(using=database)
    block._from_testcase = True  # type: ignore[attr-defined]  # Django's own mark for this
    with block:
        yield
        transaction.set_rollback(True, using=database)


def recorded(name: str) -> Recorded:
    """The life of this name: lived at the stand-in by the first who asks, and forgotten by both databases."""
    if name not in _recorded:
        with undone("default"), undone("sandbox"):
            _recorded[name] = _record(name)
        clock.remember(0)
    return _recorded[name]


def _record(name: str) -> Recorded:
    shop = Shop(Client())
    told = LIVES[name](shop)
    next(told)
    rows = [row for model in OURS for row in model._default_manager.order_by("pk")]
    before = {each["id"] for each in shop.objects("event")}
    steps: list[Step] = []
    for step in told:
        steps.append(_look(shop, step, before))
        if _react(steps[-1].at):
            steps.append(_look(shop, f"{step}, answered", before))
    account = Account.objects.exclude(stripe_customer_id=None).get()
    bare = _as_it_began(account)
    return Recorded(
        name,
        account.stripe_customer_id or steps[-1].present.customer["id"],
        account.pk,
        serializers.serialize("json", [*rows, bare]),
        [each for each in steps if each.events],
    )


def _as_it_began(account: Account) -> Account:
    facts = {
        each.attname: getattr(account, each.attname)
        for each in Account._meta.concrete_fields
        if each.name in {"id", "user", "organisation", "stripe_customer_id", "created_at"}
    }
    return Account(**facts)


def _look(shop: Shop, step: str, before: set[str]) -> Step:
    """What Stripe says now, and what it sent since the last look."""
    fresh = [public(each) for each in shop.objects("event") if each["id"] not in before]
    before |= {each["id"] for each in fresh}
    customer = shop.objects("customer")[-1]["id"]
    return Step(step, now(), gateway().present(customer), tuple(fresh))


def _react(at: datetime) -> bool:
    """The product hears of it, and does what it does; whether that changed something at Stripe."""
    asked = OutboxCall.objects.filter(state=OutboxCall.State.DONE).count()
    for account in Account.objects.exclude(stripe_customer_id=None):
        sync(account_id=account.pk, at=at)
    for call in OutboxCall.objects.unanswered():
        outbox.retry(call_id=call.pk, at=at)
    return OutboxCall.objects.filter(state=OutboxCall.State.DONE).count() > asked


def state(account: Account) -> State:
    """What the money of this account has come to: our mirror, licences, seats."""
    found: State = {
        model.__name__: [_columns(row) for row in model._default_manager.filter(account=account).order_by("stripe_id")]
        for model in MIRROR
    }
    holder = {"organisation": account.organisation} if account.organisation else {"user": account.user}
    whose = {f"licence__{name}": who for name, who in holder.items()}
    found["licences"] = [
        (each.licence.source, each.licence.source_ref, *_terms(each))
        for each in LicenceVersion.objects.filter(recorded_to=None, **whose)
        .select_related("licence")
        .order_by("licence__source", "licence__source_ref")
    ]
    seats = Seat.objects.filter(**whose).order_by("licence__source_ref", "pk")
    found["seats"] = list(seats.values_list("licence__source_ref", "user", "number", "valid_from", "valid_to"))
    return found


def _terms(version: LicenceVersion) -> tuple[Any, ...]:
    names = ("starts_at", "ends_at", "suspended", "uses", "all_products", "product_ids", "clause", "seats")
    return tuple(getattr(version, name) for name in names)


def _columns(row: models.Model) -> State:
    return {each.name: getattr(row, each.name) for each in row._meta.fields if each.name not in NOT_COMPARED}


def mails() -> list[str]:
    """Keys of what was mailed. Since when a subscription rests we know from when we saw it: that moment is left out."""
    return sorted(SEEN.sub(r"\1", each) for each in Message.objects.values_list("key", flat=True))


__all__ = ["LIVES", "Recorded", "Step", "mails", "recorded", "state"]
