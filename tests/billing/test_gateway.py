"""The one door to Stripe."""

import pytest
import stripe
from django.db import transaction

from newsroom.billing.gateway import API_VERSION, BillingOff, Declined, Unanswered, gateway
from tests.billing.lines import Failing

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_the_pinned_version_is_the_one_the_sdk_was_made_for():
    assert stripe.api_version == API_VERSION


def test_it_refuses_to_be_asked_inside_a_transaction(shop):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        gateway().price("reader_month_eur")


def test_it_refuses_to_change_anything_inside_a_transaction(shop):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        gateway().change("customer.create", {"email": "a@example.com"}, key="k")

    assert shop.objects("customer") == []


@pytest.mark.parametrize("status", [400, 402, 404])
def test_a_no_is_an_answer(line, monkeypatch, status):
    monkeypatch.setattr(Failing, "STATUS", status)
    line(Failing)

    with pytest.raises(Declined, match=r"Something is wrong\."):
        gateway().price("reader_month_eur")


@pytest.mark.parametrize("status", [401, 403, 409, 429, 500, 503])
def test_anything_else_leaves_open_whether_it_was_done(line, monkeypatch, status):
    monkeypatch.setattr(Failing, "STATUS", status)
    line(Failing)

    with pytest.raises(Unanswered, match=str(status)):
        gateway().price("reader_month_eur")


def test_with_billing_off_nothing_is_sold(settings):
    settings.BILLING_MODE = "off"

    with pytest.raises(BillingOff) as refusal:
        gateway()
    assert refusal.value.status == 503


def test_with_a_key_the_client_is_stripes_own(settings):
    settings.BILLING_MODE, settings.STRIPE_SECRET_KEY, settings.BILLING_HTTP_CLIENT = "stripe", "sk_test_1", ""

    asked = gateway()._v1._requestor

    assert (asked.api_key, asked._options.max_network_retries) == ("sk_test_1", 2)
    assert not type(asked._client).__module__.startswith("newsroom")


def test_lists_longer_than_a_page_are_read_to_the_end(shop):
    for number in range(103):
        shop.sdk.v1.customers.create({"email": f"a{number}@example.com"})

    found = gateway().events(0)

    assert len([each for each in found if each["type"] == "customer.created"]) == 103
    assert gateway().price("no_such_key") is None
