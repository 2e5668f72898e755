"""What every rule is handed: the objects, the moment, and the means to tell the outside what happened."""

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe

from newsroom.sandbox.engine.due import due_of
from newsroom.sandbox.engine.errors import missing
from newsroom.sandbox.engine.kinds import KINDS
from newsroom.sandbox.engine.schema import fields, fill
from newsroom.sandbox.engine.store import Body, Search, Store

PRIVATE = "_"  # a body's own notes, never answered


@dataclass(frozen=True, slots=True)
class Settings:
    site: str = "http://127.0.0.1:8000"  # where the pages that Stripe would host are found
    name: str = "Anka Wire"
    country: str = "TR"
    retry_days: tuple[int, ...] = (3, 5, 7)  # after a declined renewal, each counted from the try before
    after_retries: str = "canceled"  # or "unpaid" or "past_due"


def random_id(prefix: str) -> str:
    return f"{prefix}_sandbox_{secrets.token_hex(12)}"


class World:
    def __init__(self, store: Store, settings: Settings, now: int, new_id: Callable[[str], str] = random_id) -> None:
        self.store = store
        self.settings = settings
        self.now = now
        self.new_id = new_id
        self.emitted: list[str] = []
        self.request: Body = {"id": None, "idempotency_key": None}

    def new(self, kind: str, **facts: Any) -> Body:
        """A body of Stripe's shape with its id, not yet saved. Raises Misshapen when a fact is missing or unknown."""
        known = KINDS[kind]
        private = facts.pop(PRIVATE, {})
        own = {"id": self.new_id(known.prefix), "object": kind, "created": self.now, "livemode": False}
        own = {name: fact for name, fact in own.items() if name in fields(known.resource)}
        body = fill(known.resource, own | facts, omit=known.on_request, sparse=known.sparse)
        return body | {PRIVATE: private}

    def get(self, kind: str, name: str, *, param: str = "id") -> Body:
        """The object, or StripeError. Who belongs to a test clock lives at its time."""
        body = self.store.find(name)
        if body is None or body["object"] != kind or body.get("deleted"):
            raise missing(KINDS[kind].noun or kind.split(".")[-1].replace("_", " "), name, param=param)
        self._enter_time_of(body)
        return body

    def _enter_time_of(self, body: Body) -> None:
        clock = body.get("test_clock")
        if isinstance(clock, str) and (found := self.store.find(clock)):
            self.now = found["_"].get("now", found["frozen_time"])

    def save(self, body: Body) -> Body:
        self.store.save(body, due=due_of(body), clock=body.get("test_clock"))
        return body

    def add(self, kind: str, event: str = "", /, **facts: Any) -> Body:
        """Make, save and announce."""
        body = self.save(self.new(kind, **facts))
        if event:
            self.emit(event, body)
        return body

    def change(self, body: Body, event: str = "", /, **facts: Any) -> Body:
        """Set what differs, save, and announce it when something did."""
        was = {name: copy.deepcopy(body.get(name)) for name, fact in facts.items() if body.get(name) != fact}
        body |= facts
        self.save(body)
        if event and was:
            self.emit(event, body, was)
        return body

    def all(self, kind: str, **where: Any) -> list[Body]:
        return self.store.select(Search(kind, where))

    def emit(self, event: str, body: Body, was: Body | None = None) -> None:
        data: Body = {"object": public(body)}
        if was is not None:
            data["previous_attributes"] = was
        made = self.new(
            "event",
            api_version=stripe.api_version,
            data=data,
            pending_webhooks=1,
            request=dict(self.request),
            type=event,
        )
        for absent in ("account", "context"):  # only on events of connected accounts
            made.pop(absent)
        if was is None:
            made["data"].pop("previous_attributes", None)
        self.emitted.append(self.save(made)["id"])


def public(body: Body) -> Body:
    """The body without its own notes, at every depth."""
    return {name: _public(fact) for name, fact in body.items() if name != PRIVATE}


def _public(fact: Any) -> Any:
    if isinstance(fact, dict):
        return public(fact)
    return [_public(one) for one in fact] if isinstance(fact, list) else fact


def listing(url: str, data: list[Body], *, has_more: bool = False) -> Body:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
