"""How a revision gets onto the wire. Called by `Story.publish` and `Story.unpublish` alone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log as log_for_history
from wagtail.models import Revision, TaskState, WorkflowState
from wagtail.signals import published, unpublished

from newsroom.content import rules
from newsroom.content.models.desk import DeskRole, DeskSettings
from newsroom.content.models.schedule import Schedule
from newsroom.content.rules import Deed
from newsroom.core.audit import Actor
from newsroom.wire import actions as wire
from newsroom.wire.models import Item, Release
from newsroom.wire.rules import Signal

if TYPE_CHECKING:
    from newsroom.accounts.models import User
    from newsroom.content.models.story import Story

WRITTEN = (
    "headline", "slugline", "summary", "body", "byline", "dateline", "language", "desk", "genre", "urgency", "place",
    "embargo_until", "public_tier", "usage_terms", "provider", "story_topics", "pictures", "keywords",
    "territories_out", "channels_out", "uses_out", "archive_days", "expires_at", "supplier_terms",
)  # fmt: skip
"""What a second person must have seen. The note is the publisher's own word."""


BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


@dataclass(frozen=True, slots=True)
class Warrant:
    """Who stands behind a publish: a person, or the actor of an import; neither: the clock."""

    user: "User | None" = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """What Wagtail wants to keep in the history."""

    wanted: bool = True
    changed: bool = True
    previous: Revision | None = None


@transaction.atomic
def publish(
    story: "Story", revision: Revision, *, warrant: Warrant, signal: Signal | None, at: datetime, log: Log
) -> Release | None:
    """Check everything, then release or plan. One transaction."""
    if str(revision.object_id) != str(story.pk):
        raise rules.NotApproved(_("This revision belongs to another story."))
    kept = _locked(story)
    text = kept.with_content_json(revision.content)
    planned = _due(kept, revision, at) if warrant == Warrant() else None
    user = planned.by if planned else warrant.user
    if user is not None:
        check_right(Deed.PUBLISH, user, kept.desk_id, text.desk_id)
        _check_two_persons(kept, text, revision, user)
    rules.check_complete(text.shape())
    if text.go_live_at and text.go_live_at > at and user is not None:
        _plan(kept, revision, text.go_live_at, user=user, at=at, log=log)
        return None
    by = user.actor if user is not None else warrant.actor
    if by is None:
        raise rules.NotApproved(_("Nobody stands behind this publish."))
    return _release(kept, text, revision, signal=signal, user=user, by=by, at=at, log=log)


def _locked(story: "Story") -> "Story":
    stories = type(story).objects.select_for_update(of=("self",)).select_related("item", "latest_revision")
    return stories.get(pk=story.pk)


def check_right(deed: Deed, user: "User", *desk_ids: int) -> None:
    """Raises `NotYours` unless this person may do the deed on each of these desks."""
    for desk_id in dict.fromkeys(desk_ids):
        role = None if user.is_superuser else DeskRole.objects.role_on(desk_id, user)
        rules.check_right(deed, role=role, superuser=user.is_superuser)


def author_of(story: "Story", revision: Revision) -> int | None:
    """Who wrote the text as it stands: the one who saved the first of the last revisions that read the same."""
    text = {name: revision.content.get(name) for name in WRITTEN}
    author: int | None = revision.user_id
    former = story.revisions.filter(pk__lt=revision.pk).order_by("-pk").values_list("user_id", "content")
    for user_id, content in former.iterator(chunk_size=10):
        if _without_keys({name: content.get(name) for name in WRITTEN}) != _without_keys(text):
            break
        author = user_id
    return author


def _without_keys(text: dict[str, Any]) -> dict[str, Any]:
    """The same, inline objects and paragraphs without the keys they are given on saving."""
    children = {
        name: [{key: each[key] for key in each if key not in {"pk", "story"}} for each in text.get(name) or []]
        for name in ("story_topics", "pictures")
    }
    return text | children | {"body": BLOCK_KEY.sub("", text.get("body") or "")}


def _check_two_persons(kept: "Story", text: "Story", revision: Revision, user: "User") -> None:
    if DeskSettings.objects.filter(desk_id__in={kept.desk_id, text.desk_id}, two_person=True).exists():
        rules.check_two_persons(wanted=True, author_id=author_of(kept, revision), publisher_id=user.pk)


