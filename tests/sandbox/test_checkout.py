"""Checkout Sessions, and the cards that are declined there."""

import pytest
import stripe

from newsroom.sandbox.engine.errors import StripeError
from tests.sandbox.shop import CHALLENGED, DAY, DECLINED, NOON, POOR, Shop


class TestDeclines:
    @pytest.mark.parametrize(
        ("number", "code", "decline_code"),
        [
            (DECLINED, "card_declined", "generic_decline"),
            (POOR, "card_declined", "insufficient_funds"),
            ("4000000000000069", "expired_card", "expired_card"),
            ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
            ("4000000000000119", "processing_error", "processing_error"),
            ("4111111111111111", "card_declined", "test_mode_live_card"),
            ("4242424242424241", "incorrect_number", None),
            ("12", "incorrect_number", None),
        ],
    )
    def test_a_declined_card_leaves_the_checkout_open_and_nothing_bought(
        self, shop: Shop, number: str, code: str, decline_code: str | None
    ) -> None:
        session = shop.session()
        before = shop.happened()

        with pytest.raises(StripeError) as refusal:
            shop.complete(session.id, number)

        assert (refusal.value.status, refusal.value.error["code"], refusal.value.error.get("decline_code")) == (
            402,
            code,
            decline_code,
        )
        assert shop.sdk.v1.checkout.sessions.retrieve(session.id).status == "open"
        assert shop.sdk.v1.subscriptions.list({"status": "all"}).data == []
        assert shop.happened() == before

    def test_a_card_that_asks_for_the_bank_waits_for_it(self, shop: Shop) -> None:
        session = shop.session()

        waiting = shop.complete(session.id, CHALLENGED)

        assert waiting["_"]["challenge"]["number"] == CHALLENGED
        assert shop.sdk.v1.subscriptions.list().data == []

    @pytest.mark.parametrize("token", ["pm_card_visa_chargeDeclined", "pm_card_chargeDeclinedExpiredCard"])
    def test_a_card_that_is_declined_cannot_be_saved(self, shop: Shop, token: str) -> None:
        customer = shop.customer()

        with pytest.raises(stripe.CardError):
            shop.sdk.v1.payment_methods.attach(token, {"customer": customer.id})

        assert shop.sdk.v1.customers.payment_methods.list(customer.id).data == []

    def test_error_if_incomplete_leaves_nothing_behind(self, shop: Shop) -> None:
        customer = shop.customer("pm_card_chargeCustomerFail")

        with pytest.raises(stripe.CardError):
            shop.sdk.v1.subscriptions.create(
                {
                    "customer": customer.id,
                    "items": [{"price": shop.price().id}],
                    "payment_behavior": "error_if_incomplete",
                }
            )

        assert shop.sdk.v1.subscriptions.list({"status": "all"}).data == []
        assert "customer.subscription.created" not in shop.happened()


class TestCheckout:
    def test_it_expires_after_a_day(self, shop: Shop) -> None:
        session = shop.session()
        shop.advance(days=1)

        found = shop.sdk.v1.checkout.sessions.retrieve(session.id)

        assert (found.status, found.url, shop.happened()[-1]) == ("expired", None, "checkout.session.expired")
        with pytest.raises(StripeError, match="expired"):
            shop.complete(session.id)

    def test_it_is_paid_once(self, shop: Shop) -> None:
        session = shop.session()
        shop.complete(session.id)

        with pytest.raises(StripeError, match="complete"):
            shop.complete(session.id)

        assert len(shop.sdk.v1.subscriptions.list().data) == 1

    def test_an_expired_or_paid_one_cannot_be_expired(self, shop: Shop) -> None:
        session = shop.session()
        shop.sdk.v1.checkout.sessions.expire(session.id)

        with pytest.raises(stripe.InvalidRequestError, match="status"):
            shop.sdk.v1.checkout.sessions.expire(session.id)

    @pytest.mark.parametrize("after", [60, 2 * DAY])
    def test_it_may_stay_open_for_half_an_hour_to_a_day(self, shop: Shop, after: int) -> None:
        with pytest.raises(stripe.InvalidRequestError, match="30 minutes and 24 hours"):
            shop.session(expires_at=NOON + after)

    def test_an_archived_or_one_time_price_cannot_be_sold(self, shop: Shop) -> None:
        archived, once = (
            shop.price(),
            shop.sdk.v1.prices.create({"currency": "eur", "unit_amount": 5, "product_data": {"name": "One"}}),
        )
        shop.sdk.v1.prices.update(archived.id, {"active": False})

        for price, message in ((archived, "inactive"), (once, "one_time")):
            with pytest.raises(stripe.InvalidRequestError, match=message):
                shop.session(price=price.id)
