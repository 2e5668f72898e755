"""What a reader changes about a subscription: the plan with its preview, a pause, a code, leaving and coming back.

Only what is posted asks Stripe.
"""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from newsroom.accounts.models import User
from newsroom.billing import actions, changing
from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import Subscription
from newsroom.billing.states import ending
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.portal.views.asking import locale
from newsroom.portal.views.paying import described, plainly


class LeavingForm(forms.Form):
    """Why somebody leaves. Nobody has to say."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you leave?"),
        required=False,
        choices=[("", gettext_lazy("I would rather not say")), *changing.REASONS.items()],
    )
    comment = forms.CharField(
        label=gettext_lazy("Is there something we should know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _held(request: HttpRequest) -> Subscription | None:
    return Subscription.objects.of_user(_person(request).pk).live().first()


def _plan(code: str) -> str:
    plan = catalogue().plan(code)
    return plan.name(locale()) if plan else code


def _done(request: HttpRequest, deed: Any, said: str) -> HttpResponse:
    try:
        deed()
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
    else:
        messages.success(request, said)
    return redirect("subscription")


@login_required
def change(request: HttpRequest) -> HttpResponse:
    """First the plans, then what the one chosen costs today and later."""
    held = _held(request)
    if held is None:
        return redirect("subscription")
    if request.method == "POST":
        try:
            seen = changing.preview(user=_person(request), lookup_key=request.POST.get("to", ""), at=now())
        except (Refused, TryAgain) as error:
            messages.error(request, plainly(error))
            return redirect("subscription_change")
        return render(request, "portal/billing/change_preview.html", _seen(held, seen))
    facts = {"held": described(held), "choices": [_choice(each) for each in changing.targets(held)]}
    return render(request, "portal/billing/change.html", facts)


def _choice(target: changing.Target) -> dict[str, Any]:
    plan = catalogue().plan(target.price.plan)
    return {
        "key": target.price.lookup_key,
        "plan": _plan(target.price.plan),
        "description": plan.description(locale()) if plan else "",
        "price": target.price.money,
        "interval": target.price.interval,
        "now": target.now,
    }


def _seen(held: Subscription, seen: changing.Preview) -> dict[str, Any]:
    lines = [{"what": each.what, "plan": _plan(each.plan), "money": each.money, "end": each.end} for each in seen.lines]
    facts = _choice(seen.target) | {"held": described(held), "lines": lines, "trial": held.status == "trialing"}
    for name in ("today", "credit", "discount", "later", "later_at", "takes_effect", "token"):
        facts[name] = getattr(seen, name)
    return facts


@require_POST
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """What was shown is done; where the bank wants to ask, the reader goes there."""
    user = _person(request)
    try:
        bank = changing.change(user=user, token=request.POST.get("token", ""), by=user.actor, at=now())
    except changing.PreviewExpired as refusal:
        messages.error(request, str(refusal))
        return redirect("subscription_change")
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect("subscription")
    if bank:
        return redirect(bank)
    held = _held(request)
    said = _("Your change is noted.") if held and held.upcoming else _("Your plan has changed.")
    messages.success(request, said)
    return redirect("subscription")


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    return _done(request, lambda: changing.undo(user=user, by=user.actor, at=now()), _("Your plan stays as it is."))


@require_POST
@login_required
def drop(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    deed = lambda: changing.drop_pending(user=user, by=user.actor, at=now())  # noqa: E731
    return _done(request, deed, _("The change is given up. Nothing was charged."))


@login_required
def pause(request: HttpRequest) -> HttpResponse:
    """First the days to choose from, then the deed."""
    held = _held(request)
    days = changing.choices(held) if held and held.paused_since is None and ending(held.facts) is None else []
    if held is None or not days:
        return redirect("subscription")
    if request.method != "POST":
        return render(request, "portal/billing/pause.html", {"held": described(held), "days": days})
    user = _person(request)
    until = _moment(request.POST.get("until", ""), days)
    return _done(
        request,
        lambda: changing.pause(user=user, until=until, by=user.actor, at=now()),
        _("Your subscription is paused."),
    )


def _moment(text: str, days: list[datetime]) -> datetime:
    """The day chosen; one that is not among them is refused by the deed."""
    return next((each for each in days if str(int(each.timestamp())) == text), now())


@require_POST
@login_required
def go_on(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    deed = lambda: changing.resume_now(user=user, by=user.actor, at=now())  # noqa: E731
    return _done(request, deed, _("Your subscription goes on."))


@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """First what it means, then the deed. Two steps, and no more."""
    held = _held(request)
    if held is None or ending(held.facts) is not None:
        return redirect("subscription")
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "portal/billing/cancel.html", {"held": described(held), "form": form}, status=status)
    user, said = _person(request), form.cleaned_data
    return _done(
        request,
        lambda: changing.cancel(user=user, reason=said["reason"], comment=said["comment"], by=user.actor, at=now()),
        _("Your subscription is cancelled. There will be no further payment."),
    )


@require_POST
@login_required
def code(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    typed = request.POST.get("code", "")
    deed = lambda: changing.apply_code(user=user, code=typed, by=user.actor, at=now())  # noqa: E731
    return _done(request, deed, _("Your discount counts from the next payment on."))


@require_POST
@login_required
def come_back(request: HttpRequest) -> HttpResponse:
    """To Checkout, with the offer made to who left."""
    user = _person(request)
    try:
        return redirect(changing.win_back(user=user, lookup_key=request.POST.get("price", ""), by=user.actor, at=now()))
    except actions.AlreadySubscribed as refusal:
        messages.info(request, str(refusal))
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
    return redirect("subscription")
