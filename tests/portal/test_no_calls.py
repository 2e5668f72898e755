"""A page view never asks Stripe. Only coming back from Stripe's pages, and the way to an invoice, do."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.factories import a_user, an_organisation
from tests.leaks.surfaces.desk import PART, addresses
from tests.portal.paying import a_subscription, an_invoice, client_of, cut_now

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
# Each asks Stripe on purpose: what is on their far side was changed there a moment ago, or is at Stripe.
ASKS = {"account/subscription/back/", "checkout/success/"}
ELSEWHERE = ("desk/", "sandbox/", "stripe/", "static/", "media/")


def pages() -> list[str]:
    return sorted({each for each in addresses(get_resolver()) if not each.startswith(ELSEWHERE)})


@pytest.fixture
def known() -> dict[str, object]:
    user = a_user()
    subscription = a_subscription(user)
    invoice = an_invoice(user)
    house = an_organisation("Posta")
    return {"user": user, "pk": invoice.pk, "invoice_id": invoice.pk, "subscription": subscription.pk, "house": house}


def test_no_page_of_the_portal_asks_stripe(known, settings):
    cut_now(settings)
    visitors = [Client(raise_request_exception=True), client_of(known["user"])]
    seen, asked = 0, []
    for address in pages():
        path = "/" + PART.sub(lambda part: str(known.get(part[1] or part[2], "x1")), address).replace("\\", "")
        for visitor in visitors:
            try:
                visitor.get(path)
            except AssertionError:  # the cut line's own
                asked.append(address)
            seen += 1

    assert set(asked) == ASKS
    assert seen > 100
