"""Checkout in mode `payment`: what is paid once, and everything that may go wrong with it."""

from typing import Any, cast

import pytest
import stripe

from newsroom.sandbox.engine import sessions
from newsroom.sandbox.engine.errors import StripeError
from tests.sandbox.shop import DECLINED, PAYS, POOR, Shop

CHALLENGES = "4000002760003184"
DECLINES = {
    "4000000000000002": "card_declined",
    "4000000000009995": "card_declined",
    "4000000000009987": "card_declined",
    "4000000000009979": "card_declined",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
    "4000000000000119": "processing_error",
}


def once(shop: Shop, **given: Any) -> stripe.checkout.Session:
    """A Checkout for one story at 25 euros."""
    facts: dict[str, Any] = {
        "mode": "payment",
        "customer": shop.customer().id,
        "success_url": "https://news.example/done?session={CHECKOUT_SESSION_ID}",
        "line_items": [line()],
        "invoice_creation": {"enabled": True},
        "metadata": {"kind": "story"},
    }
    return shop.sdk.v1.checkout.sessions.create(cast(Any, facts | given))


def line(amount: int = 2500, currency: str = "eur", **facts: Any) -> dict[str, Any]:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "One story"}}
    return {"price_data": price, "quantity": 1} | facts


def fill(shop: Shop, session: str, number: str = PAYS, *, authenticated: bool = False, **details: str) -> Any:
    return shop.do(
        lambda world: sessions.complete(
            world,
            session,
            email="reader@example.org",
            holder="A Reader",
            number=number,
            authenticated=authenticated,
            details=details,
        )
    )


def test_what_is_paid_once_has_a_payment_and_a_final_invoice(shop: Shop):
    session = once(shop, payment_intent_data={"description": "One story", "metadata": {"order": "7"}})
    fill(shop, session.id)

    done = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "invoice", "line_items"]})
    intent, invoice = cast(Any, done.payment_intent), cast(Any, done.invoice)
    assert (done.status, done.payment_status, done.amount_total, done.url) == ("complete", "paid", 2500, None)
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 2500, "7")
    assert intent.setup_future_usage is None
    assert (invoice.status, invoice.total, invoice.amount_remaining, invoice.billing_reason) == (
        "paid",
        2500,
        0,
        "manual",
    )
    paid = shop.sdk.v1.invoices.retrieve(invoice.id, {"expand": ["payments"]})
    assert [each.payment.payment_intent for each in paid.payments.data] == [intent.id]
    assert len(shop.sdk.v1.payment_intents.list({"customer": str(done.customer)}).data) == 1
    assert shop.happened()[-3:] == ["invoice.paid", "invoice.payment_succeeded", "checkout.session.completed"]


@pytest.mark.parametrize(("number", "code"), sorted(DECLINES.items()))
def test_a_declined_card_leaves_the_session_open_and_its_try_behind(shop: Shop, number: str, code: str):
    session = once(shop)

    with pytest.raises(StripeError) as refused:
        fill(shop, session.id, number)

    again = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert refused.value.error["code"] == code
    assert (again.status, again.payment_status) == ("open", "unpaid")
    assert cast(Any, again.payment_intent).status == "requires_payment_method"
    fill(shop, session.id)
    charges = shop.sdk.v1.charges.list({"payment_intent": cast(Any, again.payment_intent).id}).data
    assert [each.status for each in charges] == ["succeeded", "failed"]


def test_3d_secure_is_waited_for_and_may_be_approved_or_refused(shop: Shop):
    session = once(shop)
    waiting = fill(shop, session.id, CHALLENGES)
    assert waiting["_"]["challenge"]["number"] == CHALLENGES
    assert waiting["status"] == "open"

    with pytest.raises(StripeError) as refused:
        shop.do(lambda world: sessions.refuse_challenge(world, session.id))
    assert refused.value.error["code"] == "payment_intent_authentication_failure"

    fill(shop, session.id, CHALLENGES)
    fill(shop, session.id, CHALLENGES, authenticated=True)
    assert shop.sdk.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_an_abandoned_challenge_ends_with_the_session_and_nothing_can_be_paid(shop: Shop):
    session = once(shop)
    fill(shop, session.id, CHALLENGES)
    shop.advance(days=1, hours=1)

    gone = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (gone.status, cast(Any, gone.payment_intent).status) == ("expired", "canceled")
    assert shop.happened()[-2:] == ["payment_intent.canceled", "checkout.session.expired"]
    with pytest.raises(StripeError, match="expired"):
        fill(shop, session.id)


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"line_items": []}, "line_items"),
        ({"line_items": [line(quantity=0)]}, "line_items[0][quantity]"),
        ({"line_items": [line(), line(currency="usd")]}, "line_items"),
        ({"line_items": [{"quantity": 1}]}, "line_items[0]"),
        ({"line_items": [line(12345, "kwd")]}, "line_items"),
        ({"tax_id_collection": {"enabled": True}}, "customer_update[name]"),
        ({"subscription_data": {"description": "x"}}, "subscription_data"),
        ({"automatic_tax": {"enabled": True}}, "automatic_tax[enabled]"),
    ],
)
def test_what_stripe_refuses_is_refused_by_name(shop: Shop, given: dict[str, Any], param: str):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        once(shop, **given)
    assert refused.value.param == param


