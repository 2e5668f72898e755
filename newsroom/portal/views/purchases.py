"""What is bought once: one story, a day pass. The price is computed here, signed, and taken back only unchanged."""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale
from django.views.decorators.http import require_POST, require_safe

from newsroom.access.decide import decide, find
from newsroom.accounts.middleware import asker
from newsroom.accounts.models import User
from newsroom.billing import actions
from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import Account, GiftPlan, Order
from newsroom.billing.purchases import buying, checks, listing, offers
from newsroom.billing.purchases.errors import AlreadyYours
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import (
    BadChoice,
    Choice,
    Circulation,
    Duration,
    Purpose,
    Territory,
    check_story,
    chosen,
)
from newsroom.core.clock import now
from newsroom.core.countries import countries
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.licensing.documents.typeset import pdf
from newsroom.licensing.rules import Use
from newsroom.portal import querysets
from newsroom.portal.views.asking import locale
from newsroom.portal.views.billing import _next
from newsroom.portal.views.paying import plainly
from newsroom.wire.models import Item


class LicenceForm(forms.Form):
    """What somebody wants to do with the story."""

    purpose = forms.ChoiceField(label=_("What do you want to do?"), choices=Purpose.choices, widget=forms.RadioSelect)
    territory = forms.ChoiceField(
        label=_("Where?"), choices=Territory.choices, required=False, initial=Territory.COUNTRY
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    circulation = forms.ChoiceField(
        label=_("For how many readers, viewers or copies?"), choices=Circulation.choices, required=False
    )
    duration = forms.ChoiceField(label=_("For how long?"), choices=Duration.choices, required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _now("Choose a country")), *countries(to_locale(locale())).items()]
        self.fields["country"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        sold = [(each, each.upper()) for each in price_list().currencies]
        self.fields["currency"].choices = sold  # type: ignore[attr-defined]  # as above


def _story(request: HttpRequest, slug: str, at: datetime) -> tuple[Item, str]:
    """The story and its headline, for who may at least see its summary. Raises Http404."""
    item = find(slug=slug)
    headline = querysets.titles([item.pk], reader=asker(request), at=at).get(item.pk) if item else None
    if item is None or headline is None:
        raise Http404
    return item, headline


@require_safe
def story_licence(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose, and see the price. Everything chosen stands in the address, so that nothing is lost by signing up."""
    at = now()
    item, headline = _story(request, slug, at)
    currency = _currency(request)
    given = request.GET if "purpose" in request.GET else None
    form = LicenceForm(given, initial={"purpose": Purpose.PERSONAL, "currency": currency})
    return _licence_page(request, item, headline, form, currency, at)


def _licence_page(
    request: HttpRequest, item: Item, headline: str, form: LicenceForm, currency: str, at: datetime, status: int = 200
) -> HttpResponse:
    facts: dict[str, Any] = {"item": item, "headline": headline, "form": form, "currency": currency}
    try:
        head = checks.on_sale(item, at)
        if form.is_bound and form.is_valid():
            choice = chosen(form.cleaned_data)
            check_story(
                choice,
                uses_out=head.uses_out,
                channels_out=head.channels_out,
                territories_out=head.territories_out,
            )
            facts |= _priced(item, choice, currency, at) | {"yours": _reads(request, item, choice, at)}
            facts["sign_up"] = f"{reverse('account_signup')}?{urlencode({'next': request.get_full_path()})}"
            facts["sign_in"] = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    except BadChoice as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except Refused as refusal:
        facts["not_sold"] = str(refusal)
    wrong = form.is_bound and bool(form.errors)
    return render(request, "portal/purchases/story.html", facts, status=400 if wrong and status == 200 else status)


def _priced(item: Item, choice: Choice, currency: str, at: datetime) -> dict[str, Any]:
    price = price_list().story(choice, currency)
    token = offers.offered(item_id=item.pk, choice=choice, price=price, at=at)
    return {"choice": choice, "price": price, "token": token}


def _reads(request: HttpRequest, item: Item, choice: Choice, at: datetime) -> bool:
    """Whether this person has the whole story anyway and wants no more than to read it."""
    reader = asker(request)
    return (
        choice.personal and reader.user_id is not None and decide(reader=reader, item=item, use=Use.READ, at=at).allowed
    )


def _currency(request: HttpRequest) -> str:
    """The account's own, else the one asked for, else that of the language."""
    user = request.user
    account = Account.objects.of_user(user.pk).first() if isinstance(user, User) else None
    asked = (request.POST if request.method == "POST" else request.GET).get("currency", "").lower()
    wanted = (account.currency if account else "") or asked or catalogue().currency_for(locale())
    return price_list().currency(wanted)


@require_POST
@login_required
def buy_story(request: HttpRequest, slug: str) -> HttpResponse:
    """To Stripe's Checkout, for exactly the offer that was shown."""
    at = now()
    item, headline = _story(request, slug, at)
    user = cast(User, request.user)
    try:
        choice, price = offers.accepted(request.POST.get("offer", ""), item_id=item.pk, at=at)
        address = buying.buy_story(
            user=user,
            item=item,
            headline=headline,
            choice=choice,
            price=price,
            next_path=item.get_absolute_url(),
            by=user.actor,
            at=at,
        )
    except AlreadyYours as refusal:
        messages.info(request, str(refusal))
        return redirect(item.get_absolute_url())
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect("story_licence", slug=slug)
    return redirect(address)


@require_POST
def day_pass(request: HttpRequest) -> HttpResponse:
    """To Stripe's Checkout for a day; who is not signed in makes an account first and comes back to the prices."""
    back = _next(request)
    currency = _currency(request)
    again = f"{reverse('pricing')}?{urlencode({'currency': currency} | ({'next': back} if back else {}))}#day-pass"
    if not isinstance(request.user, User):
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': again})}")
    user = request.user
    try:
        return redirect(buying.buy_day_pass(user=user, currency=currency, next_path=back, by=user.actor, at=now()))
    except AlreadyYours as refusal:
        messages.info(request, str(refusal))
        return redirect(back or again)
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect(again)


@require_safe
@login_required
def bought(request: HttpRequest, ref: str) -> HttpResponse:
    """Back from a paid Checkout: look at Stripe now, and go on reading."""
    try:
        found = buying.finish(user=cast(User, request.user), ref=ref, at=now())
    except (Refused, TryAgain) as error:
        messages.warning(request, plainly(error))
        found = buying.order_of(user=cast(User, request.user), ref=ref)
    if found is None:
        raise Http404
    order, purchase = found
    paid = purchase is not None and purchase.payment_status == "paid"
    if not paid or order.kind == Order.Kind.GIFT:
        return render(request, "portal/purchases/bought.html", {"order": order, "paid": paid, "gift": _gift_of(order)})
    messages.success(request, _thanks(order))
    return redirect(order.next_path or "purchases")


def _thanks(order: Order) -> str:
    if order.kind == Order.Kind.STORY:
        return _now("Thank you. The story is yours; its licence certificate and the receipt are in your account.")
    return _now("Thank you. Every story is open to you for 24 hours; the receipt is in your account.")


def _gift_of(order: Order) -> GiftPlan | None:
    return GiftPlan.objects.filter(order=order).first()


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Everything bought once, given and received, with its papers."""
    user, at = cast(User, request.user), now()
    rows = listing.bought(user=user, at=at)
    stories = [each.order.item_id for each in rows if each.order.item_id is not None]
    titles = querysets.titles(stories, reader=asker(request), at=at)
    facts = {
        "bought": [{"row": each, "title": titles.get(each.order.item_id or 0, "")} for each in rows],
        "given": listing.given(user=user, at=at),
        "received": listing.received(user=user, at=at),
        "payments": listing.payments(user=user),
    }
    return render(request, "portal/purchases/mine.html", facts)


@require_safe
@login_required
def certificate(request: HttpRequest, ref: str) -> HttpResponse:
    """The licence certificate of one's own purchase."""
    document = listing.certificate_of(user=cast(User, request.user), ref=ref)
    if document is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{document.number}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf(document), content_type="application/pdf", headers=headers)


@require_POST
@login_required
def billing_portal(request: HttpRequest) -> HttpResponse:
    """To Stripe's own pages: card, invoices, subscription."""
    user = cast(User, request.user)
    try:
        return redirect(actions.open_portal(user=user, by=user.actor, at=now()))
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect("invoices")


def day_pass_price(currency: str) -> Money:
    """What the wall and the pricing page name."""
    return price_list().day_pass(price_list().currency(currency))
