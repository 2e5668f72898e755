"""Stories in Wagtail's admin."""

from typing import Any

import django_filters
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.models import WorkflowState
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.content.models import Schedule, Story
from newsroom.content.querysets import StoryQuerySet
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.stories import views
from newsroom.newsdesk.stories.forms import story_panels
from newsroom.wire.models import Desk
from newsroom.wire.rules import Signal

STATES = {
    "draft": _("Draft, never released"),
    "live": _("On the wire"),
    "changed": _("On the wire, with a newer draft"),
    "scheduled": _("Scheduled"),
    "failed": _("Schedule failed"),
    "withheld": _("Withheld"),
    "killed": _("Killed"),
}


def in_state(stories: StoryQuerySet, name: str, value: str) -> StoryQuerySet:
    """Stories in one of STATES."""
    waiting = Schedule.objects.filter(story=OuterRef("pk"))
    found = {
        "draft": lambda: stories.filter(item=None),
        "live": lambda: stories.filter(live=True),
        "changed": lambda: stories.filter(live=True, has_unpublished_changes=True),
        "scheduled": lambda: stories.filter(Exists(waiting.waiting())),
        "failed": lambda: stories.filter(Exists(waiting.failed()), live=False),
        "withheld": lambda: stories.filter(item__signal=Signal.WITHHOLD),
        "killed": lambda: stories.filter(item__signal=Signal.KILL),
    }.get(value)
    return found() if found else stories


def state_of(story: Any) -> str:
    """Where a listed story stands: what the wire last said of it, and what is under way."""
    said = [story.wire_state or str(_("draft"))]
    if story.planned:
        said.append(str(_("scheduled")))
    if story.in_review:
        said.append(str(_("in review")))
    elif story.live and story.has_unpublished_changes:
        said.append(str(_("newer draft")))
    return " · ".join(said)


class StoryFilter(WagtailFilterSet):
    """By desk, language and state; and those whose public part is a headline alone."""

    desk = django_filters.ModelChoiceFilter(queryset=Desk.objects.all(), label=_("Desk"))
    language = django_filters.AllValuesFilter(label=_("Language"))
    state = django_filters.ChoiceFilter(choices=list(STATES.items()), method=in_state, label=_("State"))
    headline_only = django_filters.BooleanFilter(method="only_a_headline", label=_("Headline only"))

    class Meta:
        model = Story
        fields = ["desk", "language", "state", "headline_only"]

    def only_a_headline(self, stories: StoryQuerySet, name: str, value: bool) -> StoryQuerySet:
        return stories.headline_only() if value else stories.exclude(summary="")


class StoryViewSet(SnippetViewSet):
    model = Story
    icon = "doc-full"
    menu_label = _("Stories")
    menu_order = 100
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 30
    list_display = [
        "__str__",
        Column("desk", label=_("Desk"), sort_key="desk__position"),
        Column("language", label=_("Language"), sort_key="language"),
        Column("urgency", label=_("Urgency"), sort_key="urgency"),
        Column("state", accessor=state_of, label=_("State")),
        UpdatedAtColumn(),
    ]
    filterset_class = StoryFilter
    search_fields = ["headline"]
    search_backend_name = None
    index_view_class = views.IndexView
    add_view_class = views.CreateView
    edit_view_class = views.EditView
    workflow_action_view_class = views.WorkflowActionView
    revisions_unschedule_view_class = views.UnscheduleView
    unpublish_view_class = views.UnpublishView

    @property
    def edit_handler(self) -> Any:
        return story_panels()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return (
            Story.objects.seen_by(person(request))
            .select_related("desk", "item")
            .annotate(
                planned=Exists(Schedule.objects.waiting().filter(story=OuterRef("pk"))),
                in_review=Exists(
                    WorkflowState.objects.filter(
                        base_content_type=Story.get_base_content_type(),
                        object_id=Cast(OuterRef("pk"), CharField()),
                        status=WorkflowState.STATUS_IN_PROGRESS,
                    )
                ),
            )
        )

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        guarded = type(view_class.__name__, (views.OfItsDesk, view_class), {})
        return super().construct_view(guarded, **kwargs)

    def register_chooser_viewset(self) -> None:
        """Stories are not chosen from anywhere; a chooser would list those of other desks."""
