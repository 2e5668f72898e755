"""Quotes at the desk: any agreement, field by field, from draft to answer."""

from datetime import timedelta

import pytest

from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Quote, QuoteLine
from newsroom.licensing.rules import Limits, Quota, SeatKind
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import a_product, an_organisation
from tests.licensing.selling.world import a_card, a_lead, a_rate, a_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return a_seller(SALES, name="Sam Seller")


@pytest.fixture
def client(at_desk, seller):
    return at_desk(seller)


def terms(**facts):
    values = {
        "customer": "Daily Zebra Ltd",
        "contact_name": "Zeynep Zebra",
        "contact_email": "zeynep@zebra.example",
        "address": "",
        "country": "TR",
        "locale": "en",
        "currency": "eur",
        "starts_on": (now() + timedelta(days=10)).date().isoformat(),
        "term_months": 12,
        "billing_interval": "quarter",
        "payment_days": 30,
        "notice_days": 90,
        "auto_renew": "on",
        "indexation": "cpi",
        "indexation_rate": "3.5",
        "valid_until": (now() + timedelta(days=30)).strftime("%Y-%m-%d %H:%M"),
        "intro": "",
    }
    return {name: value for name, value in (values | facts).items() if value is not None}


def line(**facts):
    values = {
        "title": "Sport wire",
        "products": [a_product("sport").code],
        "uses": ["read", "publish"],
        "clause": "The customer may read and publish.",
        "interval": "year",
        "card": "",
        "audience": 0,
        "language": "",
        "list_price": "12000",
        "discount": "0",
        "seat_kind": "named",
        "delay": 0,
        "rendition": 4,
        **{f"quota{number}_period": "month" for number in range(1, 5)},
    }
    return {name: value for name, value in (values | facts).items() if value is not None}


@pytest.fixture
def quote(client):
    client.post(f"/desk/leads/{a_lead().pk}/quote/", terms())
    return Quote.objects.get()


def test_a_quote_is_drafted_from_a_lead_with_what_the_lead_said(client, seller):
    lead = a_lead(locale="tr")

    page = client.get(f"/desk/leads/{lead.pk}/quote/")
    client.post(f"/desk/leads/{lead.pk}/quote/", terms())

    quote = Quote.objects.get()
    initial = page.context["form"].initial
    assert (initial["customer"], initial["contact_email"], initial["locale"]) == ("Daily Zebra", lead.email, "tr")
    assert (quote.lead, quote.manager, quote.state, quote.indexation_rate) == (lead, seller, "draft", 350)
    assert client.get(f"/desk/quotes/{quote.pk}/").status_code == 200


def test_a_quote_without_a_lead_is_for_an_organisation(client):
    without = client.post("/desk/quotes/new/", terms())
    client.post("/desk/quotes/new/", terms(organisation=an_organisation().pk))

    assert (list(without.context["form"].errors), Quote.objects.count()) == (["organisation"], 1)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"customer": ""}, ["customer"]),
        ({"country": "XX"}, ["country"]),
        ({"currency": "xxx"}, ["currency"]),
        ({"contact_email": "nobody"}, ["contact_email"]),
        ({"term_months": 0}, ["term_months"]),
        ({"term_months": 500}, ["term_months"]),
        ({"notice_days": 400}, ["notice_days"]),
        ({"notice_days": -1}, ["notice_days"]),
        ({"payment_days": -1}, ["payment_days"]),
        ({"indexation_rate": "26"}, ["indexation_rate"]),
        ({"indexation_rate": "0"}, ["indexation_rate"]),
        ({"indexation": "whim"}, ["indexation"]),
        ({"valid_until": "2020-01-01 00:00"}, ["valid_until"]),
        ({"starts_on": "soon"}, ["starts_on"]),
    ],
)
def test_terms_that_no_quote_can_have_are_named(client, facts, fields):
    answer = client.post(f"/desk/leads/{a_lead().pk}/quote/", terms(**facts))

    assert (list(answer.context["form"].errors), Quote.objects.count()) == (fields, 0)


