"""The public feeds. They answer anybody the same, with summaries."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.access.decide import summaries
from newsroom.core.clock import now
from newsroom.delivery.feeds import formats, querysets
from newsroom.delivery.feeds.formats import Channel
from newsroom.wire.models import Desk
from newsroom.wire.querysets import ReleaseQuerySet

TYPES = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


@require_safe
def latest(request: HttpRequest, kind: str) -> HttpResponse:
    return _feed(request, kind, querysets.shown(now()), title=_("Latest"), page="/")


@require_safe
def desk(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = Desk.objects.filter(code=code).first()
    if found is None:
        raise Http404
    releases = querysets.shown(now()).filter(desk=found)
    return _feed(request, kind, releases, title=found.label(_locale()), page=f"/section/{found.code}/")


@require_safe
def topic(request: HttpRequest, address: str, kind: str) -> HttpResponse:
    found = querysets.topic_at(address)
    if found is None:
        raise Http404
    releases = querysets.shown(now()).about(found)
    return _feed(request, kind, releases, title=found.label(_locale()), page=f"/topic/{address}/")


@require_safe
def language(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    if code not in names:
        raise Http404
    return _feed(request, kind, querysets.shown(now()).filter(language=code), title=_(str(names[code])), page="/")


def _locale() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _feed(request: HttpRequest, kind: str, releases: ReleaseQuerySet, *, title: str, page: str) -> HttpResponse:
    stories = summaries(list(releases[: querysets.LENGTH]), _locale())
    channel = Channel(
        title=f"{settings.SITE_NAME}: {title}",
        subtitle=_("Headlines and summaries"),
        language=_locale(),
        page_url=settings.BASE_URL + page,
        feed_url=settings.BASE_URL + request.path,
        site_name=settings.SITE_NAME,
        base_url=settings.BASE_URL,
    )
    text = formats.write(kind, channel, stories)
    mark = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"Content-Type": TYPES[kind], "Cache-Control": "public, max-age=60", "ETag": mark}
    response = HttpResponse(text, headers=headers)
    # No Last-Modified: after a withdrawal the newest date goes back, and an old copy would pass for a fresh one.
    return get_conditional_response(request, etag=mark, response=response) or response
