"""Credit notes at the stand-in: before and after payment, by amount and by line, onto the balance and back to the card."""

from typing import Any

import pytest
import stripe

from tests.sandbox.shop import DAY, Shop


def bought(shop: Shop) -> stripe.Invoice:
    subscription = shop.again(shop.subscription())
    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    return subscription.latest_invoice


def owed(shop: Shop) -> stripe.Invoice:
    """A renewal's invoice, final and not yet tried."""
    subscription = shop.subscription()
    end = subscription["items"].data[0].current_period_end
    shop.advance(days=(end - shop.now) / DAY)
    name = str(shop.sdk.v1.subscriptions.retrieve(subscription.id).latest_invoice)
    shop.sdk.v1.invoices.update(name, {"auto_advance": False})
    return shop.sdk.v1.invoices.finalize_invoice(name)


def refused(shop: Shop, **params: Any) -> str:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        shop.sdk.v1.credit_notes.create(params)  # type: ignore[arg-type]  # on purpose
    return str(raised.value.user_message)


def test_before_payment_less_is_owed(shop: Shop) -> None:
    invoice = owed(shop)

    note = shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 300, "reason": "order_change"})

    now = shop.sdk.v1.invoices.retrieve(invoice.id)
    assert (note.type, note.pre_payment_amount, note.post_payment_amount, note.number) == (
        "pre_payment",
        300,
        0,
        f"{invoice.number}-CN-01",
    )
    assert (now.status, now.amount_due, now.amount_remaining, now.pre_payment_credit_notes_amount) == (
        "open",
        600,
        600,
        300,
    )
    paid = shop.sdk.v1.invoices.pay(invoice.id)
    assert (paid.status, paid.amount_paid) == ("paid", 600)
    assert shop.sdk.v1.charges.list({"limit": 1}).data[0].amount == 600


def test_an_invoice_of_which_nothing_is_left_is_paid(shop: Shop) -> None:
    invoice = owed(shop)

    shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 900})

    now = shop.sdk.v1.invoices.retrieve(invoice.id)
    assert (now.status, now.amount_remaining, now.amount_paid) == ("paid", 0, 0)


def test_a_note_on_an_open_invoice_can_be_voided_and_the_next_counts_on(shop: Shop) -> None:
    invoice = owed(shop)
    note = shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 300})

    assert shop.sdk.v1.credit_notes.void_credit_note(note.id).status == "void"

    now = shop.sdk.v1.invoices.retrieve(invoice.id)
    assert (now.amount_remaining, now.pre_payment_credit_notes_amount) == (900, 0)
    second = shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 1})
    assert second.number == f"{invoice.number}-CN-02"
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.credit_notes.void_credit_note(note.id)


def test_after_payment_it_goes_where_it_is_said_to_go(shop: Shop) -> None:
    invoice = bought(shop)

    note = shop.sdk.v1.credit_notes.create(
        {"invoice": invoice.id, "amount": 900, "refund_amount": 500, "credit_amount": 300, "out_of_band_amount": 100}
    )

    now = shop.sdk.v1.invoices.retrieve(invoice.id)
    assert (note.type, note.post_payment_amount, note.out_of_band_amount) == ("post_payment", 900, 100)
    assert (now.status, now.total, now.post_payment_credit_notes_amount) == ("paid", 900, 900)
    assert [each.amount for each in shop.sdk.v1.refunds.list().data] == [500]
    assert [each.amount_refunded for each in note.refunds] == [500]
    customer = str(invoice.customer)
    assert shop.sdk.v1.customers.retrieve(customer).balance == -300
    rows = shop.sdk.v1.customers.balance_transactions.list(customer).data
    assert [(each.amount, each.type, each.credit_note) for each in rows] == [(-300, "credit_note", note.id)]
    with pytest.raises(stripe.InvalidRequestError, match="open invoices"):
        shop.sdk.v1.credit_notes.void_credit_note(note.id)


def test_the_balance_pays_for_the_next_invoice(shop: Shop) -> None:
    invoice = bought(shop)
    shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 300, "credit_amount": 300})

    shop.advance(days=31, hours=2)

    renewed = shop.sdk.v1.invoices.list({"customer": str(invoice.customer), "limit": 1}).data[0]
    assert (renewed.total, renewed.starting_balance, renewed.ending_balance, renewed.amount_due) == (900, -300, 0, 600)
    assert (renewed.status, renewed.amount_paid) == ("paid", 600)
    assert shop.sdk.v1.customers.retrieve(str(invoice.customer)).balance == 0


