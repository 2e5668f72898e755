"""Checkout: the page where the card is typed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsroom.sandbox import actions
from newsroom.sandbox.engine import promoting
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.forms import CheckoutForm, CodeForm, test_cards
from newsroom.sandbox.views.looking import found, money
from newsroom.sandbox.views.refusals import said


@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest, session: str) -> HttpResponse:
    actions.settle()
    body = found("checkout.session", session)
    if body["status"] != "open":
        return _closed(request, body)
    if "promotion" in request.POST:
        return _promoted(request, body)
    form = CheckoutForm(request.POST or None, known_email=_email(body), session=body)
    if request.method == "POST" and form.is_valid():
        try:
            return _next(_complete(session, form))
        except StripeError as error:
            form.add_error(_field(form, error), said(error))
    return render(
        request, "sandbox/checkout.html", _shown(body) | {"form": form, "cards": test_cards()}, status=_status(form)
    )


def _field(form: CheckoutForm, error: StripeError) -> str:
    """Where on the page the error belongs."""
    param = error.error.get("param") or ""
    if error.error.get("code") == "tax_id_invalid":
        return "tax_id"
    return param if param in form.fields else "number"


def _promoted(request: HttpRequest, body: Body) -> HttpResponse:
    """A promotion code was typed in, or taken out again. The card is still to come."""
    session, status = body["id"], 200
    codes = CodeForm(request.POST)
    if request.POST["promotion"] == "remove":
        body, codes = actions.do(lambda world: promoting.remove(world, session)), CodeForm()
    elif codes.is_valid():
        try:
            body = actions.do(lambda world: promoting.apply(world, session, codes.cleaned_data["code"]))
        except StripeError as error:
            codes.add_error("code", said(error))
    if codes.is_bound and codes.errors:
        status = 422
    facts = {"form": CheckoutForm(known_email=_email(body), session=body), "codes": codes, "cards": test_cards()}
    return render(request, "sandbox/checkout.html", _shown(body) | facts, status=status)


def _status(form: CheckoutForm) -> int:
    return 422 if form.is_bound else 200


def _complete(session: str, form: CheckoutForm) -> Body:
    data = form.cleaned_data
    return actions.complete_checkout(
        session, email=data["email"], holder=data["holder"], number=data["number"], details=form.details
    )


def _next(body: Body) -> HttpResponse:
    if body["_"]["challenge"]:
        return redirect("sandbox:checkout-bank", session=body["id"])
    return redirect(body["success_url"].replace("{CHECKOUT_SESSION_ID}", body["id"]))


def _email(body: Body) -> str:
    if body["customer"]:
        return found("customer", body["customer"])["email"] or ""
    return body["customer_email"] or ""


def _shown(body: Body) -> Body:
    lines = [
        {
            "title": line["description"],
            "quantity": line["quantity"],
            "amount": money(line["amount_subtotal"], line["currency"]),
            "price": line["price"],
            "about": found("product", line["price"]["product"])["description"],
        }
        for line in body["_"]["line_items"]
    ]
    trial = body["_"]["data"].get("trial_period_days")
    facts = {
        "session": body,
        "lines": lines,
        "taxes": _taxes(body),
        "total": money(body["amount_total"], body["currency"]),
        "trial": trial,
        "once": body["mode"] == "payment",
    }
    return facts | _discount(body) | ({"codes": CodeForm()} if body["allow_promotion_codes"] else {})


def _taxes(body: Body) -> list[Body]:
    """Each rate with what it comes to."""
    found: dict[str, Body] = {}
    for tax in (tax for line in body["_"]["line_items"] for tax in line["taxes"] or ()):
        rate = tax["rate"]
        known = found.setdefault(rate["id"], {"rate": rate, "minor": 0})
        known["minor"] += tax["amount"]
    return [each | {"amount": money(each["minor"], body["currency"])} for each in found.values()]


def _discount(body: Body) -> Body:
    """What is taken off, and by which code or coupon."""
    wish = body["_"].get("wish")
    if wish is None:
        return {}
    coupon = found("coupon", wish["coupon"])
    code = found("promotion_code", wish["promotion_code"])["code"] if wish["promotion_code"] else ""
    off = money(-body["total_details"]["amount_discount"], body["currency"])
    return {"discount": {"code": code, "name": coupon["name"] or coupon["id"], "amount": off}}


def _closed(request: HttpRequest, body: Body) -> HttpResponse:
    expired = body["status"] == "expired"
    title = _("This link has expired") if expired else _("This has been paid")
    back = body["cancel_url"] if expired else (body["success_url"] or "").replace("{CHECKOUT_SESSION_ID}", body["id"])
    return render(request, "sandbox/message.html", {"title": title, "back": back}, status=410 if expired else 200)


@require_http_methods(["GET", "POST"])
def bank(request: HttpRequest, session: str) -> HttpResponse:
    """The bank's 3-D Secure page."""
    body = found("checkout.session", session)
    waiting = body["_"]["challenge"]
    if body["status"] != "open" or not waiting:
        return redirect("sandbox:checkout", session=session)
    if request.method == "GET":
        amount = money(body["amount_total"], body["currency"])
        return render(request, "sandbox/bank.html", {"amount": amount, "number": waiting["number"][-4:]})
    try:
        return _next(actions.answer_challenge(session, approved="approve" in request.POST))
    except StripeError as error:
        form = CheckoutForm(known_email=_email(body), session=body, initial={"holder": waiting["holder"]})
        context = _shown(body) | {"form": form, "cards": test_cards(), "refusal": said(error)}
        return render(request, "sandbox/checkout.html", context, status=422)
