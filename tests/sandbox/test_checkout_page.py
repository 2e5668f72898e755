"""Checkout, filled in as a person does."""

from datetime import timedelta

import pytest
import stripe
from django.test import Client

from newsroom.sandbox import actions
from tests.sandbox.browsing import a_session, buyer, path, text
from tests.sandbox.shop import CHALLENGED, DECLINED, FAILS_LATER

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


class TestCheckout:
    def test_it_shows_what_is_bought_and_that_it_is_a_stand_in(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk)

        shown = text(client.get(path(session)))

        assert session.url == f"http://127.0.0.1:8000{path(session)}"
        assert "This is a stand-in for Stripe." in shown
        assert "Full &lt;b&gt;access&lt;/b&gt;" in shown
        assert "€9.00" in shown
        assert 'href="http://testserver/pricing/"' in shown

    def test_a_good_card_leads_back_to_the_product(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk)

        response = client.post(path(session), buyer("4242 4242-4242 4242"))

        assert (response.status_code, response["Location"]) == (302, f"http://testserver/done?session={session.id}")
        assert sdk.v1.subscriptions.list().data[0].status == "active"

    def test_the_customers_own_address_cannot_be_changed(self, sdk: stripe.StripeClient, client: Client) -> None:
        customer = sdk.v1.customers.create({"email": "known@example.org"})
        session = a_session(sdk, customer=customer.id)

        client.post(path(session), buyer(email="other@example.org"))

        assert [each.email for each in sdk.v1.customers.list().data] == ["known@example.org"]
        assert sdk.v1.checkout.sessions.retrieve(session.id).customer_details["email"] == "known@example.org"  # type: ignore[index]  # complete

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (buyer(DECLINED), "Your card was declined."),
            (buyer("4000000000009995"), "Your card has insufficient funds."),
            (buyer(FAILS_LATER), "Your card was declined."),
            (buyer("1234"), "Your card number is incorrect."),
            (buyer("card number"), "A card number has digits only."),
            (buyer("<script>alert(1)</script>"), "A card number has digits only."),
            (buyer(expiry="never"), "Write the month and the year: 12 / 34."),
            (buyer(cvc="x"), "Three or four digits."),
            (buyer(email="nobody"), "Enter a valid email address."),
            (buyer(holder=""), "This field is required."),
            (buyer(holder="x" * 121), "Ensure this value has at most 120 characters"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_bought(
        self, sdk: stripe.StripeClient, client: Client, given: dict[str, str], message: str
    ) -> None:
        session = a_session(sdk)

        response = client.post(path(session), given)

        assert response.status_code == 422
        assert message in text(response)
        assert "<script>" not in text(response)
        assert sdk.v1.subscriptions.list({"status": "all"}).data == []
        assert sdk.v1.checkout.sessions.retrieve(session.id).status == "open"

    def test_the_bank_approves(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk)

        asked = client.post(path(session), buyer(CHALLENGED))
        page = client.get(f"{path(session)}bank/")
        done = client.post(f"{path(session)}bank/", {"approve": "1"})

        assert asked["Location"] == f"{path(session)}bank/"
        assert "€9.00" in text(page)
        assert "3155" in text(page)
        assert done["Location"] == f"http://testserver/done?session={session.id}"
        assert sdk.v1.subscriptions.list().data[0].status == "active"

    def test_the_bank_refuses(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk)
        client.post(path(session), buyer(CHALLENGED))

        refused = client.post(f"{path(session)}bank/", {"fail": "1"})
        again = client.get(f"{path(session)}bank/")

        assert refused.status_code == 422
        assert "Your bank did not confirm the payment." in text(refused)
        assert again["Location"] == path(session)
        assert sdk.v1.subscriptions.list({"status": "all"}).data == []

    def test_an_expired_or_finished_one_says_so(self, sdk: stripe.StripeClient, client: Client) -> None:
        expired, paid = a_session(sdk), a_session(sdk)
        sdk.v1.checkout.sessions.expire(expired.id)
        client.post(path(paid), buyer())

        assert client.get(path(expired)).status_code == 410
        assert "This link has expired" in text(client.post(path(expired), buyer()))
        assert f"http://testserver/done?session={paid.id}" in text(client.get(path(paid)))
        assert len(sdk.v1.subscriptions.list().data) == 1

    def test_it_expires_while_nobody_looks(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk)
        actions.advance(by=timedelta(days=2))

        assert client.post(path(session), buyer()).status_code == 410

    def test_a_trial_is_named(self, sdk: stripe.StripeClient, client: Client) -> None:
        session = a_session(sdk, subscription_data={"trial_period_days": 14})

        assert "14 days free" in text(client.get(path(session)))

    @pytest.mark.parametrize("kind", ["checkout", "portal", "invoice"])
    @pytest.mark.parametrize("rest", ["", "bank/"])
    def test_what_is_not_there_is_a_404(self, client: Client, kind: str, rest: str) -> None:
        assert client.get(f"/sandbox/{kind}/nothing/{rest}").status_code == 404

    def test_a_form_from_elsewhere_is_refused(self, sdk: stripe.StripeClient) -> None:
        session = a_session(sdk)

        assert Client(enforce_csrf_checks=True).post(path(session), buyer()).status_code == 403
