"""One good row becomes what it says, unless it is there already. Answers what was made, for the undo."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import slugify

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.licensing import actions
from newsroom.licensing.models import Licence, Outside
from newsroom.licensing.move_in import checking, values
from newsroom.licensing.move_in.checking import Known
from newsroom.licensing.move_in.reading import Row
from newsroom.licensing.rules import Source, Use
from newsroom.wire.models import Product

UNDONE = "move-in undone"
Made = list[list[Any]]
"""Label and key of each row, in the order they were made."""


def take_in(row: Row, known: Known, *, by: Actor, at: datetime) -> Made:
    """Make what the row says. Nothing twice: a reference that is known already is left as it is."""
    return TAKERS[row.kind](row, known, by, at)


def _named(thing: models.Model) -> list[Any]:
    return [thing._meta.label_lower, thing.pk]


def _organisation(row: Row, known: Known, by: Actor, at: datetime) -> Made:
    if Outside.objects.filter(kind="organisation", reference=row["reference"]).exists():
        return []
    slug = f"{slugify(row['name'])[:60]}-{secrets.token_hex(4)}".strip("-")
    organisation = Organisation.objects.create(name=row["name"], slug=slug, country=values.country(row), created_at=at)
    outside = Outside.objects.create(kind="organisation", reference=row["reference"], subject_id=organisation.pk)
    audit.record("organisation.moved_in", by=by, of=organisation, at=at, facts={"reference": row["reference"]})
    return [_named(organisation), _named(outside)]


def _person(row: Row, known: Known, by: Actor, at: datetime) -> Made:
    address = values.email(row)
    made: Made = []
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User(email=address, name=row["name"], locale=row["language"] or "en", date_joined=at)
        user.set_unusable_password()
        user.save()
        made.append(_named(user))
    if row["organisation"]:
        organisation_id = organisation_of(row["organisation"])
        if not Membership.objects.valid(at).filter(user=user, organisation_id=organisation_id).exists():
            membership = Membership.objects.create(
                user=user, organisation_id=organisation_id, role=checking.role_of(row), valid_from=at
            )
            made.append(_named(membership))
    if made:
        audit.record("person.moved_in", by=by, of=user, at=at)
    return made


def organisation_of(reference: str) -> int:
    return Outside.objects.get(kind="organisation", reference=reference).subject_id


def _contract(row: Row, known: Known, by: Actor, at: datetime) -> Made:
    """A contract gives its licences their period and clause; it is written down with them."""
    return []


def _licence(row: Row, known: Known, by: Actor, at: datetime) -> Made:
    said = checking.licence(row, known)
    found = Licence.objects.filter(source=Source.CONTRACT, source_ref=said.reference).first()
    if found is not None and found.versions.get(recorded_to=None).why != UNDONE:
        return []
    holder: User | Organisation = (
        User.objects.get(email=said.person)
        if said.person
        else Organisation.objects.get(pk=organisation_of(said.organisation))
    )
    products = None if said.products is None else Product.objects.filter(code__in=said.products)
    licence = actions.start(
        source=Source.CONTRACT,
        source_ref=said.reference,
        holder=holder,
        uses=[Use(each) for each in said.uses],
        products=products,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        clause=said.clause,
        limits=said.limits,
        by=by,
        at=at,
        why="move-in",
    )
    return [_named(licence)]


TAKERS: dict[str, Callable[[Row, Known, Actor, datetime], Made]] = {
    "organisations": _organisation,
    "people": _person,
    "contracts": _contract,
    "licences": _licence,
}
