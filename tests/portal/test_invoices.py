"""A reader's own invoices, and what is nobody else's."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.billing.gateway import gateway
from newsroom.billing.models import Invoice
from tests.billing.lines import Failing
from tests.factories import a_user
from tests.portal.paying import an_invoice, client_of, cut_now, text

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("own_clock")]


def test_each_sees_his_own_invoices_newest_first_and_no_drafts(cut):
    mine, other = a_user(), a_user()
    for number, status in (
        ("A-1", "paid"),
        ("A-2", "open"),
        ("A-3", "draft"),
        ("A-4", "void"),
        ("A-5", "uncollectible"),
    ):
        an_invoice(mine, number, status)
    an_invoice(other, "B-1")

    said = text(client_of(mine).get("/account/invoices/"))

    assert re.findall(r"\b[AB]-\d\b", said) == ["A-5", "A-4", "A-2", "A-1"]
    assert [word in said for word in ("Paid", "Open", "Void", "Not collected", "€9.90")] == [True] * 5


def test_a_list_of_three_costs_what_a_list_of_one_does(cut, django_assert_num_queries):
    user = a_user()
    an_invoice(user, "A-1")
    client = client_of(user)
    client.get("/account/invoices/")
    with django_assert_num_queries(4):  # person, banner, invoices, what went back
        client.get("/account/invoices/")
    for number in ("A-2", "A-3"):
        an_invoice(user, number)
    with django_assert_num_queries(4):
        client.get("/account/invoices/")


def test_no_invoices_yet(cut):
    assert "No invoices yet" in text(client_of(a_user()).get("/account/invoices/"))


def test_an_invoice_opens_at_stripe(shop):
    user = shop.subscriber()
    invoice, fresh = Invoice.objects.get(), shop.objects("invoice")[0]
    client = client_of(user)

    page = client.post(f"/account/invoices/{invoice.pk}/", {"as": "page"})
    pdf = client.post(f"/account/invoices/{invoice.pk}/", {"as": "pdf"})

    assert (page["Location"], pdf["Location"]) == (fresh["hosted_invoice_url"], fresh["invoice_pdf"])


@pytest.mark.parametrize("status", ["paid", "draft"])
def test_somebody_elses_invoice_is_not_there(cut, status):
    owner = a_user()
    theirs = an_invoice(owner, status=status)
    stranger = a_user()
    an_invoice(stranger, "B-1")

    assert client_of(stranger).post(f"/account/invoices/{theirs.pk}/").status_code == 404


def test_an_invoice_without_an_address_is_not_shown_and_says_so(settings):
    user = a_user()
    invoice = an_invoice(user)
    Invoice.objects.update(hosted_url="")
    settings.BILLING_HTTP_CLIENT = f"{Failing.__module__}.{Failing.__name__}"
    gateway.cache_clear()

    response = client_of(user).post(f"/account/invoices/{invoice.pk}/", follow=True)

    assert "cannot be shown just now" in text(response)


# doors


MINE = ["subscription", "subscription_cancel", "subscription_return", "invoices", "checkout_success"]


@pytest.mark.parametrize("name", MINE)
def test_what_is_mine_asks_a_stranger_to_sign_in(name):
    response = Client().get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("name", ["subscription_resume", "subscription_card"])
def test_a_stranger_changes_nothing(name):
    assert Client().post(reverse(name))["Location"].startswith("/account/login/")


def test_no_page_that_is_only_looked_at_asks_stripe(shop, settings):
    user = shop.subscriber()
    cut_now(settings)
    client = client_of(user)

    looked = ["/pricing/", "/account/subscription/", "/account/subscription/cancel/", "/account/invoices/", "/account/"]
    assert [client.get(path).status_code for path in [*looked, "/checkout/cancelled/"]] == [200] * 6
