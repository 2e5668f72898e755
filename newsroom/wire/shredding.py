"""Taking texts off the wire by order. The release stays, with its sequence, times and signal; a tombstone says why."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.core.letting_go import Files, Removed
from newsroom.core.models import AuditEntry
from newsroom.wire.models import Item, PublicPicture, Release, Tombstone, VaultEntry
from newsroom.wire.pictures import WIDTHS, original_name, rendition_name
from newsroom.wire.signals import shredded

PUBLIC_WORDS = (
    "slugline", "summary", "byline", "dateline", "note", "usage_terms", "provider", "source_version", "supplier_terms",
)  # fmt: skip


class StillShown(Refused):
    """The version is the one that readers are shown."""


class NoSuchVersion(Refused):
    """The item has no version of this number."""


def of_item(item: Item, version: int | None) -> list[Release]:
    """The releases an order is about: one version, or all. Raises `NoSuchVersion` or `StillShown`."""
    found = item.releases.order_by("version")
    if version is None:
        return list(found)
    wanted = list(found.filter(version=version))
    if not wanted:
        raise NoSuchVersion(_("The story has no version %(number)d.") % {"number": version})
    if wanted[0].is_head and wanted[0].live:
        raise StillShown(_("This is the version readers see. Release a correction first, or shred all versions."))
    return wanted


def shred(*, item: Item, releases: list[Release], status: int, reason: str, public: bool, at: datetime) -> Removed:
    """Empty these releases' vault entries and pictures; with `public`, their public words and the item's address.

    Runs in the transaction of whoever was allowed to (`letting_go.permit_erasure`). Doing it again changes nothing.
    """
    keys = [each.pk for each in releases]
    digests = set(PublicPicture.objects.filter(release__in=keys).values_list("digest", flat=True))
    pictures, _by_table = PublicPicture.objects.filter(release__in=keys).delete()
    full = VaultEntry.objects.filter(release__in=keys).exclude(body_html="", pictures=[])
    emptied = full.update(body_html="", body_text="", pictures=[], full_vector=None)
    words: dict[str, Any] = {"pictures": [], "public_vector": None}
    if public:
        words |= dict.fromkeys(PUBLIC_WORDS, "") | {"headline": str(_("Removed")), "keywords": [], "note": reason}
    Release.objects.filter(pk__in=keys).update(**words)
    _bury(item, releases, status=status, reason=reason, public=public, at=at)
    announce(shredded, item_id=item.pk)
    rows = {"wire_vaultentry": emptied, "wire_publicpicture": pictures, "wire_release": len(keys)}
    return Removed(rows, list(_files(digests)))


def _bury(item: Item, releases: list[Release], *, status: int, reason: str, public: bool, at: datetime) -> None:
    """A tombstone for each; with the words of its address goes the address, and its hash still finds the reason."""
    address = ""
    if public and len(releases) == item.releases.count():
        address = _hashed(item.slug)
        fresh = f"removed-{hashlib.sha256(item.uri.encode()).hexdigest()[:8]}"
        if item.slug == fresh:
            address = ""
        Item.objects.filter(pk=item.pk).update(slug=fresh)
        AuditEntry.objects.filter(subject_kind="wire.item", subject_id=str(item.pk)).update(why="")
    for each in releases:
        facts = {"status": status, "reason": reason, "address": address, "at": at}
        Tombstone.objects.get_or_create(release=each, defaults=facts)


def _files(digests: Iterable[str]) -> Iterable[tuple[str, str]]:
    for digest in sorted(digests):
        yield "vault", original_name(digest)
        for name in WIDTHS:
            yield "default", rendition_name(digest, name)


def still_held(files: Files) -> set[str]:
    """Names of files whose picture another release holds as well: those stay."""
    digests = {name.rpartition("/")[2].partition(".")[0] for _storage, name in files}
    held = set(PublicPicture.objects.filter(digest__in=digests).values_list("digest", flat=True))
    return {name for _storage, name in files if name.rpartition("/")[2].partition(".")[0] in held}


def tombstone_of(uri: str) -> Tombstone | None:
    """The newest tombstone of the item of this URI."""
    return Tombstone.objects.filter(release__item__uri=uri).order_by("-pk").first()


def tombstone_at(slug: str) -> Tombstone | None:
    """The tombstone of what once stood at this address."""
    found = Tombstone.objects.filter(address=_hashed(slug)).select_related("release")
    return found.order_by("-pk").first()


def _hashed(slug: str) -> str:
    return hashlib.sha256(slug.encode()).hexdigest()
