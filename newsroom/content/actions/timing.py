"""Publishing by the clock. Wagtail's own scheduler stops at the first story that fails; ours does not."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from wagtail.models import Revision

from newsroom.accounts.models import User
from newsroom.content.models import Schedule, Story
from newsroom.content.models.publishing import check_right, settle
from newsroom.content.rules import Deed
from newsroom.core import audit
from newsroom.core.errors import Refused


@transaction.atomic
def schedule(*, story: Story, by: User, due_at: datetime, at: datetime) -> Revision:
    """Have the story's latest revision published at `due_at`. All that publishing checks is checked now, too."""
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.go_live_at = due_at
    revision = draft.save_revision(user=by, log_action=True)
    Story.objects.get(pk=story.pk).publish(revision, user=by, at=at)
    return revision


@transaction.atomic
def cancel_schedule(*, story: Story, by: User, at: datetime) -> None:
    """The story stays a draft; nothing is published by the clock."""
    story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    check_right(Deed.PUBLISH, by, story.desk_id)
    if settle(story, Schedule.State.CANCELLED, at=at):
        audit.record("story.unscheduled", by=by.actor, of=story, at=at)
    _release_hold(story)


def publish_scheduled(*, schedule_id: int, at: datetime) -> None:
    """Publish one revision that is due. A failure is kept on its schedule, where the desk sees it; then it is open again."""
    found = Schedule.objects.select_related("story", "revision").get(pk=schedule_id)
    try:
        with transaction.atomic():
            if Schedule.objects.due(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=found.pk).exists():
                found.story.publish(found.revision, at=at)
    except (Refused, ValidationError, DatabaseError, OSError) as error:
        _keep_failure(found, error, at)


@transaction.atomic
def _keep_failure(found: Schedule, error: Exception, at: datetime) -> None:
    message = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
    Schedule.objects.waiting().filter(pk=found.pk).update(
        state=Schedule.State.FAILED, settled_at=at, error=message[:1000]
    )
    _release_hold(found.story)


def _release_hold(story: Story) -> None:
    """Let the desk edit again: a story that waits for the clock is locked."""
    story.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    Story.objects.filter(pk=story.pk).update(go_live_at=None)
