"""Short tokens with which an edge may answer by itself for a few minutes, and the list of what they no longer may."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q
from django.db.models.functions import Now

from newsroom.access import callers
from newsroom.access.changes import KEPT
from newsroom.access.entitlements import HELD, subjects_of_reader
from newsroom.access.models import Change
from newsroom.access.rules import Terms
from newsroom.accounts.models import ApiKey, Membership
from newsroom.delivery.api import signing
from newsroom.delivery.api.doors import Door
from newsroom.licensing.rules import Rendition, SeatKind

MOST = 60  # rights in one token; who has more asks us
SIGNED_ANEW = 300  # seconds: how old a signed list may be


def known_until() -> int:
    """The last change that everybody has been told of. Read before anything that a token is made from."""
    found = Change.objects.filter(number__isnull=False).aggregate(
        waiting=Min("number", filter=Q(published=False)), last=Max("number")
    )
    return int(found["waiting"] - 1 if found["waiting"] is not None else found["last"] or 0)


def issue(
    door: Door, *, digest: str, audience: str, seconds: int, epoch: int, at: datetime
) -> tuple[str, datetime, str]:
    """A token for this reader and this site: what it says, until when, and by which key it is signed."""
    terms = door.asking.one(HELD, door.reader).book.terms
    rights, whole = entitlements(terms, at)
    ends = [each.ends_at for each in terms if _runs(each, at) and each.ends_at is not None]
    ends += [each for each in (door.caller.expires_at,) if each is not None]
    begins = int(at.timestamp())
    until = min([begins + seconds, *(int(each.timestamp()) for each in ends)])
    claims = {
        "iss": settings.BASE_URL,
        "aud": audience,
        "sub": f"user:{door.member.user_id}" if door.member else f"org:{door.caller.organisation_id}",
        "org": door.caller.organisation_id,
        "iat": begins,
        "nbf": begins,
        "exp": until,
        "jti": str(uuid.uuid4()),
        "epoch": epoch,
        "stands_on": _subjects(door, digest),
        "entitlements": rights,
        "complete": whole,
    }
    token, kid = signing.sign(claims, kind=signing.TOKEN, at=at)
    return token, datetime.fromtimestamp(until, at.tzinfo), kid


def _subjects(door: Door, digest: str) -> list[str]:
    """Whose changes end this token: the key's, what the reader holds, and for a member that they are one."""
    members = [f"members:{door.caller.organisation_id}"] if door.member else []
    return [callers.subject_of(digest), *members, *subjects_of_reader(door.reader)]


def entitlements(terms: Iterable[Terms], at: datetime) -> tuple[list[dict[str, Any]], bool]:
    """What an edge may judge by itself, and whether that is all. What counts, lends seats or names single stories is not."""
    found: dict[str, dict[str, Any]] = {}
    whole = True
    for each in terms:
        if not _runs(each, at):
            continue
        plain = _plain(each)
        whole = whole and plain and not each.items
        if not plain or not (each.products is None or each.products):
            continue
        right = _right(each)
        kept = found.setdefault(json.dumps(right | {"products": None}), right)
        if kept["products"] != "*":
            kept["products"] = "*" if each.products is None else sorted({*kept["products"], *each.products})
    rights = list(found.values())
    return rights[:MOST], whole and len(rights) <= MOST


def _runs(terms: Terms, at: datetime) -> bool:
    return terms.starts_at <= at and (terms.ends_at is None or at < terms.ends_at) and not terms.suspended


def _plain(terms: Terms) -> bool:
    limits = terms.limits
    lends = limits.seats is not None and limits.seat_kind == SeatKind.FLOATING
    return terms.seated and not lends and not limits.quotas


def _right(terms: Terms) -> dict[str, Any]:
    """The limits in the words of the check, empty ones left out. Times in seconds."""
    limits = terms.limits
    known: dict[str, Any] = {
        "channels": sorted(limits.channels),
        "territories": sorted(limits.territories),
        "formats": sorted(limits.formats),
        "delay": int(limits.delay.total_seconds()),
        "archive": int(limits.archive.total_seconds()) if limits.archive is not None else None,
        "rendition": Rendition(limits.rendition).name.lower() if limits.rendition < Rendition.ORIGINAL else "",
    }
    products = "*" if terms.products is None else sorted(terms.products)
    return {"products": products, "uses": sorted(terms.uses)} | {name: each for name, each in known.items() if each}


def revoked(stands_on: list[str], epoch: int) -> bool:
    """Whether anything that a token stands on has changed since it was made."""
    return Change.objects.filter(Q(number__gt=epoch) | Q(number=None), subject__in=stands_on).exists()


def revocations(organisation_id: int, since: int) -> dict[str, int]:
    """Of each subject of this organisation's that changed lately, the number of the last change, if above `since`."""
    recent = Change.objects.filter(number__gt=since, at__gt=Now() - KEPT)
    numbers = dict(recent.values_list("subject").annotate(last=Max("number")))
    users = {int(subject[5:]) for subject in numbers if subject.startswith("user:")}
    ours = Membership.objects.filter(organisation_id=organisation_id, user_id__in=users).values_list(
        "user_id", flat=True
    )
    digests = ApiKey.objects.filter(organisation_id=organisation_id).values_list("digest", flat=True)
    mine = {
        f"org:{organisation_id}",
        f"members:{organisation_id}",
        *(f"user:{pk}" for pk in ours),
        *(callers.subject_of(each) for each in digests),
    }
    return {
        subject: last
        for subject, last in sorted(numbers.items(), key=lambda pair: pair[1])
        if subject in mine or subject.startswith("audience:")
    }


def signed_list(organisation_id: int, found: dict[str, int], since: int, at: datetime) -> str:
    """The list as a token, so that no cache on the way may shorten it."""
    begins = int(at.timestamp())
    claims = {
        "iss": settings.BASE_URL,
        "aud": f"org:{organisation_id}",
        "sub": "revocations",
        "iat": begins,
        "since": since,
        "number": max(found.values(), default=since),
        "revoked": found,
    }
    return signing.sign(claims, kind=signing.REVOCATIONS, at=at)[0]


def mark_of(organisation_id: int, found: dict[str, int], at: datetime) -> str:
    """The ETag: the same while the list says the same, but signed anew every few minutes."""
    period = int(at.timestamp()) // SIGNED_ANEW
    text = json.dumps([organisation_id, found, period])
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
