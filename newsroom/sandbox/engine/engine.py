"""The engine: one request in, one answer out."""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from newsroom.sandbox.engine import form, params, time
from newsroom.sandbox.engine.answers import rendered
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.routes import route_of
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

    @property
    def headers(self) -> dict[str, str]:
        replayed = {"Idempotent-Replayed": "true"} if self.replayed else {}
        return {"Content-Type": "application/json", "Request-Id": self.request_id} | replayed


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What came of a deed."""

    value: T | None
    failure: StripeError | None
    events: tuple[str, ...]

    def result(self) -> T:
        if self.failure:
            raise self.failure
        return cast(T, self.value)


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
        world, overdue = self._world(now)
        world.request = {"id": request_id, "idempotency_key": request.key or None}
        try:
            status, body, replayed = self._answered(world, request, now)
        except StripeError as error:
            status, body, replayed = error.status, error.body, False
            if error.status == 404 or error.error.get("code") == "sandbox_not_supported":
                log.warning("sandbox refused %s %s: %s", request.method, request.path, error)
        return Answer(status, body, overdue + tuple(world.emitted), replayed, request_id)

    def do(self, deed: Callable[[World], T], *, now: int) -> Done[T]:
        """Something done on a hosted page rather than by the API. Never raises for what was done."""
        world, overdue = self._world(now)
        value, failure = self._attempt(world, lambda: deed(world))
        return Done(value, failure, overdue + tuple(world.emitted))

    def _world(self, now: int) -> tuple[World, tuple[str, ...]]:
        """The world as it is now, all that was due done, and the events of that."""
        world = World(self.store, self.settings, now, self.new_id)
        time.pass_until(world, now)
        overdue = tuple(world.emitted)
        world.emitted.clear()
        return world, overdue

    def _answered(self, world: World, request: Request, now: int) -> tuple[int, Body, bool]:
        route, names = route_of(request.method, request.path)
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
        found, failure = self._attempt(world, lambda: rendered(world, route.deed(world, given, *names), expand))
        if failure and not failure.keeps:
            raise failure
        status, body = (failure.status, failure.body) if failure else (200, found or {})
        if key:
            self.store.remember(key, Kept(digest, status, body, now))
        return status, body, False

    def _attempt(self, world: World, deed: Callable[[], T]) -> tuple[T | None, StripeError | None]:
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
        except StripeError as error:
            world.emitted.clear()
            failure = error
        return None, failure


def _other_parameters(key: str) -> StripeError:
    return StripeError(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
    )
