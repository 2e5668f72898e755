"""From what is asked to a question of the gate, and from its answer to what is sent."""

from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from newsroom.access.codes import NO_WAY_OUT, Problem, WayOut, problem_of, way_out_of
from newsroom.access.entitlements import NO_ITEM, Answer, Question
from newsroom.access.rules import Decision, Manner
from newsroom.delivery.api.schemas import RENDITIONS, Asked
from newsroom.licensing.rules import Unlock, Use

CONTACT = "/contact/"
TIERS = {0: "nothing", 1: "summary", 2: "full"}


def name_of(item: str) -> str:
    """`uri:…`, or `slug:…` for an address of ours."""
    for begin in (f"{settings.BASE_URL}/story/", "/story/"):
        if item.startswith(begin):
            return f"slug:{unquote(item[len(begin) :]).strip('/')}"
    return f"uri:{item}" if ":" in item else f"slug:{item.strip('/')}"


def question_of(asked: Asked) -> Question:
    manner = Manner(
        channel=asked.channel or "",
        territory=asked.territory or "",
        format=asked.format,
        rendition=RENDITIONS[asked.rendition] if asked.rendition else None,
    )
    return Question(name_of(asked.item), Use(asked.use), manner)


def entitlement(item: str, answer: Answer, at: datetime, *, accept: str = "") -> dict[str, Any]:
    """The answer about this item, in the order and names of `schemas.Entitlement`. `accept`: the token of its price."""
    decision = answer.decision
    if decision.allowed:
        return _fields(item, answer.question.use, decision, decision.reason.value, None)
    found = refusal(answer, at, accept)
    shown = decision if answer.told or found.code != "content.unknown" else NO_ITEM
    return _fields(item, answer.question.use, shown, found.code, found.as_json())


def refusal(answer: Answer, at: datetime, accept: str) -> Problem:
    """Why not, in the words of `access.codes`."""
    way_out: WayOut = NO_WAY_OUT
    if answer.known is not None:
        use = answer.question.use.value
        known = {"contact": settings.BASE_URL + CONTACT, "accept": accept}
        way_out = way_out_of(answer.decision, answer.terms, use, at, **known)
    return problem_of(answer.decision, way_out, told=answer.told, at=at)


def _fields(item: str, use: Use, decision: Decision, code: str, problem: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "item": item,
        "use": use.value,
        "allowed": decision.allowed,
        "tier": TIERS[decision.tier],
        "code": code,
        "clause": decision.clause,
        "licence": decision.licence_id,
        "version": decision.version,
        "until": decision.until.isoformat() if decision.until else None,
        "remaining": decision.remaining,
        "unlock": (Unlock.NOTHING if decision.allowed else decision.unlock).value,
        "problem": problem,
    }
