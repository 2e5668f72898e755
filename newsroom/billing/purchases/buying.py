"""Buying once: the order is noted at the price we compute, then Stripe's Checkout is opened for exactly that."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.readers import present
from newsroom.billing import actions, outbox
from newsroom.billing.effects.people import payer
from newsroom.billing.gateway import Body
from newsroom.billing.models import Account, Order, OutboxCall, Purchase
from newsroom.billing.purchases import checks, taxing
from newsroom.billing.purchases.errors import NotSold
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import Choice, check_story
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.money import Money
from newsroom.wire.models import Item


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be bought. `title` and `about` are what Stripe shows; `business`: the price is without tax."""

    kind: str
    price: Money
    title: str
    about: str = ""
    terms: dict[str, Any] = field(default_factory=dict)
    item: Item | None = None
    business: bool = False


def buy_day_pass(*, user: User, currency: str, next_path: str, by: Actor, at: datetime) -> str:
    """The address of the Checkout for 24 hours of reading. Raises `AlreadyYours`, `NotSold`, `Declined`, `Unanswered`."""
    checks.may_buy_day_pass(user=user, at=at)
    price = price_list().day_pass(_known(currency))
    title, about = _("Day pass"), _("Every story in full, for 24 hours from payment.")
    return _opened(user, Wanted(Order.Kind.DAY_PASS, price, title, about), next_path, by, at)


def buy_story(
    *, user: User, item: Item, headline: str, choice: Choice, price: Money, next_path: str, by: Actor, at: datetime
) -> str:
    """The address of the Checkout for this use of one story, at the price of a signed offer.

    Raises `BadChoice`, `AlreadyYours`, `NotSold`, `Declined`, `Unanswered`.
    """
    head = checks.on_sale(item, at)
    if choice.personal:
        checks.may_buy_reading(user=user, item=item, at=at)
    check_story(choice, uses_out=head.uses_out, channels_out=head.channels_out, territories_out=head.territories_out)
    if price != price_list().story(choice, _known(price.currency)):
        raise NotSold(_("The price has changed. Please look at it again."))
    wanted = Wanted(
        Order.Kind.STORY, price, headline[:200], choice.clause, choice.as_json(), item, business=not choice.personal
    )
    return _opened(user, wanted, next_path, by, at)


def _known(currency: str) -> str:
    if currency not in price_list().currencies:
        raise NotSold(_("We do not sell this in that currency."))
    return currency


def _opened(user: User, wanted: Wanted, next_path: str, by: Actor, at: datetime) -> str:
    _order, call = prepared(user=user, wanted=wanted, next_path=next_path, by=by, at=at)
    return str(outbox.send(call=call, at=at)["url"])


def prepared(*, user: User, wanted: Wanted, next_path: str, by: Actor, at: datetime) -> tuple[Order, OutboxCall]:
    """The order, and the call that opens its Checkout. Looks at Stripe first: a former Checkout is closed."""
    account = actions.account_of(user=user, at=at)
    sync(account_id=account.pk, at=at)
    actions._expire_former(account, at)
    actions._give_customer(account, at)
    treatment = taxing.treatment_of(account, business=wanted.business)
    rate = taxing.rate_at_stripe(treatment, at=at)
    with transaction.atomic():
        order = noted(account=account, wanted=wanted, treatment=treatment, next_path=next_path, by=by, at=at)
        params = _checkout(order, wanted, rate)
        return order, outbox.ask(operation="checkout.create", params=params, account=account, at=at)


def noted(
    *, account: Account, wanted: Wanted, treatment: taxing.Treatment, next_path: str, by: Actor, at: datetime
) -> Order:
    """The order as a row, under the account's lock. Raises `NotSold` when the account pays in another currency."""
    account = Account.objects.select_for_update(of=("self",)).select_related("user").get(pk=account.pk)
    if account.currency and account.currency != wanted.price.currency:
        raise NotSold(_("Your account pays in another currency."))
    order = Order.objects.create(
        account=account,
        kind=wanted.kind,
        terms=wanted.terms,
        item=wanted.item,
        price_minor=wanted.price.minor,
        currency=wanted.price.currency,
        tax=treatment.as_json(),
        locale=present(payer(account)).locale,
        next_path=next_path,
        created_at=at,
    )
    facts = {"kind": order.kind, "price": str(order.price)}
    audit.record("billing.order_noted", by=by, of=order, at=at, facts=facts)
    return order


def _checkout(order: Order, wanted: Wanted, rate: str) -> Body:
    product = {"name": wanted.title} | ({"description": wanted.about} if wanted.about else {})
    price = {"currency": order.currency, "unit_amount": order.price_minor, "product_data": product}
    line: Body = {"price_data": price, "quantity": 1} | ({"tax_rates": [rate]} if rate else {})
    marks = {"kind": order.kind, "order": str(order.ref), "account": str(order.account_id)}
    back = {"next": order.next_path} if order.next_path else {}
    params: Body = {
        "mode": "payment",
        "customer": order.account.stripe_customer_id,
        "client_reference_id": str(order.account_id),
        "line_items": [line],
        "locale": actions._locale(payer(order.account)),
        "metadata": marks,
        "payment_intent_data": {"description": wanted.title, "metadata": marks},
        "invoice_creation": {"enabled": True, "invoice_data": {"metadata": marks} | taxing.said_on_invoice(order)},
        "success_url": settings.BASE_URL + reverse("bought", args=[order.ref]),
        "cancel_url": settings.BASE_URL + reverse("checkout_cancelled") + (f"?{urlencode(back)}" if back else ""),
    }
    if wanted.business and not order.tax["company"]:  # who has company data here is not asked again there
        params |= {"tax_id_collection": {"enabled": True}, "customer_update": {"name": "auto", "address": "auto"}}
    return params


def finish(*, user: User, ref: str, at: datetime) -> tuple[Order, Purchase | None] | None:
    """Back from Checkout: look at Stripe now, webhook or not. Only ever the person's own order."""
    found = order_of(user=user, ref=ref)
    if found is None:
        return None
    sync(account_id=found[0].account_id, at=at)
    return found[0], purchase_of(found[0])


def order_of(*, user: User, ref: str) -> tuple[Order, Purchase | None] | None:
    """The person's own order with its Checkout as our copy has it; None for somebody else's."""
    mine = Order.objects.filter(ref=ref, account__in=Account.objects.of_user(user.pk)).select_related("item").first()
    return (mine, purchase_of(mine)) if mine else None


def purchase_of(order: Order) -> Purchase | None:
    """The Checkout of this order, as Stripe said it last."""
    return Purchase.objects.filter(account_id=order.account_id, metadata__order=str(order.ref)).first()
