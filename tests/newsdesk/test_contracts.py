"""Contracts at the desk: writing, finding, changing, and what was held on a day."""

from datetime import timedelta

import pytest

from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.book import today
from newsroom.licensing.contracts.dates import add_months
from newsroom.licensing.models import Contract, DeletionDuty
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_product, an_organisation, staff_of
from tests.licensing.contracts.making import a_contract, a_line, kinds, licence_of, now_says
from tests.newsdesk.test_licences import one_of

pytestmark = pytest.mark.django_db


def running(*lines, **facts):
    """A contract that began yesterday by the real clock, for a year."""
    start = today(now()) - timedelta(days=1)
    return a_contract(*lines, at=now() - DAY, starts_on=start, **facts)


def terms(**facts):
    values = {
        "term_months": 12,
        "notice_days": 90,
        "auto_renew": "on",
        "indexation": "2.5",
        "cap": "",
        "interval": "quarter",
    }
    return values | {"payment_days": 30, "pause": "credit", "why": "They asked."} | facts


def line(prefix, **facts):
    values = {
        "title": "Full wire",
        "uses": ["read"],
        "products": ["everything"],
        "clause": "§2: reading.",
        "price": "1200.00",
        "per": "year",
        "seats": "5",
        "seat_kind": "named",
        "rendition": "4",
        "quota_1_period": "month",
        "quota_2_period": "month",
        "quota_3_period": "month",
    }
    return {f"{prefix}-{name}": value for name, value in (values | facts).items()}


BLANK = {
    f"new-{number}-{name}": value
    for number in (1, 2)
    for name, value in {
        "uses": ["read"], "per": "year", "seat_kind": "named", "rendition": "4",
        "quota_1_period": "month", "quota_2_period": "month", "quota_3_period": "month",
    }.items()
}  # fmt: skip


def test_sales_writes_a_contract_by_hand(at_desk):
    a_product()
    paper = an_organisation()
    day = today(now())
    client = at_desk(one_of(SALES))

    empty = client.get("/desk/contracts/new/")
    response = client.post(
        "/desk/contracts/new/",
        BLANK
        | terms(organisation=paper.pk, manager="", currency="eur", starts_on=day.isoformat())
        | line("new-1", quota_1_use="read", quota_1_limit="50"),
    )

    assert empty.status_code == 200
    contract = Contract.objects.get()
    assert response.url == f"/desk/contracts/{contract.pk}/"
    version = contract.versions.get()
    assert (version.indexation, version.interval, version.period_to) == (250, "quarter", add_months(day, 12))
    assert (now_says(contract).seats, now_says(contract).quotas) == (
        5,
        [{"use": "read", "limit": 50, "period": "month"}],
    )
    page = client.get(response.url).content.decode()
    assert ("5 named seats" in page, "€1,200.00" in page, "§2: reading." in page) == (True, True, True)


