"""Licences and releases by their names: what `words` and `odrl` say is looked up here."""

from collections.abc import Iterable

from django.conf import settings

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models import Bearer, Holder, Licence, LicenceVersion
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Audience
from newsroom.wire.models import Item, Product, Release


def agency() -> Party:
    """Who grants: this installation's agency."""
    return Party(f"{settings.BASE_URL}/", settings.SITE_NAME)


def granted_of(version: LicenceVersion) -> Granted:
    """What this version of a licence says. Two queries at most, when its licence and holder come with it."""
    codes = dict(Product.objects.filter(pk__in=version.product_ids).values_list("pk", "code"))
    uris = Item.objects.filter(pk__in=version.item_ids).values_list("uri", flat=True) if version.item_ids else ()
    by = agency()
    return Granted(
        uid=f"{by.uid}rights/licences/{version.licence_id}/versions/{version.number}",
        by=by,
        to=_holder(version.licence, by),
        uses=frozenset(version.uses),
        products=None if version.all_products else frozenset(_coded(version.product_ids, codes)),
        starts_at=version.starts_at,
        ends_at=version.ends_at,
        clause=version.clause,
        items=frozenset(uris),
        suspended=version.suspended,
        limits=version.limits,
    )


def _coded(ids: Iterable[int], codes: dict[int, str]) -> list[str]:
    """The codes; a product that is gone keeps its number, so that its loss is seen."""
    return [codes.get(each, f"gone-{each}") for each in ids]


def named(holder: Holder) -> str:
    """The holder in words."""
    return str(holder.label) if isinstance(holder, Audience) else str(holder)


def _holder(licence: Licence, by: Party) -> Party:
    """The holder. A person is named by number: an address is nobody's identity. A token is never named."""
    holder = licence.holder
    place = f"licences/{licence.pk}/bearer"
    if isinstance(holder, User):
        place = f"people/{holder.pk}"
    elif isinstance(holder, Organisation):
        place = f"organisations/{holder.slug}"
    elif isinstance(holder, Audience):
        place = f"audiences/{holder.value}"
    many = isinstance(holder, Audience | Bearer)
    return Party(f"{by.uid}rights/{place}", named(holder), many)


def reserved_of(release: Release) -> Reserved:
    """What a release's own rights rule out. No query, when its item comes with it. The usage terms are what is sold
    with the full text: hand this only to those who may have it."""
    by = agency()
    return Reserved(
        uid=f"{by.uid}rights/releases/{release.sequence}",
        by=by,
        uri=release.item.uri,
        shown_at=release.shown_at,
        territories_out=frozenset(release.territories_out),
        channels_out=frozenset(release.channels_out),
        uses_out=frozenset(release.uses_out),
        archive=release.archive,
        expires_at=release.expires_at,
        embargo_until=release.embargo_until,
        usage_terms=release.usage_terms,
        supplier_terms=release.supplier_terms,
    )


def product_names() -> dict[str, str]:
    """Every product's name by its code."""
    return dict(Product.objects.values_list("code", "name"))
