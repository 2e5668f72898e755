"""One story: its summary and the wall, or its full text. The gate decides, the page shows what it handed out."""

from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.access.decide import Original, decide, find, open_for, original_for, summaries
from newsroom.access.rules import Decision, Reason
from newsroom.accounts.middleware import asker
from newsroom.core.clock import now
from newsroom.licensing import gifts
from newsroom.licensing.rules import Source, Use
from newsroom.portal import frames, offers, querysets, rules, structured
from newsroom.portal.rendered import Rendered
from newsroom.portal.views.asking import asked_by, for_everybody, locale
from newsroom.wire import shredding, words
from newsroom.wire.models import Item
from newsroom.wire.rules import Signal, Tier
from newsroom.wire.views import FullText, Notice, Summary

TEXT, WALL = Rendered("portal/story_text.html"), Rendered("components/wall.html")
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/tiff": "tif"}


@require_safe
@for_everybody
def story(request: HttpRequest, slug: str) -> HttpResponse:
    at = now()
    marks = frames.marks_for(request, slug)
    item = find(slug=slug)
    if item is None:
        return _removed(request, slug)
    shown, decision = open_for(reader=asker(request), item=item, use=Use.READ, at=at, asked=asked_by(request))
    if shown is None:
        raise Http404
    if isinstance(shown, Notice):
        return _withdrawn(request, shown)
    full, summary = (shown, shown.summary) if isinstance(shown, FullText) else (None, shown)
    if decision.reason is Reason.METERED and decision.source != Source.METER and request.method == "GET":
        return HttpResponse(status=503, headers={"Cache-Control": "no-store"})  # a prefetch; the browser asks anew
    inside = _text(request, full, decision) if full else _wall(request, decision, item, at)
    make = partial(_frame, request, at=at)
    page = frames.around(inside, request=request, story=summary, with_text=full is not None, make=make, marks=marks)
    return HttpResponse(page)


def _item(slug: str) -> Item:
    item = find(slug=slug)
    if item is None:
        raise Http404
    return item


def _text(request: HttpRequest, full: FullText, decision: Decision) -> str:
    licensed = decision.licence_id is not None
    giveable = licensed and asker(request).user_id is not None
    return TEXT(full=full, licensed=licensed, giveable=giveable)


def _wall(request: HttpRequest, decision: Decision, item: Item, at: datetime) -> str:
    reader, here = asker(request), item.get_absolute_url()
    gift = gifts.shown(bearers=reader.bearers, item_id=item.pk) if reader.bearers else None
    wall = _wall_of(request, decision, item, Use.READ, at)
    wall = rules.with_single_sale(wall, decision, here, sold=querysets.sold_singly(item, at))
    return WALL(
        wall=rules.of_a_gift(wall, gifts.state_of(gift, at)) if gift else wall,
        offer=offers.offer_for(decision, reader=reader, item_id=item.pk, here=here, at=at),
    )


def _wall_of(request: HttpRequest, decision: Decision, item: Item, use: Use, at: datetime) -> rules.Wall:
    """The words of the refusal, for this reader and this story."""
    reader = asker(request)
    return rules.wall_for(
        decision,
        anonymous=rules.stranger(reader),
        here=item.get_absolute_url(),
        whom=querysets.whom(decision, reader, at),
        on_sale=querysets.on_sale(item, use),
    )


def _frame(request: HttpRequest, story: Summary, slot: str, with_text: bool, *, at: datetime) -> str:
    """The page around the wall or the text: everybody's part of the story, and what else the desk has."""
    others = querysets.related(story.release_id, desk_code=story.desk_code, language=story.language, at=at)
    data = structured.article(story, site_name=settings.SITE_NAME, base_url=settings.BASE_URL, with_body=with_text)
    context = {
        "story": story,
        "related": summaries(others, locale()),
        "slot": slot,
        "with_text": with_text,
        "data": structured.written(data),
        "free": story.public_tier == Tier.FULL,
    }
    return render_to_string("portal/story.html", context, request)


def _withdrawn(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Killed is gone for good (410); withheld may come back (403). Neither may be kept by anybody."""
    status = 410 if notice.signal == Signal.KILL else 403
    if status == 410 and (stone := shredding.tombstone_of(notice.uri)):
        status = stone.status
    response = render(request, "portal/withdrawn.html", {"notice": notice}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _removed(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is at this address; perhaps something was that an order took away, address and all."""
    stone = shredding.tombstone_at(slug)
    if stone is None:
        raise Http404
    language, at = stone.release.language, stone.at
    notice = Notice("", slug, Signal.KILL, _("Removed"), stone.reason, language, words.direction(language), at)
    response = render(request, "portal/withdrawn.html", {"notice": notice}, status=stone.status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def original(request: HttpRequest, slug: str, position: str) -> HttpResponseBase:
    """A picture's original, for those whose licence lets them download."""
    item = _item(slug)
    at = now()
    found, decision = original_for(
        reader=asker(request), item=item, position=int(position), at=at, asked=asked_by(request)
    )
    if found is not None:
        return _file(found, name=f"{slug[:60]}-{int(position) + 1}")
    if decision.tier is Tier.NOTHING or decision.allowed:
        raise Http404
    reader, here = asker(request), item.get_absolute_url()
    offer = offers.offer_for(
        decision, reader=reader, item_id=item.pk, here=here, at=at, use=Use.DOWNLOAD, position=int(position)
    )
    wall = _wall_of(request, decision, item, Use.DOWNLOAD, at)
    context = {"wall": wall, "offer": offer, "back": here, "title": _("Download")}
    return render(request, "portal/refused.html", context, status=403)


def _file(found: Original, *, name: str) -> FileResponse:
    file = storages["vault"].open(found.file)
    filename = PurePosixPath(name).with_suffix(f".{EXTENSIONS.get(found.type, 'bin')}").name
    headers = {"Cache-Control": "private, no-store"}
    return FileResponse(file, as_attachment=True, filename=filename, content_type=found.type, headers=headers)


@require_safe
def picture(request: HttpRequest, token: str, size: str) -> HttpResponse:
    """A small rendition of a live story's picture; of a story shown to nobody, for those who may read it."""
    found = querysets.picture(token)
    rendition = found.rendition(size) if found else None
    if found is None or rendition is None:
        raise Http404
    head, at = found.release, now()
    head.item.head = head
    decision = decide(reader=asker(request), item=head.item, use=Use.READ, at=at)
    if decision.tier is Tier.NOTHING:
        raise Http404
    public = head.public_tier != Tier.NOTHING
    with storages["default"].open(rendition["file"]) as file:
        body = file.read()
    kept = "public, max-age=300" if public else "private, no-store"
    mark = f'"{found.digest[:32]}-{size}"'
    response = HttpResponse(body, content_type="image/webp", headers={"Cache-Control": kept, "ETag": mark})
    return get_conditional_response(request, etag=mark, response=response) or response
