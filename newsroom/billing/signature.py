"""Whether a webhook is Stripe's. Pure. https://docs.stripe.com/webhooks#verify-manually"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)


def signed(body: bytes, header: str, secrets: Iterable[str], at: datetime) -> bool:
    """One of the secrets made one of the signatures over this body, and not long ago, and not in the future."""
    moment, offered = _parts(header)
    if moment is None or abs(at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
        return False
    expected = [_signature(moment, body, secret) for secret in secrets if secret]
    return any(hmac.compare_digest(right, given) for right in expected for given in offered)


def _signature(moment: str, body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest().encode()


def _parts(header: str) -> tuple[str | None, list[bytes]]:
    """The one timestamp and the signatures of the scheme in force."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    offered = [value.encode("utf-8", "replace") for name, _, value in pairs if name == "v1"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit() and len(moments[0]) <= 12):
        return None, []
    return moments[0], offered
