"""The engine: one request in, one answer out."""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from newsroom.sandbox.engine import form, params, time
from newsroom.sandbox.engine.answers import rendered
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.routes import Route, route_of
from newsroom.sandbox.engine.store import Body, Kept, Store
from newsroom.sandbox.engine.world import Settings, World, random_id

log = logging.getLogger(__name__)
KEY_KEPT_FOR = 86_400
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    text: str = ""  # form-encoded: the body of a POST, else the query
    key: str = ""  # Idempotency-Key


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Body
    events: tuple[str, ...] = ()  # ids of the events that came of it, in order
    replayed: bool = False
    request_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Engine:
    def __init__(
        self, store: Store, settings: Settings | None = None, new_id: Callable[[str], str] = random_id
    ) -> None:
        self.store = store
        self.settings = settings or Settings()
        self.new_id = new_id

    def call(self, request: Request, *, now: int) -> Answer:
        """What Stripe would answer at that moment. Never raises for what was asked."""
        request_id = f"req_sandbox_{secrets.token_hex(7)}"
        world = self._world(now)
        time.pass_until(world, now)
        overdue = tuple(world.emitted)
        world.emitted.clear()
        world.request = {"id": request_id, "idempotency_key": request.key or None}
        try:
            route, names = route_of(request.method, request.path)
            status, body, replayed = self._answered(world, request, route, names, now)
        except StripeError as error:
            if error.status == 404 or error.error.get("code") == "sandbox_not_supported":
                log.warning("sandbox refused %s %s: %s", request.method, request.path, error)
            status, body, replayed = error.status, error.body, False
        return Answer(status, body, overdue + tuple(world.emitted), replayed, request_id)

    def do(self, deed: Callable[[World], T], *, now: int) -> tuple[T, tuple[str, ...]]:
        """Something done on a hosted page rather than by the API, with its events. Raises StripeError; what `keeps` stays."""
        world = self._world(now)
        time.pass_until(world, now)
        done, failure = self._attempt(world, lambda: deed(world))
        if failure:
            raise failure
        return done, tuple(world.emitted)

    def _world(self, now: int) -> World:
        return World(self.store, self.settings, now, self.new_id)

    def _answered(
        self, world: World, request: Request, route: Route, names: tuple[str, ...], now: int
    ) -> tuple[int, Body, bool]:
        key = request.key if request.method == "POST" else ""
        digest = hashlib.sha256(json.dumps([request.method, request.path, request.text]).encode()).hexdigest()
        kept = self.store.recall(key) if key else None
        if kept and now - kept.at < KEY_KEPT_FOR:
            if kept.digest != digest:
                raise _other_parameters(key)
            return kept.status, kept.body, True
        given = params.read(route.shape, form.decode(request.text))
        params.refuse_unbuilt(given, route.built)
        expand = given.pop("expand", [])
        body, failure = self._attempt(world, lambda: rendered(world, route.deed(world, given, *names), expand))
        status, body = (failure.status, failure.body) if failure else (200, body)
        if key:
            self.store.remember(key, Kept(digest, status, body, now))
        return status, body, False

    def _attempt(self, world: World, deed: Callable[[], T]) -> tuple[T, StripeError | None]:
        """Run the deed; an error undoes what it wrote, unless what was done before it is to stay (a declined charge)."""
        failure: StripeError | None = None
        try:
            with self.store.undoable():
                try:
                    return deed(), None
                except StripeError as error:
                    if not error.keeps:
                        raise
                    failure = error
        except StripeError:
            world.emitted.clear()
            raise
        return None, failure  # type: ignore[return-value]  # with a failure nobody reads it


def _other_parameters(key: str) -> StripeError:
    return StripeError(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
    )
