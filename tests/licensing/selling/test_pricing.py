"""What a line costs by a rate card, and what a quote comes to."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import NO_LIMITS
from newsroom.licensing.selling.pricing import For, Priced, Row, discount_of, discounted, price, rank, totals

TURKEY = For("TR", 50_000, "tr")


def a_row(pk, minor=100, **facts):
    values = {
        "product": "sport",
        "uses": frozenset({"read"}),
        "interval": "year",
        "countries": frozenset(),
        "language": "",
        "audience_from": 0,
        "audience_to": None,
    }
    return Row(pk=pk, price=Money(minor, facts.pop("currency", "eur")), **values | facts)


def a_line(**facts):
    values = {
        "title": "Sport",
        "products": ("sport",),
        "uses": ("read",),
        "limits": NO_LIMITS,
        "clause": "May read.",
        "price": Money(0, "eur"),
    }
    return Line(**values | facts)


lines = st.builds(
    a_line,
    price=st.builds(Money, st.integers(0, 10**12), st.sampled_from(["eur", "try", "jpy", "kwd"])),
    interval=st.sampled_from(["month", "quarter", "year", "once"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines, max_size=12), st.sampled_from(["eur", "try", "jpy", "kwd"]))
def test_a_quote_comes_to_the_sum_of_its_lines_in_whole_minor_units(offered, currency):
    offered = [line for line in offered if line.price.currency == currency]
    expected: Counter[str] = Counter()
    for line in offered:
        expected[line.interval] += line.price.minor

    found = totals(offered)

    assert {name: amount.minor for name, amount in found.items()} == {
        line.interval: expected[line.interval] for line in offered
    }
    assert {type(amount.minor) for amount in found.values()} | {amount.currency for amount in found.values()} <= {
        int,
        currency,
    }


def test_lines_in_two_currencies_have_no_sum():
    with pytest.raises(ValueError, match="eur"):
        totals([a_line(price=Money(1, "eur")), a_line(price=Money(1, "usd"))])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_discount_that_is_given_is_the_discount_that_is_counted(minor, discount):
    listed = Money(minor, "eur")

    less = discounted(listed, discount)

    assert 0 <= less.minor <= minor
    assert discount_of(listed, less) >= discount or minor == 0
    assert discounted(listed, discount_of(listed, less)).minor <= less.minor


@pytest.mark.parametrize(
    ("listed", "paid", "found"),
    [(100, 100, 0), (100, 120, 0), (0, 0, 0), (100, 85, 1500), (3, 2, 3334), (100, 0, 10_000), (10_000, 8_499, 1501)],
)
def test_a_discount_is_rounded_up(listed, paid, found):
    assert discount_of(Money(listed, "eur"), Money(paid, "eur")) == found


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([a_row(1), a_row(2, countries=frozenset({"TR", "GR"}))], 2),
        ([a_row(1, countries=frozenset({"TR", "GR"})), a_row(2, countries=frozenset({"TR"}))], 2),
        ([a_row(1), a_row(2, language="tr")], 2),
        ([a_row(1, language="tr"), a_row(2, countries=frozenset({"TR"}))], 2),
        ([a_row(1, uses=frozenset({"read", "publish"})), a_row(2)], 2),
        ([a_row(1, minor=200), a_row(2, minor=100)], 2),
        ([a_row(2), a_row(1)], 1),
    ],
)
def test_the_most_particular_row_prices_a_line(rows, chosen):
    assert price(a_line(), rows, TURKEY).rows == (chosen,)


@pytest.mark.parametrize(
    "facts",
    [
        {"currency": "usd"},
        {"interval": "month"},
        {"uses": frozenset({"publish"})},
        {"countries": frozenset({"GR"})},
        {"language": "en"},
        {"audience_from": 50_001},
        {"audience_to": 50_000},
        {"product": "business"},
        {"product": ""},
    ],
)
def test_a_row_for_something_else_prices_nothing(facts):
    assert price(a_line(), [a_row(1, **facts)], TURKEY) is None


def test_each_product_of_a_line_is_priced_by_its_row():
    rows = [a_row(1, 100), a_row(2, 250, product="business"), a_row(3, 999, product="")]

    assert price(a_line(products=("business", "sport")), rows, TURKEY) == Priced(Money(350, "eur"), (1, 2))
    assert price(a_line(products=("sport", "culture")), rows, TURKEY) is None
    assert price(a_line(products=()), rows, TURKEY) == Priced(Money(999, "eur"), (3,))


def test_an_audience_band_ends_below_its_end():
    rows = [a_row(1, audience_to=50_000), a_row(2, audience_from=50_000)]

    assert [price(a_line(), rows, For("TR", size, "tr")).rows for size in (49_999, 50_000)] == [(1,), (2,)]


def test_one_country_is_more_particular_than_a_group_and_a_group_than_everywhere():
    assert [rank(each) for each in ([], ["TR", "GR"], ["TR"])] == [0, 1, 2]
