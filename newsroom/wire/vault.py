"""The vault: full texts and originals, apart from everything public. It opens for a `Permit` only.

`Permit` is made by `access` alone (an architecture test reads every file for the call). Nothing else may query
`VaultEntry`, but `wire.actions`, which writes it, and `access.search`, which matches words against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.core.prepared import Prepared


class VaultEntry(models.Model):
    """The part of a release that is sold. `pictures`: [{position, digest, file, type, width, height, alt, caption, credit}]."""

    release = models.OneToOneField("wire.Release", on_delete=models.PROTECT, related_name="+", primary_key=True)
    body_html = models.TextField()
    body_text = models.TextField()
    pictures = models.JSONField(default=list)
    full_vector = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("vault entry")
        indexes = [GinIndex(fields=["full_vector"], name="vault_full_words")]

    def __str__(self) -> str:
        return f"vault {self.pk}"

    def __repr__(self) -> str:
        return f"<VaultEntry {self.pk}>"


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to open one release's vault entry. Made by `access`, from a Decision that says full."""

    release_id: int
    licence_id: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What the vault held. Its text stays out of `repr`, so that no log or traceback shows it."""

    body_html: str
    pictures: tuple[dict[str, Any], ...]

    def __repr__(self) -> str:
        return "<Opened>"

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("the vault's content is read by name")


def open_with(permit: Permit) -> Opened:
    """The full text and the pictures of the release the permit names. One query."""
    if not isinstance(permit, Permit):
        raise TypeError("the vault opens with a Permit only")
    ((body_html, pictures),) = _entry(release_id=permit.release_id)
    return Opened(body_html, tuple(pictures))


@Prepared
def _entry(release_id: int) -> "models.QuerySet[VaultEntry, tuple[str, list[dict[str, Any]]]]":
    return VaultEntry.objects.values_list("body_html", "pictures").filter(pk=release_id)
