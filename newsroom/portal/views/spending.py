"""The button that spends: a free story of the meter, or a price above the quota. A form, so that nothing spends unasked."""

import re
from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsroom.access.decide import find, open_for, original_for
from newsroom.access.rules import Decision, Reason
from newsroom.accounts import visitors
from newsroom.accounts.middleware import asker
from newsroom.accounts.readers import Reader
from newsroom.core.clock import now
from newsroom.core.templatetags.components import original_url
from newsroom.licensing.rules import Use
from newsroom.portal import offers, rules
from newsroom.portal.views.asking import asked_by
from newsroom.wire.models import Item
from newsroom.wire.rules import Tier

STATUS = {Reason.QUOTA_SPENT: 429, Reason.SEATS_FULL: 429, Reason.OVERAGE: 402, Reason.PRICE_CHANGED: 409}


@csrf_exempt  # so that the page for everybody holds no token; `_ours` looks at who sent the form
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Spend what the reader agreed to spend, then lead them to the story; or say what stands in the way."""
    item, at = find(slug=slug), now()
    if item is None or not _ours(request):
        raise Http404
    reader = _known(request)
    asked = replace(asked_by(request), counts=True, clicked=True, accepts=request.POST.get("accept", "")[:1000])
    position = _position(request)
    if position is None:
        _shown, decision = open_for(reader=reader, item=item, use=Use.READ, at=at, asked=asked)
    else:
        _found, decision = original_for(reader=reader, item=item, position=position, at=at, asked=asked)
    if not decision.allowed:
        return _refused(request, item, decision, reader, position, at)
    there = item.get_absolute_url() if position is None else original_url(item.slug, position)
    response = HttpResponse(status=303, headers={"Location": there})
    if decision.remaining is not None and reader.visitor and not asker(request).visitor:
        visitors.remember(response, reader.visitor)
    return response


def _position(request: HttpRequest) -> int | None:
    """Which picture is to be downloaded; None when it is the story that is read."""
    found = request.POST.get("position", "")
    return int(found) if re.fullmatch(r"[0-9]{1,3}", found) else None


def _ours(request: HttpRequest) -> bool:
    """Whether our own page sent this form: browsers name the sender of every POST (Fetch, 3.1 and 4.8)."""
    origin = request.headers.get("Origin")
    sender = request.headers.get("Sec-Fetch-Site", "same-origin")
    return sender == "same-origin" and origin in {None, f"{request.scheme}://{request.get_host()}"}


def _known(request: HttpRequest) -> Reader:
    """The reader, with an id for their browser where nobody is signed in and there is none yet."""
    reader = asker(request)
    if reader.user_id is not None:
        return reader
    visitor = reader.visitor or reader.browser or visitors.new_id()
    return visitors.known(request, reader, visitor)


def _refused(
    request: HttpRequest, item: Item, decision: Decision, reader: Reader, position: int | None, at: datetime
) -> HttpResponse:
    if decision.tier is Tier.NOTHING:
        raise Http404
    here, use = item.get_absolute_url(), Use.READ if position is None else Use.DOWNLOAD
    offer = offers.offer_for(
        decision, reader=reader, item_id=item.pk, here=here, at=at, use=use, position=position or 0
    )
    wall = rules.wall_for(decision, anonymous=rules.stranger(reader), here=here)
    context = {"wall": wall, "offer": offer, "back": here, "title": _("Read this story")}
    return render(request, "portal/refused.html", context, status=STATUS.get(decision.reason, 403))
