"""Every operation the stand-in has, called through Stripe's own SDK. `Shop` checks each answer against the SDK's types."""

import inspect
import re
from contextlib import suppress
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import pytest
import stripe

from newsroom.billing.gateway import OPERATIONS
from newsroom.sandbox.engine.engine import Request
from newsroom.sandbox.engine.routes import PAGED, ROUTES, Route, route_of
from newsroom.sandbox.engine.schema import fields, is_typeddict
from tests.sandbox.changing import operations_of_change
from tests.sandbox.shop import DAY, NOON, Shop


def test_every_route_is_one_the_sdk_calls_with_parameters_the_sdk_has() -> None:
    folder = Path(inspect.getfile(stripe)).parent
    called: set[tuple[str, str]] = set()
    for source in folder.rglob("_*_service.py"):
        for method, path in re.findall(r'"(get|post|delete)",\s*"(/v1/[^"]*)"', source.read_text()):
            called.add((method.upper(), re.sub(r"\{\w+\}", "{}", path)))

    assert [route for route in ROUTES if (route.method, route.path) not in called] == []
    assert [route for route in ROUTES if not is_typeddict(route.shape)] == []


def test_every_parameter_a_route_says_it_acts_on_is_one_of_the_sdks() -> None:
    assert [
        (route.path, name)
        for route in ROUTES
        for name in route.built - PAGED
        if name.split(".")[0] not in fields(route.shape)
    ] == []


def test_every_operation_answers(shop: Shop) -> None:
    _catalogue(shop)
    customer = _customers_and_cards(shop)
    _buying(shop, customer)
    _taxes(shop, customer)
    _portal_and_clocks(shop, customer)
    operations_of_change(shop)
    _money_back(shop)
    _invoicing(shop, customer)

    asked = {(route.method, route.path) for route in (_route(request) for request in shop.requests)}
    assert {(route.method, route.path) for route in ROUTES} - asked == set()


def test_whatever_the_product_may_ask_for_is_answered(shop: Shop) -> None:
    assert {name for name, place in OPERATIONS.items() if not _answered(shop, place)} == set()


def _answered(shop: Shop, place: str) -> bool:
    """Whether this deed of the SDK leads to an address that the stand-in has."""
    deed = attrgetter(place)(shop.sdk.v1)
    ids = ["x_1" for name in inspect.signature(deed).parameters if name not in {"params", "options"}]
    with suppress(stripe.StripeError):
        deed(*ids, params={})
    asked = shop.requests[-1]
    return any(route.method == asked.method and route.pattern.match(asked.path) for route in ROUTES)


def _taxes(shop: Shop, customer: str) -> None:
    v1 = shop.sdk.v1
    rate = v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": True})
    v1.tax_rates.update(rate.id, {"metadata": {"country": "GB"}})
    assert v1.tax_rates.retrieve(rate.id).percentage == 20
    assert [each.id for each in v1.tax_rates.list({"inclusive": True}).data] == [rate.id]
    held = v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    assert v1.customers.tax_ids.retrieve(customer, held.id).country == "DE"
    assert [each.id for each in v1.customers.tax_ids.list(customer).data] == [held.id]
    v1.customers.tax_ids.delete(customer, held.id)


def _route(request: Request) -> Route:
    return route_of(request.method, request.path)[0]


def _catalogue(shop: Shop) -> None:
    v1 = shop.sdk.v1
    product = v1.products.create({"id": "prod_full", "name": "Full access", "metadata": {"code": "full"}})
    v1.products.update(product.id, {"description": "Everything", "metadata": {"code": ""}})
    assert v1.products.retrieve(product.id).metadata.to_dict() == {}
    price = v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "lookup_key": "full_month",
        }
    )
    v1.prices.update(price.id, {"nickname": "Monthly"})
    assert v1.prices.retrieve(price.id).nickname == "Monthly"
    assert [each.id for each in v1.prices.list({"lookup_keys": ["full_month", "other"]}).data] == [price.id]
    assert [each.id for each in v1.products.list({"active": True, "ids": [product.id]}).data] == [product.id]


