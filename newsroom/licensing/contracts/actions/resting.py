"""A contract's licences end early on a day that is known beforehand, because something is not paid."""

from datetime import datetime

from django.db import transaction

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.licensing.contracts.book import Book
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.models import Contract


@transaction.atomic
def rest_from(*, contract: Contract, since: datetime | None, by: Actor, at: datetime, why: str = "") -> None:
    """From this moment on no licence of the contract gives anything, whoever is at work then; None lifts it.

    The same again changes nothing. The contract itself stays in its state: `suspend` is another deed.
    """
    book = Book.open(contract, at)
    if book.contract.rests_from == since:
        return
    Contract.objects.filter(pk=contract.pk).update(rests_from=since)
    book.contract.rests_from = since
    facts = {"since": since.isoformat() if since else None}
    audit.record("contract.rests", by=by, of=book.contract, at=at, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