def test_a_balance_larger_than_the_invoice_is_kept(shop: Shop) -> None:
    invoice = bought(shop)
    customer = str(invoice.customer)
    shop.sdk.v1.customers.balance_transactions.create(customer, {"amount": -2000, "currency": "eur"})

    shop.advance(days=31, hours=2)

    renewed = shop.sdk.v1.invoices.list({"customer": customer, "limit": 1}).data[0]
    assert (renewed.status, renewed.amount_due, renewed.amount_paid) == ("paid", 0, 0)
    assert shop.sdk.v1.customers.retrieve(customer).balance == -1100


def test_a_void_invoice_gives_the_balance_back(shop: Shop) -> None:
    subscription = shop.subscription()
    customer = str(subscription.customer)
    shop.sdk.v1.customers.balance_transactions.create(customer, {"amount": -200, "currency": "eur"})
    end = subscription["items"].data[0].current_period_end
    shop.advance(days=(end - shop.now) / DAY)
    name = str(shop.sdk.v1.subscriptions.retrieve(subscription.id).latest_invoice)
    shop.sdk.v1.invoices.update(name, {"auto_advance": False})
    assert shop.sdk.v1.invoices.finalize_invoice(name).amount_due == 700

    shop.sdk.v1.invoices.void_invoice(name)

    assert shop.sdk.v1.customers.retrieve(customer).balance == -200


def test_a_line_is_credited_in_part_with_a_line_of_our_own(shop: Shop) -> None:
    invoice = bought(shop)
    line = invoice.lines.data[0]

    note = shop.sdk.v1.credit_notes.create(
        {
            "invoice": invoice.id,
            "lines": [
                {"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 200},
                {"type": "custom_line_item", "description": "Goodwill", "quantity": 2, "unit_amount": 50},
            ],
            "refund_amount": 300,
            "memo": "Two days without news",
        }
    )

    assert [(each.type, each.amount, each.description) for each in note.lines.data] == [
        ("invoice_line_item", 200, line.description),
        ("custom_line_item", 100, "Goodwill"),
    ]
    assert (note.total, note.subtotal, note.memo) == (300, 300, "Two days without news")


def test_a_preview_is_what_would_be_and_keeps_nothing(shop: Shop) -> None:
    invoice = bought(shop)

    seen = shop.sdk.v1.credit_notes.preview({"invoice": invoice.id, "amount": 100, "refund_amount": 100})

    assert (seen.total, shop.sdk.v1.credit_notes.list({"invoice": invoice.id}).data) == (100, [])
    assert shop.sdk.v1.refunds.list().data == []


def test_a_refund_made_before_can_stand_in_a_note(shop: Shop) -> None:
    invoice = bought(shop)
    charge = shop.sdk.v1.charges.list({"limit": 1}).data[0]
    refund = shop.sdk.v1.refunds.create({"charge": charge.id, "amount": 250})

    note = shop.sdk.v1.credit_notes.create(
        {"invoice": invoice.id, "amount": 250, "refunds": [{"refund": refund.id, "amount_refunded": 250}]}
    )

    assert [(each.refund, each.amount_refunded) for each in note.refunds] == [(refund.id, 250)]
    assert len(shop.sdk.v1.refunds.list().data) == 1


def test_what_does_not_add_up_is_refused(shop: Shop) -> None:
    invoice = bought(shop)

    assert "must equal the post payment amount" in refused(shop, invoice=invoice.id, amount=100)
    assert "must equal" in refused(shop, invoice=invoice.id, amount=100, refund_amount=99)
    assert "at most 900" in refused(shop, invoice=invoice.id, amount=901, refund_amount=901)
    assert "at most 900" in refused(shop, invoice=invoice.id, amount=0)
    assert "Exactly one" in refused(shop, invoice=invoice.id)
    shop.sdk.v1.credit_notes.create({"invoice": invoice.id, "amount": 850, "out_of_band_amount": 850})
    assert "at most 50" in refused(shop, invoice=invoice.id, amount=51, credit_amount=51)
    assert shop.sdk.v1.customers.retrieve(str(invoice.customer)).balance == 0


def test_a_draft_is_changed_and_not_credited(shop: Shop) -> None:
    subscription = shop.subscription()
    end = subscription["items"].data[0].current_period_end
    shop.advance(days=(end - shop.now) / DAY)
    name = str(shop.sdk.v1.subscriptions.retrieve(subscription.id).latest_invoice)

    assert "this one is draft" in refused(shop, invoice=name, amount=100)
