"""The billing portal, as a reader uses it."""

from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.test import Client

from newsroom.sandbox import actions
from tests.sandbox.browsing import bought, card, text
from tests.sandbox.shop import CHALLENGED, DECLINED, FAILS_LATER

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


class TestPortal:
    def open(self, sdk: stripe.StripeClient, subscription: stripe.Subscription, **given: Any) -> str:
        facts: Any = {"customer": str(subscription.customer), "return_url": "http://testserver/account/"}
        return sdk.v1.billing_portal.sessions.create(facts | given).url.removeprefix("http://127.0.0.1:8000")

    def test_it_shows_plan_card_and_invoices(self, sdk: stripe.StripeClient, client: Client) -> None:
        shown = text(client.get(self.open(sdk, bought(sdk))))

        assert "4242" in shown
        assert "Cancel at the end of the period" in shown
        assert sdk.v1.invoices.list().data[0].number in shown  # type: ignore[operator]  # final
        assert 'href="http://testserver/account/"' in shown

    def test_cancel_and_keep(self, sdk: stripe.StripeClient, client: Client) -> None:
        subscription = bought(sdk)
        address = self.open(sdk, subscription)

        cancelled = text(client.post(f"{address}cancel/{subscription.id}/", follow=True))
        ending = sdk.v1.subscriptions.retrieve(subscription.id).cancel_at
        kept = text(client.post(f"{address}resume/{subscription.id}/", follow=True))

        assert "Your subscription ends with its period." in cancelled
        assert ending is not None
        assert "Your subscription goes on." in kept
        assert sdk.v1.subscriptions.retrieve(subscription.id).cancel_at is None

    def test_a_past_due_invoice_is_paid_with_another_card(self, sdk: stripe.StripeClient, client: Client) -> None:
        subscription = bought(sdk)
        address = self.open(sdk, subscription)
        client.post(f"{address}card/", card(FAILS_LATER))
        actions.advance_to_renewal()
        address = self.open(sdk, subscription)
        owed = sdk.v1.invoices.list({"status": "open"}).data[0]

        refused = text(client.post(f"{address}pay/{owed.id}/", follow=True))
        changed = client.post(f"{address}card/", card())
        paid = text(client.post(f"{address}pay/{owed.id}/", follow=True))

        assert "Your card was declined." in refused
        assert changed["Location"] == address
        assert "The invoice has been paid." in paid
        assert sdk.v1.subscriptions.retrieve(subscription.id).status == "active"

    @pytest.mark.parametrize(("number", "message"), [(DECLINED, "Your card was declined."), ("x", "digits only")])
    def test_a_card_that_cannot_be_saved_changes_nothing(
        self, sdk: stripe.StripeClient, client: Client, number: str, message: str
    ) -> None:
        subscription = bought(sdk)

        response = client.post(f"{self.open(sdk, subscription)}card/", card(number))

        assert response.status_code == 422
        assert message in text(response)
        assert (
            sdk.v1.subscriptions.retrieve(subscription.id).default_payment_method == subscription.default_payment_method
        )

    @pytest.mark.parametrize(("answer", "changed"), [("approve", True), ("fail", False)])
    def test_the_bank_is_asked_about_a_card_that_wants_it(
        self, sdk: stripe.StripeClient, client: Client, answer: str, *, changed: bool
    ) -> None:
        subscription = bought(sdk)
        address = self.open(sdk, subscription)

        asked = client.post(f"{address}card/", card(CHALLENGED))
        assert "saved for later payments" in text(client.get(asked["Location"]))
        client.post(asked["Location"], {answer: "1"})

        after = sdk.v1.subscriptions.retrieve(subscription.id).default_payment_method
        assert (after != subscription.default_payment_method) is changed
        assert client.get(asked["Location"])["Location"] == address

    def test_a_flow_that_only_changes_the_card_leads_there_and_back(
        self, sdk: stripe.StripeClient, client: Client
    ) -> None:
        after = {"type": "redirect", "redirect": {"return_url": "http://testserver/fixed/"}}
        address = self.open(sdk, bought(sdk), flow_data={"type": "payment_method_update", "after_completion": after})

        assert client.get(address)["Location"] == f"{address}card/"
        assert client.post(f"{address}card/", card())["Location"] == "http://testserver/fixed/"

    def test_a_link_is_good_for_an_hour(self, sdk: stripe.StripeClient, client: Client) -> None:
        subscription = bought(sdk)
        address = self.open(sdk, subscription)
        actions.advance(by=timedelta(hours=2))

        assert client.get(address).status_code == 410
        client.post(f"{address}cancel/{subscription.id}/")
        assert sdk.v1.subscriptions.retrieve(subscription.id).cancel_at is None

    def test_nobody_else_can_be_reached_from_it(self, sdk: stripe.StripeClient, client: Client) -> None:
        theirs = bought(sdk)
        other = sdk.v1.customers.create({"email": "other@example.org"})
        address = sdk.v1.billing_portal.sessions.create({"customer": other.id}).url.removeprefix(
            "http://127.0.0.1:8000"
        )

        shown = text(client.post(f"{address}cancel/{theirs.id}/", follow=True))

        assert "This is not there." in shown
        assert "No subscription is running." in shown
        assert sdk.v1.subscriptions.retrieve(theirs.id).cancel_at is None
