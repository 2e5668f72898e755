"""What readers and staff do about money. Each is a POST or the page Stripe sends people back to; no other page asks Stripe."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.readers import present
from newsroom.billing import outbox, trials
from newsroom.billing.catalogue import Price, catalogue
from newsroom.billing.effects.people import payer
from newsroom.billing.gateway import Body, Declined, Unanswered, gateway
from newsroom.billing.models import Account, Invoice, OutboxCall, Subscription
from newsroom.billing.states import ending
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused


class NotForSale(Refused):
    """There is no such price, or it is not in Stripe yet."""

    status = 404


class AlreadySubscribed(Refused):
    """One person has one subscription."""


class NoSubscription(Refused):
    """There is nothing to change."""


class TrialUsed(Refused):
    """One trial for each reader."""


def account_of(*, user: User, at: datetime) -> Account:
    """The person's paying account, made when there is none. That of an account merged into theirs counts."""
    found = Account.objects.of_user(user.pk).first()
    return found or Account.objects.get_or_create(user=user, defaults={"created_at": at})[0]


def open_checkout(
    *, user: User, lookup_key: str, next_path: str, by: Actor, at: datetime, trial: bool = False, promotion: str = ""
) -> str:
    """Open Stripe's Checkout for this price and answer its address. `trial`: with the plan's days free, for who had
    none yet. `promotion` is the id of a promotion code; without one the reader may type one in.

    Looks at Stripe first: a webhook may be late, and nobody pays twice. Raises `NotForSale`, `AlreadySubscribed`,
    `Declined`, `Unanswered`.
    """
    price = catalogue().price(lookup_key)
    if price is None:
        raise NotForSale(_("There is no such plan."))
    account = account_of(user=user, at=at)
    sync(account_id=account.pk, at=at)
    _expire_former(account, at)
    _give_customer(account, at)
    found = gateway().price(lookup_key)
    if found is None:
        raise NotForSale(_("This plan cannot be bought yet. Please try again later."))
    offer = _offer(price, promotion) | (_trial(account, price) if trial else {})
    call = _note_checkout(account, price, found["id"], next_path, offer, by, at)
    return str(outbox.send(call=call, at=at)["url"])


def _give_customer(account: Account, at: datetime) -> None:
    """The account has its one customer at Stripe, made under the account's lock."""
    with transaction.atomic():
        held = Account.objects.select_for_update(of=("self",)).select_related("user").get(pk=account.pk)
        if held.stripe_customer_id is not None:
            return
        call = outbox.ask(operation="customer.create", params=_customer(held), account=held, at=at)
    outbox.send(call=call, at=at)


def _customer(account: Account) -> Body:
    user = present(payer(account))
    facts: Body = {"email": user.email, "metadata": {"account": str(account.pk)}, "preferred_locales": [user.locale]}
    return facts | {"name": user.name} if user.name else facts


def _expire_former(account: Account, at: datetime) -> None:
    """Close a Checkout that is still open elsewhere; if it was paid meanwhile, sync finds the subscription."""
    former = Account.objects.values_list("open_checkout", flat=True).get(pk=account.pk)
    if not former:
        return
    call = outbox.ask(operation="checkout.expire", params={"subject": former}, account=account, at=at)
    try:
        outbox.send(call=call, at=at)
    except Declined:  # it is not open any more: paid, or run out
        sync(account_id=account.pk, at=at)
    Account.objects.filter(pk=account.pk, open_checkout=former).update(open_checkout="")


def _offer(price: Price, promotion: str) -> Body:
    """What Checkout is told of discounts, and of the subscription."""
    data = {"subscription_data": {"metadata": {"plan": price.plan}}}
    return data | ({"discounts": [{"promotion_code": promotion}]} if promotion else {"allow_promotion_codes": True})


def _trial(account: Account, price: Price) -> Body:
    """Days free, then the price; without a card on that day it ends. Raises `TrialUsed`."""
    days = trials.days_for(account, price.plan)
    if not days:
        raise TrialUsed(_("You have had your trial already. You can subscribe without one."))
    data: Body = {
        "metadata": {"plan": price.plan},
        "trial_period_days": days,
        "trial_settings": {"end_behavior": {"missing_payment_method": "cancel"}},
    }
    return {"subscription_data": data, "payment_method_collection": "always"}


@transaction.atomic
def _note_checkout(
    account: Account, price: Price, price_id: str, next_path: str, offer: Body, by: Actor, at: datetime
) -> OutboxCall:
    account = Account.objects.select_for_update(of=("self",)).select_related("user").get(pk=account.pk)
    if account.subscriptions.live().exists():
        raise AlreadySubscribed(_("You already have a subscription."))
    if account.currency and account.currency != price.money.currency:
        raise NotForSale(_("Your account pays in another currency."))
    audit.record("billing.checkout_opened", by=by, of=account, at=at, facts={"price": price.lookup_key})
    params = {
        "mode": "subscription",
        "customer": account.stripe_customer_id,
        "client_reference_id": str(account.pk),
        "line_items": [{"price": price_id, "quantity": 1}],
        "locale": _locale(payer(account)),
        "success_url": _address("checkout_success", next_path),
        "cancel_url": _address("checkout_cancelled", next_path),
    }
    offer["subscription_data"]["metadata"]["account"] = str(account.pk)
    return outbox.ask(operation="checkout.create", params=params | offer, account=account, at=at)


