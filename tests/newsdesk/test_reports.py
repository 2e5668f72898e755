"""Reports at the desk: each figure leads to its rows, and both come as a file."""

import csv
import io
import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.core.clock import now
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_release, a_user, an_organisation, staff_of
from tests.licensing.ledgers import a_use

pytestmark = pytest.mark.django_db
PAGES = ["usage/", "usage/rows/", "never-used/", "over-entitled/", "renewals/", ""]
FILES = ["usage/figures.csv", "usage/rows.csv", "never-used/?csv=1", "over-entitled/?csv=1", "renewals/?csv=1"]


def one_of(group: str):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def a_customer(name: str, at, uses: int):
    licence = a_licence(an_organisation(name), starts_at=at - 50 * DAY, ends_at=at + 50 * DAY, at=at - 50 * DAY)
    for _ in range(uses):
        a_use(licence, a_release(), at - DAY)
    return licence


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_each_figure_leads_to_its_rows(at_desk):
    at = now()
    for name, uses in (("Daily", 2), ("Weekly", 3)):
        a_customer(name, at, uses)
    client = at_desk(one_of(SALES))

    page = client.get("/desk/reports/usage/")
    links = re.findall(r'href="(/desk/reports/usage/rows/[^"]+)">(\d+)<', page.content.decode())
    behind = [client.get(unescape(url)).context["total"] for url, _figure in links]

    assert [(figure.label, figure.uses, figure.stories) for figure, _url in page.context["lines"]] == [
        ("Weekly", 3, 3),
        ("Daily", 2, 2),
    ]
    assert behind == [int(figure) for _url, figure in links] == [3, 2, 5]


def test_a_plot_says_in_words_what_it_draws(at_desk):
    a_customer("Daily", now(), 2)

    page = at_desk(one_of(SALES)).get("/desk/reports/usage/").content.decode()

    assert re.search(r'role="img" aria-labelledby="plot-title plot-text"', page)
    assert re.search(r'<desc id="plot-text">2 uses; most of them, 2, in ', page)


def test_figures_and_rows_come_as_files_that_run_nothing(at_desk):
    a_customer("=HYPERLINK(A1)", now(), 2)
    client = at_desk(one_of(FINANCE))

    figures, rows = (table(client.get(f"/desk/reports/{name}")) for name in FILES[:2])

    assert figures[1:] == [["'=HYPERLINK(A1)", figures[1][1], "2", "2"]]
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(A1)"] * 2


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_who_may_not_see_uses_sees_no_report(at_desk, page):
    response = at_desk(staff_of()).get(f"/desk/reports/{page}")

    assert (response.status_code, response.url) == (302, "/desk/")


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_report_of_nothing_says_so(at_desk, page):
    response = at_desk(one_of(SALES)).get(f"/desk/reports/{page}")

    assert response.status_code == 200
    assert 'class="listing"' not in response.content.decode()


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_page_asks_as_often_for_three_rows_as_for_one(at_desk, page):
    client, at = at_desk(one_of(SALES)), now()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/desk/reports/{page}")
        return len(queries)

    uses = 0 if page == "never-used/" else 1
    a_customer("One", at, uses)
    asked()
    first = asked()
    for name in ("Two", "Three"):
        a_customer(name, at, uses)

    assert asked() == first


def test_an_inverted_period_is_said_at_its_field(at_desk):
    client = at_desk(one_of(SALES))
    query = "?first=2026-03-02&last=2026-03-01"

    page = client.get(f"/desk/reports/usage/{query}")
    files = [client.get(f"/desk/reports/{name}{query}").status_code for name in FILES[:2]]

    assert page.context["form"].errors == {"last": ["The last day lies before the first."]}
    assert files == [400, 400]


@pytest.mark.parametrize(
    "query", ["?customer=x", "?by=nothing", "?page=99999", "?first=soon", "?use=steal", "?item=none"]
)
def test_a_strange_question_is_answered(at_desk, query):
    a_customer("Daily", now(), 1)

    assert at_desk(one_of(SALES)).get(f"/desk/reports/usage/{query}").status_code == 200


def test_long_lists_come_in_pages(at_desk):
    at = now()
    licence = a_customer("Daily", at, 0)
    made = a_release()
    for _ in range(51):
        a_use(licence, made, at - DAY)

    client = at_desk(one_of(SALES))
    pages = [client.get(f"/desk/reports/usage/rows/?page={number}").context["uses"] for number in (1, 2)]

    assert [len(page) for page in pages] == [50, 1]
