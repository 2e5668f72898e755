"""Gift links: making one, opening one, and a reader's own list of them."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from newsroom.access.decide import find
from newsroom.access.giving import may_give
from newsroom.access.rules import Reason
from newsroom.accounts import visitors
from newsroom.accounts.middleware import asker
from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing import gifts
from newsroom.licensing.models import Gift
from newsroom.licensing.terms import BadTerms
from newsroom.portal import querysets
from newsroom.wire.models import Item
from newsroom.wire.rules import Tier

QUIET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}
A_PAGE = 20


class GiftForm(forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("Days"), initial=gifts.DAYS, min_value=1, max_value=gifts.MOST_DAYS,
        help_text=gettext_lazy("How long the link opens the story."),
    )  # fmt: skip
    views = forms.IntegerField(
        label=gettext_lazy("Readers"), initial=gifts.VIEWS, min_value=1, max_value=gifts.MOST_VIEWS,
        help_text=gettext_lazy("How many people may read by it. Reading again does not count."),
    )  # fmt: skip


@require_safe
def open_gift(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the token for a cookie and lead to the story, so that it stands in no address and no history."""
    gift = gifts.of_token(token)
    if gift is None:
        raise Http404
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503, headers=QUIET)
    browser, tokens = visitors.shown_in(request)
    browser = browser or visitors.visitor_of(request) or visitors.new_id()
    response = HttpResponseRedirect(gift.item.get_absolute_url(), headers=QUIET)
    visitors.hand_over(response, browser, [each for each in tokens if each != token] + [token])
    return response


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The links this reader made, newest first."""
    at, user = now(), _person(request)
    every = gifts.with_views(Gift.objects.filter(giver=user).select_related("item")).order_by("-made_at", "-pk")
    page = Paginator(every, A_PAGE).get_page(request.GET.get("page"))
    titles = querysets.titles([each.item_id for each in page], reader=asker(request), at=at)
    rows = [
        {"gift": each, "title": titles.get(each.item_id, ""), "state": gifts.state_of(each, at).value} for each in page
    ]
    return render(request, "portal/gifts/mine.html", {"rows": rows, "page": page, "left": _left(user)})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a link. It is shown on the answer, once."""
    at, user = now(), _person(request)
    item = find(slug=(request.POST if request.method == "POST" else request.GET).get("story", "")[:120])
    if item is None or item.head is None:
        raise Http404
    decision = may_give(reader=asker(request), item=item, at=at)
    if decision.tier is Tier.NOTHING:
        raise Http404
    if decision.reason is not Reason.LICENSED:
        return _may_not(request, item, free=decision.reason is Reason.FREE)
    form = GiftForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "item": item, "headline": item.head.headline, "left": _left(user)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/gifts/new.html", context, status=400 if form.errors else 200)
    asked = form.cleaned_data
    try:
        gift, token = gifts.give(giver=user, item=item, by=user.actor, at=at, a_month=_a_month(user), **asked)
    except Refused as refusal:
        form.add_error(refusal.field if isinstance(refusal, BadTerms) else None, str(refusal))
        return render(request, "portal/gifts/new.html", context, status=refusal.status)
    link = f"{settings.BASE_URL}/gift/{token}/"
    return render(request, "portal/gifts/made.html", context | {"gift": gift, "link": link, "left": _left(user)})


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back: one's own only."""
    user = _person(request)
    gifts.revoke(gift=get_object_or_404(Gift, pk=pk, giver=user), by=user.actor, at=now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("gifts")


def _may_not(request: HttpRequest, item: Item, *, free: bool) -> HttpResponse:
    context = {"free": free, "item": item}
    return render(request, "portal/gifts/refused.html", context, status=409 if free else 403)


def _person(request: HttpRequest) -> User:
    """Who is signed in. Only behind `login_required`."""
    return cast(User, request.user)


def _a_month(user: User) -> int | None:
    """How many links this person may make a month; None: as many as they like."""
    return None if user.is_staff else settings.GIFTS_A_MONTH


def _left(user: User) -> int | None:
    a_month = _a_month(user)
    return None if a_month is None else gifts.left(giver=user, at=now(), a_month=a_month)
