"""A partner reports a use: judged, spent and recorded once for each of their request ids."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from newsroom.access import prices
from newsroom.access.decide import find_named
from newsroom.access.decide import use as spend
from newsroom.access.entitlements import HELD, NO_ITEM, Answer, Known, Question, tells
from newsroom.access.rules import Decision
from newsroom.access.settle import Asked
from newsroom.access.terms import rights_of
from newsroom.delivery.api import answers
from newsroom.delivery.api.doors import Door
from newsroom.delivery.api.problems import refuse
from newsroom.delivery.api.schemas import UseReport
from newsroom.delivery.models import ReportedUse
from newsroom.wire.models import Item

CHANNEL = "api"


@transaction.atomic
def report(door: Door, asked: UseReport, *, jti: str | None, at: datetime) -> tuple[dict[str, Any], bool]:
    """The answer, and whether it had been given before. A no leaves nothing behind and may be tried again."""
    kept = _kept(door, asked, jti, at)
    if kept.answer:
        return kept.answer, True
    answer = _spent(door, asked, at)
    said = answers.entitlement(asked.item, answer, at, accept=_price(door, answer, at))
    if answer.decision.allowed:
        ReportedUse.objects.filter(pk=kept.pk).update(answer=said)
    else:
        kept.delete()
    return said, False


def _kept(door: Door, asked: UseReport, jti: str | None, at: datetime) -> ReportedUse:
    """The place of this request id, ours from now on; who comes at the same moment waits for us here."""
    print_of = fingerprint(door, asked)
    organisation_id = door.caller.organisation_id
    try:
        with transaction.atomic():
            kept, made = ReportedUse.objects.get_or_create(
                organisation_id=organisation_id,
                request_id=asked.request_id,
                defaults={"fingerprint": print_of, "jti": jti, "answer": {}, "at": at},
            )
    except IntegrityError as error:  # its token was used for another request
        raise refuse("token.replayed") from error
    if not made and kept.fingerprint != print_of:
        raise refuse("request.reused")
    return kept


def fingerprint(door: Door, asked: UseReport) -> str:
    """What makes two requests the same: the use, its manner and for whom. How the person was named does not matter."""
    said = asked.model_dump(exclude={"on_behalf_of", "request_id", "accept_price"})
    text = json.dumps([said, door.member.user_id if door.member else None], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _spent(door: Door, asked: UseReport, at: datetime) -> Answer:
    question = answers.question_of(asked)
    terms = door.asking.one(HELD, door.reader).book.terms
    item = find_named(name=question.name)
    if item is None:
        return Answer(question, None, NO_ITEM, False, terms)
    decision = _use(door, item, question, asked, at)
    rights = rights_of(item)
    known = Known(item.pk, item.head_id, item.uri, rights)
    return Answer(question, known, decision, any(tells(each, rights, at) for each in terms), terms)


def _use(door: Door, item: Item, question: Question, asked: UseReport, at: datetime) -> Decision:
    said = Asked(CHANNEL, asked.request_id, "en", clicked=True, accepts=asked.accept_price)
    return spend(reader=door.reader, item=item, use=question.use, at=at, asked=said, manner=question.manner)


def _price(door: Door, answer: Answer, at: datetime) -> str:
    """The token by which the price of this refusal is accepted, where it has one."""
    if answer.known is None:
        return ""
    use = answer.question.use
    return prices.offer(answer.decision, reader=door.reader, item_id=answer.known.item_id, use=use, at=at)