def _due(story: "Story", revision: Revision, at: datetime) -> Schedule:
    """The schedule by which the clock may publish this revision now."""
    found = Schedule.objects.due(at).select_related("by").filter(story=story, revision=revision).first()
    if found is None or revision.approved_go_live_at is None:
        raise rules.NotApproved(_("Nobody stands behind this publish, and no schedule of this revision is due."))
    return found


def _plan(story: "Story", revision: Revision, due_at: datetime, *, user: "User", at: datetime, log: Log) -> None:
    """Have this revision, and no other of the story, published by the clock."""
    settle(story, Schedule.State.CANCELLED, at=at)
    story.revisions.exclude(pk=revision.pk).filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    revision.approved_go_live_at = due_at
    revision.save(update_fields=["approved_go_live_at"])
    Schedule.objects.create(story=story, revision=revision, due_at=due_at, by=user)
    type(story).objects.filter(pk=story.pk).update(has_unpublished_changes=True, go_live_at=due_at)
    _end_review(story, user)
    if log.wanted:
        data = {
            "revision": {
                "id": revision.pk,
                "created": revision.created_at.isoformat(),
                "go_live_at": due_at.isoformat(),
                "has_live_version": story.live,
            }
        }
        log_for_history(
            story, "wagtail.publish.schedule", user=user, revision=revision, data=data, content_changed=log.changed
        )


def is_fixed(revision: Revision) -> bool:
    """Whether somebody relies on this revision staying as it is: it was in review or planned."""
    return TaskState.objects.filter(revision=revision).exists() or Schedule.objects.filter(revision=revision).exists()


def settle(story: "Story", state: Schedule.State, *, at: datetime, error: str = "") -> int:
    """Close the schedule that is waiting, if there is one."""
    return Schedule.objects.waiting().filter(story=story).update(state=state, settled_at=at, error=error)


def _release(
    story: "Story",
    text: "Story",
    revision: Revision,
    *,
    signal: Signal | None,
    user: "User | None",
    by: Actor,
    at: datetime,
    log: Log,
) -> Release:
    last = story.item.signal if story.item else None
    made = wire.release(draft=text.draft(), signal=rules.signal_of_publish(last=last, asked=signal), by=by, at=at)
    settle(story, Schedule.State.DONE, at=at)
    story.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    text.item_id = made.item_id
    text.live, text.expired, text.go_live_at, text.expire_at = True, False, None, None
    text.has_unpublished_changes = revision.pk != story.latest_revision_id
    text.live_revision = revision
    text.last_published_at = at
    text.first_published_at = story.first_published_at or at
    text.save_as_published(story)
    published.send(sender=type(text), instance=text, revision=revision)
    _end_review(story, user)
    if log.wanted:
        previous = log.previous
        data = {"revision": {"id": previous.pk, "created": previous.created_at.isoformat()}} if previous else None
        log_for_history(text, "wagtail.publish", user=user, revision=revision, data=data, content_changed=log.changed)
    return made


def _end_review(story: "Story", user: "User | None") -> None:
    """A review that is still open has been overtaken."""
    for state in story.workflow_states.filter(
        status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
    ):
        state.cancel(user=user)


@transaction.atomic
def take_back(story: "Story", signal: Signal, *, warrant: Warrant, note: str, at: datetime) -> Release:
    """Withhold or kill. Needs a note, and a person with the right to it or an import's actor; drafts stay."""
    kept = _locked(story)
    user = warrant.user
    if user is not None:
        check_right(Deed.KILL if signal == Signal.KILL else Deed.WITHHOLD, user, kept.desk_id)
    by = user.actor if user is not None else warrant.actor
    item: Item | None = kept.item
    if by is None:
        raise rules.NotApproved(_("Nobody stands behind this."))
    if item is None:
        raise rules.Unfinished(_("This story was never released."))
    deed = wire.kill if signal == Signal.KILL else wire.withhold
    made = deed(item=item, by=by, note=note, at=at)
    settle(kept, Schedule.State.CANCELLED, at=at)
    kept.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    kept.live, kept.live_revision, kept.has_unpublished_changes, kept.go_live_at = False, None, True, None
    kept.save(update_fields=["live", "live_revision", "has_unpublished_changes", "go_live_at"])
    _end_review(kept, user)
    unpublished.send(sender=type(kept), instance=kept)
    log_for_history(kept, f"content.{signal}", user=user, data={"note": note})
    return made