def test_less_than_stripe_charges_is_refused(shop: Shop):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        once(shop, line_items=[line(49)])
    assert refused.value.code == "amount_too_small"


def test_a_recurring_price_is_not_sold_once(shop: Shop):
    with pytest.raises(stripe.InvalidRequestError, match="recurring price"):
        once(shop, line_items=[{"price": shop.price().id, "quantity": 1}])


@pytest.mark.parametrize(
    ("currency", "amount", "inclusive", "tax", "total"),
    [
        ("eur", 2500, False, 475, 2975),
        ("eur", 2500, True, 399, 2500),
        ("jpy", 3333, False, 633, 3966),
        ("jpy", 3333, True, 532, 3333),
        ("kwd", 10010, False, 1900, 11910),
        ("kwd", 10010, True, 1600, 10010),
    ],
)
def test_tax_is_rounded_in_the_currency_and_stands_on_the_invoice(
    shop: Shop, currency: str, amount: int, inclusive: bool, tax: int, total: int
):
    rate = shop.sdk.v1.tax_rates.create(
        {"display_name": "VAT", "percentage": 19, "inclusive": inclusive, "country": "DE"}
    )
    session = once(shop, line_items=[line(amount, currency, tax_rates=[rate.id])])
    fill(shop, session.id)

    done = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    invoice = cast(Any, done.invoice)
    assert (done.amount_subtotal, cast(Any, done.total_details).amount_tax, done.amount_total) == (amount, tax, total)
    assert (invoice.subtotal, invoice.total, invoice.total_excluding_tax) == (amount, total, total - tax)
    assert [(each.amount, each.taxable_amount) for each in invoice.total_taxes] == [(tax, total - tax)]


def test_rates_that_do_not_go_together_or_are_archived_are_refused(shop: Shop):
    rates = [
        shop.sdk.v1.tax_rates.create({"display_name": "VAT", "percentage": 19, "inclusive": inclusive})
        for inclusive in (True, False)
    ]
    with pytest.raises(stripe.InvalidRequestError, match="combine inclusive and exclusive"):
        once(shop, line_items=[line(tax_rates=[each.id for each in rates])])
    shop.sdk.v1.tax_rates.update(rates[0].id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="archived"):
        once(shop, line_items=[line(tax_rates=[rates[0].id])])


def test_the_page_may_change_the_customer_and_take_a_tax_id_and_a_field_of_ours(shop: Shop):
    session = once(
        shop,
        tax_id_collection={"enabled": True},
        customer_update={"name": "auto", "address": "auto"},
        custom_fields=[{"key": "po", "label": {"type": "custom", "custom": "PO"}, "type": "text", "optional": True}],
    )
    fill(shop, session.id, country="DE", business_name="Blatt GmbH", tax_id="DE 123456789", po="PO-7")

    done = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer.tax_ids", "invoice"]})
    customer, details = cast(Any, done.customer), cast(Any, done.customer_details)
    assert (customer.name, customer.address.country) == ("Blatt GmbH", "DE")
    assert [(each.type, each.value) for each in customer.tax_ids.data] == [("eu_vat", "DE 123456789")]
    assert [(each.type, each.value) for each in details.tax_ids] == [("eu_vat", "DE 123456789")]
    assert [(each.type, each.value) for each in cast(Any, done.invoice).customer_tax_ids] == [
        ("eu_vat", "DE 123456789")
    ]
    assert [each.text.value for each in done.custom_fields] == ["PO-7"]


def test_a_malformed_tax_id_stops_the_payment_and_takes_nothing(shop: Shop):
    session = once(shop, tax_id_collection={"enabled": True}, customer_update={"name": "auto"})

    with pytest.raises(StripeError) as refused:
        fill(shop, session.id, tax_id="DE12")

    assert refused.value.error["code"] == "tax_id_invalid"
    assert shop.sdk.v1.charges.list().data == []


def test_declines_and_3d_secure_leave_one_intent_whatever_the_number_of_tries(shop: Shop):
    session = once(shop)
    for number in (DECLINED, POOR):
        with pytest.raises(StripeError):
            fill(shop, session.id, number)
    fill(shop, session.id)
    assert len(shop.sdk.v1.payment_intents.list().data) == 1
