"""Finding what a hosted page is about."""

from typing import Any

from django.http import Http404

from newsroom.core.money import Money
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.models import SandboxObject


def found(kind: str, name: str) -> Body:
    """The object. Raises Http404."""
    row = SandboxObject.objects.filter(kind=kind, name=name).first()
    if row is None:
        raise Http404(name)
    body: Body = row.body
    return body


def all_of(kind: str, **where: Any) -> list[Body]:
    return list(
        SandboxObject.objects.filter(kind=kind, body__contains=where).order_by("-id").values_list("body", flat=True)
    )


def money(amount: int, currency: str) -> Money:
    return Money(amount, currency)
