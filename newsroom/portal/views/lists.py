"""The front page, sections and topics. They answer with summaries, whoever asks."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.access.decide import summaries
from newsroom.core.clock import now
from newsroom.core.templatetags.components import url_code
from newsroom.portal import cursors, querysets, sections
from newsroom.portal.pages import chosen_language
from newsroom.portal.views.asking import for_everybody, locale
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.views import Summary

NEWEST = 15
PER_DESK = 4


@require_safe
@for_everybody
def front(request: HttpRequest) -> HttpResponse:
    at = now()
    rows = querysets.newest(at, language=locale(), most=NEWEST)
    latest = summaries(rows, locale())
    lead = _lead(latest)
    others = [story for story in latest if story is not lead]
    seconds = [story for story in others[:10] if story.picture][:2]
    context = {
        "lead": lead,
        "seconds": seconds,
        "latest": [story for story in others if story not in seconds],
        "strips": _strips(latest, at),
    }
    return render(request, "portal/front.html", context)


def _lead(latest: list[Summary]) -> Summary | None:
    """The most urgent of the newest ten, one with a picture before one without."""
    return min(latest[:10], key=lambda story: (story.urgency, story.picture is None), default=None)


def _strips(latest: list[Summary], at: datetime) -> list[dict[str, Any]]:
    """What each desk has besides the newest, in the language the front page is in."""
    if not latest:
        return []
    rows = querysets.newest_of_desks(
        sections.desks(),
        at,
        language=latest[0].language,
        besides=[story.release_id for story in latest],
        most=PER_DESK,
    )
    found = summaries(rows, locale())
    strips = [
        {
            "code": desk.code,
            "label": desk.label(locale()),
            "stories": [story for story in found if story.desk_code == desk.code],
        }
        for desk in sections.desks()
    ]
    return [strip for strip in strips if strip["stories"]]


@require_safe
@for_everybody
def section(request: HttpRequest, code: str) -> HttpResponse:
    desk = next((each for each in sections.desks() if each.code == code), None)
    if desk is None:
        raise Http404
    at = now()
    context = _page(request, querysets.shown(at).filter(desk=desk))
    return render(request, "portal/section.html", context | {"label": desk.label(locale()), "feed": f"desk/{code}"})


@require_safe
@for_everybody
def topic(request: HttpRequest, address: str) -> HttpResponse:
    found = querysets.topic_at(address)
    if found is None:
        raise Http404
    context = _page(request, querysets.shown(now()).about(found))
    return render(
        request,
        "portal/topic.html",
        context | {"label": found.label(locale()), "feed": f"topic/{url_code(found.code)}"},
    )


def _page(request: HttpRequest, found: ReleaseQuerySet) -> dict[str, Any]:
    """A page of the list in the chosen language; in the reader's own, or in all where that has none."""
    before = cursors.read(request.GET.get("before", ""))
    chosen = chosen_language(request)
    language = chosen or locale()
    rows, older = querysets.page_of(found if language == "all" else found.filter(language=language), before=before)
    if not rows and not chosen and before is None:
        language = "all"
        rows, older = querysets.page_of(found, before=None)
    here = {"language": language} if chosen or language == "all" else {}
    return {
        "stories": summaries(rows, locale()),
        "older_url": "?" + urlencode(here | {"before": cursors.write(older)}) if older else "",
        "newer_url": f"{request.path}?{urlencode(here)}".rstrip("?") if before else "",
        "language": language,
        "choices": [code for code, _name in settings.LANGUAGES],
    }
