"""The operations of the API: read input, ask the gate or call one deed, answer."""

import json
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import Path, Query, Router

from newsroom.access import entitlements
from newsroom.accounts.keys import Scope
from newsroom.core.clock import now
from newsroom.delivery.api import answers, schemas, signing, tokens, uses, words
from newsroom.delivery.api.behalf import person
from newsroom.delivery.api.doors import Bearer, opened
from newsroom.delivery.api.problems import refuse, refuse_field
from newsroom.delivery.api.schemas import ItemName

router = Router(auth=Bearer())


def send(found: Any, status: int = 200, **headers: str) -> HttpResponse:
    """Ours are dictionaries already: nothing needs to be validated on its way out."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json", headers=headers)


def key_of(request: HttpRequest) -> str:
    """The digest of the key that came with this request."""
    digest: str = request.auth  # type: ignore[attr-defined]  # set by django-ninja from `Bearer`
    return digest


class Manner(schemas.Strict):
    """How the single check is asked: the fields of `Asked` but the item, in the query."""

    use: schemas.UseName = "read"
    channel: schemas.ChannelName | None = None
    territory: schemas.Country | None = None
    format: schemas.Format = ""
    rendition: schemas.RenditionName | None = None


@router.post(
    "/entitlements/check",
    response={200: schemas.Entitlements} | words.errors(400, 401, 403, 413, 415, 422, 429, 503),
    url_name="entitlements_check",
    summary="May these stories be used?",
    description=words.BATCH,
    openapi_extra=words.BATCH_EXAMPLE,
)
def check(request: HttpRequest, asked: schemas.Batch) -> HttpResponse:
    at = now()
    questions = [answers.question_of(each) for each in asked.questions]
    who = person(asked.on_behalf_of, at).who
    door = opened(key_of(request), Scope.CHECK, at=at, names=[each.name for each in questions], member=who)
    found = entitlements.answers(door.asking, door.reader, questions)
    pairs = zip(asked.questions, found, strict=True)
    return send({"answers": [answers.entitlement(question.item, answer, at) for question, answer in pairs]})


@router.get(
    "/entitlements/{path:item}",
    response={200: schemas.Entitlement} | words.errors(401, 403, 422, 429, 503),
    url_name="entitlement",
    summary="May this story be used?",
    description=words.SINGLE,
)
def entitlement(
    request: HttpRequest, item: Annotated[ItemName, Path()], manner: Annotated[Manner, Query()]
) -> HttpResponse:
    at = now()
    unknown = request.GET.keys() - Manner.model_fields.keys()
    if unknown:
        raise refuse_field(min(unknown), "unknown")
    asked = schemas.Asked.model_construct(item=item, **manner.model_dump())
    question = answers.question_of(asked)
    door = opened(key_of(request), Scope.CHECK, at=at, names=(question.name,))
    (found,) = entitlements.answers(door.asking, door.reader, (question,))
    return send(answers.entitlement(item, found, at))


@router.post(
    "/uses",
    response={200: schemas.UseAnswer, 201: schemas.UseAnswer}
    | words.errors(400, 401, 403, 409, 413, 415, 422, 429, 503),
    url_name="uses",
    summary="Report a use",
    description=words.USE,
    openapi_extra=words.USE_EXAMPLE,
)
def report_use(request: HttpRequest, asked: schemas.UseReport) -> HttpResponse:
    at = now()
    who = person(asked.on_behalf_of, at)
    door = opened(key_of(request), Scope.USE, at=at, member=who.who)
    said, repeated = uses.report(door, asked, jti=who.jti, at=at)
    found = said | {"request_id": asked.request_id, "repeated": repeated}
    return send(found, status=201 if said["allowed"] and not repeated else 200)


@router.post(
    "/tokens",
    response={201: schemas.TokenAnswer} | words.errors(400, 401, 403, 413, 415, 422, 429, 503),
    url_name="tokens",
    summary="A short token for an edge",
    description=words.ISSUE,
    openapi_extra=words.TOKEN_EXAMPLE,
)
def issue_token(request: HttpRequest, asked: schemas.TokenWanted) -> HttpResponse:
    at = now()
    epoch = tokens.known_until()
    digest = key_of(request)
    who = person(asked.on_behalf_of, at)
    door = opened(digest, Scope.TOKEN, at=at, member=who.who)
    if asked.audience not in door.caller.audiences | {settings.BASE_URL}:
        raise refuse("token.audience", audiences=sorted(door.caller.audiences))
    token, expires, kid = tokens.issue(
        door, digest=digest, audience=asked.audience, seconds=asked.seconds, epoch=epoch, at=at
    )
    return send({"token": token, "expires_at": expires.isoformat(), "kid": kid}, status=201)


@router.get(
    "/revocations",
    response={200: str} | words.errors(401, 403, 422, 429, 503),
    url_name="revocations",
    summary="What tokens may no longer",
    description=words.REVOCATIONS,
)
def revocations(request: HttpRequest, since: Annotated[int, Query(ge=0, le=2**62)] = 0) -> HttpResponse:
    at = now()
    door = opened(key_of(request), Scope.TOKEN, at=at)
    organisation_id = door.caller.organisation_id
    found = tokens.revocations(organisation_id, since)
    mark = tokens.mark_of(organisation_id, found, at)
    headers = {"ETag": mark, "Cache-Control": "private, no-cache"}
    if mark in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    text = tokens.signed_list(organisation_id, found, since, at)
    return HttpResponse(text, content_type=f"application/{signing.REVOCATIONS}", headers=headers)