def _customers_and_cards(shop: Shop) -> str:
    v1 = shop.sdk.v1
    customer = v1.customers.create({"email": "reader@example.org", "address": {"country": "TR"}})
    v1.customers.update(customer.id, {"name": "A Reader", "address": {"country": "DE", "city": "Berlin"}})
    assert v1.customers.retrieve(customer.id, {"expand": ["subscriptions", "tax_ids"]}).subscriptions is not None
    assert len(v1.customers.list({"email": "reader@example.org"}).data) == 1
    method = v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    v1.payment_methods.attach(method.id, {"customer": customer.id})
    v1.payment_methods.update(method.id, {"metadata": {"first": "yes"}})
    assert v1.payment_methods.list({"customer": customer.id}).data[0].to_dict()["metadata"] == {"first": "yes"}
    assert v1.payment_methods.retrieve(method.id).id == method.id
    assert v1.customers.payment_methods.retrieve(customer.id, method.id).id == method.id
    assert len(v1.customers.payment_methods.list(customer.id).data) == 1
    assert len(v1.payment_methods.list({"customer": customer.id, "type": "card"}).data) == 1
    intent = v1.setup_intents.create({"customer": customer.id, "payment_method": "pm_card_mastercard"})
    assert v1.setup_intents.confirm(intent.id).status == "succeeded"
    assert v1.setup_intents.retrieve(intent.id).status == "succeeded"
    v1.setup_intents.cancel(v1.setup_intents.create({"customer": customer.id}).id)
    assert [each.status for each in v1.setup_intents.list({"customer": customer.id}).data] == ["canceled", "succeeded"]
    v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    v1.payment_methods.detach(method.id)
    assert v1.customers.retrieve(customer.id).invoice_settings["default_payment_method"] is None  # type: ignore[index]  # there
    v1.customers.delete(v1.customers.create({"email": "gone@example.org"}).id)
    return customer.id


def _buying(shop: Shop, customer: str) -> None:
    v1 = shop.sdk.v1
    session = shop.session(customer=customer, price=v1.prices.list().data[0].id)
    v1.checkout.sessions.update(session.id, {"metadata": {"account": "7"}})
    assert v1.checkout.sessions.line_items.list(session.id).data[0].quantity == 1
    v1.checkout.sessions.expire(session.id)
    assert [each.status for each in v1.checkout.sessions.list({"customer": customer}).data] == ["expired"]
    subscription = shop.subscription(customer=customer)
    assert v1.checkout.sessions.list({"subscription": subscription.id}).data[0].status == "complete"
    v1.subscriptions.update(subscription.id, {"description": "The whole wire"})
    assert [each.id for each in v1.subscriptions.list({"customer": customer}).data] == [subscription.id]
    item = v1.subscription_items.list({"subscription": subscription.id}).data[0]
    assert v1.subscription_items.retrieve(item.id).subscription == subscription.id
    invoice = v1.invoices.retrieve(str(subscription.latest_invoice), {"expand": ["payments", "confirmation_secret"]})
    assert invoice.payments is not None
    payment = v1.invoice_payments.retrieve(invoice.payments.data[0].id)
    assert [each.id for each in v1.invoice_payments.list({"invoice": str(invoice.id)}).data] == [payment.id]
    intent = v1.payment_intents.retrieve(str(payment.payment.payment_intent), {"expand": ["latest_charge"]})
    assert intent.status == "succeeded"
    assert len(v1.payment_intents.list({"customer": customer}).data) == 1
    charge = v1.charges.list({"payment_intent": intent.id}).data[0]
    assert v1.charges.retrieve(charge.id, {"expand": ["refunds"]}).paid
    assert v1.invoices.line_items.list(str(invoice.id)).data[0].amount == 900
    _invoices(shop, subscription)
    event = v1.events.list({"types": ["checkout.session.completed", "invoice.paid"], "created": {"gte": NOON}}).data[0]
    assert v1.events.retrieve(event.id).type == event.type


def _invoices(shop: Shop, subscription: stripe.Subscription) -> None:
    """Five renewals' drafts: finalized, paid, written off, voided; and a note on each."""
    v1, drafts = shop.sdk.v1, []
    for _month in range(4):
        shop.advance(
            days=(v1.subscription_items.list({"subscription": subscription.id}).data[0].current_period_end - shop.now)
            / DAY
        )
        drafts.append(str(v1.subscriptions.retrieve(subscription.id).latest_invoice))
        v1.invoices.update(drafts[-1], {"auto_advance": False, "metadata": {"month": str(_month)}})
    assert v1.invoices.finalize_invoice(drafts[0]).status == "open"
    assert v1.invoices.pay(drafts[0]).status == "paid"
    v1.invoices.finalize_invoice(drafts[1])
    assert v1.invoices.void_invoice(drafts[1]).status == "void"
    v1.invoices.finalize_invoice(drafts[2])
    assert v1.invoices.mark_uncollectible(drafts[2]).status == "uncollectible"
    assert v1.invoices.pay(drafts[3], {"paid_out_of_band": True}).status == "paid"
    found = v1.invoices.list({"subscription": subscription.id, "status": "void"}).data
    assert [each.id for each in found] == [drafts[1]]