EVERYTHING = {
    "channels": ["web", "print"],
    "territories": ["TR", "GR"],
    "seats": 5,
    "seat_kind": "floating",
    "delay": 30,
    "archive": 30,
    "rendition": 2,
    "formats": ["ninjs"],
    "under_embargo": "on",
    "quota1_use": "publish",
    "quota1_limit": 100,
    "quota1_overage": "3.00",
    "quota2_use": "read",
    "quota2_limit": 10,
    "quota2_period": "day",
    "quota2_each": "on",
    "clause_seats": "Five at a time.",
    "clause_territories": "Not elsewhere.",
}


def test_any_agreement_of_limits_is_written_field_by_field(client, quote):
    client.post(f"/desk/quotes/{quote.pk}/lines/add/", line(discount="12.5", **EVERYTHING))

    assert quote.lines == (
        Line(
            title="Sport wire",
            products=("sport",),
            uses=("publish", "read"),
            limits=Limits(
                channels=frozenset({"web", "print"}),
                territories=frozenset({"TR", "GR"}),
                formats=frozenset({"ninjs"}),
                delay=timedelta(minutes=30),
                archive=timedelta(days=30),
                rendition=2,
                under_embargo=True,
                seats=5,
                seat_kind=SeatKind.FLOATING,
                quotas=(Quota("publish", 100, "month", False, Money(300, "eur")), Quota("read", 10, "day", True)),
                clauses={"seats": "Five at a time.", "territories": "Not elsewhere."},
            ),
            clause="The customer may read and publish.",
            price=Money(1_050_000, "eur"),
            interval="year",
            discount=1250,
        ),
    )


def test_a_line_that_is_opened_and_saved_again_says_the_same(client, quote):
    client.post(f"/desk/quotes/{quote.pk}/lines/add/", line(discount="12.5", **EVERYTHING))
    before = quote.lines
    path = f"/desk/quotes/{quote.pk}/lines/{QuoteLine.objects.get().pk}/"

    form = client.get(path).context["form"]
    again = {name: form[name].value() for name in form.fields}
    client.post(path, {name: value for name, value in again.items() if value not in (None, False)})

    assert quote.lines == before


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"products": None}, ["products"]),
        ({"all_products": "on"}, ["products"]),
        ({"products": ["gone"]}, ["products"]),
        ({"uses": None}, ["uses"]),
        ({"clause": " "}, ["clause"]),
        ({"interval": "week"}, ["interval"]),
        ({"list_price": ""}, ["list_price"]),
        ({"list_price": "-1"}, ["list_price"]),
        ({"list_price": "1.005"}, ["list_price"]),
        ({"discount": "101"}, ["discount"]),
        ({"discount": "-1"}, ["discount"]),
        ({"territories": ["XX"]}, ["territories"]),
        ({"seats": 0}, ["seats"]),
        ({"seats": -3}, ["seats"]),
        ({"delay": -1}, ["delay"]),
        ({"archive": 0}, ["archive"]),
        ({"rendition": 9}, ["rendition"]),
        ({"formats": ["docx"]}, ["formats"]),
        ({"quota1_use": "read", "quota1_limit": 0}, ["quota1_limit"]),
        ({"quota1_use": "read", "quota1_limit": -5}, ["quota1_limit"]),
        ({"quota1_use": "read"}, ["quota1_limit"]),
        ({"quota1_limit": 5}, ["quota1_use"]),
        ({"quota1_use": "syndicate", "quota1_limit": 5}, ["quota1_use"]),
        ({"quota1_use": "read", "quota1_limit": 5, "quota2_use": "read", "quota2_limit": 6}, ["quota1_use"]),
        ({"quota1_use": "read", "quota1_limit": 5, "quota1_overage": "1.005"}, ["quota1_overage"]),
        ({"quota1_use": "read", "quota1_limit": 5, "quota1_overage": "0"}, ["quota1_use"]),
    ],
)
def test_a_line_that_cannot_be_is_named(client, quote, facts, fields):
    answer = client.post(f"/desk/quotes/{quote.pk}/lines/add/", line(**facts))

    assert (list(answer.context["form"].errors), QuoteLine.objects.count()) == (fields, 0)


