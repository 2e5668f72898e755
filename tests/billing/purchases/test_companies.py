"""Company data, VAT ids and the tax of a purchase."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing import companies, vat
from newsroom.billing.models import Company, Invoice, Order
from newsroom.billing.purchases import buying
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import Choice
from newsroom.billing.sync import sync
from newsroom.billing.vat import BadVatId, Buyer, Treatment, treated
from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.sandbox import actions as at_stripe
from tests.billing.shop import Shop
from tests.factories import a_user, an_item

WEB = Choice("web", "world", "", "small", "month")
STAFF = Actor(1, "Finance")
GIVEN = companies.Given(
    "Blatt GmbH", "Weg 1", "Berlin", "DE", postal_code="10115", vat_id="DE 123 456 789", po_number="PO-7"
)


def a_company(user: Any, **facts: Any) -> Company:
    given = companies.Given(**{name: getattr(GIVEN, name) for name in GIVEN.__slots__} | facts)
    return companies.save(user=user, given=given, by=user.actor, at=now())


def later(shop: Shop, company: Company) -> Company:
    """The register has answered, and we have heard of it."""
    shop.wait(minutes=5)
    company.refresh_from_db()
    return company


def invoice_of(order: Order) -> Invoice:
    return Invoice.objects.get(metadata__order=str(order.ref))


@pytest.mark.parametrize(
    ("country", "text", "value"),
    [
        ("AT", "ATU12345678", "ATU12345678"),
        ("CH", "CHE-123.456.789 MWST", "CHE-123.456.789 MWST"),
        ("DE", "de 123 456 789", "DE123456789"),
        ("FR", "FRAB123456789", "FRAB123456789"),
        ("GB", "GB 123 4567 89", "GB123456789"),
        ("GR", "EL123456789", "EL123456789"),
        ("NL", "NL123456789B01", "NL123456789B01"),
        ("NO", "123 456 789 MVA", "123456789MVA"),
        ("TR", "1234567890", "1234567890"),
    ],
)
def test_a_vat_id_is_read_however_it_is_spaced(country, text, value):
    assert vat.vat_id(country, text).value == value


@pytest.mark.parametrize("country", sorted(vat.FORMS))
def test_each_country_has_an_example_that_is_right_and_refuses_what_is_malformed(country):
    with pytest.raises(BadVatId) as refused:
        vat.vat_id(country, "12")
    example = str(refused.value).split("looks like ")[1].rstrip(".")
    assert vat.vat_id(country, example)
    assert vat.table().source(country)


def test_a_country_without_vat_ids_says_so():
    with pytest.raises(BadVatId, match="no VAT IDs of this country"):
        vat.vat_id("US", "123")


@given(st.sampled_from(sorted(vat.table().rates)), st.booleans(), st.booleans())
def test_the_recipient_owes_the_tax_only_abroad_and_only_with_a_trusted_vat_id(country, business, trusted):
    found = treated(Buyer(country, business, trusted), seller="TR")
    reverse = business and trusted and country != "TR"
    assert found.reverse_charge == reverse
    assert found.percentage == ("" if reverse else vat.table().rates[country])
    assert found.inclusive == (not business)


def test_a_country_outside_the_table_is_not_taxed_by_us():
    assert treated(Buyer("US"), seller="TR") == Treatment("US", "", True)


def test_a_vat_id_is_pending_then_verified_then_struck_off_and_flagged(shop: Shop):
    user = a_user()
    company = a_company(user)
    assert (company.standing, company.trusted) == ("pending", False)
    assert (later(shop, company).standing, company.verified_name, company.trusted) == ("verified", "Blatt GmbH", True)

    at_stripe.judge_tax_id(company.stripe_tax_id, "unverified")
    shop.hear()

    company.refresh_from_db()
    assert (company.standing, company.trusted, company.flagged_at is not None) == ("unverified", False, True)
    acts = AuditEntry.objects.filter(action__startswith="billing.vat_id").order_by("pk")
    assert [each.action for each in acts][-1] == "billing.vat_id_struck_off"


def test_a_malformed_vat_id_is_refused_before_stripe_is_asked_and_nothing_is_saved(shop: Shop):
    with pytest.raises(BadVatId):
        a_company(a_user(), vat_id="DE12")
    assert Company.objects.count() == 0


def test_another_vat_id_takes_the_place_of_the_first_at_stripe_too(shop: Shop):
    user = a_user()
    a_company(user)
    company = later(shop, a_company(user, vat_id="DE987654321"))
    held = shop.sdk.v1.customers.tax_ids.list(company.account.stripe_customer_id or "").data
    assert ([each.value for each in held], company.standing) == (["DE987654321"], "verified")


def test_staff_accepts_a_vat_id_with_a_reason_only(shop: Shop):
    company = later(shop, a_company(a_user(), country="NO", vat_id="123456789MVA"))
    assert (company.standing, company.trusted) == ("unavailable", False)
    with pytest.raises(companies.NoReason):
        companies.accept(company=company, why=" ", by=STAFF, at=now())
    companies.accept(company=company, why="Extract of the register seen.", by=STAFF, at=now())
    company.refresh_from_db()
    assert (company.trusted, company.accepted_by) == (True, "Finance")


def test_a_consumers_price_includes_the_tax_of_the_country(shop: Shop):
    user = a_user()
    order = shop.buy_day_pass(user)
    invoice = invoice_of(order)
    assert (invoice.total_minor, invoice.tax_minor) == (290, 48)  # 20 percent in Türkiye, out of 2.90


def test_a_business_pays_tax_on_top_until_its_vat_id_is_verified_and_then_owes_it_itself(shop: Shop):
    user, item = a_user(), an_item()
    company = a_company(user)
    net = price_list().story(WEB, "eur").minor
    taxed = invoice_of(shop.buy_story(user, item, WEB))
    assert (taxed.total_minor - taxed.tax_minor, taxed.tax_minor) == (net, net * 19 // 100)

    later(shop, company)
    free = invoice_of(shop.buy_story(user, item, WEB))
    assert (free.total_minor, free.tax_minor) == (net, 0)
    assert free.raw["footer"].startswith("Reverse charge")
    assert free.raw["custom_fields"] == [{"name": "PO number", "value": "PO-7"}]
    assert (free.raw["customer_name"], free.raw["customer_address"]["city"]) == ("Blatt GmbH", "Berlin")
    assert [each["value"] for each in free.raw["customer_tax_ids"]] == ["DE123456789"]


def test_a_vat_id_typed_at_the_checkout_becomes_company_data(shop: Shop):
    user, item = a_user(), an_item()
    price = price_list().story(WEB, "eur")
    url = buying.buy_story(
        user=user, item=item, headline="A story", choice=WEB, price=price, next_path="", by=user.actor, at=now()
    )
    details = {"business_name": "Blatt GmbH", "tax_id_type": "eu_vat", "tax_id": "DE123456789", "country": "DE"}
    at_stripe.complete_checkout(shop.session_in(url), email=user.email, number="4242424242424242", details=details)
    shop.hear()

    company = Company.objects.get(account__user=user)
    assert (company.name, company.vat_id, company.standing) == ("Blatt GmbH", "DE123456789", "pending")
    assert later(shop, company).standing == "verified"


def test_the_same_again_changes_nothing(shop: Shop):
    user = a_user()
    company = later(shop, a_company(user))
    before = AuditEntry.objects.count()
    assert sync(account_id=company.account_id, at=now() + timedelta(seconds=1)) is False
    assert AuditEntry.objects.count() == before
