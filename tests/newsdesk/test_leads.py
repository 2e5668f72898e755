"""Leads, trials and rate cards at the desk."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing.models import Lead, Rate, RateCard, SalesCountry, Trial
from newsroom.licensing.selling import leads
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import a_product, an_organisation, staff_of
from tests.licensing.selling.world import a_card, a_lead, a_rate, a_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return a_seller(SALES, name="Sam Seller")


@pytest.fixture
def client(at_desk, seller):
    return at_desk(seller)


def shown(client, query=""):
    return {each.pk for each in client.get(f"/desk/leads/?{query}").context["object_list"]}


def test_leads_are_found_by_words_state_country_mine_and_overdue(client, seller):
    mine = a_lead()
    other = a_lead(organisation="Weekly Lion", email="l@lion.example", country="GR")
    leads.assign(lead=other, manager=a_seller(), by=SYSTEM, at=now())
    lost = a_lead(organisation="Lost Paper")
    leads.move(lead=lost, to=Lead.State.LOST, why="Gone.", by=SYSTEM, at=now())
    yesterday = timezone.localdate(now()) - timedelta(days=1)
    leads.plan(lead=other, step="Call", on=yesterday, by=SYSTEM, at=now())

    assert shown(client) == {mine.pk, other.pk}
    assert shown(client, "state=all") == {mine.pk, other.pk, lost.pk}
    assert shown(client, "state=lost") == {lost.pk}
    assert shown(client, "words=lion") == {other.pk}
    assert shown(client, "country=GR") == {other.pk}
    assert shown(client, "mine=on") == {mine.pk}
    assert shown(client, "overdue=on") == {other.pk}


def test_the_menu_leads_to_what_one_may_see(client, at_desk):
    def menu(by):
        page = by.get("/desk/").content.decode()
        return [path for path in ("/desk/leads/", "/desk/quotes/", "/desk/rates/") if path in page]

    assert (len(menu(client)), menu(at_desk(staff_of()))) == (3, [])


def test_an_empty_list_says_how_a_lead_comes(client):
    assert "An enquiry on the contact page makes one" in client.get("/desk/leads/").content.decode()


@pytest.mark.parametrize("path", ["/desk/leads/", "/desk/quotes/", "/desk/rates/"])
def test_lists_ask_as_many_queries_for_one_as_for_three(client, seller, path, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.licensing.selling.world import a_quote

    def one(number):
        lead = a_lead(organisation=f"Paper {number}")
        leads.plan(lead=lead, step="Call", on=date(2026, 1, 1), by=SYSTEM, at=now())
        a_quote(seller, lead)
        a_rate(a_card(name=f"Card {number}"))

    one(0)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    one(1)
    one(2)
    with django_assert_num_queries(len(few)):
        client.get(path)


def test_a_lead_is_noted_planned_handed_on_taken_up_and_lost(client):
    lead, other = a_lead(), a_seller(name="Olga Other")
    here = f"/desk/leads/{lead.pk}/"

    client.post(f"{here}note/", {"text": "They called."})
    client.post(f"{here}plan/", {"step": "Call back", "next_on": "2026-03-10"})
    client.post(f"{here}assign/", {"manager": other.pk})
    client.post(f"{here}state/talking/")
    client.post(f"{here}state/lost/", {"why": "Too dear."})
    page = client.get(here).content.decode()

    lead.refresh_from_db()
    assert (lead.manager, lead.next_on, lead.state, lead.lost_reason) == (other, date(2026, 3, 10), "lost", "Too dear.")
    assert [word in page for word in ("They called.", "Call back", "Olga Other", "Too dear.", "Talking")] == [True] * 5


@pytest.mark.parametrize(
    ("path", "form", "fields"),
    [
        ("note/", {"text": " "}, ["text"]),
        ("plan/", {"step": "Call", "next_on": ""}, ["next_on"]),
        ("assign/", {"manager": 0}, ["manager"]),
        ("state/lost/", {"why": ""}, ["why"]),
        ("trial/", {"days": 0, "uses": ["read"], "all_products": "on"}, ["days"]),
        ("trial/", {"days": 91, "uses": ["read"], "all_products": "on"}, ["days"]),
        ("trial/", {"days": 14, "uses": [], "all_products": "on"}, ["uses"]),
        ("trial/", {"days": 14, "uses": ["read"]}, ["products"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, path, form, fields):
    lead = a_lead()

    answer = client.post(f"/desk/leads/{lead.pk}/{path}", form)

    assert list(answer.context["form"].errors) == fields
    assert (Lead.objects.get().state, Trial.objects.count()) == ("new", 0)


def test_a_trial_is_started_from_a_lead_and_only_once_for_an_organisation(client):
    lead, paper = a_lead(), an_organisation()
    form = {"organisation": paper.pk, "days": 14, "uses": ["read"], "all_products": "on"}

    client.post(f"/desk/leads/{lead.pk}/trial/", form)
    again = client.post(f"/desk/leads/{a_lead().pk}/trial/", form)

    page = client.get(f"/desk/leads/{lead.pk}/").content.decode()
    assert (Trial.objects.get().organisation, list(again.context["form"].errors)) == (paper, ["organisation"])
    assert f"organisation-{paper.pk}" in page


def test_a_state_that_is_not_set_by_hand_has_no_page(client):
    assert client.get(f"/desk/leads/{a_lead().pk}/state/won/").status_code == 404


def test_a_country_is_given_to_an_account_manager(client, seller):
    client.post("/desk/leads/countries/", {"country": "TR", "manager": seller.pk})
    assert SalesCountry.objects.get().manager == seller
    assert "Sam Seller" in client.get("/desk/leads/countries/").content.decode()
    client.post("/desk/leads/countries/", {"country": "TR", "manager": ""})
    assert SalesCountry.objects.count() == 0


def a_row(**facts):
    values = {
        "product": a_product("sport").pk,
        "uses": ["read"],
        "countries": [],
        "region": "",
        "audience_from": 0,
        "audience_to": "",
        "language": "",
        "price": "1200.50",
        "interval": "year",
        "valid_from": "2026-01-01 00:00",
        "valid_to": "",
    }
    return values | facts


def test_finance_opens_a_card_adds_a_row_and_ends_it(at_desk):
    client = at_desk(a_seller(FINANCE))

    client.post("/desk/rates/open/", {"name": "Europe", "currency": "eur"})
    card = RateCard.objects.get()
    client.post(f"/desk/rates/{card.pk}/add/", a_row(countries=["TR", "GR"], region="Aegean"))
    rate = Rate.objects.get()
    page = client.get(f"/desk/rates/{card.pk}/?day=2026-02-01").content.decode()
    before = client.get(f"/desk/rates/{card.pk}/?day=2025-02-01").content.decode()
    client.post(f"/desk/rates/row/{rate.pk}/end/", {"valid_to": "2026-06-01 00:00"})

    assert (rate.minor, rate.countries, rate.price.currency) == (120_050, ["GR", "TR"], "eur")
    assert ("Aegean" in page, "€1,200.50" in page, "No row is valid" in before) == (True, True, True)
    assert Rate.objects.get().valid_to.isoformat() == "2026-05-31T21:00:00+00:00"


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"price": "-1"}, ["price"]),
        ({"price": "1.005"}, ["price"]),
        ({"uses": []}, ["uses"]),
        ({"countries": ["XX"]}, ["countries"]),
        ({"countries": ["TR", "GR"]}, ["region"]),
        ({"audience_from": 10, "audience_to": 5}, ["audience_to"]),
        ({"valid_to": "2025-01-01 00:00"}, ["valid_to"]),
        ({"interval": "week"}, ["interval"]),
        ({"valid_from": "2026-02-01 00:00", "uses": ["read", "publish"]}, ["valid_from"]),
    ],
)
def test_a_row_that_cannot_be_is_named(at_desk, facts, fields):
    card = a_card()
    a_rate(card)

    answer = at_desk(a_seller(FINANCE)).post(f"/desk/rates/{card.pk}/add/", a_row(**facts))

    assert (list(answer.context["form"].errors), Rate.objects.count()) == (fields, 1)


@pytest.mark.parametrize("form", [{"name": "EUROPE", "currency": "eur"}, {"name": "Asia", "currency": "xxx"}])
def test_a_card_that_cannot_be_is_named(at_desk, form):
    a_card()

    answer = at_desk(a_seller(FINANCE)).post("/desk/rates/open/", form)

    assert (len(answer.context["form"].errors), RateCard.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "path",
    [
        "leads/",
        "leads/{lead}/",
        "leads/{lead}/note/",
        "leads/countries/",
        "quotes/",
        "quotes/new/",
        "rates/",
        "rates/open/",
    ],
)
def test_the_newsroom_has_no_business_there(at_desk, path):
    answer = at_desk(staff_of()).get(f"/desk/{path.format(lead=a_lead().pk)}", follow=True)

    assert answer.redirect_chain == [("/desk/", 302)]


def test_who_sells_does_not_set_prices_and_finance_does_not_write_quotes(at_desk, client):
    finance = at_desk(a_seller(FINANCE))

    assert [client.get(path).status_code for path in ("/desk/rates/", "/desk/rates/open/")] == [200, 302]
    assert [finance.get(path).status_code for path in ("/desk/quotes/", "/desk/quotes/new/")] == [200, 302]
