"""The contact page: an organisation asks for a licence, without scripts."""

import pytest
from django.test import Client

from newsroom.core.models import Message
from newsroom.licensing.models import Lead
from newsroom.portal import rules
from newsroom.portal.views.enquiries import MOST
from tests.factories import a_product, an_item

pytestmark = pytest.mark.django_db


def a_form(**facts):
    values = {
        "name": "Zeynep Zebra",
        "email": "zeynep@zebra.example",
        "organisation": "Daily Zebra",
        "country": "TR",
        "uses": ["read", "publish"],
        "audience": "90000",
        "message": "What does it cost?",
        "consent": "on",
        "website": "",
        "story": "",
    }
    return {name: value for name, value in (values | facts).items() if value is not None}


def test_an_enquiry_from_the_wall_names_its_story():
    item, product = an_item(), a_product("sport")
    client = Client()

    page = client.get(f"/contact/?story={item.slug}").content.decode()
    answer = client.post("/contact/", a_form(story=item.slug, products=[product.code]), follow=True)

    lead = Lead.objects.get()
    assert f'value="{item.slug}"' in page
    assert answer.redirect_chain == [("/contact/sent/", 302)]
    assert (lead.item, lead.products, lead.audience, lead.locale) == (item, ["sport"], 90_000, "en")
    assert set(Message.objects.values_list("kind", flat=True)) == {"enquiry_received", "enquiry_new"}


def test_the_page_says_the_same_of_a_story_that_is_there_and_of_one_that_is_not():
    item = an_item()

    pages = [Client().get(f"/contact/?story={slug}").content.decode().replace(slug, "") for slug in (item.slug, "none")]

    def without_token(page):
        return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]

    assert without_token(pages[0]) == without_token(pages[1])
    assert Client().post("/contact/", a_form(story="none")).status_code == 302
    assert Lead.objects.get().item is None


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"name": "\u202e"}, ["name"]),
        ({"email": "nobody"}, ["email"]),
        ({"organisation": None}, ["organisation"]),
        ({"country": ""}, ["country"]),
        ({"country": "XX"}, ["country"]),
        ({"uses": ["steal"]}, ["uses"]),
        ({"products": ["nothing"]}, ["products"]),
        ({"audience": "-1"}, ["audience"]),
        ({"audience": "many"}, ["audience"]),
        ({"consent": None}, ["consent"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(facts, fields):
    answer = Client().post("/contact/", a_form(**facts))

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, fields)
    assert Lead.objects.count() == 0


def test_who_fills_in_what_people_do_not_see_is_thanked_and_forgotten():
    answer = Client().post("/contact/", a_form(website="https://spam.example"))

    assert (answer.url, Lead.objects.count(), Message.objects.count()) == ("/contact/sent/", 0, 0)


def test_an_address_that_writes_again_and_again_is_asked_to_wait():
    client = Client()

    answers = [client.post("/contact/", a_form()).status_code for _ in range(MOST + 1)]
    elsewhere = client.post("/contact/", a_form(), REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR="127.0.0.1")

    assert answers == [302] * MOST + [429]
    assert (elsewhere.status_code, Lead.objects.count()) == (302, MOST + 1)


@pytest.mark.parametrize(
    ("here", "url"),
    [("/story/ferries/", "/contact/?story=ferries"), ("/story/a/original/1/", "/contact/"), ("", "/contact/")],
)
def test_the_wall_leads_organisations_to_the_contact_page(here, url):
    assert rules._enquiry(here) == url