def test_a_rate_card_prices_a_line_and_says_which_row(client, quote):
    card = a_card()
    rate = a_rate(card, minor=1_000_000, countries=["TR"], valid_from=now() - timedelta(days=1))
    path = f"/desk/quotes/{quote.pk}/lines/add/"

    client.post(path, line(card=card.pk, list_price="1", discount="10"))
    missing = client.post(path, line(card=card.pk, interval="month"))

    row = QuoteLine.objects.get()
    page = client.get(f"/desk/quotes/{quote.pk}/").content.decode()
    assert (row.from_card, row.list_minor, row.line.price, row.line.discount) == (
        [rate.pk],
        1_000_000,
        Money(900_000, "eur"),
        1000,
    )
    assert list(missing.context["form"].errors) == ["card"]
    assert (f"rate {rate.pk}" in page, "€9,000.00" in page) == (True, True)


def test_a_card_in_another_currency_is_not_offered(client, quote):
    card = a_card("usd")

    answer = client.post(f"/desk/quotes/{quote.pk}/lines/add/", line(card=card.pk))

    assert next(iter(answer.context["form"].errors)) == "card"


def test_a_discount_goes_the_whole_way_from_draft_to_sent(client, quote, at_desk):
    finance = at_desk(a_seller(FINANCE))
    here = f"/desk/quotes/{quote.pk}/"

    def press(by, step):
        by.post(f"{here}step/{step}/")
        return Quote.objects.get(pk=quote.pk).state

    empty = client.post(f"{here}step/submit/")
    client.post(f"{here}lines/add/", line(discount="20"))
    states = [press(client, "submit"), press(client, "approve"), press(client, "send")]
    finance.post(f"{here}send-back/", {"why": "15 at most."})
    states += [press(client, "submit"), press(finance, "approve"), press(client, "send")]
    client.post(f"{here}step/resend/")
    pdf = client.get(
        "/desk/papers/Q-2026-00001.pdf" if now().year == 2026 else f"/desk/papers/Q-{now().year}-00001.pdf"
    )
    edited = client.post(f"{here}terms/", terms(term_months=24))

    assert empty.context["form"].non_field_errors() == ["A quote needs at least one line."]
    assert states == ["waiting", "waiting", "waiting", "waiting", "approved", "sent"]
    assert Message.objects.filter(kind="quote_sent").count() == 2
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert ["new revision" in each for each in edited.context["form"].non_field_errors()] == [True]


def test_a_line_is_removed_and_a_sent_quote_revised_and_withdrawn(client, quote):
    here = f"/desk/quotes/{quote.pk}/"
    card = a_card()
    a_rate(card, valid_from=now() - timedelta(days=1))
    for _ in range(2):
        client.post(f"{here}lines/add/", line(card=card.pk))
    client.post(f"{here}lines/{QuoteLine.objects.first().pk}/remove/")
    for step in ("submit", "send"):
        client.post(f"{here}step/{step}/")
    later = (now() + timedelta(days=40)).strftime("%Y-%m-%d %H:%M")

    answer = client.post(f"{here}revise/", {"valid_until": later})
    client.post(f"{here}withdraw/", {"why": "A slip."})

    revision = Quote.objects.get(revises=quote)
    quote.refresh_from_db()
    assert (len(quote.lines), quote.state, answer.url) == (1, "withdrawn", f"/desk/quotes/{revision.pk}/")
    assert (revision.revision, revision.lines) == (2, quote.lines)


def test_quotes_are_found_by_customer_number_state_and_mine(client, quote):
    def shown(query):
        return [each.pk for each in client.get(f"/desk/quotes/?{query}").context["object_list"]]

    assert shown("words=zebra") == shown("state=draft") == shown("mine=on") == [quote.pk]
    assert shown("words=lion") == shown("state=sent") == shown("state=expired") == []


@pytest.mark.parametrize("path", ["step/fly/", "lines/999/", "lines/999/remove/"])
def test_what_is_not_there_is_not_found(client, quote, path):
    assert client.get(f"/desk/quotes/{quote.pk}/{path}").status_code == 404
