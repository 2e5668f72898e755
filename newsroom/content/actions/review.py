"""Draft → review → wire, on Wagtail's workflow."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, Workflow, WorkflowContentType, WorkflowTask

from newsroom.accounts.models import User
from newsroom.content import rules
from newsroom.content.models import DeskApproval, Story
from newsroom.content.models.publishing import check_right
from newsroom.content.rules import Deed
from newsroom.core.errors import Refused

REVIEW = "Desk review"


@transaction.atomic
def ensure_review() -> Workflow:
    """The one workflow of stories exists, with its one task. Done after every migrate."""
    content_type = ContentType.objects.get_for_model(Story, for_concrete_model=False)
    found = WorkflowContentType.objects.select_related("workflow").filter(content_type=content_type).first()
    if found is not None:
        return found.workflow
    workflow = Workflow.objects.create(name=REVIEW)
    task = DeskApproval.objects.create(name=REVIEW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(content_type=content_type, workflow=workflow)
    return workflow


@transaction.atomic
def submit(*, story: Story, by: User) -> None:
    """Send the latest revision to review. Raises `NotYours`, or `Refused` when it is in review already."""
    story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    check_right(Deed.WRITE, by, story.desk_id)
    state = story.current_workflow_state
    if state is not None and state.status == state.STATUS_IN_PROGRESS:
        raise Refused(_("This story is in review already."))
    if state is not None:
        state.resume(user=by)
        return
    ensure_review().start(story, by)


@transaction.atomic
def approve(*, story: Story, by: User, comment: str = "") -> None:
    """Approve what is in review; that publishes the very revision. Raises what `Story.publish` raises."""
    _open_task(story).approve(user=by, comment=comment)


@transaction.atomic
def request_changes(*, story: Story, by: User, comment: str) -> None:
    """Hand the story back to its author."""
    state = _open_task(story)
    check_right(Deed.PUBLISH, by, story.desk_id)
    state.reject(user=by, comment=comment)


@transaction.atomic
def approve_as_edited(*, story: Story, revision: Revision) -> None:
    """What the approver saved on the way to approving is what is approved: it is what they saw."""
    state = _open_task(story)
    TaskState.objects.filter(pk=state.pk).update(revision=revision)


def _open_task(story: Story) -> TaskState:
    found = Story.objects.get(pk=story.pk).current_workflow_task_state
    if found is None:
        raise rules.NotApproved(_("This story is not in review."))
    return found
