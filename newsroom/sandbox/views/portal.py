"""The billing portal: card, cancellation, invoices."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from newsroom.sandbox import actions
from newsroom.sandbox.engine import portal as engine
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World
from newsroom.sandbox.forms import CardForm, shown, test_cards
from newsroom.sandbox.views.dates import moment
from newsroom.sandbox.views.looking import all_of, found, money
from newsroom.sandbox.views.refusals import said

_ENDED = {"canceled", "incomplete_expired"}


def _opened(request: HttpRequest, session: str) -> Body | HttpResponse:
    found("billing_portal.session", session)
    try:
        return actions.do(lambda world: engine.opened(world, session))
    except StripeError:
        return render(request, "sandbox/message.html", {"title": _("This link has expired"), "back": ""}, status=410)


@require_http_methods(["GET"])
def portal(request: HttpRequest, session: str) -> HttpResponse:
    body = _opened(request, session)
    if isinstance(body, HttpResponse):
        return body
    flow = body["flow"] or {}
    if flow.get("type") == "payment_method_update":
        return redirect("sandbox:portal-card", session=session)
    customer = found("customer", body["customer"])
    context = {
        "session": body,
        "customer": customer,
        "card": _card(customer),
        "subscriptions": [
            _subscription(each)
            for each in all_of("subscription", customer=customer["id"])
            if each["status"] not in _ENDED
        ],
        "invoices": [
            _invoice(each) for each in all_of("invoice", customer=customer["id"]) if each["status"] != "draft"
        ],
    }
    return render(request, "sandbox/portal.html", context)


def _card(customer: Body) -> Body | None:
    name = customer["invoice_settings"]["default_payment_method"]
    if not name:
        cards = all_of("payment_method", customer=customer["id"])
        return cards[0]["card"] if cards else None
    card: Body = found("payment_method", name)["card"]
    return card


def _subscription(body: Body) -> Body:
    item = body["items"]["data"][0]
    return {
        "id": body["id"],
        "title": found("product", item["price"]["product"])["name"],
        "price": money(item["price"]["unit_amount"] or 0, body["currency"]),
        "interval": item["price"]["recurring"]["interval"],
        "quantity": item["quantity"],
        "status": body["status"],
        "renews": moment(item["current_period_end"]),
        "ends": moment(body["cancel_at"]) if body["cancel_at"] else None,
    }


def _invoice(body: Body) -> Body:
    return {
        "id": body["id"],
        "number": body["number"],
        "status": body["status"],
        "total": money(body["total"], body["currency"]),
        "at": moment(body["created"]),
        "again": moment(body["next_payment_attempt"]) if body["next_payment_attempt"] else None,
    }


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, session: str) -> HttpResponse:
    body = _opened(request, session)
    if isinstance(body, HttpResponse):
        return body
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            changed = actions.do(lambda world: engine.change_card(world, session, number))
            return _after_card(request, changed)
        except StripeError as error:
            form.add_error("number", said(error))
    context = {"session": body, "form": form, "cards": test_cards()}
    return render(request, "sandbox/card.html", context, status=422 if form.is_bound else 200)


def _after_card(request: HttpRequest, body: Body) -> HttpResponse:
    if body["_"]["challenge"]:
        return redirect("sandbox:portal-bank", session=body["id"])
    messages.success(request, _("Your card has been changed."))
    after = (body["flow"] or {}).get("after_completion") or {}
    if after.get("type") == "redirect":
        return redirect(after["redirect"]["return_url"])
    if body["flow"] and body["return_url"]:
        return redirect(body["return_url"])
    return redirect("sandbox:portal", session=body["id"])


@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest, session: str) -> HttpResponse:
    """The bank's 3-D Secure page, for a card that is only saved."""
    body = found("billing_portal.session", session)
    waiting = body["_"]["challenge"]
    if not waiting:
        return redirect("sandbox:portal", session=session)
    if request.method == "GET":
        return render(request, "sandbox/bank.html", {"amount": None, "number": shown(waiting["number"])[-4:]})
    if "approve" in request.POST:
        return _after_card(
            request, actions.do(lambda world: engine.change_card(world, session, **waiting, authenticated=True))
        )
    actions.do(lambda world: engine.refuse_challenge(world, session))
    messages.error(request, _("Your bank did not confirm the card. It was not changed."))
    return redirect("sandbox:portal-card", session=session)


def _deed(request: HttpRequest, session: str, deed: Callable[[World], Body], done: str) -> HttpResponse:
    found("billing_portal.session", session)
    try:
        actions.do(deed)
        messages.success(request, done)
    except StripeError as error:
        messages.error(request, said(error))
    return redirect("sandbox:portal", session=session)


@require_POST
def cancel(request: HttpRequest, session: str, subscription: str) -> HttpResponse:
    return _deed(
        request,
        session,
        lambda world: engine.cancel(world, session, subscription),
        _("Your subscription ends with its period."),
    )


@require_POST
def resume(request: HttpRequest, session: str, subscription: str) -> HttpResponse:
    return _deed(
        request, session, lambda world: engine.resume(world, session, subscription), _("Your subscription goes on.")
    )


@require_POST
def pay(request: HttpRequest, session: str, invoice: str) -> HttpResponse:
    return _deed(request, session, lambda world: engine.pay(world, session, invoice), _("The invoice has been paid."))
