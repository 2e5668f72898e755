"""The control page: time, the fate of webhooks, cards that begin to fail."""

from datetime import timedelta

from celery import current_app
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.core.jobs import enqueue
from newsroom.sandbox import actions, clock
from newsroom.sandbox.forms import AdvanceForm, ControlsForm
from newsroom.sandbox.models import SandboxControls, SandboxDelivery, SandboxObject
from newsroom.sandbox.views.dates import moment
from newsroom.sandbox.views.looking import found

_SHOWN = 40
_RUNNING = ("trialing", "active", "past_due", "unpaid")


@require_safe
def control(request: HttpRequest) -> HttpResponse:
    controls = SandboxControls.objects.get_or_create(pk=1)[0]
    renewal = actions.next_renewal()
    context = {
        "now": clock.now(),
        "ahead": timedelta(seconds=controls.offset),
        "advance": AdvanceForm(),
        "controls": ControlsForm(instance=controls),
        "renewal": renewal,
        "subscriptions": _subscriptions(),
        "deliveries": SandboxDelivery.objects.order_by("-pk")[:_SHOWN],
        "waiting": SandboxDelivery.objects.filter(state=SandboxDelivery.State.PENDING).count(),
    }
    return render(request, "sandbox/control.html", context)


def _subscriptions() -> list[dict[str, object]]:
    rows = SandboxObject.objects.filter(kind="subscription", body__status__in=_RUNNING).order_by("-pk")
    return [_row(body) for body in rows.values_list("body", flat=True)[:_SHOWN]]


def _row(body: dict[str, object]) -> dict[str, object]:
    method = SandboxObject.objects.filter(name=body["default_payment_method"] or "").first()
    items = body["items"]
    end = items["data"][0]["current_period_end"]  # type: ignore[index]  # a body is JSON
    return {
        "id": body["id"],
        "email": found("customer", str(body["customer"])).get("email", ""),
        "status": body["status"],
        "renews": moment(end),
        "card": method.body["card"]["last4"] if method else "",
        "method": method.name if method else "",
        "declines": bool(method and method.body["_"]["declines"]),
    }


@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    form = AdvanceForm(request.POST)
    if form.is_valid():
        by = timedelta(days=form.cleaned_data["days"], hours=form.cleaned_data["hours"] or 0)
        actions.advance(by=by)
        _ring()
        messages.success(request, _("Time has been advanced."))
    else:
        messages.error(request, _("Give a number of days between 0 and 800."))
    return redirect("sandbox:control")


def _ring() -> None:
    """Every alarm of the product that would have rung meanwhile rings now."""
    for alarm in (current_app.conf.beat_schedule or {}).values():
        enqueue(alarm["task"])


@require_POST
def advance_to_renewal(request: HttpRequest) -> HttpResponse:
    if actions.advance_to_renewal():
        _ring()
        messages.success(request, _("Time has been advanced past the next renewal."))
    else:
        messages.error(request, _("No subscription is running."))
    return redirect("sandbox:control")


@require_POST
def steer(request: HttpRequest) -> HttpResponse:
    form = ControlsForm(request.POST, instance=SandboxControls.objects.get_or_create(pk=1)[0])
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the values shown."))
    return redirect("sandbox:control")


@require_POST
def fail_card(request: HttpRequest, method: str) -> HttpResponse:
    found("payment_method", method)
    declines = actions.toggle_card(method)
    messages.success(request, _("The card is declined from now on.") if declines else _("The card pays again."))
    return redirect("sandbox:control")


@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    """What waits, late and lost ones included, is due now."""
    actions.deliver_now()
    messages.success(request, _("Everything that waits is on its way."))
    return redirect("sandbox:control")


@require_POST
def resend(request: HttpRequest, event: str) -> HttpResponse:
    """One event, once more."""
    found("event", event)
    actions.resend(event)
    messages.success(request, _("The event is on its way again."))
    return redirect("sandbox:control")
