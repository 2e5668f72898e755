"""Whatever the stand-in for Stripe is asked or answers, in whichever test, is held to the SDK's own types.

Requests: the engine itself reads parameters by the SDK's types at every depth, and refuses what they do not have.
Answers: `watch` holds each object in each answer to the annotations of its class, at every depth.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from newsroom.sandbox.engine import engine
from newsroom.sandbox.engine.kinds import KINDS
from newsroom.sandbox.engine.schema import faults

seen: Counter[str] = Counter()


class OtherShape(AssertionError):
    """The stand-in answered what Stripe's types do not allow."""


def watch() -> None:
    """From now on each answer is looked at, once."""
    if hasattr(engine.Engine.call, "watched"):
        return
    plain = engine.Engine.call

    def call(self: engine.Engine, request: engine.Request, *, now: int) -> engine.Answer:
        answer = plain(self, request, now=now)
        hold(answer.body)
        seen["requests"] += 1
        return answer

    call.watched = True  # type: ignore[attr-defined]  # its own mark
    engine.Engine.call = call  # type: ignore[method-assign]  # one place that every answer passes


def hold(body: Any) -> None:
    """Every object in it is as the SDK has it. Raises `OtherShape` naming the fields."""
    for each in objects(body):
        seen["objects"] += 1
        if found := list(faults(KINDS[each["object"]].resource, each)):
            raise OtherShape("; ".join(found))


def objects(body: Any) -> Iterator[dict[str, Any]]:
    """Every object of a known kind, at any depth."""
    if isinstance(body, dict):
        if KINDS.get(str(body.get("object"))) and not body.get("deleted"):
            yield body
        for each in body.values():
            yield from objects(each)
    elif isinstance(body, list):
        for each in body:
            yield from objects(each)
