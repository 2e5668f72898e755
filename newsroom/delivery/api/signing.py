"""Keys that sign tokens: made, rotated, published, and used to check what comes back. One algorithm, named here only."""

import base64
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from jwt.algorithms import OKPAlgorithm

from newsroom.core import audit
from newsroom.core.audit import SYSTEM, Actor
from newsroom.delivery.models import SigningKey

ALGORITHM = "EdDSA"
TOKEN = "entitlements+jwt"  # noqa: S105  # the `typ` of a token
REVOCATIONS = "revocations+jwt"
KEPT_BY_EDGES = timedelta(minutes=5)  # how long an edge may keep the published keys
AHEAD = 3 * KEPT_BY_EDGES  # how long before it signs a key is published
LONGEST = timedelta(minutes=5)  # the longest a token lives
SKEW = timedelta(seconds=30)


class BadToken(Exception):
    """Not a token of ours for this audience. `expired`: it was."""

    def __init__(self, why: str, *, expired: bool = False) -> None:
        super().__init__(why)
        self.expired = expired


def rotate(*, by: Actor, at: datetime, at_once: bool = False) -> SigningKey:
    """A new key. It signs when every edge can know it; the old one then stays published until its tokens are over.

    `at_once`: the old one is no longer trusted. It is published no more, and the new one signs from now on.
    """
    starts = at if at_once else at + AHEAD
    ends = at if at_once else starts + LONGEST + 2 * SKEW
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kid = f"{at:%Y%m%d}-{secrets.token_hex(6)}"
    public = json.loads(OKPAlgorithm.to_jwk(private.public_key()))
    with transaction.atomic():
        former = SigningKey.objects.filter(Q(signs_until=None) | Q(signs_until__gt=starts) | Q(listed_until__gt=ends))
        former.update(signs_until=starts, listed_until=ends)
        made = SigningKey.objects.create(
            kid=kid,
            public=public | {"kid": kid, "alg": ALGORITHM, "use": "sig"},
            private=_box().encrypt(pem).decode(),
            made_at=at,
            signs_from=starts,
        )
        audit.record("signing_key.rotated", by=by, of=made, at=at, facts={"kid": kid, "at_once": at_once})
    return made


def published(at: datetime) -> list[dict[str, Any]]:
    """The public keys that tokens may be signed with, newest first (RFC 7517)."""
    return [each.public for each in _listed(at)]


def sign(claims: dict[str, Any], *, kind: str, at: datetime) -> tuple[str, str]:
    """The token and the number of the key it is signed with. The first ever makes the first key."""
    key = _signing(at)
    private = serialization.load_pem_private_key(_box().decrypt(key.private.encode()), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    return jwt.encode(claims, private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": kind}), key.kid


def verified(token: str, *, audience: str, kind: str, at: datetime) -> dict[str, Any]:
    """The claims of a token of ours. Raises `BadToken`. What its header says of the algorithm is not asked."""
    try:
        header = jwt.get_unverified_header(token)
        key = _listed(at).filter(kid=str(header.get("kid", ""))).first()
        if key is None or header.get("typ") != kind:
            raise BadToken("unknown key or kind")
        claims: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK(key.public, algorithm=ALGORITHM).key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=settings.BASE_URL,
            options={
                "require": ["aud", "iss", "exp", "iat", "nbf", "jti", "sub"],
                "verify_exp": False,  # by our own clock, below
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        _check_times(claims, at)
    except jwt.PyJWTError as error:
        raise BadToken(type(error).__name__) from error
    return claims


def _check_times(claims: dict[str, Any], at: datetime) -> None:
    times = [claims[name] for name in ("exp", "nbf", "iat")]
    if not all(type(each) is int for each in times):
        raise BadToken("times are whole seconds")
    exp, nbf, iat = times
    now, skew = at.timestamp(), SKEW.total_seconds()
    if exp - iat > LONGEST.total_seconds():
        raise BadToken("lives too long")
    if now < max(nbf, iat) - skew:
        raise BadToken("not yet")
    if now >= exp + skew:
        raise BadToken("expired", expired=True)


def _listed(at: datetime) -> QuerySet[SigningKey]:
    return SigningKey.objects.filter(Q(listed_until=None) | Q(listed_until__gt=at)).order_by("-signs_from", "-pk")


def _signing(at: datetime) -> SigningKey:
    found = _listed(at).filter(signs_from__lte=at).exclude(signs_until__lte=at).first()
    return found or rotate(by=SYSTEM, at=at, at_once=True)


def _box() -> Fernet:
    secret = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"newsroom signing keys")
    return Fernet(base64.urlsafe_b64encode(secret.derive(settings.SECRET_KEY.encode())))
