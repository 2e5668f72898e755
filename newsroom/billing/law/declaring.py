"""Withdrawing and cancelling without signing in: the declaration counts when it is made; a link by mail proves by whom.

Whoever declares gets the same page, whether we know the address or not; only the mailbox learns more.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.billing.law import executing
from newsroom.billing.models import Account, Declaration, Matter, Subscription
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM
from newsroom.core.errors import Refused
from newsroom.core.jobs import enqueue

ANSWERED_WITHIN = timedelta(days=14)  # what is due is due fourteen days after the declaration
LINK_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote in the first step. `nonce` is of the page of the second: pressed twice, declared once."""

    kind: str
    nonce: UUID
    name: str
    email: str
    contract: str
    locale: str


class DeadLink(Refused):
    """There is no such declaration, or its link is too old."""

    status = 404


def declare(*, words: Words, user: User | None, at: datetime) -> Declaration:
    """The second step: it is declared at this moment, and a receipt is on its way. The same again changes nothing.

    Who is signed in with that address needs no link.
    """
    with transaction.atomic():
        found, made = _noted(words, at)
        if not made:
            return found
        own = user is not None and user.email.lower() == found.email
        known = user if own else User.objects.filter(email__iexact=found.email, is_active=True).first()
        account = _payer(known) if known else None
        token = "" if own else secrets.token_urlsafe(32)
        if account is not None and known is not None:
            _bind(found, known, token, at)
            _wait(found, account, at)
        _receipt(found, token if account is not None else "", known=account is not None, at=at)
        audit.record(f"billing.declared_{found.kind}", by=known.actor if own and known else SYSTEM, of=found, at=at)
    if own and account is not None:
        _confirm(found, at)
    return found


def _noted(words: Words, at: datetime) -> tuple[Declaration, bool]:
    return Declaration.objects.get_or_create(
        nonce=words.nonce,
        defaults={
            "kind": words.kind,
            "name": words.name,
            "email": words.email.strip().lower(),
            "contract": words.contract,
            "locale": words.locale,
            "declared_at": at,
        },
    )


def _payer(user: User) -> Account | None:
    """The account by which this person pays for something that still runs."""
    return Account.objects.of_user(user.pk).filter(pk__in=Subscription.objects.live().values("account")).first()


def _bind(found: Declaration, user: User, token: str, at: datetime) -> None:
    found.user = user
    found.digest = digest_of(token) if token else None
    found.save(update_fields=["user", "digest"])


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _wait(found: Declaration, account: Account, at: datetime) -> None:
    """Staff sees it until it is confirmed: it holds whether the link is followed or not."""
    Matter.objects.get_or_create(
        kind=Matter.Kind.DECLARATION,
        ref=str(found.nonce),
        defaults={"account": account, "opened_at": at, "due_at": at + ANSWERED_WITHIN},
    )


def _receipt(found: Declaration, token: str, *, known: bool, at: datetime) -> None:
    """On a durable medium: what was declared, by whom, when. To an address that we do not know, no word of a stranger."""
    path = reverse("declaration_confirm", args=[token]) if token else ""
    context = {
        "kind": found.kind,
        "name": found.name if known else "",
        "email": found.email,
        "contract": found.contract if known else "",
        "declared_at": found.declared_at,
        "known": known,
        "number": str(found.nonce),
        "url": settings.BASE_URL + path if path else "",
    }
    key = f"declaration:{found.nonce}"
    mail.post(key=key, to=found.email, kind="declaration_receipt", locale=found.locale, context=context, at=at)


def by_token(token: str, at: datetime) -> Declaration:
    """The declaration that this link confirms. Raises `DeadLink`."""
    found = Declaration.objects.filter(digest=digest_of(token), declared_at__gt=at - LINK_FOR).first()
    if found is None:
        raise DeadLink("There is nothing to confirm here.")
    return found


def confirm(*, token: str, at: datetime) -> Declaration:
    """The link was followed and the button pressed: it is carried out. A second time changes nothing. Raises `DeadLink`."""
    found = by_token(token, at)
    _confirm(found, at)
    found.refresh_from_db()
    return found


def _confirm(found: Declaration, at: datetime) -> None:
    """Confirmed, whatever Stripe answers now: a job carries out what was not answered."""
    with transaction.atomic():
        taken = Declaration.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=at)
        if taken:
            enqueue("billing.execute_declaration", declaration_id=found.pk)
    executing.try_now(declaration_id=found.pk, at=at)
