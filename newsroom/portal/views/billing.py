"""What a reader pays: plans, Checkout, the subscription, invoices.

Only what is posted, and the pages Stripe sends people back to, ask Stripe; every other page shows our own copy.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.models import User
from newsroom.billing import actions, changing, trials
from newsroom.billing.catalogue import Catalogue, catalogue
from newsroom.billing.models import Account, Invoice, Payment, Subscription
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.states import OWING, standing
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.portal.views.asking import locale
from newsroom.portal.views.paying import described, plainly

CARD_ASKED = "card_asked"  # of the session: this person is at Stripe's page for another card
MOST_INVOICES = 120


def _person(request: HttpRequest) -> User:
    """Who is signed in. Only behind `login_required`."""
    return cast(User, request.user)


def _next(request: HttpRequest) -> str:
    """Where the reader wants to go afterwards: a page of ours, or nothing."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    safe = wanted.startswith("/") and len(wanted) <= 500 and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else ""


@require_safe
def pricing(request: HttpRequest) -> HttpResponse:
    """The plans in one currency; what a button does depends on who looks."""
    sold = catalogue()
    account = _account(request)
    held = account.subscriptions.live().first() if account else None
    currency = (account.currency if account else "") or _currency(request, sold)
    facts = {
        "plans": _shown(sold, currency, account),
        "currency": currency,
        "currencies": [] if account and account.currency else sold.currencies,
        "chosen": request.GET.get("price", ""),
        "next": _next(request),
        "held": described(held) if held else None,
        "day_pass": price_list().day_pass(price_list().currency(currency)),
    }
    return render(request, "portal/billing/pricing.html", facts)


def _account(request: HttpRequest) -> Account | None:
    user = request.user
    return Account.objects.of_user(user.pk).first() if isinstance(user, User) else None


def _currency(request: HttpRequest, sold: Catalogue) -> str:
    asked = request.GET.get("currency", "").lower()
    chosen = sold.price(request.GET.get("price", ""))
    if asked in sold.currencies:
        return asked
    return chosen.money.currency if chosen else sold.currency_for(locale())


def _shown(sold: Catalogue, currency: str, account: Account | None) -> list[dict[str, Any]]:
    language = locale()
    fresh = trials.fresh(account)
    return [
        {
            "code": plan.code,
            "name": plan.name(language),
            "description": plan.description(language),
            "features": plan.feature_list(language),
            "trial": plan.trial_days if fresh else 0,
            "prices": [price for price in plan.prices if price.money.currency == currency],
        }
        for plan in sold.on_sale()
    ]


@require_POST
def checkout(request: HttpRequest, lookup_key: str) -> HttpResponse:
    """To Stripe's Checkout; who is not signed in makes an account first and comes back to the plan."""
    back = _next(request)
    again = reverse("pricing") + "?" + urlencode({"price": lookup_key} | ({"next": back} if back else {}))
    if not isinstance(request.user, User):
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': again})}")
    user = request.user
    try:
        return redirect(
            actions.open_checkout(
                user=user,
                lookup_key=lookup_key,
                next_path=back,
                by=user.actor,
                at=now(),
                trial=request.POST.get("trial") == "1",
            )
        )
    except actions.AlreadySubscribed as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription")
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect(again)


@require_safe
@login_required
def checkout_success(request: HttpRequest) -> HttpResponse:
    """Back from a paid Checkout: look at Stripe now, so that nobody waits for a webhook."""
    at = now()
    held = None
    try:
        held = actions.finish(user=_person(request), at=at)
    except (Refused, TryAgain) as error:
        messages.warning(request, plainly(error))
    tried = held is not None and trials.refused(held.account, held)
    runs = held is not None and not tried and standing(held.facts, at).gives_access
    facts = {"runs": runs, "tried": tried, "held": described(held) if held else None, "next": _next(request)}
    return render(request, "portal/billing/success.html", facts)


@require_safe
def checkout_cancelled(request: HttpRequest) -> HttpResponse:
    """Back from a Checkout that was left: nothing was charged."""
    return render(request, "portal/billing/cancelled.html", {"next": _next(request)})


@require_safe
@login_required
def subscription(request: HttpRequest) -> HttpResponse:
    held = Subscription.objects.of_user(_person(request).pk).newest_first().first()
    owed = Invoice.objects.owed_for(held.stripe_id).first() if held and held.status in OWING else None
    account = Account.objects.of_user(_person(request).pk).first() if held is None or held.ended_at else None
    facts: dict[str, Any] = {"held": described(held) if held else None, "owed": owed, "offer": _offer(account, held)}
    facts["can_pause"] = bool(held and changing.choices(held))
    return render(request, "portal/billing/subscription.html", facts)


def _offer(account: Account | None, held: Subscription | None) -> dict[str, Any] | None:
    """What a reader who left is offered to come back, once."""
    coupon = changing.offer_for(account, now()) if held else None
    if coupon is None or held is None:
        return None
    price = catalogue().price(held.lookup_key)
    return {"percent": coupon.percent_off, "months": coupon.months, "price": price} if price else None


@require_POST
@login_required
def resume(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    return _done(
        request,
        lambda: actions.resume(user=user, by=user.actor, at=now()),
        _("Your subscription renews again."),
    )


def _done(request: HttpRequest, deed: Any, said: str) -> HttpResponse:
    try:
        deed()
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
    else:
        messages.success(request, said)
    return redirect("subscription")


@require_POST
@login_required
def card(request: HttpRequest) -> HttpResponse:
    """To Stripe's page where the card is changed."""
    user = _person(request)
    request.session[CARD_ASKED] = True
    try:
        return redirect(actions.open_card_change(user=user, by=user.actor, at=now()))
    except (Refused, TryAgain) as error:
        messages.error(request, plainly(error))
        return redirect("subscription")


@require_safe
@login_required
def subscription_return(request: HttpRequest) -> HttpResponse:
    """Back from Stripe's pages: see what was changed there, and pay with a new card what is owed."""
    user = _person(request)
    try:
        if request.session.pop(CARD_ASKED, False):  # not whenever somebody follows a link to here
            actions.settle(user=user, by=user.actor, at=now())
        else:
            actions.finish(user=user, at=now())
    except (Refused, TryAgain) as error:
        messages.warning(request, plainly(error))
    return redirect("subscription")


@require_safe
@login_required
def invoices(request: HttpRequest) -> HttpResponse:
    mine = Invoice.objects.of_user(_person(request).pk).issued().newest_first()
    shown = list(mine.defer("raw")[:MOST_INVOICES])
    facts = {"invoices": [(each, back) for each, back in zip(shown, _went_back(shown), strict=True)]}
    return render(request, "portal/billing/invoices.html", facts)


def _went_back(found: list[Invoice]) -> list[Money | None]:
    """How much of each went back. One query."""
    paid = Payment.objects.filter(invoice_ref__in=[each.stripe_id for each in found], refunded_minor__gt=0)
    back: dict[str, int] = {}
    for each in paid:
        back[each.invoice_ref] = back.get(each.invoice_ref, 0) + each.refunded_minor
    return [Money(back[each.stripe_id], each.currency) if each.stripe_id in back else None for each in found]


@require_POST
@login_required
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """To the invoice at Stripe, or its PDF. Somebody else's is not there."""
    found = get_object_or_404(Invoice.objects.of_user(_person(request).pk).issued(), pk=pk)
    address = actions.address_of(invoice=found, pdf=request.POST.get("as") == "pdf")
    if not address:
        messages.error(request, _("This invoice cannot be shown just now. Please try again later."))
        return redirect("invoices")
    return redirect(address)
