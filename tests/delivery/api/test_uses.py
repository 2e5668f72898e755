"""A partner reports a use: judged, spent and recorded, once for each of their numbers."""

import pytest

from newsroom.core.money import Money
from newsroom.delivery.models import ReportedUse
from newsroom.licensing.models import Counter, Usage
from newsroom.licensing.rules import Limits, Quota, Use
from tests.delivery.api.conftest import Machine, a_key
from tests.factories import DAY, NOON, a_licence, a_member, an_item, an_organisation
from tests.leaks.world import after_commit, at

pytestmark = pytest.mark.django_db


def a_report(item, number="order-0001", **facts):
    return {"item": item.uri, "use": "publish", "request_id": number} | facts


def used():
    return sum(Counter.objects.values_list("used", flat=True))


@pytest.fixture
def counted(daily):
    """A licence to publish two stories a month."""
    return a_licence(daily, uses=[Use.READ, Use.PUBLISH], limits=Limits(quotas=(Quota(Use.PUBLISH, 2),)))


def test_a_use_is_counted_and_written_down(daily, machine, counted):
    item = an_item()

    response = machine.post("/uses", a_report(item))

    said = response.json()
    assert (response.status_code, said["allowed"], said["remaining"], said["repeated"]) == (201, True, 1, False)
    line = Usage.objects.get()
    assert (line.licence_id, line.item_id, line.organisation_id) == (counted.pk, item.pk, daily.pk)
    assert (line.use, line.channel, line.request_id) == ("publish", "api", "order-0001")
    assert used() == 1


def test_the_same_request_again_is_the_same_use(machine, counted):
    item = an_item()
    first = machine.post("/uses", a_report(item)).json()
    with at(NOON + DAY / 4):
        again = machine.post("/uses", a_report(item))

    assert (again.status_code, again.json()) == (200, first | {"repeated": True})
    assert (Usage.objects.count(), used()) == (1, 1)


def test_the_same_number_for_another_use_is_refused(machine, counted):
    machine.post("/uses", a_report(an_item()))

    response = machine.post("/uses", a_report(an_item()))

    assert (response.status_code, response.json()["code"]) == (409, "request.reused")
    assert used() == 1


def test_the_numbers_of_two_organisations_are_their_own(machine, counted):
    other = an_organisation()
    a_licence(other, uses=[Use.PUBLISH])
    machine.post("/uses", a_report(an_item()))

    assert Machine(a_key(other)[1]).post("/uses", a_report(an_item())).status_code == 201


def test_a_no_leaves_nothing_behind_and_may_be_tried_again(daily, machine):
    item = an_item()
    response = machine.post("/uses", a_report(item))
    assert (response.status_code, response.json()["code"]) == (200, "licence.none")
    assert (Usage.objects.count(), ReportedUse.objects.count()) == (0, 0)

    a_licence(daily, uses=[Use.PUBLISH])
    after_commit()

    assert machine.post("/uses", a_report(item)).status_code == 201


def test_a_quota_is_never_overdrawn(machine, counted):
    codes = [machine.post("/uses", a_report(an_item(), f"order-000{n}")).json()["code"] for n in range(3)]

    assert codes == ["licensed", "licensed", "quota.exhausted"]
    assert (Usage.objects.count(), used()) == (2, 2)


def test_a_price_is_accepted_with_its_token(daily, machine):
    quota = Quota(Use.PUBLISH, 1, overage=Money(500, "eur"))
    a_licence(daily, uses=[Use.PUBLISH], limits=Limits(quotas=(quota,)))
    item = an_item()
    machine.post("/uses", a_report(an_item()))
    refused = machine.post("/uses", a_report(item, "order-0002")).json()
    assert (refused["code"], refused["problem"]["price"]["minor"]) == ("quota.overage", 500)

    response = machine.post("/uses", a_report(item, "order-0002", accept_price=refused["problem"]["accept"]))

    assert (response.status_code, response.json()["allowed"]) == (201, True)
    assert (
        machine.post("/uses", a_report(item, "order-0003", accept_price="worthless")).status_code == 201
    )  # had already


def test_a_use_is_reported_for_a_member(daily, machine, counted):
    person = a_member(daily)

    machine.post("/uses", a_report(an_item(), on_behalf_of={"email": person.email}))

    assert Usage.objects.get().user_id == person.pk


def test_an_unknown_story_is_used_by_nobody(machine, counted):
    response = machine.post("/uses", {"item": "urn:nothing", "use": "publish", "request_id": "order-0001"})

    assert (response.status_code, response.json()["code"]) == (200, "content.unknown")


@pytest.mark.parametrize("number", [None, "", "short", "x" * 65, "with space"])
def test_a_request_has_a_number(machine, counted, number):
    response = machine.post("/uses", a_report(an_item(), number))

    assert (response.status_code, response.json()["fields"][0]["field"]) == (422, "request_id")
