"""Buying once on the site: choosing, the price that is signed, and coming back."""

import re

import pytest
from django.test import Client

from newsroom.billing.models import Order
from newsroom.core.models import Message
from newsroom.licensing.models import Licence
from tests.factories import a_user, an_item
from tests.portal.paying import client_of, text

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("own_clock")]
PRINT = "?purpose=print&territory=country&country=DE&circulation=medium&duration=year&currency=eur"


def offer_in(response) -> str:
    found = re.search(r'name="offer" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_the_wall_offers_a_plan_a_day_and_the_story(cut):
    item = an_item()
    said = text(Client().get(item.get_absolute_url()))
    assert "See plans and prices Day pass License this story Sign in" in said


def test_a_stranger_sees_the_price_and_signs_up_without_losing_what_was_chosen(cut):
    item = an_item()
    page = Client().get(f"{item.get_absolute_url()}licence/{PRINT}")
    assert "€216.00" in text(page)
    assert "plus tax" in text(page)
    link = re.search(r'href="(/account/signup/[^"]+)"', page.content.decode())
    assert link
    assert "purpose%3Dprint" in link[1]
    assert "country%3DDE" in link[1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?purpose=nonsense", "Select a valid choice"),
        (
            "?purpose=print&territory=country&circulation=small&duration=year",
            "Choose the country in which you publish.",
        ),
        ("?purpose=print&territory=world&duration=year", "Choose one of the values shown."),
    ],
)
def test_what_is_missing_is_said_on_the_field(cut, query, said):
    page = Client().get(f"{an_item().get_absolute_url()}licence/{query}")
    assert page.status_code == 400
    assert said in text(page)
    assert 'name="offer"' not in page.content.decode()


def test_one_story_is_chosen_paid_and_read(shop):
    user, item = a_user(), an_item()
    client = client_of(user)
    here = item.get_absolute_url()
    page = client.get(f"{here}licence/?purpose=personal&currency=eur")
    assert "€1.50" in text(page)

    away = client.post(f"{here}licence/buy/", {"offer": offer_in(page)})
    assert away.status_code == 302
    shop.pay(shop.session_in(away["Location"]), user)
    back = client.get(f"/bought/{Order.objects.get().ref}/")

    assert (back.status_code, back["Location"]) == (302, here)
    said = text(client.get(here))
    assert "Thank you. The story is yours" in said
    assert "The first ferry left at dawn." in said
    mine = text(client.get("/account/purchases/"))
    assert "L-20" in mine
    paper = client.get(f"/account/purchases/{Order.objects.get().ref}/certificate.pdf")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert client_of(a_user()).get(f"/account/purchases/{Order.objects.get().ref}/certificate.pdf").status_code == 404


def test_a_tampered_price_is_refused_and_nothing_is_ordered(shop):
    user, item = a_user(), an_item()
    client = client_of(user)
    here = item.get_absolute_url()
    token = offer_in(client.get(f"{here}licence/{PRINT}"))
    for bad in (token[:-2] + "xx", "", "e30:x"):
        answer = client.post(f"{here}licence/buy/", {"offer": bad}, follow=True)
        assert "This price is not one we offered." in text(answer)
    other = an_item().get_absolute_url()
    assert "This price is of another story." in text(client.post(f"{other}licence/buy/", {"offer": token}, follow=True))
    assert Order.objects.count() == 0


def test_a_day_pass_is_bought_from_the_prices_and_leads_back_to_the_story(shop):
    user, item = a_user(), an_item()
    client = client_of(user)
    here = item.get_absolute_url()
    assert "Buy a day pass" in text(client.get(f"/pricing/?next={here}"))
    away = client.post("/day-pass/", {"next": here, "currency": "eur"})
    shop.pay(shop.session_in(away["Location"]), user)
    back = client.get(f"/bought/{Order.objects.get().ref}/", follow=True)
    assert "The first ferry left at dawn." in text(back)


def test_a_payment_that_is_not_there_yet_is_waited_for(shop):
    user = a_user()
    client = client_of(user)
    client.post("/day-pass/", {"currency": "eur"})
    page = client.get(f"/bought/{Order.objects.get().ref}/")
    assert "Your payment is being confirmed" in text(page)
    assert Licence.objects.count() == 0
    assert client_of(a_user()).get(f"/bought/{Order.objects.get().ref}/").status_code == 404


def test_a_gift_is_bought_mailed_and_redeemed_once_without_a_card(shop):
    giver, lucky, late = a_user(), a_user(), a_user()
    client = client_of(giver)
    form = {"what": "reader:3", "recipient_email": "lucky@example.com", "giver_name": "Ida", "currency": "eur"}
    away = client.post("/give/", form)
    shop.pay(shop.session_in(away["Location"]), giver)
    assert "Your gift goes to lucky@example.com" in text(client.get(f"/bought/{Order.objects.get().ref}/"))
    mail = Message.objects.get(kind="gift_received")
    code = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", mail.text)
    assert code

    page = client_of(lucky).get(f"/redeem/{code[0]}/")
    assert "Reader for 3 months." in text(page)
    done = client_of(lucky).post("/redeem/", {"code": code[0].lower().replace("-", " ")})
    assert "You have Reader for 3 months from" in text(done)
    assert Licence.objects.filter(user=lucky).count() == 1
    again = client_of(late).post("/redeem/", {"code": code[0]})
    assert (again.status_code, "This gift was redeemed already." in text(again)) == (409, True)
    assert "We know no such code." in text(client_of(late).post("/redeem/", {"code": "ABCD"}))
    assert "Redeemed" in text(client.get("/account/purchases/"))


def test_company_data_is_saved_and_a_malformed_vat_id_is_said_on_its_field(shop):
    client = client_of(a_user())
    given = {"name": "Blatt GmbH", "line1": "Weg 1", "city": "Berlin", "country": "DE", "po_number": "PO-7"}
    wrong = client.post("/account/company/", given | {"vat_id": "DE12"})
    assert wrong.status_code == 400
    assert "One looks like DE123456789." in text(wrong)
    assert "Blatt GmbH" in wrong.content.decode()

    client.post("/account/company/", given | {"vat_id": "DE 123 456 789"})
    assert "being verified" in text(client.get("/account/company/"))


def test_empty_pages_say_so(cut):
    client = client_of(a_user())
    assert "Nothing bought yet" in text(client.get("/account/purchases/"))
    assert client.get("/account/company/").status_code == 200
    assert client.get("/give/").status_code == 200
    assert client.get("/redeem/").status_code == 200
