"""What can be done with a story, at the foot of its page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.action_menu import ActionMenuItem, PublishMenuItem, UnpublishMenuItem

from newsroom.content.models import Story
from newsroom.newsdesk.policy import DeskPolicy
from newsroom.wire.rules import MAY_FOLLOW, Signal


class Publish(PublishMenuItem):
    """Publish for the first time, or as an update."""

    def is_shown(self, context: dict[str, Any]) -> bool:
        if context.get("locked_for_user"):
            return False
        policy, user = DeskPolicy(Story), context["request"].user
        story = context.get("instance")
        if story is None:
            return policy.user_has_permission(user, "publish")
        return policy.user_has_permission_for_instance(user, "publish", story)


class Deed(ActionMenuItem):
    """A guided form of its own: correct, withhold or kill."""

    def __init__(self, signal: Signal, label: Any, icon_name: str, order: int) -> None:
        super().__init__(order)
        self.signal, self.label, self.icon_name = signal, label, icon_name
        self.name = f"action-{signal}"

    def is_shown(self, context: dict[str, Any]) -> bool:
        story = context.get("instance")
        if context["view"] != "edit" or story is None or story.item is None:
            return False
        return self.signal in MAY_FOLLOW[story.item.signal] and may(context["request"].user, self.signal, story)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("newsdesk:deed", args=[parent_context["instance"].pk, self.signal.value])


def may(user: Any, signal: Signal, story: Story) -> bool:
    """Whether this person's role on the story's desk includes the deed."""
    desks = DeskPolicy(Story).desks(user, ["kill" if signal == Signal.KILL else "publish"])
    return story.desk_id in desks


DEEDS = (
    Deed(Signal.CORRECTION, _("Correct…"), "edit", 31),
    Deed(Signal.WITHHOLD, _("Withhold…"), "no-view", 32),
    Deed(Signal.KILL, _("Kill…"), "warning", 33),
)


def arrange(items: list[Any], context: dict[str, Any]) -> None:
    """Our publish in place of Wagtail's, no unpublish, and the deeds."""
    items[:] = [each for each in items if not isinstance(each, PublishMenuItem | UnpublishMenuItem)]
    items.extend(each for each in (Publish(30), *DEEDS) if each.is_shown(context))
    items.sort(key=lambda each: each.order)
