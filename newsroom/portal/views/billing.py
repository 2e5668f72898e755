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
from newsroom.billing import actions
from newsroom.billing.catalogue import Catalogue, catalogue
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.states import OWING, ending, standing
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.portal.views.asking import locale

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
        "plans": _shown(sold, currency),
        "currency": currency,
        "currencies": [] if account and account.currency else sold.currencies,
        "chosen": request.GET.get("price", ""),
        "next": _next(request),
        "held": _described(held) if held else None,
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


def _shown(sold: Catalogue, currency: str) -> list[dict[str, Any]]:
    language = locale()
    return [
        {
            "code": plan.code,
            "name": plan.name(language),
            "description": plan.description(language),
            "features": plan.feature_list(language),
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
            actions.open_checkout(user=user, lookup_key=lookup_key, next_path=back, by=user.actor, at=now())
        )
    except actions.AlreadySubscribed as refusal:
        messages.info(request, str(refusal))
        return redirect("subscription")
    except (Refused, TryAgain) as error:
        messages.error(request, _plainly(error))
        return redirect(again)


def _plainly(error: Refused | TryAgain) -> str:
    if isinstance(error, TryAgain):
        return _("The payment service did not answer. Nothing was charged; please try again in a moment.")
    return str(error)


@require_safe
@login_required
def checkout_success(request: HttpRequest) -> HttpResponse:
    """Back from a paid Checkout: look at Stripe now, so that nobody waits for a webhook."""
    at = now()
    held = None
    try:
        held = actions.finish(user=_person(request), at=at)
    except (Refused, TryAgain) as error:
        messages.warning(request, _plainly(error))
    runs = held is not None and standing(held.facts, at).gives_access
    facts = {"runs": runs, "held": _described(held) if held else None, "next": _next(request)}
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
    facts = {"held": _described(held) if held else None, "owed": owed}
    return render(request, "portal/billing/subscription.html", facts)


def _described(held: Subscription) -> dict[str, Any]:
    """A subscription in the words its page needs."""
    plan = catalogue().plan(held.plan)
    return {
        "plan": plan.name(locale()) if plan else held.plan,
        "code": held.plan,
        "price": held.price,
        "interval": held.interval,
        "standing": str(standing(held.facts, now())),
        "renews_at": held.current_period_end,
        "ends_at": held.ended_at or ending(held.facts),
        "grace_until": held.grace_until,
        "started_at": held.started_at,
    }


@login_required
def cancel(request: HttpRequest) -> HttpResponse:
    """First what it means, then the deed."""
    user = _person(request)
    held = Subscription.objects.of_user(user.pk).live().first()
    if held is None or ending(held.facts) is not None:
        return redirect("subscription")
    if request.method != "POST":
        return render(request, "portal/billing/cancel.html", {"held": _described(held)})
    return _done(
        request,
        lambda: actions.cancel_at_period_end(user=user, by=user.actor, at=now()),
        _("Your subscription is cancelled. There will be no further payment."),
    )


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
        messages.error(request, _plainly(error))
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
        messages.error(request, _plainly(error))
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
        messages.warning(request, _plainly(error))
    return redirect("subscription")


@require_safe
@login_required
def invoices(request: HttpRequest) -> HttpResponse:
    mine = Invoice.objects.of_user(_person(request).pk).issued().newest_first()
    return render(request, "portal/billing/invoices.html", {"invoices": mine.defer("raw")[:MOST_INVOICES]})


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
