"""What a licence may say: its limits as columns, and what is refused. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from newsroom.core.countries import is_country
from newsroom.core.errors import Refused
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use

FORMATS = frozenset({"html", "text", "ninjs", "newsml-g2", "nitf", "newsml12", "newsml29", "pdf", "rss", "json"})
"""What a story may be handed out in. A picture's size is a rendition, not a format."""


class BadTerms(Refused):
    """The licence cannot say this. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def columns(limits: Limits) -> dict[str, Any]:
    """The limits as the columns of a version. Lists are sorted, so that the same limits are the same row."""
    return {
        "channels": sorted(limits.channels),
        "territories": sorted(limits.territories),
        "formats": sorted(limits.formats),
        "delay": limits.delay,
        "archive": limits.archive,
        "rendition": limits.rendition,
        "under_embargo": limits.under_embargo,
        "seats": limits.seats,
        "seat_kind": limits.seat_kind,
        "quotas": [each.as_json() for each in sorted(limits.quotas, key=lambda quota: (quota.use, quota.period))],
        "clauses": dict(limits.clauses),
    }


def limits_of(
    channels: list[str],
    territories: list[str],
    formats: list[str],
    delay: timedelta,
    archive: timedelta | None,
    rendition: int,
    under_embargo: bool,
    seats: int | None,
    seat_kind: str,
    quotas: list[dict[str, Any]],
    clauses: dict[str, str],
) -> Limits:
    """The limits that these columns of a version say, in the order of `columns`."""
    return Limits(
        channels=frozenset(channels),
        territories=frozenset(territories),
        formats=frozenset(formats),
        delay=delay,
        archive=archive,
        rendition=rendition,
        under_embargo=under_embargo,
        seats=seats,
        seat_kind=seat_kind,
        quotas=tuple(Quota.from_json(each) for each in quotas),
        clauses=clauses,
    )


def check_content(content: Mapping[str, Any], source_ref: str) -> None:
    """Raises `BadTerms` for what no licence can say."""
    if not source_ref.strip():
        raise BadTerms("source_ref", _("A licence needs a reference."))
    if not content["uses"]:
        raise BadTerms("uses", _("A licence grants at least one use."))
    if set(content["uses"]) - set(Use.values):
        raise BadTerms("uses", _("There is no such use."))
    if not content["all_products"] and not content["product_ids"] and not content["item_ids"]:
        raise BadTerms("products", _("A licence covers at least one product."))
    if content["ends_at"] is not None and content["ends_at"] < content["starts_at"]:
        raise BadTerms("ends_at", _("The end lies before the start."))
    if not content["clause"]:
        raise BadTerms("clause", _("A licence needs its clause in words."))
    _check_limits(content)
    _check_quotas(content)


def _check_limits(content: Mapping[str, Any]) -> None:
    if set(content["channels"]) - set(Channel.values):
        raise BadTerms("channels", _("There is no such channel."))
    unknown = [code for code in content["territories"] if not is_country(code)]
    if unknown:
        raise BadTerms("territories", _("“%(code)s” is no country of ISO 3166-1.") % {"code": unknown[0]})
    if set(content["formats"]) - FORMATS:
        raise BadTerms("formats", _("There is no such format."))
    if content["delay"] < timedelta(0):
        raise BadTerms("delay", _("A delay cannot be negative."))
    if content["archive"] is not None and content["archive"] <= timedelta(0):
        raise BadTerms("archive", _("An archive window must be longer than nothing."))
    if content["rendition"] not in Rendition.values:
        raise BadTerms("rendition", _("There is no such size of picture."))
    if content["seats"] is not None and content["seats"] < 1:
        raise BadTerms("seats", _("A licence has at least one seat."))
    if content["seat_kind"] not in SeatKind.values:
        raise BadTerms("seat_kind", _("Seats are named or floating."))


def _check_quotas(content: Mapping[str, Any]) -> None:
    for quota in content["quotas"]:
        if quota["use"] not in content["uses"]:
            raise BadTerms("quotas", _("A quota limits a use that the licence grants."))
        if quota["limit"] < 1:
            raise BadTerms("quotas", _("A quota is at least one story. To allow none, leave the use out."))
        if quota["period"] not in Period.values:
            raise BadTerms("quotas", _("A quota is counted by day, month, year or term."))
        if "overage" in quota and quota["overage"]["minor"] < 1:
            raise BadTerms("quotas", _("Overage needs a price above nothing."))
    if len({(each["use"], each["period"]) for each in content["quotas"]}) < len(content["quotas"]):
        raise BadTerms("quotas", _("One quota for each use and period."))
