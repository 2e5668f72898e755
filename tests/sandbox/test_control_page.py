"""The control page."""

import re
from datetime import timedelta

import pytest
import stripe
from django.test import Client

from newsroom.sandbox import actions, clock
from newsroom.sandbox.models import SandboxControls, SandboxDelivery, SandboxObject
from tests.sandbox.browsing import a_session, bought, path, text

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


class TestControl:
    def test_it_shows_time_subscriptions_and_webhooks(self, sdk: stripe.StripeClient, client: Client) -> None:
        subscription = bought(sdk)

        shown = text(client.get("/sandbox/control/"))

        assert subscription.id in shown
        assert "reader@example.org" in shown
        assert "checkout.session.completed" in shown
        assert "The same as the real clock." in shown

    def test_an_empty_one_is_a_page_too(self, client: Client) -> None:
        shown = text(client.get("/sandbox/control/"))

        assert "No subscription is running." in shown
        assert "Nothing has happened yet." in shown
        assert "No subscription is running." in text(client.post("/sandbox/control/renewal/", follow=True))

    def test_time_is_advanced_by_days_and_hours(self, sdk: stripe.StripeClient, client: Client) -> None:
        client.post("/sandbox/control/advance/", {"days": "40", "hours": "5"})

        assert clock.offset() == timedelta(days=40, hours=5)
        assert "40 days ahead of the real clock." in text(client.get("/sandbox/control/"))

    @pytest.mark.parametrize("days", ["-1", "801", "x", ""])
    def test_time_does_not_run_backwards_or_away(self, client: Client, days: str) -> None:
        shown = text(client.post("/sandbox/control/advance/", {"days": days}, follow=True))

        assert "Give a number of days between 0 and 800." in shown
        assert clock.offset() == timedelta(0)

    def test_time_is_advanced_past_the_next_renewal(self, sdk: stripe.StripeClient, client: Client) -> None:
        bought(sdk)

        client.post("/sandbox/control/renewal/")

        assert len(sdk.v1.invoices.list({"status": "paid"}).data) == 2

    def test_a_card_is_made_to_fail_and_to_pay_again(self, sdk: stripe.StripeClient, client: Client) -> None:
        subscription = bought(sdk)
        address = f"/sandbox/control/card/{subscription.default_payment_method}/"

        client.post(address)
        actions.advance_to_renewal()
        failed = sdk.v1.subscriptions.retrieve(subscription.id).status
        client.post(address)
        actions.advance(by=timedelta(days=3))

        assert (failed, sdk.v1.subscriptions.retrieve(subscription.id).status) == ("past_due", "active")
        assert client.post("/sandbox/control/card/pm_none/").status_code == 404

    def test_the_next_webhooks_fate_and_the_end_of_retries_are_set(self, client: Client) -> None:
        client.post("/sandbox/control/steer/", {"next_webhook": "lose", "after_retries": "unpaid"})
        refused = text(
            client.post("/sandbox/control/steer/", {"next_webhook": "eat", "after_retries": "unpaid"}, follow=True)
        )

        assert SandboxControls.objects.values_list("next_webhook", "after_retries").get() == ("lose", "unpaid")
        assert "Choose one of the values shown." in refused

    def test_what_was_lost_or_late_is_due_now(self, sdk: stripe.StripeClient, client: Client) -> None:
        SandboxControls.objects.create(pk=1, next_webhook="lose")
        sdk.v1.customers.create({"email": "reader@example.org"})

        client.post("/sandbox/control/deliver/")

        assert SandboxDelivery.objects.get().state == SandboxDelivery.State.PENDING


@pytest.mark.parametrize("language", ["en", "tr", "ar", "fr"])
def test_every_page_stands_in_every_language_without_inline_style_or_script(
    sdk: stripe.StripeClient, client: Client, language: str
) -> None:
    subscription = bought(sdk)
    waiting = a_session(sdk)
    client.cookies["language"] = language
    portal = sdk.v1.billing_portal.sessions.create({"customer": str(subscription.customer)}).url.removeprefix(
        "http://127.0.0.1:8000"
    )

    for address in (
        path(waiting),
        portal,
        f"{portal}card/",
        f"/sandbox/invoice/{subscription.latest_invoice}/",
        "/sandbox/control/",
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in text(response)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text(response))
        assert len(re.findall(r"<h1", text(response))) == 1


def test_objects_name_themselves() -> None:
    row = SandboxObject.objects.create(name="cus_sandbox_1", kind="customer", body={}, created=0)

    assert str(row) == "cus_sandbox_1"
