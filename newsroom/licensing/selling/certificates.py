"""The certificate of a licence for a single story: what may be done with which version, by whom, where and until when."""

from datetime import datetime

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.core.countries import countries
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.documents.shape import Paper
from newsroom.licensing.models import Document, Kind, Licence, LicenceVersion
from newsroom.licensing.rules import Channel, Rendition, Use
from newsroom.licensing.selling.errors import BadOffer
from newsroom.wire.models import Release


def issue(
    *, licence: Licence, release: Release, circulation: str, locale: str, by: Actor, at: datetime, holder: str = ""
) -> Document:
    """Certify the licence as it stands at `at` for this release of its story; supersedes the certificate before.

    `circulation`: in words, such as "print run of 5,000"; empty: unlimited. Raises `BadOffer`.
    """
    version = licence.versions.recorded(at).first()
    if version is None or release.item_id not in version.item_ids:
        raise BadOffer("release", _("The licence does not name this story."))
    if version.suspended or (version.ends_at is not None and version.ends_at <= at):
        raise BadOffer("licence", _("The licence does not hold any more."))
    before = Document.objects.filter(
        kind=Kind.CERTIFICATE, subject_kind=licence._meta.label_lower, subject_id=str(licence.pk), standings=None
    ).order_by("-issued_at")
    return documents.issue(
        kind=Kind.CERTIFICATE,
        subject=licence,
        data=paper(version, release, holder or str(licence.holder), circulation, locale),
        locale=locale,
        valid_until=version.ends_at,
        replaces=before.first(),
        by=by,
        at=at,
    )


def paper(version: LicenceVersion, release: Release, holder: str, circulation: str, locale: str) -> Paper:
    """What the certificate says. Of the story it names only what everybody may see."""
    with translation.override(locale):
        names = countries(translation.to_locale(locale))
        where = ", ".join(sorted(names.get(each, each) for each in version.territories)) or _("worldwide")
        channels = ", ".join(str(Channel(each).label) for each in version.channels) or _("all channels")
        return {
            "title": _("Licence certificate"),
            "subtitle": release.headline,
            "parties": [{"role": _("Holder"), "name": holder}],
            "facts": [
                [_("Story"), release.item.uri],
                [_("Version"), str(release.version)],
                [_("Uses"), ", ".join(str(Use(each).label) for each in version.uses)],
                [_("Channels"), channels],
                [_("Territory"), where],
                [_("Circulation"), circulation.strip() or _("unlimited")],
                [_("Largest picture"), str(Rendition(version.rendition).label)],
                [_("From"), _day(version.starts_at)],
                [_("Until"), _day(version.ends_at) if version.ends_at else _("without end")],
                [_("Licence"), version.licence.source_ref],
            ],
            "sections": [{"heading": _("Clause"), "paragraphs": [version.clause]}],
            "notice": _("Whether this document still holds, and that it is ours, is told at this address."),
        }


def _day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "j F Y, H:i")