def _money_back(shop: Shop) -> None:
    v1 = shop.sdk.v1
    invoice = str(shop.subscription("4000000000000259").latest_invoice)
    dispute = v1.disputes.list().data[0]
    v1.disputes.update(dispute.id, {"metadata": {"case": "7"}, "submit": False})
    assert v1.disputes.close(v1.disputes.retrieve(dispute.id).id).status == "lost"
    other = shop.subscription()
    charge = v1.charges.list({"customer": str(other.customer)}).data[0]
    refund = v1.refunds.create({"charge": charge.id, "amount": 1})
    v1.refunds.update(v1.refunds.retrieve(refund.id).id, {"metadata": {"why": "goodwill"}})
    with pytest.raises(stripe.InvalidRequestError):
        v1.refunds.cancel(v1.refunds.list({"charge": charge.id}).data[0].id)
    v1.credit_notes.preview({"invoice": invoice, "amount": 2, "credit_amount": 2})
    note = v1.credit_notes.create({"invoice": invoice, "amount": 2, "credit_amount": 2})
    v1.credit_notes.update(note.id, {"memo": "Sorry"})
    assert v1.credit_notes.line_items.list(note.id).data[0].amount == 2
    assert [each.memo for each in v1.credit_notes.list({"invoice": invoice}).data] == ["Sorry"]
    with pytest.raises(stripe.InvalidRequestError):
        v1.credit_notes.void_credit_note(v1.credit_notes.retrieve(note.id).id)
    customer = str(note.customer)
    v1.customers.balance_transactions.create(customer, {"amount": 2, "currency": "eur"})
    assert [each.amount for each in v1.customers.balance_transactions.list(customer).data] == [2, -2]


def _invoicing(shop: Shop, customer: str) -> None:
    v1 = shop.sdk.v1
    draft = v1.invoices.create(
        {"customer": customer, "collection_method": "send_invoice", "days_until_due": 14, "currency": "eur"}
    )
    item = v1.invoice_items.create({"customer": customer, "invoice": str(draft.id), "amount": 900, "currency": "eur"})
    v1.invoice_items.update(item.id, {"amount": 1_000})
    assert v1.invoice_items.retrieve(item.id).amount == 1_000
    assert [each.id for each in v1.invoice_items.list({"invoice": str(draft.id)}).data] == [item.id]
    assert v1.invoices.send_invoice(str(draft.id)).total == 1_000
    waiting = v1.invoice_items.create({"customer": customer, "amount": 1, "currency": "eur"})
    assert v1.invoice_items.delete(waiting.id).deleted
    v1.invoices.delete(str(v1.invoices.create({"customer": customer, "currency": "eur"}).id))


def _portal_and_clocks(shop: Shop, customer: str) -> None:
    v1 = shop.sdk.v1
    made = v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}, "default_return_url": "https://news.example/"}
    )
    v1.billing_portal.configurations.update(
        made.id, {"active": True, "features": {"subscription_cancel": {"enabled": False}}}
    )
    assert v1.billing_portal.configurations.retrieve(made.id).features.subscription_cancel.enabled is False
    assert len(v1.billing_portal.configurations.list({"active": True}).data) == 1
    session = v1.billing_portal.sessions.create({"customer": customer, "configuration": made.id})
    assert session.return_url == "https://news.example/"
    clock = v1.test_helpers.test_clocks.create({"frozen_time": NOON, "name": "a year on"})
    v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": NOON + DAY})
    assert v1.test_helpers.test_clocks.retrieve(clock.id).frozen_time == NOON + DAY
    assert len(v1.test_helpers.test_clocks.list().data) == 1
    v1.test_helpers.test_clocks.delete(clock.id)
    added = shop.customer("pm_card_visa")
    subscription = v1.subscriptions.create(
        {"customer": added.id, "items": [{"price": shop.price().id}], "cancel_at_period_end": True}
    )
    assert v1.subscriptions.retrieve(subscription.id).cancel_at is not None
    v1.subscriptions.cancel(subscription.id)


def test_a_lookup_key_is_moved_only_when_asked_to(shop: Shop) -> None:
    first = shop.price(lookup_key="full_month")

    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        shop.price(lookup_key="full_month", unit_amount=1000)
    second = shop.price(lookup_key="full_month", unit_amount=1000, transfer_lookup_key=True)

    assert [each.id for each in shop.sdk.v1.prices.list({"lookup_keys": ["full_month"]}).data] == [second.id]
    assert shop.sdk.v1.prices.retrieve(first.id).lookup_key is None


def test_an_amount_with_a_fraction_of_a_cent_is_rounded_once_for_the_whole_line(shop: Shop) -> None:
    price = shop.sdk.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount_decimal": Decimal("0.5"),
            "recurring": {"interval": "month"},
            "product_data": {"name": "Words"},
        }
    )
    subscription = shop.again(shop.subscription(price=price.id, quantity=3))

    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    assert (price.unit_amount, subscription.latest_invoice.total) == (None, 2)


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 900), ("kwd", 9000), ("try", 29900)])
def test_amounts_are_minor_units_of_whatever_currency(shop: Shop, currency: str, amount: int) -> None:
    subscription = shop.again(shop.subscription(price=shop.price(currency=currency, unit_amount=amount).id))

    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    assert (subscription.currency, subscription.latest_invoice.total) == (currency, amount)
