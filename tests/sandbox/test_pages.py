"""The pages Stripe would host, filled in as a person does."""

import re
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.http import HttpResponse
from django.test import Client

from newsroom.sandbox import actions, clock
from newsroom.sandbox.models import SandboxControls, SandboxDelivery, SandboxObject
from tests.sandbox.shop import CHALLENGED, DECLINED, FAILS_LATER, PAYS

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def card(number: str = PAYS, **facts: str) -> dict[str, str]:
    return {"number": number, "expiry": "12 / 34", "cvc": "123"} | facts


def buyer(number: str = PAYS, **facts: str) -> dict[str, str]:
    return card(number, email="reader@example.org", holder="A Reader") | facts


def a_session(sdk: stripe.StripeClient, **given: Any) -> stripe.checkout.Session:
    price = sdk.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Full <b>access</b>"},
        }
    )
    facts: Any = {
        "mode": "subscription",
        "success_url": "http://testserver/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://testserver/pricing/",
        "line_items": [{"price": price.id, "quantity": 1}],
    }
    return sdk.v1.checkout.sessions.create(facts | given)


def bought(sdk: stripe.StripeClient, number: str = PAYS) -> stripe.Subscription:
    session = a_session(sdk)
    actions.complete_checkout(session.id, email="reader@example.org", holder="A Reader", number=number)
    return sdk.v1.subscriptions.list().data[0]


def path(session: stripe.checkout.Session) -> str:
    return f"/sandbox/checkout/{session.id}/"


def text(response: HttpResponse) -> str:
    return response.content.decode()


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


class TestInvoice:
    def owed(self, sdk: stripe.StripeClient) -> stripe.Invoice:
        subscription = bought(sdk)
        actions.toggle_card(str(subscription.default_payment_method))
        actions.advance_to_renewal()
        return sdk.v1.invoices.list({"status": "open"}).data[0]

    def test_a_paid_one_is_shown_and_can_be_kept(self, sdk: stripe.StripeClient, client: Client) -> None:
        bought(sdk)
        invoice = sdk.v1.invoices.list().data[0]

        shown = text(client.get(str(invoice.hosted_invoice_url).removeprefix("http://127.0.0.1:8000")))
        pdf = client.get(str(invoice.invoice_pdf).removeprefix("http://127.0.0.1:8000"))

        assert str(invoice.number) in shown
        assert "€9.00" in shown
        assert "Pay with a card" not in shown
        assert pdf["Content-Type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF-1.4")
        assert pdf.content.endswith(b"%%EOF\n")
        assert str(invoice.number).encode() in pdf.content

    def test_every_object_of_the_pdf_is_where_its_table_says(self, sdk: stripe.StripeClient, client: Client) -> None:
        sdk.v1.customers.update(str(bought(sdk).customer), {"name": "İğneş (Şık)"})
        actions.advance_to_renewal()

        pdf = client.get(f"/sandbox/invoice/{sdk.v1.invoices.list().data[0].id}/pdf/").content

        places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf)]
        assert [pdf[place:].split(b" ", 1)[0] for place in places] == [b"1", b"2", b"3", b"4", b"5", b"6"]
        assert rb"\006\001ne\003 \050\004\005k\051" in pdf

    def test_an_open_one_is_paid_with_a_card(self, sdk: stripe.StripeClient, client: Client) -> None:
        invoice = self.owed(sdk)
        address = f"/sandbox/invoice/{invoice.id}/"

        declined = client.post(address, card(DECLINED))
        paid = client.post(address, card(), follow=True)

        assert declined.status_code == 422
        assert "Your card was declined." in text(declined)
        assert "Pay with a card" not in text(paid)
        assert sdk.v1.invoices.retrieve(str(invoice.id)).status == "paid"
        assert sdk.v1.subscriptions.list().data[0].status == "active"

    @pytest.mark.parametrize(("answer", "status"), [("approve", "paid"), ("fail", "open")])
    def test_the_bank_is_asked(self, sdk: stripe.StripeClient, client: Client, answer: str, status: str) -> None:
        invoice = self.owed(sdk)
        address = f"/sandbox/invoice/{invoice.id}/"

        asked = client.post(address, card(CHALLENGED))
        assert "€9.00" in text(client.get(asked["Location"]))
        client.post(asked["Location"], {answer: "1"})

        assert sdk.v1.invoices.retrieve(str(invoice.id)).status == status
        assert client.get(asked["Location"])["Location"] == address

    def test_a_draft_is_not_shown(self, sdk: stripe.StripeClient, client: Client) -> None:
        bought(sdk)
        renewal = actions.next_renewal()
        assert renewal is not None
        actions.advance(by=renewal - clock.now() + timedelta(seconds=1))
        draft = sdk.v1.invoices.list({"status": "draft"}).data[0]

        assert client.get(f"/sandbox/invoice/{draft.id}/").status_code == 404
        assert client.get(f"/sandbox/invoice/{draft.id}/pdf/").status_code == 404


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


class TestTheApi:
    @pytest.mark.parametrize("header", ["Bearer sk_test_1", "Basic c2tfdGVzdF8xOg=="])
    def test_it_takes_stripes_own_requests(self, client: Client, header: str) -> None:
        made = client.post(
            "/sandbox/v1/customers",
            "email=reader%40example.org&metadata[a]=b",
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": header, "Idempotency-Key": "one"},
        )
        listed = client.get(
            "/sandbox/v1/customers?limit=1&expand[]=data.subscriptions", headers={"Authorization": header}
        )

        assert made.json()["metadata"] == {"a": "b"}
        assert made["Request-Id"].startswith("req_sandbox_")
        assert listed.json()["data"][0]["id"] == made.json()["id"]
        assert listed.json()["data"][0]["subscriptions"]["data"] == []

    @pytest.mark.parametrize("header", ["", "Bearer sk_live_1", "Basic nonsense", "Basic /w=="])
    def test_it_wants_a_test_key(self, client: Client, header: str) -> None:
        assert client.get("/sandbox/v1/customers", headers={"Authorization": header}).status_code == 401

    def test_an_unknown_address_is_stripes_404(self, client: Client) -> None:
        answer = client.get("/sandbox/v1/coupons", headers={"Authorization": "Bearer sk_test_1"})

        assert answer.status_code == 404
        assert answer.json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/coupons).")

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"{}", b"a[b=c"])
    def test_a_body_that_is_no_form_is_a_400(self, client: Client, body: bytes) -> None:
        answer = client.post(
            "/sandbox/v1/customers",
            body,
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": "Bearer sk_test_1"},
        )

        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"


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