def _locale(user: User) -> str:
    """Of those that Stripe's pages speak."""
    return user.locale if user.locale in {"en", "fr", "tr"} else "auto"


def _address(name: str, next_path: str) -> str:
    return settings.BASE_URL + reverse(name) + (f"?{urlencode({'next': next_path})}" if next_path else "")


def finish(*, user: User, at: datetime) -> Subscription | None:
    """Back from Checkout: look at Stripe now, webhook or not. Only ever the person's own account."""
    account = Account.objects.of_user(user.pk).first()
    if account is None:
        return None
    sync(account_id=account.pk, at=at)
    return account.subscriptions.newest_first().first()


def settle(*, user: User, by: Actor, at: datetime) -> None:
    """Back from the page where the card was changed: what is owed is tried with that card at once, not days later.

    Raises `Declined`, `Unanswered`.
    """
    held = finish(user=user, at=at)
    owed = Invoice.objects.owed_for(held.stripe_id).first() if held else None
    if owed is None:
        return
    with transaction.atomic():
        call = outbox.ask(operation="invoice.pay", params={"subject": owed.stripe_id}, account=owed.account, at=at)
        audit.record("billing.invoice_tried", by=by, of=owed, at=at)
    try:
        outbox.send(call=call, at=at)
    finally:
        finish(user=user, at=at)


def cancel_at_period_end(*, user: User, by: Actor, at: datetime, details: Body | None = None) -> None:
    """No further payment; what is paid for is kept to its end. `details` is what the reader said on leaving, as Stripe
    keeps it. Raises `NoSubscription`."""
    _renewal(user, False, action="billing.subscription_cancelled", by=by, at=at, details=details)


def resume(*, user: User, by: Actor, at: datetime) -> None:
    """It renews again. Only while it runs. Raises `NoSubscription`."""
    _renewal(user, True, action="billing.subscription_resumed", by=by, at=at)


def _renewal(user: User, renews: bool, *, action: str, by: Actor, at: datetime, details: Body | None = None) -> None:
    with transaction.atomic():
        account = Account.objects.select_for_update(of=("self",)).of_user(user.pk).first()
        subscription = account.subscriptions.live().first() if account else None
        if account is None or subscription is None:
            raise NoSubscription(_("You have no subscription that could be changed."))
        if (ending(subscription.facts) is None) == renews:
            return
        params: Body = {"subject": subscription.stripe_id, "cancel_at_period_end": not renews}
        if renews and not subscription.cancel_at_period_end:
            params = {"subject": subscription.stripe_id, "cancel_at": ""}
        params |= {"cancellation_details": details} if details else {}
        call = outbox.ask(operation="subscription.update", params=params, account=account, at=at)
        audit.record(action, by=by, of=subscription, at=at)
    outbox.send(call=call, at=at)
    sync(account_id=account.pk, at=at)


def open_card_change(*, user: User, by: Actor, at: datetime) -> str:
    """The address of Stripe's page where the card is changed. Raises `NoSubscription`."""
    with transaction.atomic():
        account = Account.objects.of_user(user.pk).exclude(stripe_customer_id=None).first()
        if account is None:
            raise NoSubscription(_("You have no subscription that could be changed."))
        params: Body = {
            "customer": account.stripe_customer_id,
            "flow_data": {"type": "payment_method_update"},
            "return_url": settings.BASE_URL + reverse("subscription_return"),
        }
        call = outbox.ask(operation="portal.create", params=params, account=account, at=at)
        audit.record("billing.card_change_opened", by=by, of=account, at=at)
    return str(outbox.send(call=call, at=at)["url"])


def open_portal(*, user: User, by: Actor, at: datetime) -> str:
    """The address of Stripe's pages for card, invoices and subscription. Raises `NoSubscription` before any purchase."""
    with transaction.atomic():
        account = Account.objects.of_user(user.pk).exclude(stripe_customer_id=None).first()
        if account is None:
            raise NoSubscription(_("There is nothing to show yet: you have not bought anything."))
        back = settings.BASE_URL + reverse("subscription_return")
        params: Body = {"customer": account.stripe_customer_id, "return_url": back}
        call = outbox.ask(operation="portal.create", params=params, account=account, at=at)
        audit.record("billing.portal_opened", by=by, of=account, at=at)
    return str(outbox.send(call=call, at=at)["url"])


def address_of(*, invoice: Invoice, pdf: bool) -> str:
    """Where the invoice is shown now, or its PDF. Stripe's addresses run out after some weeks, so it is asked again."""
    try:
        fresh = gateway().invoice(invoice.stripe_id)
    except (Declined, Unanswered):
        return invoice.pdf_url if pdf else invoice.hosted_url
    return str(fresh["invoice_pdf"] if pdf else fresh["hosted_invoice_url"])