@pytest.mark.parametrize(
    ("facts", "form", "field"),
    [
        ({"organisation": ""}, "form", "organisation"),
        ({"term_months": "0"}, "form", "term_months"),
        ({"starts_on": "2020-01-01"}, "form", "starts_on"),
        ({"starts_on": "soon"}, "form", "starts_on"),
        ({"cap": "5", "indexation": ""}, "form", "cap"),
        ({"new-1-title": ""}, "line", "title"),
        ({"new-1-products": []}, "line", "products"),
        ({"new-1-territories": "Atlantis"}, "line", "territories"),
        ({"new-1-seats": "0"}, "line", "seats"),
        ({"new-1-price": "-1"}, "line", "price"),
        ({"new-1-quota_1_use": "publish", "new-1-quota_1_limit": "5"}, "line", "quota_1_use"),
        ({"new-1-quota_1_use": "read", "new-1-quota_1_limit": "0"}, "line", "quota_1_limit"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(at_desk, facts, form, field):
    a_product()
    asked = terms(organisation=an_organisation().pk, manager="", currency="eur", starts_on=today(now()).isoformat())

    response = at_desk(one_of(SALES)).post("/desk/contracts/new/", BLANK | asked | line("new-1") | facts)

    found = response.context["form"] if form == "form" else response.context["blank"][0]
    assert (field in found.errors, Contract.objects.exists()) == (True, False)


def test_without_a_line_there_is_no_contract(at_desk):
    asked = terms(organisation=an_organisation().pk, manager="", currency="eur", starts_on=today(now()).isoformat())
    response = at_desk(one_of(SALES)).post("/desk/contracts/new/", BLANK | asked)
    assert response.context["form"].non_field_errors() == ["A contract has at least one line."]


def amended(contract, **facts):
    day = today(now()) + timedelta(days=10)
    return BLANK | terms(since=day.isoformat(), indexation="") | line("line-1", seats="9", price="1500") | facts


def test_a_change_is_looked_at_before_it_is_agreed(at_desk):
    contract = running(a_line(seats=5), a_line(title="Sport"))
    client, url = at_desk(one_of(SALES)), f"/desk/contracts/{contract.pk}/amend/"
    asked = amended(contract, **line("line-2", drop="on"), **line("new-1", title="Archive", seats=""))

    looked = client.post(url, asked | {"preview": "1"})
    assert kinds(contract) == ["activated"]
    page = looked.content.decode()
    assert [row["kind"] for row in looked.context["preview"]["rows"]] == ["changed", "ended", "added"]
    assert ("5 named seats" in page, "9 named seats" in page, "€300.00" in page) == (True, True, True)

    agreed = client.post(url, asked | {"agree": "1"})
    assert agreed.url == f"/desk/contracts/{contract.pk}/"
    assert [each.line.title for each in contract.versions.known().last().agreed] == ["Full wire", "Archive"]
    assert "withdraw-amendment" in client.get(agreed.url).content.decode()


def test_what_the_contract_refuses_is_said_in_the_line_it_is_about(at_desk):
    from newsroom.licensing.models import Seat
    from tests.factories import a_member

    contract = running(a_line(seats=5))
    for number in (1, 2):
        member = a_member(contract.organisation)
        Seat.objects.create(licence=licence_of(contract), user=member, number=number, valid_from=now() - DAY)
    client, url = at_desk(one_of(SALES)), f"/desk/contracts/{contract.pk}/amend/"

    seats = client.post(url, amended(contract, **{"line-1-seats": "1"}) | {"preview": "1"})
    past = client.post(url, amended(contract, since="2020-01-01") | {"agree": "1"})
    new = client.post(url, amended(contract) | line("new-2", quota_1_use="publish", quota_1_limit="5") | {"agree": "1"})

    assert list(seats.context["former"][0][1].errors) == ["seats"]
    assert list(past.context["form"].errors) == ["since"]
    assert list(new.context["blank"][1].errors) == ["quota_1_use"]
    assert kinds(contract) == ["activated"]


def test_a_line_nobody_touched_stays_as_it_is_to_the_last_word(at_desk):
    contract = running(a_line(seats=5), a_line(title="Sport", discount=1500))
    client = at_desk(one_of(SALES))
    page = client.get(f"/desk/contracts/{contract.pk}/amend/")
    untouched = {
        field.html_name: field.value()
        for field in page.context["former"][1][1]
        if field.value() not in (None, False, "")
    }
    client.post(f"/desk/contracts/{contract.pk}/amend/", amended(contract) | untouched | {"agree": "1"})
    assert contract.versions.known().last().agreed[1].line == a_line(title="Sport", discount=1500)


def test_deeds_with_a_reason_do_what_they_say_and_offer_their_undoing(at_desk):
    contract = running(a_line())
    client, base = at_desk(one_of(SALES)), f"/desk/contracts/{contract.pk}/"
    end = (today(now()) + timedelta(days=5)).isoformat()

    without = client.post(f"{base}suspend/", {"why": ""})
    for deed, facts in [
        ("suspend", {}),
        ("resume", {}),
        ("notice", {"side": "customer"}),
        ("withdraw-notice", {}),
        ("renew", {"index": "3"}),
        ("assign", {"manager": ""}),
        ("terminate", {"on": end}),
        ("withdraw-termination", {}),
    ]:
        assert client.get(f"{base}{deed}/").status_code == 200
        assert client.post(f"{base}{deed}/", {"why": "So agreed."} | facts).status_code == 302

    assert without.context["form"].errors == {"why": ["This field is required."]}
    assert kinds(contract) == [
        "activated",
        "suspended",
        "resumed",
        "notice-given",
        "notice-withdrawn",
        "renewed",
        "terminated",
        "termination-withdrawn",
    ]
    offered = [each.name for each in client.get(base).context["deeds"]]
    assert offered == ["suspend", "notice", "assign", "terminate"]


def test_what_a_contract_cannot_do_is_said_and_not_offered(at_desk):
    contract = running(a_line())
    client, base = at_desk(one_of(SALES)), f"/desk/contracts/{contract.pk}/"

    past = client.post(f"{base}terminate/", {"on": "2020-01-01", "why": "x"})
    asleep = client.post(f"{base}withdraw-termination/", {"why": "x"})

    assert list(past.context["form"].errors) == ["on"]
    assert (asleep.status_code, kinds(contract)) == (302, ["activated"])
    assert client.get(f"{base}nonsense/").status_code == 404


def test_the_list_is_narrowed_by_customer_state_end_and_manager(at_desk):
    seller = one_of(SALES)
    zebra = running(organisation=an_organisation("Daily Zebra"), manager=seller)
    soon = running(auto_renew=False, term_months=2, notice_days=1)
    gone = running()
    actions.terminate(contract=gone, on=today(now()), by=SYSTEM, at=now(), why="x")
    client = at_desk(seller)

    def shown(query):
        return set(client.get(f"/desk/contracts/?{query}").context["object_list"])

    assert shown("") == {zebra, soon, gone}
    assert shown("words=zebra") == shown(f"words={zebra.number}") == shown(f"manager={seller.pk}") == {zebra}
    assert (shown("state=active"), shown("state=terminated")) == ({zebra, soon}, {gone})
    assert (shown("due=90"), shown("due=30"), shown("state=nonsense")) == ({soon}, set(), {zebra, soon, gone})


def test_lists_ask_the_same_few_queries_for_one_and_for_three(at_desk, django_assert_max_num_queries):
    paper = an_organisation()
    for _ in range(3):
        running(organisation=paper)
    client = at_desk(one_of(FINANCE))
    for path in ("/desk/contracts/", f"/desk/organisations/{paper.pk}/held/"):
        with django_assert_max_num_queries(17):
            assert client.get(path).status_code == 200


def test_who_has_not_attested_is_seen_and_can_be_excused(at_desk):
    contract = running()
    actions.terminate(contract=contract, on=today(now()), by=SYSTEM, at=now(), why="x")
    actions.due(contract_id=contract.pk, at=now())
    client, base = at_desk(one_of(SALES)), f"/desk/contracts/{contract.pk}/"

    assert "has not attested" in client.get(base).content.decode()
    client.post(f"{base}waive/", {"why": "They bought an archive."})
    assert DeletionDuty.objects.get().withdrawn_at is not None
    assert "has not attested" not in client.get(base).content.decode()


def test_what_was_held_is_shown_by_product_with_clause_and_version(at_desk):
    contract = running(a_line(seats=2))
    a_licence(contract.organisation, at=now() - DAY, starts_at=now() - DAY, ends_at=None, clause="A guest.")
    client = at_desk(one_of(FINANCE))
    url = f"/desk/organisations/{contract.organisation_id}/held/"

    page = client.get(url)
    assert [product for product, _rows in page.context["groups"]] == ["Every product", "Everything"]
    text = page.content.decode()
    assert ("2 named seats" in text, "version 1, line 1" in text, "A guest." in text) == (True, True, True)
    assert "Nothing was held" in client.get(f"{url}?at=2020-03-03 12:00").content.decode()
    assert client.get(f"{url}?at=2020-03-03 12:00&known=now").context["number"] == 0
    assert list(client.get(f"{url}?at=never").context["form"].errors) == ["at"]


def test_a_document_is_opened_by_those_who_may(at_desk):
    contract = running()
    number = f"C-{now().year}-00001"
    path = f"/desk/contracts/{contract.pk}/documents/{number}.pdf"

    pdf = at_desk(one_of(FINANCE)).get(path)
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert at_desk(one_of(FINANCE)).get(path.replace("00001", "00009")).status_code == 404
    assert at_desk(staff_of()).get(path).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "contracts/",
        "contracts/new/",
        "contracts/{pk}/",
        "contracts/{pk}/amend/",
        "contracts/{pk}/suspend/",
        "organisations/{paper}/held/",
    ],
)
def test_the_newsroom_has_no_business_there(at_desk, path):
    contract = running()
    response = at_desk(staff_of()).get(
        f"/desk/{path.format(pk=contract.pk, paper=contract.organisation_id)}", follow=True
    )
    assert response.redirect_chain == [("/desk/", 302)]


def test_the_licence_of_a_line_follows_its_contract_and_is_not_changed_by_hand(at_desk):
    contract = running()
    client, licence = at_desk(one_of(SALES)), licence_of(contract)

    assert contract.number in client.get(f"/desk/licences/{licence.pk}/").content.decode()
    for rest in ("end/", "suspend/", "limits/"):
        assert client.post(f"/desk/licences/{licence.pk}/{rest}", {"why": "No."}).status_code == 404
    assert licence.versions.count() == 1


def test_finance_reads_and_does_not_write(at_desk):
    contract = running()
    client = at_desk(one_of(FINANCE))
    assert client.get(f"/desk/contracts/{contract.pk}/").context["deeds"] == []
    for path in ("new/", f"{contract.pk}/amend/", f"{contract.pk}/suspend/"):
        assert client.get(f"/desk/contracts/{path}").status_code == 302
    assert kinds(contract) == ["activated"]
