"""What somebody may ask about their own data (GDPR, articles 15, 17 and 20): a copy of it, or that it goes.

An erasure waits through a grace period in which it can be taken back. Then the account becomes a pseudonym: the
ledger goes on pointing to it, so counts, quotas and evidence stay what they were, and nobody knows whose they are.
"""

from calendar import monthrange
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from newsroom.accounts.models import Membership, User
from newsroom.core import audit, letting_go, scrubbing
from newsroom.core.audit import SYSTEM, Actor
from newsroom.core.errors import Refused
from newsroom.core.models import Message, Suppression
from newsroom.core.scrubbing import Swap
from newsroom.licensing import actions
from newsroom.licensing.erasure import places
from newsroom.licensing.models import LicenceVersion, PersonRequest, Seat
from newsroom.licensing.rules import Source

GRACE = timedelta(days=14)
Kind, State = PersonRequest.Kind, PersonRequest.State


class CannotErase(Refused):
    """Something must be settled first; the message says what."""


class NotOpen(Refused):
    """The request was settled before."""


def month_after(at: datetime) -> datetime:
    """The same day of the next month, or its last (article 12, paragraph 3)."""
    year, month = at.year + at.month // 12, at.month % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


@transaction.atomic
def ask(*, user: User, kind: str, by: Actor, at: datetime, why: str = "") -> PersonRequest:
    """Write down what a person asks. The same again answers the request that is open."""
    facts = {"asked_at": at, "due_at": month_after(at), "why": why}
    open_ones = PersonRequest.objects.filter(state__in=[State.OPEN, State.WAITING])
    request, made = open_ones.get_or_create(user=user, kind=kind, defaults=facts)
    if made:
        audit.record(f"person.{kind}_asked", by=by, of=request, at=at, why=why)
    return request


@transaction.atomic
def accept(*, request: PersonRequest, by: Actor, at: datetime) -> PersonRequest:
    """Begin the grace period of an erasure. Raises `CannotErase` while something must be settled first."""
    request = _open(request, State.OPEN)
    check(request.user, at)
    request.state, request.runs_at = State.WAITING, at + GRACE
    request.save()
    audit.record("person.erasure_accepted", by=by, of=request, at=at)
    return request


@transaction.atomic
def withdraw(*, request: PersonRequest, by: Actor, at: datetime, why: str = "") -> None:
    """The person wants to stay after all: nothing happens."""
    _settle(_open(request, State.OPEN, State.WAITING), State.WITHDRAWN, by=by, at=at, why=why)


@transaction.atomic
def refuse(*, request: PersonRequest, by: Actor, at: datetime, why: str) -> None:
    """The reason is told to the person."""
    _settle(_open(request, State.OPEN, State.WAITING), State.REFUSED, by=by, at=at, why=why)


def answered(*, request: PersonRequest, by: Actor, at: datetime) -> None:
    """The copy was handed out."""
    with transaction.atomic(), suppress(NotOpen):
        _settle(_open(request, State.OPEN), State.DONE, by=by, at=at, why="")


def _open(request: PersonRequest, *states: str) -> PersonRequest:
    found = PersonRequest.objects.select_for_update(of=("self",)).select_related("user").get(pk=request.pk)
    if found.state not in states:
        raise NotOpen(_("This request is settled."))
    return found


def _settle(request: PersonRequest, state: str, *, by: Actor, at: datetime, why: str) -> None:
    request.state, request.settled_at, request.runs_at = state, at, None
    request.why = why or request.why
    request.save()
    audit.record(f"person.{request.kind}_{state}", by=by, of=request, at=at, why=why)


def check(user: User, at: datetime) -> None:
    """Raises `CannotErase` for staff, for the only owner of an organisation, and for who still pays a plan."""
    if user.is_staff or user.is_superuser:
        raise CannotErase(_("This person works here: take their roles away first."))
    for own in (
        Membership.objects.valid(at).filter(user=user, role=Membership.Role.OWNER).select_related("organisation")
    ):
        others = Membership.objects.valid(at).filter(organisation=own.organisation_id, role=Membership.Role.OWNER)
        if not others.exclude(user=user).exists():
            raise CannotErase(
                _("They are the only owner of %(name)s: name another first.") % {"name": own.organisation}
            )
    if LicenceVersion.objects.in_force(at).filter(licence__user=user, licence__source=Source.PLAN).exists():
        raise CannotErase(_("Their plan still runs: cancel it first."))


