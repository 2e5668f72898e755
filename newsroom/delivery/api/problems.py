"""Every error of the API as a problem document (RFC 9457) with a stable code."""

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from newsroom.access.codes import Problem

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="newsroom"'

KINDS: dict[str, tuple[int, Any]] = {
    "auth.missing": (401, _("Send your key as “Authorization: Bearer nk_…”.")),
    "auth.unknown": (401, _("This key is unknown.")),
    "auth.expired": (401, _("This key has expired.")),
    "auth.revoked": (401, _("This key was revoked.")),
    "auth.member": (401, _("The person this key acts for is no longer a member.")),
    "auth.scope": (403, _("This key may not do that.")),
    "request.json": (400, _("The body is not JSON.")),
    "request.fields": (422, _("Some fields are wrong.")),
    "request.too_large": (413, _("The body is too large.")),
    "request.media_type": (415, _("Send JSON, as application/json.")),
    "request.method": (405, _("This address does not know that method.")),
    "request.bad": (400, _("The request cannot be understood.")),
    "request.reused": (409, _("This request id was used for another use.")),
    "address.unknown": (404, _("There is no such address.")),
    "member.unknown": (422, _("This is no member of your organisation.")),
    "token.audience": (403, _("This key may not issue tokens for that audience.")),
    "token.invalid": (422, _("The token is not one of ours for this audience.")),
    "token.expired": (422, _("The token has expired.")),
    "token.replayed": (409, _("The token was used for another request.")),
    "rate": (429, _("Too many requests.")),
    "service.unavailable": (503, _("We cannot answer just now. Please try again in a moment.")),
    "error.internal": (500, _("Something went wrong on our side.")),
}
"""The codes of what is wrong with a request. Those of a refusal are `access.codes.CASES`."""


class Refusal(Exception):
    """The request is answered with this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def problem(code: str, *, headers: dict[str, str] | None = None, **carries: Any) -> Problem:
    """The problem with this code. `carries`: its extension members."""
    status, title = KINDS[code]
    sent = {"Cache-Control": "no-store"} | (headers or {})
    if status == 401:
        reason = "" if code == "auth.missing" else ', error="invalid_token"'
        sent["WWW-Authenticate"] = CHALLENGE + reason
    return Problem(status, code, str(title), str(title), carries=carries, headers=sent)


def refuse(code: str, *, headers: dict[str, str] | None = None, **carries: Any) -> Refusal:
    """To be raised."""
    return Refusal(problem(code, headers=headers, **carries))


def refuse_field(field: str, message: str) -> Refusal:
    """One field is wrong. To be raised."""
    return refuse("request.fields", fields=[{"field": field, "message": message}])


def render(found: Problem) -> HttpResponse:
    return HttpResponse(
        json.dumps(found.as_json(), ensure_ascii=False),
        status=found.status,
        content_type=MEDIA_TYPE,
        headers=found.headers,
    )
