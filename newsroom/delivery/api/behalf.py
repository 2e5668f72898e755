"""For whom of its people an organisation asks."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from newsroom.delivery.api import signing, tokens
from newsroom.delivery.api.problems import refuse
from newsroom.delivery.api.schemas import Behalf
from newsroom.delivery.api.signing import BadToken


@dataclass(frozen=True, slots=True)
class Person:
    """Of whom it is asked: by number (a token said so, `jti` is which) or by address; None: the organisation itself."""

    who: int | str | None = None
    jti: str | None = None


def person(asked: Behalf | None, at: datetime) -> Person:
    """Whom the caller names; whether they are a member is the door's to find out. Raises a `Refusal`."""
    if asked is None:
        return Person()
    if asked.email is not None:
        return Person(asked.email.strip().lower())
    return _of_token(asked.token or "", at)


def _of_token(token: str, at: datetime) -> Person:
    """The member that a token of ours, for ourselves, is about. One that was revoked is worth nothing here either."""
    wrong = [{"field": "on_behalf_of.token", "message": "not valid"}]
    try:
        claims = signing.verified(token, audience=settings.BASE_URL, kind=signing.TOKEN, at=at)
    except BadToken as error:
        raise refuse("token.expired" if error.expired else "token.invalid", fields=wrong) from error
    kind, _, number = str(claims["sub"]).partition(":")
    if kind != "user" or tokens.revoked(claims["stands_on"], claims["epoch"]):
        raise refuse("token.invalid", fields=wrong)
    return Person(int(number), claims["jti"])
