"""Invoices written by hand and sent: items, drafts, the day of payment, and what is refused."""

from typing import Any, cast

import pytest
import stripe

from tests.sandbox.shop import DAY, NOON, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


def an_invoice(shop: Shop, *amounts: int, **given: Any) -> stripe.Invoice:
    """A draft of a customer, with an item for each amount."""
    customer = given.pop("customer", None) or shop.customer(name="Daily Zebra").id
    facts = {"customer": customer, "currency": "eur", "collection_method": "send_invoice", "days_until_due": 30}
    invoice = shop.sdk.v1.invoices.create(cast(Any, facts | given))
    for amount in amounts:
        shop.sdk.v1.invoice_items.create(
            {
                "customer": customer,
                "invoice": str(invoice.id),
                "amount": amount,
                "currency": given.get("currency", "eur"),
            }
        )
    return shop.sdk.v1.invoices.retrieve(str(invoice.id))


def kinds(shop: Shop) -> list[str]:
    return [each for each in shop.happened() if each.startswith(("invoice.", "invoiceitem."))]


def test_an_invoice_is_drafted_filled_sent_overdue_and_paid_by_transfer(shop: Shop) -> None:
    v1 = shop.sdk.v1
    draft = an_invoice(shop, 120_000, -20_000, custom_fields=[{"name": "PO", "value": "PO-17"}], footer="IBAN TR00")

    assert (draft.status, draft.total, draft.amount_due, draft.due_date) == ("draft", 100_000, 100_000, NOON + 30 * DAY)
    assert [each.amount for each in draft.lines.data] == [120_000, -20_000]
    assert [(each.name, each.value) for each in draft.custom_fields or []] == [("PO", "PO-17")]
    assert v1.invoices.finalize_invoice(str(draft.id)).status == "open"
    assert v1.invoices.send_invoice(str(draft.id)).footer == "IBAN TR00"
    shop.advance(days=29)
    assert kinds(shop)[-1] == "invoice.will_be_due"
    shop.advance(days=2)
    assert kinds(shop)[-1] == "invoice.overdue"
    paid = v1.invoices.pay(str(draft.id), {"paid_out_of_band": True})

    assert (paid.status, paid.amount_remaining, paid.amount_paid) == ("paid", 0, 100_000)
    assert [each.status for each in v1.payment_intents.list({"customer": str(draft.customer)}).data] == ["canceled"]
    assert v1.charges.list({"customer": str(draft.customer)}).data == []
    shop.advance(days=90)
    assert kinds(shop).count("invoice.overdue") == 1


def test_what_waits_is_taken_into_the_next_invoice_of_its_currency(shop: Shop) -> None:
    v1, customer = shop.sdk.v1, shop.customer().id
    for amount, currency in ((500, "eur"), (700, "usd"), (300, "eur")):
        v1.invoice_items.create({"customer": customer, "amount": amount, "currency": currency})
    assert len(v1.invoice_items.list({"customer": customer, "pending": True}).data) == 3

    taken = an_invoice(shop, customer=customer, pending_invoice_items_behavior="include")
    left = v1.invoice_items.list({"customer": customer, "pending": True}).data

    assert (taken.total, [each.amount for each in taken.lines.data]) == (800, [500, 300])
    assert [(each.amount, each.currency) for each in left] == [(700, "usd")]
    assert len(v1.invoice_items.list({"invoice": str(taken.id), "pending": False}).data) == 2


def test_an_item_of_a_draft_is_changed_and_taken_out(shop: Shop) -> None:
    v1 = shop.sdk.v1
    draft = an_invoice(shop, 900, 100)
    first, second = v1.invoice_items.list({"invoice": str(draft.id)}).data[::-1]

    v1.invoice_items.update(first.id, {"amount": 1_000, "description": "Full wire"})
    v1.invoice_items.delete(second.id)
    changed = v1.invoices.retrieve(str(draft.id))

    assert [(each.id, each.amount, each.description) for each in changed.lines.data] == [
        (draft.lines.data[0].id, 1_000, "Full wire")
    ]
    assert changed.total == 1_000
    v1.invoice_items.update(first.id, {"quantity": 3, "unit_amount_decimal": cast(Any, "0.5")})
    assert v1.invoices.retrieve(str(draft.id)).total == 2
    v1.invoices.delete(str(draft.id))
    with pytest.raises(stripe.InvalidRequestError, match="No such invoice"):
        v1.invoices.retrieve(str(draft.id))


def test_a_price_for_one_time_makes_an_item(shop: Shop) -> None:
    v1 = shop.sdk.v1
    price = v1.prices.create({"currency": "jpy", "unit_amount": 900, "product_data": {"name": "Story"}})
    customer = shop.customer().id

    item = v1.invoice_items.create({"customer": customer, "pricing": {"price": price.id}, "quantity": 3})

    assert (item.amount, item.currency, item.quantity) == (2_700, "jpy", 3)


