"""A subscription as a gift: bought for somebody, and redeemed with a code."""

from datetime import UTC, datetime, time
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from newsroom.accounts.models import User
from newsroom.accounts.origin import text_of
from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import GiftPlan
from newsroom.billing.purchases import gifts, giving
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import BadChoice
from newsroom.billing.templatetags.billing import money
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.pace import too_often
from newsroom.portal.views.asking import locale
from newsroom.portal.views.paying import plainly
from newsroom.portal.views.purchases import _currency

MOST, SECONDS = 20, 3600
"""How many codes one address tries within an hour: they cannot be guessed, and nobody shall try."""


class GiveForm(forms.Form):
    """What is given to whom."""

    what = forms.ChoiceField(label=_("What do you give?"), widget=forms.RadioSelect)
    recipient_name = forms.CharField(
        label=_("For whom?"), max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    recipient_email = forms.EmailField(
        label=_("Their e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"dir": "ltr"})
    )
    giver_name = forms.CharField(
        label=_("From whom?"), max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    message = forms.CharField(
        label=_("A few words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    send_on = forms.DateField(
        label=_("To be sent on"),
        required=False,
        help_text=_("Empty: as soon as it is paid."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = _offered(currency)  # type: ignore[attr-defined]  # a ChoiceField

    def wish(self, at: datetime) -> giving.Wish:
        given = self.cleaned_data
        plan, months = given["what"].rsplit(":", 1)
        day = given["send_on"]
        morning = timezone.make_aware(datetime.combine(day, time(8))) if day else at
        today = bool(day) and day == timezone.localdate(at)
        names = {name: given[name] for name in ("recipient_name", "recipient_email", "giver_name", "message")}
        send_at = at if today else morning
        return giving.Wish(plan=plan, months=int(months), send_at=send_at.astimezone(UTC), locale=locale(), **names)


def _offered(currency: str) -> list[tuple[str, str]]:
    prices = price_list()
    found = []
    for plan in catalogue().on_sale():
        for months in prices.gift_months:
            price = prices.gift(plan.code, months, currency)
            if price is not None:
                long = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
                found.append((f"{plan.code}:{months}", f"{plan.name(locale())}, {long}: {money(price)}"))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The form, and on to Stripe's Checkout. Who is not signed in signs up first and loses nothing."""
    currency = _sold_in(_currency(request))
    if request.method != "POST":
        return _page(request, GiveForm(request.GET if "what" in request.GET else None, currency=currency), currency)
    form = GiveForm(request.POST, currency=currency)
    if not form.is_valid():
        return _page(request, form, currency, status=400)
    if not isinstance(request.user, User):
        kept = {name: request.POST.get(name, "") for name in (*GiveForm.base_fields, "currency")}
        back = f"{reverse('gift_plan')}?{urlencode(kept)}"
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': back})}")
    user, at = request.user, now()
    try:
        return redirect(giving.buy(user=user, wish=form.wish(at), currency=currency, by=user.actor, at=at))
    except BadChoice as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except (Refused, TryAgain) as error:
        form.add_error(None, plainly(error))
    return _page(request, form, currency, status=409)


def _sold_in(currency: str) -> str:
    """Gifts are plans: in the currencies of the catalogue."""
    sold = catalogue()
    return currency if currency in sold.currencies else sold.default_currency


def _page(request: HttpRequest, form: GiveForm, currency: str, status: int = 200) -> HttpResponse:
    facts = {"form": form, "currency": currency, "currencies": catalogue().currencies}
    return render(request, "portal/purchases/give.html", facts, status=status)


class RedeemForm(forms.Form):
    """The code of the mail."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def redeem(request: HttpRequest, code: str = "") -> HttpResponse:
    """The code, and the gift it is. No card is asked for."""
    user = cast(User, request.user)
    form = RedeemForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        if too_often(what="redeem", who=text_of(request), most=MOST, seconds=SECONDS):
            form.add_error(None, _now("That were many codes. Please wait an hour."))
            return _redeeming(request, form, None, status=429)
        try:
            gift = gifts.redeem(code=form.cleaned_data["code"], user=user, by=user.actor, at=now())
        except Refused as refusal:
            form.add_error("code", str(refusal))
            return _redeeming(request, form, None, status=409)
        return render(request, "portal/purchases/redeemed.html", {"gift": gift, "plan": _plan(gift)})
    return _redeeming(request, form, gifts.of_code(code) if code else None)


def _redeeming(request: HttpRequest, form: RedeemForm, gift: GiftPlan | None, status: int = 200) -> HttpResponse:
    facts = {"form": form, "gift": gift, "plan": _plan(gift) if gift else ""}
    return render(request, "portal/purchases/redeem.html", facts, status=status)


def _plan(gift: GiftPlan) -> str:
    plan = catalogue().plan(gift.plan)
    return plan.name(locale()) if plan else gift.plan
