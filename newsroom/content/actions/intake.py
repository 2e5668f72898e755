"""A provider's item becomes a story of ours, and goes the whole road to the wire."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.content import rules
from newsroom.content.actions.writing import edit, write
from newsroom.content.ingest.newsitem import NewsItem
from newsroom.content.ingest.problems import BadItem, NoStory
from newsroom.content.models import Intake, Story, publishing
from newsroom.content.models.publishing import Warrant
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.wire.models import Desk, Place, Topic
from newsroom.wire.rules import Signal, Tier


class Outcome(StrEnum):
    """What became of an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHHELD = "withheld"
    KILLED = "killed"


class Conflict(Refused):
    """This version of this uri is here already, and says something else."""


class Older(Refused):
    """A later version of this uri is here already."""


@dataclass(frozen=True, slots=True)
class Into:
    """Where imported items go, and what they are when they do not say it themselves."""

    desk: Desk
    tier: Tier = Tier.SUMMARY
    language: str = "en"


@transaction.atomic
def take_in(*, item: NewsItem, into: Into, by: Actor, at: datetime) -> Outcome:
    """Release this version of a provider's item, or withdraw its story as the item says.

    Idempotent by uri and version. Raises `Conflict`, `Older`, `NoStory` (a withdrawal of what is not here), `BadItem`
    and what `Story.publish` raises.
    """
    story = Story.objects.select_for_update(of=("self",)).filter(uri=item.uri).first()
    if story is not None and _seen(story, item):
        return Outcome.UNCHANGED
    if item.status != "usable":
        story, outcome = _take_back(story, item, by=by, at=at)
    else:
        outcome = Outcome.CREATED if story is None else Outcome.UPDATED
        story = _release(story, item, into, by=by, at=at)
    Intake.objects.create(
        story=story,
        source_version=item.source_version,
        digest=item.digest,
        version_created=item.version_created,
        received_at=at,
    )
    return outcome


def _seen(story: Story, item: NewsItem) -> bool:
    """Whether this very version was taken in before."""
    former = {each.source_version: each for each in story.intakes.all()}
    same = former.get(item.source_version)
    if same is not None and same.digest != item.digest:
        message = _("conflict: version %(version)s of this uri is here already with other content")
        raise Conflict(message % {"version": item.source_version})
    others = [(each.source_version, each.version_created) for each in former.values()]
    if same is None and rules.is_older(item.version, item.version_created, than=others):
        raise Older(_("older: a later version than %(version)s is here already") % {"version": item.source_version})
    return same is not None


def _release(story: Story | None, item: NewsItem, into: Into, *, by: Actor, at: datetime) -> Story:
    # The standard's `expires` is when the provider no longer finds an item relevant. One that had passed when the item
    # came is history and no right; one to come is kept as the moment after which nobody may have it.
    expires = item.expires_at if item.expires_at is not None and item.expires_at > at else None
    fields: dict[str, Any] = {
        "headline": item.headline,
        "slugline": item.slugline,
        "summary": item.summary,
        "body": item.body_html,
        "byline": item.byline,
        "dateline": item.dateline,
        "language": item.language or into.language,
        "genre": item.genre,
        "urgency": item.urgency or 4,
        "place": Place.objects.filter(name__iexact=item.place).first() if item.place else None,
        "note": item.note,
        "usage_terms": item.usage_terms,
        "embargo_until": item.embargo_until,
        "provider": item.provider,
        "source_version": item.source_version,
        "keywords": list(item.keywords),
        "expires_at": expires,
        "supplier_terms": item.supplier_terms,
        "topics": list(Topic.objects.filter(code__in=item.subjects)),
    }
    try:
        if story is None:
            fields |= {"uri": item.uri, "desk": into.desk, "public_tier": into.tier}
            story = write(by=None, at=at, **fields)
            revision = story.latest_revision
        else:
            revision = edit(story=story, by=None, **fields)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise BadItem(name, " ".join(messages)) from None
    story = Story.objects.get(pk=story.pk)
    story.publish(revision, by=by, at=at)
    return story


def _take_back(story: Story | None, item: NewsItem, *, by: Actor, at: datetime) -> tuple[Story, Outcome]:
    if story is None:
        raise NoStory(item.status)
    signal = Signal.KILL if item.status == "canceled" else Signal.WITHHOLD
    note = item.note or _("Withdrawn by %(provider)s.") % {"provider": item.provider or _("the provider")}
    publishing.take_back(story, signal, warrant=Warrant(actor=by), note=note, at=at)
    return story, Outcome.KILLED if signal == Signal.KILL else Outcome.WITHHELD
