"""The engine's store, in PostgreSQL."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction
from django.db.models import Q

from newsroom.sandbox.engine.store import Body, Kept, Search
from newsroom.sandbox.models import SandboxKey, SandboxObject
from newsroom.sandbox.router import ALIAS


class DatabaseStore:
    def find(self, name: str) -> Body | None:
        return SandboxObject.objects.filter(name=name).values_list("body", flat=True).first()

    def save(self, body: Body, *, due: int | None, clock: str | None) -> None:
        facts = {
            "kind": body["object"],
            "body": body,
            "created": body.get("created", 0),
            "due": due,
            "clock": clock or "",
        }
        SandboxObject.objects.update_or_create(name=body["id"], defaults=facts)

    def remove(self, name: str) -> None:
        SandboxObject.objects.filter(name=name).delete()

    def select(self, search: Search) -> list[Body]:
        rows = SandboxObject.objects.filter(kind=search.kind)
        if search.where:
            rows = rows.filter(body__contains=search.where)
        for name, values in search.one_of.items():
            rows = rows.filter(_any(name, values))
        for name, values in search.none_of.items():
            rows = rows.exclude(_any(name, values))
        rows = rows.filter(**{f"created__{bound}": value for bound, value in search.created.items()})
        if search.after:
            rows = rows.filter(id__lt=SandboxObject.objects.values("id").get(name=search.after)["id"])
        if search.before:
            rows = rows.filter(id__gt=SandboxObject.objects.values("id").get(name=search.before)["id"])
        bodies = list(rows.order_by("id" if search.before else "-id").values_list("body", flat=True)[: search.limit])
        return bodies[::-1] if search.before else bodies

    def earliest(self, *, until: int, clock: str | None) -> Body | None:
        rows = SandboxObject.objects.filter(clock=clock or "", due__isnull=False, due__lte=until)
        return rows.order_by("due", "id").values_list("body", flat=True).first()

    def recall(self, key: str) -> Kept | None:
        row = SandboxKey.objects.filter(key=key).first()
        return Kept(row.digest, row.status, row.body, row.at) if row else None

    def remember(self, key: str, kept: Kept) -> None:
        facts = {"digest": kept.digest, "status": kept.status, "body": kept.body, "at": kept.at}
        SandboxKey.objects.update_or_create(key=key, defaults=facts)

    def undoable(self) -> AbstractContextManager[None]:
        return transaction.atomic(using=ALIAS)


def _any(name: str, values: Collection[Any]) -> Q:
    wanted = Q(pk__in=[])
    for value in values:
        wanted |= Q(body__contains={name: value})
    return wanted
