"""What makes a release: each ends in `Story.publish` or takes a story back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from newsroom.accounts.models import User
from newsroom.content import rules
from newsroom.content.models import Story, publishing
from newsroom.content.models.publishing import Warrant
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal


def publish(*, story: Story, by: User, at: datetime, revision: Revision | None = None) -> Release | None:
    """Release the story's latest revision, or the one given: as new at first, as an update after.

    None when its go-live moment is still to come: then it is scheduled. Raises what `Story.publish` raises.
    """
    story = Story.objects.get(pk=story.pk)
    return story.publish(revision or _latest(story), user=by, at=at)


@transaction.atomic
def correct(*, story: Story, by: User, note: str, at: datetime) -> Release | None:
    """Release the latest revision as a correction. The note, which says what was wrong, is public and needed."""
    if not note.strip():
        raise rules.Unfinished(_("A correction says in a note what was wrong."))
    story = Story.objects.get(pk=story.pk)
    text = _latest(story).as_object()
    text.note = note.strip()
    revision = text.save_revision(user=by, log_action=True)
    return Story.objects.get(pk=story.pk).publish(revision, user=by, signal=Signal.CORRECTION, at=at)


def withhold(*, story: Story, by: User, note: str, at: datetime) -> Release:
    """Take the story off every surface until it is published again. The note is public."""
    return publishing.take_back(story, Signal.WITHHOLD, warrant=Warrant(by), note=note, at=at)


def kill(*, story: Story, by: User, note: str, at: datetime) -> Release:
    """Withdraw the story everywhere; final. The note is public."""
    return publishing.take_back(story, Signal.KILL, warrant=Warrant(by), note=note, at=at)


def _latest(story: Story) -> Revision:
    if story.latest_revision is None:
        raise rules.NotApproved(_("This story has no revision to publish."))
    return story.latest_revision
