"""Who did what to which thing, when and why. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from newsroom.core.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's id (or None for the system) and a label that outlives the person's account."""

    id: int | None
    label: str


SYSTEM = Actor(None, "newsroom")


def record(
    action: str, *, by: Actor, of: models.Model, at: datetime, why: str = "", facts: dict[str, Any] | None = None
) -> AuditEntry:
    """Add one line to the audit log. `facts` must be JSON and must hold no body text."""
    return AuditEntry.objects.create(
        action=action,
        actor_id=by.id,
        actor_label=by.label,
        subject_kind=of._meta.label_lower,
        subject_id=str(of.pk),
        why=why,
        facts=facts or {},
        at=at,
    )
