"""The first page of the desk: what waits for this person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from newsroom.accounts.models import User
from newsroom.content.models import Schedule, Story
from newsroom.core.clock import now
from newsroom.newsdesk.money.alarms import alarms
from newsroom.newsdesk.policy import DeskPolicy, person
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal

SHOWN = 10
KEPT_IN_SIGHT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One story in a panel: where a click leads, and what is said beside it."""

    headline: str
    url: str
    desk: str
    language: str
    about: Any = ""
    at: Any = None
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A list with a heading, and what it says when it is empty."""

    name: str
    heading: Any
    lines: Sequence[Line]
    empty: Any
    more_url: str = ""


def edit_url(story_id: int) -> str:
    return reverse("wagtailsnippets_content_story:edit", args=[story_id])


def list_url(**filters: str) -> str:
    words = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('wagtailsnippets_content_story:list')}?{words}"


def _line(story: Story, **facts: Any) -> Line:
    headline = story.latest_revision.object_str if story.latest_revision else story.headline
    return Line(headline, edit_url(story.pk), str(story.desk), story.language, **facts)


def panels(user: User) -> list[Panel]:
    """Everything a person of the newsroom should see first; of their own desks only."""
    return [_reviews(user), _drafts(user), _clock(user), _flagged(user), _wire(user)]


def _mine(user: User) -> Any:
    return Story.objects.seen_by(user).select_related("desk", "latest_revision", "item")


def _drafts(user: User) -> Panel:
    open_ones = _mine(user).filter(Q(live=False) | Q(has_unpublished_changes=True), latest_revision__user=user)
    rows = open_ones.exclude(item__signal=Signal.KILL).order_by("-latest_revision__created_at")[:SHOWN]
    lines = [_line(each, at=each.latest_revision.created_at, about=each.status_string) for each in rows]
    return Panel("drafts", _("My drafts"), lines, _("You have no open drafts."), list_url(state="draft"))


def _reviews(user: User) -> Panel:
    waiting = TaskState.objects.reviewable_by(user).select_related("workflow_state__requested_by")
    asked = {int(each.workflow_state.object_id): each for each in waiting.order_by("-started_at")[:SHOWN]}
    stories = _mine(user).in_bulk(list(asked))
    lines = [
        _line(stories[key], at=state.started_at, about=state.workflow_state.requested_by)
        for key, state in asked.items()
        if key in stories
    ]
    return Panel("reviews", _("Waiting for review"), lines, _("Nothing waits for you."))


def _clock(user: User) -> Panel:
    at = now()
    mine = Schedule.objects.filter(story__in=Story.objects.seen_by(user).values("pk"))
    kept = Q(state=Schedule.State.WAITING) | Q(state=Schedule.State.FAILED, settled_at__gt=at - KEPT_IN_SIGHT)
    rows = mine.filter(kept).select_related("story__desk", "story__latest_revision").order_by("due_at")[:SHOWN]
    planned = [_line(each.story, at=each.due_at, about=each.get_state_display(), alert=each.error) for each in rows]
    embargoed = _mine(user).filter(live=True, embargo_until__gt=at).order_by("embargo_until")[:SHOWN]
    held = [_line(each, at=each.embargo_until, about=_("embargoed")) for each in embargoed]
    return Panel("clock", _("Scheduled and embargoed"), planned + held, _("Nothing waits for the clock."))


def _flagged(user: User) -> Panel:
    rows = _mine(user).filter(live=True).headline_only().order_by("-last_published_at")[:SHOWN]
    lines = [_line(each, at=each.last_published_at, about=each.provider) for each in rows]
    return Panel(
        "flagged",
        _("Headline only: they want a summary"),
        lines,
        _("Every story on the wire has its summary."),
        list_url(headline_only="true", state="live"),
    )


def _wire(user: User) -> Panel:
    desks = DeskPolicy(Story).desks(user, ["view"])
    releases = Release.objects.heads().filter(desk__in=desks).select_related("desk")
    rows = list(releases.order_by("-sequence").defer("public_vector")[:SHOWN])
    stories = dict(Story.objects.filter(item__in=[each.item_id for each in rows]).values_list("item_id", "pk"))
    lines = [
        Line(
            each.headline,
            edit_url(key) if (key := stories.get(each.item_id)) else "",
            str(each.desk),
            each.language,
            about=each.get_signal_display(),
            at=each.released_at,
        )
        for each in rows
    ]
    return Panel("wire", _("On the wire"), lines, _("Nothing was released yet."), list_url(state="live"))


class HomeView(WagtailAdminTemplateMixin, TemplateView):
    """What waits for this person."""

    template_name = "newsdesk/home.html"
    page_title = _("Desk")
    breadcrumbs_items: list[dict[str, Any]] = []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person(self.request)
        of_the_newsroom = DeskPolicy(Story).user_has_permission(user, "view")
        return super().get_context_data(**kwargs) | {
            "alarms": alarms(user),
            "panels": panels(user) if of_the_newsroom else [],
            "may_write": of_the_newsroom,
        }