def test_one_that_advances_by_itself_is_final_after_an_hour_and_sent(shop: Shop) -> None:
    draft = an_invoice(shop, 900, auto_advance=True)

    shop.advance(hours=1.1)

    assert shop.sdk.v1.invoices.retrieve(str(draft.id)).status == "open"
    assert kinds(shop)[-2:] == ["invoice.finalized", "invoice.sent"]


def test_nothing_owed_is_paid_by_itself(shop: Shop) -> None:
    draft = an_invoice(shop, 900, -900, auto_advance=True)

    shop.advance(hours=1.1)

    assert shop.sdk.v1.invoices.retrieve(str(draft.id)).status == "paid"


def test_what_the_balance_pays_is_paid_as_soon_as_it_is_final(shop: Shop) -> None:
    v1, customer = shop.sdk.v1, shop.customer().id
    v1.customers.balance_transactions.create(customer, {"amount": -1_000, "currency": "eur"})

    final = v1.invoices.finalize_invoice(str(an_invoice(shop, 900, customer=customer).id))

    assert (final.status, final.total, final.amount_due, final.ending_balance) == ("paid", 900, 0, -100)
    assert v1.invoices.send_invoice(str(final.id)).status == "paid"


def test_a_final_invoice_does_not_change(shop: Shop) -> None:
    v1 = shop.sdk.v1
    draft = an_invoice(shop, 900)
    item = v1.invoice_items.list({"invoice": str(draft.id)}).data[0]
    v1.invoices.finalize_invoice(str(draft.id))

    deeds = [
        lambda: v1.invoice_items.delete(item.id),
        lambda: v1.invoice_items.update(item.id, {"amount": 1}),
        lambda: v1.invoice_items.create(
            {"customer": str(draft.customer), "invoice": str(draft.id), "amount": 1, "currency": "eur"}
        ),
        lambda: v1.invoices.update(str(draft.id), {"footer": "other"}),
        lambda: v1.invoices.delete(str(draft.id)),
    ]
    for deed in deeds:
        with pytest.raises(stripe.InvalidRequestError):
            deed()
    assert v1.invoices.retrieve(str(draft.id)).total == 900


BAD_INVOICES = [
    ({"days_until_due": None}, "days_until_due"),
    ({"due_date": NOON + DAY}, "days_until_due"),
    ({"collection_method": "charge_automatically"}, "days_until_due"),
    ({"days_until_due": None, "due_date": NOON - DAY}, "due_date"),
    ({"customer": "cus_gone"}, "customer"),
    ({"custom_fields": [{"name": str(each), "value": "x"} for each in range(5)]}, "custom_fields"),
    ({"custom_fields": [{"name": "n" * 41, "value": "x"}]}, "custom_fields"),
]


@pytest.mark.parametrize(("given", "param"), BAD_INVOICES)
def test_an_invoice_that_cannot_be_is_refused_by_the_parameter(shop: Shop, given: dict[str, Any], param: str) -> None:
    usual = {
        "customer": shop.customer().id,
        "currency": "eur",
        "collection_method": "send_invoice",
        "days_until_due": 9,
    }
    facts = {name: each for name, each in (usual | given).items() if each is not None}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.sdk.v1.invoices.create(cast(Any, facts))

    assert refused.value.param == param


BAD_ITEMS = [
    ({"amount": None}, "amount"),
    ({"unit_amount_decimal": "1"}, "amount"),
    ({"currency": None}, "currency"),
    ({"customer": None}, "customer"),
    ({"quantity": 2}, "quantity"),
    ({"period": {"start": NOON, "end": NOON - 1}}, "period[end]"),
    ({"invoice": "in_gone"}, "invoice"),
]


@pytest.mark.parametrize(("given", "param"), BAD_ITEMS)
def test_an_item_that_cannot_be_is_refused_by_the_parameter(shop: Shop, given: dict[str, Any], param: str) -> None:
    usual = {"customer": shop.customer().id, "amount": 900, "currency": "eur"}
    facts = {name: each for name, each in (usual | given).items() if each is not None}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.sdk.v1.invoice_items.create(cast(Any, facts))

    assert refused.value.param == param


def test_what_is_charged_is_not_sent_and_what_is_void_neither(shop: Shop) -> None:
    v1 = shop.sdk.v1
    charged = v1.invoices.create({"customer": shop.customer().id, "currency": "eur"})
    void = an_invoice(shop, 900)
    v1.invoices.finalize_invoice(str(void.id))
    v1.invoices.void_invoice(str(void.id))

    for each in (charged, void):
        with pytest.raises(stripe.InvalidRequestError):
            v1.invoices.send_invoice(str(each.id))
