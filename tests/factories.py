"""Things for tests, made by the product's own deeds."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.accounts.readers import Reader, reader_of
from newsroom.content import actions as content
from newsroom.content.models import Story
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source, Use
from newsroom.wire import actions as wire
from newsroom.wire.drafts import Draft, PictureDraft
from newsroom.wire.models import Desk, Item, Place, Product, Release, Topic
from newsroom.wire.rules import Signal, Tier

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_numbers = itertools.count(1)


def a_user(email: str = "", **facts: Any) -> User:
    number = next(_numbers)
    facts.setdefault("name", f"Person {number}")
    return User.objects.create_user(email or f"person{number}@example.com", "correct-horse-9", **facts)


def a_reader(at: datetime = NOON, **facts: Any) -> Reader:
    return reader_of(a_user(**facts), at)


def an_organisation(name: str = "", **facts: Any) -> Organisation:
    number = next(_numbers)
    return Organisation.objects.create(
        name=name or f"Daily {number}", slug=f"daily-{number}", country=facts.pop("country", "TR"), **facts
    )


def a_member(organisation: Organisation, user: User | None = None, role: str = "member") -> User:
    """A member; the organisation has an owner besides, which the database asks for."""
    user = user or a_user()
    if role != "owner" and not organisation.memberships.filter(role="owner", valid_to=None).exists():
        a_member(organisation, role="owner")
    Membership.objects.create(user=user, organisation=organisation, role=role, valid_from=NOON - 100 * DAY)
    return user


def a_desk(code: str = "world", name: str = "") -> Desk:
    return Desk.objects.get_or_create(code=code, defaults={"name": name or code.title()})[0]


def a_topic(code: str = "medtop:15000000", name: str = "sport", parent: Topic | None = None) -> Topic:
    return wire.add_topic(code=code, name=name, names={}, parent=parent, retired=False)


def a_place(code: str = "TR-34", name: str = "Istanbul") -> Place:
    return Place.objects.get_or_create(code=code, defaults={"name": name, "country": code[:2]})[0]


def a_product(code: str = "everything", rule: dict[str, Any] | None = None, at: datetime = NOON - 100 * DAY) -> Product:
    product, made = Product.objects.get_or_create(code=code, defaults={"name": code.title()})
    if made:
        wire.set_rule(product=product, rule=rule or {"include": "everything"}, by=SYSTEM, at=at)
    return product


def picture_bytes(colour: str = "teal", size: tuple[int, int] = (1200, 800)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", comment=b"secret caption")
    return out.getvalue()


def a_picture(**facts: Any) -> PictureDraft:
    values: dict[str, Any] = {
        "original": picture_bytes(),
        "alt": "A ferry",
        "caption": "A ferry crosses the strait.",
        "credit": "A. Photographer",
    }
    return PictureDraft(**values | facts)


def a_draft(**facts: Any) -> Draft:
    number = next(_numbers)
    values: dict[str, Any] = {
        "uri": f"urn:newsroom:test:{number}",
        "headline": f"Ferry service resumes {number}",
        "language": "en",
        "desk": facts.get("desk") or a_desk(),
        "body_html": "<p>The first ferry left at dawn.</p><p>Crowds cheered on the quay.</p>",
        "summary": "Ferries are running again after the storm.",
        "public_tier": Tier.SUMMARY,
    }
    return Draft(**values | facts)


def a_release(at: datetime = NOON - HOUR, signal: Signal = Signal.NEW, **facts: Any) -> Release:
    return wire.release(draft=a_draft(**facts), signal=signal, by=SYSTEM, at=at)


def an_item(at: datetime = NOON - HOUR, **facts: Any) -> Item:
    return a_release(at, **facts).item


def a_licence(holder: User | Organisation, **facts: Any) -> Licence:
    number = next(_numbers)
    values: dict[str, Any] = {
        "source": Source.COMP,
        "source_ref": f"test-{number}",
        "uses": [Use.READ],
        "products": None,
        "starts_at": NOON - DAY,
        "ends_at": NOON + DAY,
        "clause": "test clause",
        "by": SYSTEM,
        "at": NOON - DAY,
    }
    return licensing.start(holder=holder, **values | facts)


def staff_of(desk: Desk | None = None, role: Role = Role.EDITOR, **facts: Any) -> User:
    user = a_user(**facts)
    content.appoint(user=user, desk=desk or a_desk(), role=role, by=SYSTEM, at=NOON - 100 * DAY)
    return user


def a_story(by: User | None = None, at: datetime = NOON - 2 * HOUR, **facts: Any) -> Story:
    number = next(_numbers)
    values: dict[str, Any] = {
        "headline": f"Bridge opens to traffic {number}",
        "language": "en",
        "desk": facts.get("desk") or a_desk(),
        "body": "<p>The bridge opened at noon.</p><p>Drivers sounded their horns.</p>",
        "summary": "A new bridge is open to traffic.",
    }
    return content.write(by=by, at=at, **values | facts)
