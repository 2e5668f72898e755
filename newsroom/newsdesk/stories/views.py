"""The pages of stories. Each asks first whether this person has a role on the story's own desk."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from newsroom.content import actions
from newsroom.content.models import Story
from newsroom.content.querysets import StoryQuerySet
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.newsdesk.policy import DeskPolicy, person
from newsroom.wire.rules import Signal

REVIEWED = {
    "release": _("“%(story)s” is approved and on the wire."),
    "approve": _("“%(story)s” is approved."),
    "reject": _("“%(story)s” is handed back."),
}


class StoryPolicy(DeskPolicy):
    """The policy as far as one story is concerned."""

    def __init__(self, story: Story) -> None:
        super().__init__(Story)
        self.story = story

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.user_has_permission_for_instance(user, action, self.story)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class OfItsDesk:
    """Mixed into every page of the viewset: rights are of the story's desk, not of the model."""

    story_key: str | int | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Wagtail's pages of revisions keep the key to themselves, so it is taken before they see it."""
        self.story_key = kwargs.get("pk")
        super().setup(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of views

    @cached_property
    def permission_policy(self) -> DeskPolicy:
        if self.story_key is None:
            return DeskPolicy(Story)
        return StoryPolicy(get_object_or_404(Story.objects.select_related("item"), pk=self.story_key))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permission_policy.user_has_permission(request.user, "view"):
            raise PermissionDenied
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of views
        return found


class IndexView(snippets.IndexView):
    """Stories of one's desks; words are looked up in our own index."""

    @cached_property
    def columns(self) -> list[Any]:
        return [each for each in super().columns if each.name != "bulk_actions"]

    def search_queryset(self, queryset: StoryQuerySet) -> StoryQuerySet:
        words = self.search_query.strip() if self.is_searching else ""
        return queryset.with_words(words) if words else queryset


class Refusing:
    """A refusal while publishing leaves the draft saved, and says why."""

    request: HttpRequest
    object: Story

    def run_action_method(self) -> HttpResponseBase | None:
        try:
            found: HttpResponseBase | None = super().run_action_method()  # type: ignore[misc]  # a mixin of views
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(reverse("wagtailsnippets_content_story:edit", args=[self.object.pk]))
        return found


class CreateView(Refusing, snippets.CreateView):
    """A new story."""


class EditView(Refusing, snippets.EditView):
    """A story."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = super().header_more_buttons
        if self.object.full_url:
            buttons.append(Button(_("View on the site"), url=self.object.full_url, icon_name="view", priority=5))
        return buttons

    def workflow_action_action(self) -> Any:
        """Who approves while editing approves what they saved."""
        if self.workflow_action == "approve":
            actions.approve_as_edited(story=self.object, revision=self.new_revision)
        return super().workflow_action_action()

    def get_success_message(self, instance: Story | None = None) -> Any:
        """Wagtail says "updated" after a review, too."""
        if self.action != "workflow-action" or self.workflow_action not in REVIEWED:
            return super().get_success_message(instance)
        released = Story.objects.filter(pk=self.object.pk, live=True, has_unpublished_changes=False).exists()
        return REVIEWED["release" if released else self.workflow_action] % {"story": self.object}


class WorkflowActionView(snippets.WorkflowActionView):
    """Approve or hand back, from the dashboard."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            found: HttpResponseBase = super().post(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
            return redirect(self.redirect_url)
        return found


class UnscheduleView(snippets.RevisionsUnscheduleView):
    """Nothing is published by the clock."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found: HttpResponseBase = super().post(request, *args, **kwargs)
        actions.cancel_schedule(story=self.object, by=person(request), at=now())
        return found


class UnpublishView(snippets.UnpublishView):
    """Taking a story back asks for a note: our own form does."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(reverse("newsdesk:deed", args=[kwargs["pk"], Signal.WITHHOLD.value]))
