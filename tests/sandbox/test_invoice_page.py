"""The hosted invoice and its PDF."""

import re
from datetime import timedelta

import pytest
import stripe
from django.test import Client

from newsroom.sandbox import actions, clock
from tests.sandbox.browsing import bought, card, text
from tests.sandbox.shop import CHALLENGED, DECLINED

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


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
