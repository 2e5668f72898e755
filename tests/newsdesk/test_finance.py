"""Finance at the desk: each figure leads to rows that sum to it; files run nothing; who may not sees nothing."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.billing.finance import book
from newsroom.billing.finance.reports import ALL
from newsroom.billing.models import Account, Reconcile
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Overage
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.billing.finance.books import (
    DAY,
    a_dispute,
    a_line,
    a_note,
    a_payment,
    a_refund,
    a_subscription,
    after_months,
    an_invoice,
    billed,
    kept,
)
from tests.factories import a_licence, a_user, an_item, staff_of

pytestmark = pytest.mark.django_db
REPORTS = sorted(ALL)


def one_of(group: str):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def an_account(holder: Any = None, **facts: Any) -> Account:
    holder = holder or a_user()
    whose = {"user": holder} if not hasattr(holder, "country") else {"organisation": holder}
    return Account.objects.create(created_at=now(), **whose, **{"currency": "eur", "country": "DE"} | facts)


def a_year_of_money(name: str = "", currency: str = "eur") -> Account:
    """Somebody who tried, paid, was declined, was credited, refunded and disputed, and owes something now."""
    at = after_months(now().replace(day=5, hour=9), -8)
    person = a_user(name=name) if name else a_user()
    account = an_account(person, currency=currency)
    subscription = a_subscription(at, currency=currency, trial_start=at - 14 * DAY, trial_end=at)
    invoices = billed(subscription, 9, currency=currency, tax_country="DE")
    payments = [a_payment(each, each.created_at) for each in invoices]
    declined = a_payment(invoices[3], invoices[3].created_at - DAY, status="failed", failure="card_declined")
    note = a_note(invoices[2], invoices[2].created_at + 20 * DAY, 400, raw={"refunds": [{"amount_refunded": 400}]})
    refund = a_refund(payments[2], invoices[2].created_at + 20 * DAY, 400)
    disputes = [a_dispute(payments[4], payments[4].created_at + DAY, status) for status in ("won", "lost")]
    taxed = a_line(at, after_months(at, 12), 11900, tax=1900, inclusive=True)
    owed = an_invoice(at, [taxed], currency=currency, due_at=at + 14 * DAY, collection="send_invoice")
    kept(account, subscription, *invoices, *payments, declined, note, refund, *disputes, owed)
    book.write(account_id=account.pk, at=now())
    an_overage(person, currency)
    return account


def an_overage(person: Any, currency: str) -> None:
    licence = a_licence(person)
    Overage.objects.create(
        licence=licence,
        use="publish",
        period="month",
        starts_at=now(),
        item=an_item(),
        user=person,
        accepted_by=str(person),
        minor=700,
        currency=currency,
        at=now() - timedelta(days=40),
        key="k",
        request_id="r",
    )


def table(response) -> list[list[str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def cells(page) -> list[tuple[str, int]]:
    """The address of each figure with its amount."""
    return [
        (url, amount)
        for part in page.context["parts"]
        for _figure, shown in part["lines"]
        for amount, _money, url in shown
        if url
    ]


@pytest.mark.parametrize("report", REPORTS)
def test_every_figure_leads_to_rows_that_sum_to_it(at_desk, report):
    for name, currency in (("Ada", "eur"), ("Ben", "jpy"), ("Cem", "eur")):
        a_year_of_money(name, currency)
    client = at_desk(one_of(FINANCE))
    page = client.get(f"/desk/finance/{report}/")

    figures = cells(page)
    behind = []
    for url, amount in figures:
        rows = client.get(url)
        files = table(client.get(f"{url}&csv=1"))
        summed = sum(row.amount for row, _name, _url in rows.context["lines"])
        behind.append((url, amount, summed, rows.context["total"], len(files) - 1 == rows.context["number"]))

    assert figures
    assert behind == [(url, amount, amount, amount, True) for url, amount in figures]


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_has_a_plot_with_words_and_a_table_beside_it(at_desk, report):
    a_year_of_money()

    page = at_desk(one_of(FINANCE)).get(f"/desk/finance/{report}/").content.decode()

    assert re.search(r'<svg viewBox="0 0 7200 1400" role="img" aria-labelledby="plot-\w*-title plot-\w*-text"', page)
    assert '<table class="listing desk-figures">' in page


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_of_nothing_says_so(at_desk, report):
    page = at_desk(one_of(FINANCE)).get(f"/desk/finance/{report}/").content.decode()

    assert "There is nothing in this period." in page
    assert "desk-figures" not in page


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_asks_as_often_for_three_payers_as_for_one(at_desk, report):
    client = at_desk(one_of(FINANCE))

    def asked() -> list[int]:
        with CaptureQueriesContext(connection) as figures:
            page = client.get(f"/desk/finance/{report}/")
        with CaptureQueriesContext(connection) as rows:
            client.get(cells(page)[0][0])
        return [len(figures), len(rows)]

    a_year_of_money("One")
    asked()
    first = asked()
    for name in ("Two", "Three"):
        a_year_of_money(name)

    assert asked() == first


@pytest.mark.parametrize("group", ["", SALES])
@pytest.mark.parametrize(
    "page", ["", "months/", "chart/", "months/202601/close/", "months/202601/journal.csv", *REPORTS]
)
def test_who_may_not_see_money_sees_none(at_desk, page, group):
    person = one_of(group) if group else staff_of()
    response = at_desk(person).get(
        f"/desk/finance/{page}" if page.endswith((".csv", "/")) or not page else f"/desk/finance/{page}/"
    )

    assert (response.status_code, getattr(response, "url", "")) == (302, "/desk/")


@pytest.mark.parametrize("report", REPORTS)
def test_figures_come_as_a_file_and_taking_it_is_written_down(at_desk, report):
    a_year_of_money()
    person = one_of(FINANCE)
    client = at_desk(person)

    page = client.get(f"/desk/finance/{report}/")
    found = table(client.get(f"/desk/finance/{report}/?csv=1"))

    assert len(found) - 1 == sum(part["page_obj"].paginator.count for part in page.context["parts"])
    entry = AuditEntry.objects.get(action="finance.exported")
    assert (entry.actor_id, entry.facts) == (person.pk, {"report": report, "query": "csv=1"})


def test_a_customers_name_runs_nothing_in_a_file(at_desk):
    a_year_of_money('=HYPERLINK("x")')
    client = at_desk(one_of(FINANCE))
    page = client.get("/desk/finance/invoices/")

    found = table(client.get(cells(page)[0][0] + "&csv=1"))

    assert {row[0][:2] for row in found[1:]} == {"'="}


def test_money_in_a_file_is_a_number_even_below_nothing(at_desk):
    a_year_of_money()

    found = table(at_desk(one_of(FINANCE)).get("/desk/finance/backwards/?csv=1"))
    amounts = [Decimal(value) for row in found[1:] for value in row[2:]]

    assert sum(amounts) == Decimal("-4.00") - Decimal("4.00") - 2 * Decimal("9.90") + Decimal("9.90")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("first=2026-05&last=2026-03", "last", "The last month lies before the first."),
        ("first=1999-01&last=2026-03", "first", "Write a month like 2026-03."),
        ("first=2001-01&last=2026-03", "first", "A period is at most ten years."),
        ("last=soon", "last", "Write a month like 2026-03."),
        ("last=2026-13", "last", "Write a month like 2026-03."),
    ],
)
def test_a_bad_month_is_said_at_its_field_and_makes_no_file(at_desk, query, field, words):
    client = at_desk(one_of(FINANCE))
    page = client.get(f"/desk/finance/earned/?{query}")

    assert page.context["form"].errors == {field: [words]}
    assert client.get(f"/desk/finance/earned/?{query}&csv=1").status_code == 400
    assert client.get(f"/desk/finance/earned/rows/?{query}&of=eur&group=2026-01&measure=earned").status_code == 200


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    "query", ["of=eur&group=nonsense", "of=eur&group=", "of=xyz&group=2026-01", "of=&group=2026-99"]
)
def test_rows_of_a_strange_figure_are_none(at_desk, report, query):
    a_year_of_money()
    measure = next(iter(ALL[report].measures))

    page = at_desk(one_of(FINANCE)).get(f"/desk/finance/{report}/rows/?{query}&measure={measure}")

    assert (page.status_code, page.context["total"], page.context["lines"]) == (200, 0, [])


@pytest.mark.parametrize(
    "path", ["nothing/", "earned/rows/?measure=x", "earned/rows/?of=€€€&measure=earned", "months/202613/close/"]
)
def test_what_is_not_there_is_not_found(at_desk, path):
    assert at_desk(one_of(FINANCE)).get(f"/desk/finance/{path}").status_code == 404


def test_long_lists_of_rows_come_in_pages(at_desk):
    at = after_months(now().replace(day=3, hour=9), -2)
    account = an_account()
    kept(account, *(an_invoice(at, currency="eur") for _ in range(51)))
    book.write(account_id=account.pk, at=now())
    client = at_desk(one_of(FINANCE))
    url = cells(client.get("/desk/finance/invoices/"))[0][0]

    pages = [client.get(f"{url}&page={number}").context for number in (1, 2)]

    assert [(len(page["lines"]), page["total"]) for page in pages] == [(50, 51), (1, 51)]


def test_filters_narrow_figures_and_rows_alike(at_desk):
    a_year_of_money("Ada", "eur")
    a_year_of_money("Ben", "jpy")
    client = at_desk(one_of(FINANCE))

    page = client.get("/desk/finance/recurring/?currency=jpy&country=DE&product=reader")
    nobody = client.get("/desk/finance/recurring/?country=FR")

    assert [part["currency"] for part in page.context["parts"]] == ["jpy"]
    assert all("currency=jpy" in url for url, _amount in cells(page))
    assert nobody.context["parts"] == []


def a_comparison() -> None:
    Reconcile.objects.create(kind="objects", at=now(), seen_until=now(), examined=1, repaired=0)


def test_a_month_is_closed_at_the_desk_and_its_file_is_numbered(at_desk):
    a_year_of_money()
    client = at_desk(one_of(FINANCE))
    before = client.get("/desk/finance/months/")
    a_comparison()
    month = client.get("/desk/finance/months/").context["number"]

    response = client.post(f"/desk/finance/months/{month}/close/", {"note": "checked"})
    after = client.get("/desk/finance/months/").context
    found = table(client.get(f"/desk/finance/months/{month}/journal.csv"))

    assert "not compared with Stripe" in before.content.decode()
    assert (response.status_code, [(each.pk, each.note) for each, _first in after["closed"]]) == (
        302,
        [(month, "checked")],
    )
    assert [int(row[0]) for row in found[1:]] == list(range(1, len(found)))
    assert after["number"] != month


def test_closing_out_of_order_is_refused_in_words_and_the_note_stays(at_desk):
    a_year_of_money()

    page = at_desk(one_of(FINANCE)).post("/desk/finance/months/203001/close/", {"note": "my words"})

    assert (page.status_code, page.context["form"].non_field_errors()[0][:40]) == (
        200,
        "Months are closed one after the other: t",
    )
    assert "my words" in page.content.decode()


def test_the_chart_of_accounts_is_written_and_refuses_a_number_twice(at_desk):
    client = at_desk(one_of(FINANCE))
    form = client.get("/desk/finance/chart/").context["form"]
    given = {name: field.initial for name, field in form.fields.items()}

    twice = client.post("/desk/finance/chart/", given | {"revenue_code": given["tax_code"]})
    saved = client.post("/desk/finance/chart/", given | {"revenue_code": "8400", "revenue_name": "Erlöse"})

    assert [list(errors) for errors in twice.context["form"].errors.values()] == [["Another account has this number."]]
    assert saved.status_code == 302
    assert client.get("/desk/finance/chart/").context["form"].fields["revenue_code"].initial == "8400"
