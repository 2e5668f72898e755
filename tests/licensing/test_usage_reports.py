"""Usage over a period: each figure is the number of its rows, and both ends of a period are clear."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Limits, Use
from newsroom.licensing.usage_reports import standing, usage
from newsroom.licensing.usage_reports.periods import BadPeriod, Days
from newsroom.licensing.usage_reports.usage import NONE, Asked, Figure
from tests.factories import DAY, NOON, a_licence, a_product, a_release, a_user, an_organisation
from tests.licensing.ledgers import a_use

ISTANBUL = ZoneInfo("Europe/Istanbul")
NEW_YORK = ZoneInfo("America/New_York")
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31), ISTANBUL)


def keyed(asked, by):
    return {each.key: (each.uses, each.stories) for each in usage.figures(by, usage.counts(asked, by))}


class TotalsEqualTheirRows(TestCase):
    """Over random ledgers."""

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(0, 2),
                st.sampled_from(Use.values),
                st.sampled_from(["", "html", "ninjs"]),
                st.sampled_from(["page", "feed"]),
                st.integers(-40 * 24, 40 * 24),
            ),
            max_size=25,
        )
    )
    def test_each_figure_equals_the_rows_it_leads_to_and_all_figures_the_total(self, lines):
        sport = a_product("sport", {"include": {"desk": ["sport"]}})
        a_product("all")
        made = [a_release(), a_release(), a_release()]
        holders = [a_licence(an_organisation()), a_licence(an_organisation(), products=[sport]), a_licence(a_user())]
        for holder, story, use, format, channel, hours in lines:
            licence = holders[holder] if holder < 3 else None
            a_use(licence, made[story], NOON + timedelta(hours=hours), use=use, format=format, channel=channel)
        asked = Asked(MARCH)
        inside = Usage.objects.filter(at__gte=MARCH.starts_at, at__lt=MARCH.ends_at)

        assert usage.rows(asked).count() == inside.count()
        assert sum(uses for _day, uses in usage.over_time(asked)) == inside.count()
        for by in usage.COLUMNS:
            figures = usage.figures(by, usage.counts(asked, by))
            for each in figures:
                behind = usage.rows(asked.also(by, each.key))
                assert (behind.count(), behind.values("item").distinct().count()) == (each.uses, each.stories)
            if by != "product":
                assert sum(each.uses for each in figures) == inside.count()


@pytest.mark.django_db
def test_the_first_and_the_last_day_belong_to_a_period_whole():
    licence, made = a_licence(a_user()), a_release()
    inside = (datetime(2026, 2, 28, 21, tzinfo=UTC), datetime(2026, 3, 31, 20, 59, 59, 999999, tzinfo=UTC))
    outside = (datetime(2026, 2, 28, 20, 59, 59, tzinfo=UTC), datetime(2026, 3, 31, 21, tzinfo=UTC))
    for at in inside + outside:
        a_use(licence, made, at)

    assert sorted(usage.rows(Asked(MARCH)).values_list("at", flat=True)) == list(inside)


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is():
    spring = Days(date(2026, 3, 8), date(2026, 3, 8), NEW_YORK)
    autumn = Days(date(2026, 11, 1), date(2026, 11, 1), NEW_YORK)

    lengths = [each.ends_at.astimezone(UTC) - each.starts_at.astimezone(UTC) for each in (spring, autumn)]

    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 3, 2), date(2026, 3, 1)), (date(2010, 1, 1), date(2026, 1, 1))]
)
def test_a_period_that_cannot_be_is_refused_at_its_field(first, last):
    with pytest.raises(BadPeriod) as refusal:
        Days(first, last, ISTANBUL)

    assert refusal.value.field == "last"


@pytest.mark.django_db
def test_a_customer_is_whose_licence_was_used_and_not_where_the_person_works():
    paper, made = an_organisation(), a_release()
    own, papers = a_licence(a_user()), a_licence(paper)
    a_use(own, made, NOON, organisation=paper)
    a_use(papers, made, NOON, user=own.user)

    figures = usage.figures("customer", usage.counts(Asked(MARCH), "customer"))

    assert sorted(figures, key=lambda each: each.key) == [
        Figure(str(paper.pk), paper.name, 1, 1),
        Figure(NONE, "no organisation", 1, 1),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "1 OR 1=1", "²"])
def test_a_key_that_cannot_be_one_finds_nothing(key):
    a_use(a_licence(an_organisation()), a_release(), NOON)

    assert [usage.rows(Asked(MARCH, {by: key})).count() for by in usage.COLUMNS] == [0] * len(usage.COLUMNS)


@pytest.mark.django_db
@pytest.mark.parametrize("by", [*usage.COLUMNS])
def test_a_report_asks_as_often_for_three_lines_as_for_one(by):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = usage.figures(by, usage.counts(Asked(MARCH), by))
        return len(found), len(queries)

    a_use(a_licence(an_organisation()), a_release(), NOON, user=a_user(), format="html")
    one = asked()
    for number in range(2):
        a_use(a_licence(an_organisation()), a_release(), NOON, user=a_user(), format=f"f{number}", use="publish")

    assert asked()[1] == one[1]


@pytest.mark.django_db
def test_licences_nobody_used_once_are_found_after_so_many_days():
    made = a_release()
    old = {"starts_at": NOON - 40 * DAY, "at": NOON - 40 * DAY}
    idle = a_licence(an_organisation(), **old)
    used = a_licence(an_organisation(), **old)
    a_licence(an_organisation(), starts_at=NOON - 29 * DAY)
    a_licence(an_organisation(), **old, suspended=True)
    a_use(used, made, NOON - 39 * DAY)

    assert [row.licence for row in standing.never_used(NOON, 30)] == [idle]


@pytest.mark.django_db
def test_seats_products_and_uses_that_lie_idle_are_found():
    sport, culture = a_product("sport"), a_product("culture", {"include": {"desk": ["culture"]}})
    made = a_release()
    old = {"starts_at": NOON - 40 * DAY, "at": NOON - 40 * DAY, "ends_at": None}
    people = [a_user(), a_user()]
    full = a_licence(an_organisation(), **old, products=[sport], limits=Limits(seats=2))
    seats = a_licence(an_organisation(), **old, products=[sport], limits=Limits(seats=3))
    products = a_licence(an_organisation(), **old, products=[sport, culture])
    uses = a_licence(an_organisation(), **old, products=[sport], uses=[Use.READ, Use.PUBLISH])
    lapsed = a_licence(an_organisation(), **old, products=[sport])
    for licence in (full, seats, products, uses):
        for person in people:
            a_use(licence, made, NOON - DAY, user=person)
    a_use(lapsed, made, NOON - 31 * DAY)

    found = {
        row.licence: (row.people, row.used_uses, row.used_products == [sport.pk])
        for row in standing.over_entitled(NOON, 30)
    }

    assert found == {
        seats: (2, ["read"], True),
        products: (2, ["read"], True),
        uses: (2, ["read"], True),
        lapsed: (0, [], False),
    }


@pytest.mark.django_db
def test_renewals_due_come_with_the_last_thirty_days_and_the_thirty_before():
    made = a_release()
    soon = a_licence(an_organisation(), ends_at=NOON + 20 * DAY)
    sooner = a_licence(an_organisation(), ends_at=NOON + 10 * DAY)
    a_licence(an_organisation(), ends_at=NOON + 100 * DAY)
    a_licence(an_organisation(), ends_at=None)
    for days in (1, 29.9, 30.1, 59, 61):
        a_use(soon, made, NOON - days * DAY)

    found = [(row.licence, row.lately, row.before) for row in standing.renewals(NOON, 90)]

    assert found == [(sooner, 0, 0), (soon, 2, 2)]


@pytest.mark.parametrize(("lately", "before", "said"), [(15, 10, 50), (5, 10, -50), (0, 3, -100), (4, 0, None)])
def test_a_trend_compares_with_what_was_before(lately, before, said):
    assert standing.trend(lately, before) == said
