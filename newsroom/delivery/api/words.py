"""What the documentation says of each operation."""

from typing import Any

from newsroom.delivery.api.problems import KINDS, MEDIA_TYPE
from newsroom.delivery.api.schemas import ProblemDocument


def _example(body: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": body}}}}


ABOUT = """
Ask what your organisation, or one of its members, may do with a story; report uses; issue short tokens for your edges.
No answer ever holds a story's text.

Every error is a problem document (RFC 9457, `application/problem+json`) with a stable `code`.
A story that must not even show to you is answered exactly like one that does not exist: `content.unknown`.
"""
SINGLE = """
One story, one use. An answer is `200` whether it is a yes or a no: look at `allowed` and `code`.
Nothing is spent and nothing is written down.
"""
BATCH = """
Up to 100 stories in one call, each with its use and manner. The answers come in the order of the questions, and an
unknown story is answered as such in its place. Nothing is spent and nothing is written down.
"""
BATCH_EXAMPLE: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/json": {
                "example": {
                    "questions": [
                        {"item": "urn:newsroom:story:4711", "use": "read"},
                        {
                            "item": "/story/ferries-run-again-1a2b3c4d/",
                            "use": "publish",
                            "channel": "web",
                            "territory": "TR",
                        },
                    ],
                    "on_behalf_of": {"email": "journalist@daily.example"},
                }
            }
        }
    }
}
USE = """
A use that happens now is judged, counted against its quota and written to the ledger in one go: `201`. The same
`request_id` again is answered the same and counts nothing: `200` with `repeated`. A no (`allowed: false`, `200`) leaves
nothing behind and may be tried again. Where `problem` carries a `price`, send its `accept` as `accept_price` to agree.
The answer never holds a text.
"""
USE_EXAMPLE = _example(
    {"item": "urn:newsroom:story:4711", "use": "publish", "channel": "web", "request_id": "order-2026-000123"}
)
ISSUE = """
A JWT (EdDSA) that says for at most five minutes what your organisation, or one of its members, may do, so that an edge
need not ask for each page. Verify it as docs/api.md shows: pinned algorithm, the key by `kid` from
`/.well-known/jwks.json`, `aud`, `iss`, `exp`, and that nothing it `stands_on` is in the revocation list above its
`epoch`. `complete: false` says that there is more than a token can say: ask the check.
"""
TOKEN_EXAMPLE = _example({"audience": "https://edge.example", "on_behalf_of": {"email": "journalist@daily.example"}})
REVOCATIONS = """
Poll it every few seconds, with `If-None-Match`. The body is a JWT (`typ: revocations+jwt`, `aud: org:…`) whose
`revoked` names subjects, each with the number of its last change. A token is void when one of its `stands_on` is named
with a number above its `epoch`. `since` leaves out what you have seen: give it the `number` of the last list.
"""


def errors(*statuses: int) -> dict[int, type[ProblemDocument]]:
    """The problem documents an operation may answer with, for its schema."""
    return dict.fromkeys(statuses, ProblemDocument)


def codes(status: int) -> list[str]:
    """The codes of ours that come with this status."""
    return [code for code, (known, _title) in KINDS.items() if known == status]


def as_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """django-ninja writes every answer as application/json; an error is a problem document, with its codes named."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
                    answer["description"] = ", ".join(f"`{code}`" for code in codes(int(status))) or "Refused"
    return schema
