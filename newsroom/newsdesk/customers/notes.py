"""Notes of staff about a customer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from newsroom.accounts.models import Organisation, User
from newsroom.core import audit
from newsroom.newsdesk.models import Note


def about(customer: Organisation | User) -> QuerySet[Note]:
    """Newest first."""
    return Note.objects.filter(**_of(customer)).select_related("by").order_by("-at", "-pk")[:50]


@transaction.atomic
def write(*, customer: Organisation | User, text: str, by: User, at: datetime) -> Note:
    """Add a note. Its words stay out of the audit log, which says only that there is one."""
    note = Note.objects.create(text=text.strip(), by=by, at=at, **_of(customer))
    audit.record("customer.note", by=by.actor, of=customer, at=at, facts={"note": note.pk})
    return note


def _of(customer: Organisation | User) -> dict[str, Any]:
    return {"organisation": customer} if isinstance(customer, Organisation) else {"person": customer}
