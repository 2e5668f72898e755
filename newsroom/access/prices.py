"""A price for one story above the quota, offered and accepted. The token accepts exactly that price for exactly that use."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.core.signing import BadSignature, Signer

from newsroom.access.rules import Decision
from newsroom.accounts.readers import Reader
from newsroom.licensing.counting import reader_key
from newsroom.licensing.rules import Use

LIVES = timedelta(hours=1)
SKEW = timedelta(minutes=2)
"""How far the clocks of two machines may stand apart."""
_signer = Signer(salt="newsroom.access.prices")


class Verdict(StrEnum):
    """What a token says about a price."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    WORTHLESS = "worthless"


def offer(decision: Decision, *, reader: Reader, item_id: int, use: Use, at: datetime) -> str:
    """The token by which this reader accepts the price of this refusal, within the hour; empty when it has none."""
    if decision.price is None:
        return ""
    terms = _of(decision, reader, item_id, use)
    return _signer.sign_object([*terms, decision.price.minor, decision.price.currency, int(at.timestamp())])


def accepts(token: str, decision: Decision, *, reader: Reader, item_id: int, use: Use, at: datetime) -> Verdict:
    """Whether this token says yes to the price that is asked now. Another reader's, story's or licence's is worthless."""
    try:
        *terms, minor, currency, since = _signer.unsign_object(token)
    except (BadSignature, ValueError, TypeError, AttributeError):
        return Verdict.WORTHLESS
    made = datetime.fromtimestamp(since, UTC)
    if decision.price is None or terms != _of(decision, reader, item_id, use):
        return Verdict.WORTHLESS
    if not made - SKEW <= at < made + LIVES:
        return Verdict.WORTHLESS
    same = (minor, currency) == (decision.price.minor, decision.price.currency)
    return Verdict.ACCEPTED if same else Verdict.CHANGED


def _of(decision: Decision, reader: Reader, item_id: int, use: Use) -> list[object]:
    return [decision.licence_id, item_id, use.value, reader_key(reader)]
