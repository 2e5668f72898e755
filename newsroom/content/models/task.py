"""The step between draft and wire: somebody with the right on the story's own desk approves it."""

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from newsroom.content.models.desk import DeskRole
from newsroom.content.models.story import Story
from newsroom.content.rules import MAY, Deed

if TYPE_CHECKING:
    from newsroom.accounts.models import User


class DeskApproval(Task):
    """Approved by an editor or chief of the story's desk; approval publishes the very revision approved."""

    class Meta:
        verbose_name = _("approval by the desk")
        verbose_name_plural = _("approvals by the desk")

    def user_can_access_editor(self, obj: Story, user: "User") -> bool:
        return self._reviews(obj, user)

    def locked_for_user(self, obj: Story, user: "User") -> bool:
        """While a story waits for review, only those who review it may change it."""
        return not self._reviews(obj, user)

    def user_can_lock(self, obj: Story, user: "User") -> bool:
        return self._reviews(obj, user)

    def user_can_unlock(self, obj: Story, user: "User") -> bool:
        return self._reviews(obj, user)

    def get_actions(self, obj: Story, user: "User") -> list[tuple[str, Any, bool]]:
        if not self._reviews(obj, user):
            return []
        return [("reject", _("Request changes"), True), ("approve", _("Approve"), False)]

    def get_task_states_user_can_moderate(self, user: "User", **kwargs: Any) -> "QuerySet[TaskState]":
        mine = Story.objects.all()
        if not user.is_superuser:
            mine = mine.filter(desk__roles__user=user, desk__roles__role__in=MAY[Deed.PUBLISH])
        keys = mine.annotate(key=Cast("pk", CharField())).values("key")
        return TaskState.objects.filter(
            task=self, status=TaskState.STATUS_IN_PROGRESS, workflow_state__object_id__in=keys
        )

    @classmethod
    def get_description(cls) -> str:
        return str(_("An editor or chief of the story's own desk approves, and approval publishes."))

    def _reviews(self, story: Story, user: "User") -> bool:
        return user.is_superuser or DeskRole.objects.role_on(story.desk_id, user) in MAY[Deed.PUBLISH]
