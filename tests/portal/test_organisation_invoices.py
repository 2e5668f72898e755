"""What an organisation sees of its invoices, and who of it."""

import pytest
from django.test import Client

from newsroom.billing.gateway import gateway
from newsroom.billing.models import InvoicePlan
from newsroom.sandbox import clock
from tests.billing.contracts_shop import ContractsShop
from tests.billing.shop import Shop
from tests.billing.test_invoicing import an_overage
from tests.factories import a_member, an_organisation
from tests.portal.test_contracts import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _clock():
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def house(db):
    found = ContractsShop(Shop(Client()))
    found.run()
    return found


def page(house, rest=""):
    return f"/organisation/{house.paper.slug}/invoices/{rest}"


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("billing", 200), ("admin", 404), ("member", 404)])
def test_owners_and_those_who_pay_see_what_is_due(house, role, status):
    client, invoice = signed_in(a_member(house.paper, role=role)), house.invoices[0]

    response = client.get(page(house))
    pdf = client.post(page(house, f"{invoice.pk}/"), {"as": "pdf"})

    assert (response.status_code, pdf.status_code) == (status, 302 if status == 200 else status)
    if status == 200:
        text = response.content.decode()
        assert (invoice.number in text, "€1,200.00" in text, house.contract.number in text) == (True,) * 3
        assert pdf.headers["Location"].endswith("/pdf/")


def test_another_organisations_invoices_do_not_exist(house):
    other = an_organisation("Daily Lion")
    client = signed_in(a_member(other, role="owner"))

    assert client.get(page(house)).status_code == 404
    assert client.post(f"/organisation/{other.slug}/invoices/{house.invoices[0].pk}/").status_code == 404
    assert Client().get(page(house)).status_code == 302


def test_the_uses_above_a_quota_can_be_taken_as_csv(house):
    an_overage(house, 45)
    house.billing.__class__.objects.update(billed_from=house.on(-100))
    house.run()
    plan = InvoicePlan.objects.get(kind="overage")
    client = signed_in(house.owner)

    assert plan.facts["sha256"] in client.get(page(house)).content.decode()
    response = client.get(f"/organisation/{house.paper.slug}/uses/{plan.pk}.csv")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-store")
    assert response.content.decode().splitlines()[0] == "at,story,use,accepted_by,price,currency,key,request_id"
    other = InvoicePlan.objects.exclude(pk=plan.pk).first()
    assert other is not None
    assert client.get(f"/organisation/{house.paper.slug}/uses/{other.pk}.csv").status_code == 404
