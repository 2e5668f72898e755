"""The hosted invoice page and its PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.sandbox import actions
from newsroom.sandbox.engine import invoice_page as engine
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.forms import CardForm, test_cards
from newsroom.sandbox.paper import paper
from newsroom.sandbox.views.dates import moment
from newsroom.sandbox.views.looking import found, money
from newsroom.sandbox.views.refusals import said


def _final(name: str) -> Body:
    body = found("invoice", name)
    if body["status"] == "draft":
        raise Http404(name)
    return body


@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, invoice: str) -> HttpResponse:
    _final(invoice)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            return _next(actions.do(lambda world: engine.pay(world, invoice, number)))
        except StripeError as error:
            form.add_error("number", said(error))
    return _page(request, _final(invoice), form)


def _next(body: Body) -> HttpResponse:
    waiting = body["_"].get("challenge")
    return redirect("sandbox:invoice-bank" if waiting else "sandbox:invoice", invoice=body["id"])


def _page(request: HttpRequest, body: Body, form: CardForm, refusal: str = "") -> HttpResponse:
    context = shown(body) | {"form": form, "cards": test_cards(), "refusal": refusal}
    return render(request, "sandbox/invoice.html", context, status=422 if form.is_bound or refusal else 200)


def shown(body: Body) -> Body:
    lines = [
        {
            "title": line["description"],
            "amount": money(line["amount"], line["currency"]),
            "start": moment(line["period"]["start"]),
            "end": moment(line["period"]["end"]),
        }
        for line in body["lines"]["data"]
    ]
    return {
        "invoice": body,
        "lines": lines,
        "fields": body["custom_fields"] or [],
        "due_date": moment(body["due_date"]) if body["due_date"] else None,
        "credit": _credit(body),
        "by_transfer": body["collection_method"] == "send_invoice",
        "total": money(body["total"], body["currency"]),
        "due": money(body["amount_remaining"], body["currency"]),
        "at": moment(body["status_transitions"]["finalized_at"]),
        "paid_at": moment(body["status_transitions"]["paid_at"]) if body["status_transitions"]["paid_at"] else None,
    }


def _credit(body: Body) -> str:
    """What of the customer's credit went into it, with its sign; empty for nothing."""
    used = body["total"] - body["amount_due"] - body["pre_payment_credit_notes_amount"]
    return str(money(-used, body["currency"])) if used > 0 else ""


@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest, invoice: str) -> HttpResponse:
    """The bank's 3-D Secure page."""
    body = _final(invoice)
    waiting = body["_"].get("challenge")
    if not waiting:
        return redirect("sandbox:invoice", invoice=invoice)
    if request.method == "GET":
        amount = money(body["amount_remaining"], body["currency"])
        return render(request, "sandbox/bank.html", {"amount": amount, "number": waiting["number"][-4:]})
    try:
        if "approve" not in request.POST:
            actions.do(lambda world: engine.refuse_challenge(world, invoice))
        return _next(actions.do(lambda world: engine.pay(world, invoice, **waiting, authenticated=True)))
    except StripeError as error:
        return _page(request, _final(invoice), CardForm(), refusal=said(error))


@require_safe
def pdf(request: HttpRequest, invoice: str) -> HttpResponse:
    body = _final(invoice)
    response = HttpResponse(paper(body), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{body["number"]}.pdf"'
    return response