@transaction.atomic
def run(*, request_id: int, at: datetime) -> PersonRequest:
    """Carry an erasure out when its grace period is over. Before that, and again: nothing."""
    request = PersonRequest.objects.select_for_update(of=("self",)).select_related("user").get(pk=request_id)
    if request.state != State.WAITING or request.runs_at is None or request.runs_at > at:
        return request
    try:
        check(request.user, at)
    except CannotErase as refusal:
        _settle(request, State.REFUSED, by=SYSTEM, at=at, why=str(refusal))
        return request
    removed = _erase(request.user, at)
    request.refresh_from_db()
    request.state, request.settled_at, request.why = State.DONE, at, ""
    request.removed, request.kept = removed, {table: str(why) for table, why in places.KEPT_BY_LAW.items()}
    request.save()
    audit.record("person.erased", by=SYSTEM, of=request, at=at, facts={"rows": sum(removed.values())})
    return request


def _erase(user: User, at: datetime) -> dict[str, int]:
    """Let go of everything that is theirs alone; put the pseudonym wherever their name or address stands."""
    letting_go.permit_erasure()
    _end_rights(user, at)
    swap = Swap(user.email, user.name, f"erased-{user.pk}@erased.invalid", f"Erased person {user.pk}")
    removed = _delete(user) | {"core_message": _mail_of(user.email), "django_session": _sign_out(user)}
    removed["core_suppression"] = Suppression.objects.filter(address__iexact=user.email).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditentry SET actor_label = %s WHERE actor_id = %s", [swap.new_name, user.pk])
    for table in scrubbing.tables():
        if not places.kept(table.name) and table.name != scrubbing.PERSONS:
            also = _audit_of() if table.name == "core_auditentry" else ()
            changed = scrubbing.swap(table, swap, user_id=user.pk, also=also)
            removed |= {table.name: removed.get(table.name, 0) + changed} if changed else {}
    user.email, user.name, user.is_active, user.last_login = swap.new_address, swap.new_name, False, None
    user.set_unusable_password()
    user.save()
    return removed


def _audit_of() -> list[sql.Composable]:
    """Lines of the audit by the person, about them, or about what points to them."""
    found: list[sql.Composable] = [sql.SQL("actor_id = %(user)s")]
    links = scrubbing.links() | {scrubbing.PERSONS: ["id"]}
    for model in apps.get_models():
        for column in links.get(model._meta.db_table, ()):
            names = (sql.Identifier(str(each)) for each in (model._meta.pk.column, model._meta.db_table, column))
            subject = sql.SQL("SELECT {}::text FROM {} WHERE {} = %(user)s").format(*names)
            kind = sql.Literal(model._meta.label_lower)
            found.append(sql.SQL("(subject_kind = {} AND subject_id IN ({}))").format(kind, subject))
    return found


def _end_rights(user: User, at: datetime) -> None:
    Membership.objects.filter(user=user, valid_to=None, valid_from__lte=at).update(valid_to=at)
    Seat.objects.filter(user=user, valid_to=None, valid_from__lte=at).update(valid_to=at)
    for version in LicenceVersion.objects.in_force(at).filter(licence__user=user).select_related("licence"):
        actions.end(licence=version.licence, by=SYSTEM, at=at, why="erasure")


def _delete(user: User) -> dict[str, int]:
    """Rows that are theirs alone, in tables of libraries as well."""
    removed: dict[str, int] = {}
    links = scrubbing.links()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM account_emailconfirmation WHERE email_address_id IN "
            "(SELECT id FROM account_emailaddress WHERE user_id = %s)",
            [user.pk],
        )
        for name in places.DELETED_OF_USER:
            for column in links.get(name, ()):
                statement = sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(name), sql.Identifier(column))
                cursor.execute(statement.as_string(None), [user.pk])
                removed[name] = removed.get(name, 0) + cursor.rowcount
    return {name: number for name, number in removed.items() if number}


def _mail_of(address: str) -> int:
    """The mail log keeps that something was sent, not what and not to whom."""
    mine = Message.objects.filter(to__iexact=address)
    return mine.update(to="erased@erased.invalid", subject="", text="", html="", unsubscribe_token="")


def _sign_out(user: User) -> int:
    """Every session of theirs, in the database and in the cache."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    model = store.get_model_class()
    mine = [each.session_key for each in model.objects.iterator(chunk_size=500) if _is_of(each, user)]
    for key in mine:
        store(key).delete()
    return len(mine)


def _is_of(session: Any, user: User) -> bool:
    return str(session.get_decoded().get("_auth_user_id", "")) == str(user.pk)
