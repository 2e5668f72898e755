"""From an enquiry to a lead that somebody looks after, to how it ended."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing.models import Lead, SalesCountry
from newsroom.licensing.selling import assigning, leads
from newsroom.licensing.selling.errors import BadOffer, NotNow
from tests.factories import HOUR, NOON, a_product, a_user, an_item
from tests.licensing.selling.world import a_lead, a_seller, an_enquiry

pytestmark = pytest.mark.django_db


def test_an_enquiry_is_a_lead_with_an_account_manager_and_both_sides_hear():
    seller, item, product = a_seller(email="sam@anka.example"), an_item(), a_product("sport")

    lead = a_lead(
        products=(product.code,), uses=("read", "publish"), audience=90_000, message="Prices?\n", item=item, locale="tr"
    )

    found = Lead.objects.get()
    assert found == lead
    assert (found.name, found.email, found.organisation_name) == ("Zeynep Zebra", "zeynep@zebra.example", "Daily Zebra")
    assert (found.state, found.manager, found.item, found.consent_at) == ("new", seller, item, NOON)
    assert (found.products, found.uses, found.audience, found.message) == (
        ["sport"],
        ["publish", "read"],
        90_000,
        "Prices?",
    )
    assert set(Message.objects.values_list("kind", "to", "locale")) == {
        ("enquiry_received", "zeynep@zebra.example", "tr"),
        ("enquiry_new", "sam@anka.example", "en"),
    }


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"consent": False}, "consent"),
        ({"name": " "}, "name"),
        ({"organisation": "\u202e"}, "organisation"),
        ({"country": "XX"}, "country"),
        ({"country": ""}, "country"),
        ({"uses": ("steal",)}, "uses"),
        ({"products": ("nothing",)}, "products"),
        ({"audience": -1}, "audience"),
    ],
)
def test_an_enquiry_that_lacks_something_is_none(facts, field):
    with pytest.raises(BadOffer) as refusal:
        leads.enquire(enquiry=an_enquiry(**facts), at=NOON)

    assert (refusal.value.field, Lead.objects.count(), Message.objects.count()) == (field, 0, 0)


def test_without_anybody_who_sells_the_sales_address_hears():
    lead = a_lead()

    assert (lead.manager, Message.objects.get(kind="enquiry_new").to) == (None, "sales@anka-wire.example")


def test_a_country_goes_to_its_account_manager_and_every_other_in_turn():
    first, second, third = (a_seller() for _ in range(3))
    assigning.set_country(country="GR", manager=third, by=SYSTEM, at=NOON)

    def manager(country, hours):
        return leads.enquire(enquiry=an_enquiry(country=country), at=NOON + hours * HOUR).manager

    assert [manager("TR", 0), manager("TR", 1), manager("TR", 2), manager("TR", 3)] == [first, second, third, first]
    assert [manager("GR", 4), manager("GR", 5), manager("TR", 6)] == [third, third, second]


def test_who_left_gets_no_leads():
    first, second = a_seller(), a_seller()
    assigning.set_country(country="TR", manager=first, by=SYSTEM, at=NOON)
    first.is_active = False
    first.save(update_fields=["is_active"])

    assert a_lead().manager == second


def test_a_country_is_given_and_taken_with_an_audit_line():
    seller = a_seller()
    assigning.set_country(country="TR", manager=seller, by=SYSTEM, at=NOON)
    assigning.set_country(country="TR", manager=None, by=SYSTEM, at=NOON)

    for facts, field in [
        ({"country": "XX", "manager": seller}, "country"),
        ({"country": "TR", "manager": a_user()}, "manager"),
    ]:
        with pytest.raises(BadOffer) as refusal:
            assigning.set_country(by=SYSTEM, at=NOON, **facts)
        assert refusal.value.field == field
    assert SalesCountry.objects.count() == 0
    assert list(
        AuditEntry.objects.filter(action__startswith="sales_").order_by("pk").values_list("action", flat=True)
    ) == [
        "sales_country.set",
        "sales_country.cleared",
    ]


def test_a_lead_is_handed_on_to_somebody_who_sells():
    lead, other = a_lead(), a_seller()

    leads.assign(lead=lead, manager=other, by=SYSTEM, at=NOON)
    with pytest.raises(BadOffer) as refusal:
        leads.assign(lead=lead, manager=a_user(), by=SYSTEM, at=NOON)

    assert (Lead.objects.get().manager, refusal.value.field) == (other, "manager")


def test_a_note_is_kept_and_the_next_step_has_a_day():
    lead = a_lead()

    leads.note(lead=lead, text=" They\u202e called. ", by=SYSTEM, at=NOON)
    leads.plan(lead=lead, step="Call back", on=date(2026, 3, 10), by=SYSTEM, at=NOON)
    for deed, field in [
        (lambda: leads.note(lead=lead, text=" ", by=SYSTEM, at=NOON), "text"),
        (lambda: leads.plan(lead=lead, step="Call", on=None, by=SYSTEM, at=NOON), "next_on"),
    ]:
        with pytest.raises(BadOffer) as refusal:
            deed()
        assert refusal.value.field == field

    lead.refresh_from_db()
    assert (lead.notes.get().text, lead.next_step, lead.next_on) == ("They called.", "Call back", date(2026, 3, 10))
    leads.plan(lead=lead, step="", on=date(2026, 3, 11), by=SYSTEM, at=NOON)
    assert Lead.objects.get().next_on is None
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        lead.notes.update(text="They did not call.")


@pytest.mark.parametrize("before", Lead.State)
@pytest.mark.parametrize("after", Lead.State)
def test_a_lead_moves_only_as_the_table_says(before, after):
    lead = a_lead()
    Lead.objects.filter(pk=lead.pk).update(state=before, lost_reason="Gone." if before == Lead.State.LOST else "")

    if after == before or after in leads.NEXT[before]:
        leads.move(lead=lead, to=after, why="So.", by=SYSTEM, at=NOON)
        assert Lead.objects.get().state == after
    else:
        with pytest.raises(NotNow):
            leads.move(lead=lead, to=after, why="So.", by=SYSTEM, at=NOON)
        assert Lead.objects.get().state == before


def test_a_lead_is_lost_with_a_reason():
    lead = a_lead()

    with pytest.raises(BadOffer) as refusal:
        leads.move(lead=lead, to=Lead.State.LOST, why=" ", by=SYSTEM, at=NOON)
    with pytest.raises(DatabaseError, match="lead_lost_with_a_reason"), transaction.atomic():
        Lead.objects.update(state="lost")
    leads.move(lead=lead, to=Lead.State.LOST, why="Too dear.", by=SYSTEM, at=NOON)

    assert (refusal.value.field, Lead.objects.get().lost_reason) == ("why", "Too dear.")
    leads.move(lead=lead, to=Lead.State.TALKING, by=SYSTEM, at=NOON)
    assert Lead.objects.get().lost_reason == ""
