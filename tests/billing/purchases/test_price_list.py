"""What is sold once, and for how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing.catalogue import BadCatalogue
from newsroom.billing.purchases import offers
from newsroom.billing.purchases.price_list import FILE, price_list, read
from newsroom.billing.purchases.terms import BadChoice, Choice, Circulation, Duration, Purpose, Territory, chosen
from newsroom.core.money import Money, exponent
from tests.factories import HOUR, NOON

TEXT = FILE.read_text(encoding="utf-8")
PUBLISHED = [each for each in Purpose.values if each != Purpose.PERSONAL]
CHOICES = st.builds(
    Choice,
    st.sampled_from(PUBLISHED),
    st.sampled_from(Territory.values),
    st.just("DE"),
    st.sampled_from(Circulation.values),
    st.sampled_from(Duration.values),
)


def test_a_price_is_that_of_the_purpose_times_where_how_many_and_how_long():
    choice = Choice("print", "country", "DE", "medium", "year")
    assert price_list().story(choice, "eur") == Money(21600, "eur")
    assert price_list().story(Choice(), "kwd") == Money(500, "kwd")


@given(CHOICES, st.sampled_from(price_list().currencies))
def test_each_price_can_be_charged_and_more_never_costs_less(choice: Choice, currency: str):
    price = price_list().story(choice, currency)
    assert price.minor > 0
    assert price.minor % price_list().steps[currency] == 0
    assert exponent(currency) != 3 or price.minor % 10 == 0
    more = Choice(choice.purpose, "world", "", "unlimited", "forever")
    assert price_list().story(more, currency).minor >= price.minor


def test_a_gift_costs_what_the_plan_costs_and_twelve_months_the_year():
    assert price_list().gift("reader", 3, "eur") == Money(2970, "eur")
    assert price_list().gift("reader", 12, "eur") == Money(9900, "eur")
    assert price_list().gift("reader", 5, "eur") is None
    assert price_list().gift("nothing", 3, "eur") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kwd = 900", "kwd = 905", "in tens"),
        ("eur = 290", "eur = 0", "whole number of minor units"),
        ("eur = 290\n", "", "day_pass needs each of"),
        ("world = 300\n", "", "each territory, circulation and duration"),
        ("[story.purposes.web]", "[story.purposes.tv]", "each purpose"),
        ("[day_pass]", "[other]", "missing day_pass"),
        ("[steps]", "[steps", "prices.toml"),
    ],
)
def test_a_list_that_cannot_be_sold_from_is_refused_with_the_place(old, new, said):
    with pytest.raises(BadCatalogue, match=said):
        read(TEXT.replace(old, new, 1))


@given(CHOICES)
def test_a_signed_price_comes_back_as_it_was(choice: Choice):
    price = price_list().story(choice, "eur")
    token = offers.offered(item_id=7, choice=choice, price=price, at=NOON)
    assert offers.accepted(token, item_id=7, at=NOON + HOUR) == (choice, price)


@pytest.mark.parametrize(
    ("minor", "item", "hours", "said"),
    [
        (1, 7, 1, "has changed"),
        (None, 8, 1, "another story"),
        (None, 7, 25, "a while ago"),
        (None, 7, -1, "a while ago"),
    ],
)
def test_a_price_that_does_not_hold_says_why(minor, item, hours, said):
    price = price_list().story(Choice(), "eur")
    shown = Money(minor, "eur") if minor else price
    token = offers.offered(item_id=7, choice=Choice(), price=shown, at=NOON)
    with pytest.raises(BadChoice, match=said):
        offers.accepted(token, item_id=item, at=NOON + hours * HOUR)


@pytest.mark.parametrize(
    ("given_words", "field"),
    [
        ({}, "purpose"),
        ({"purpose": "web"}, "territory"),
        ({"purpose": "web", "territory": "country", "country": "ZZ"}, "country"),
        ({"purpose": "web", "territory": "world"}, "circulation"),
        ({"purpose": "web", "territory": "world", "circulation": "small"}, "duration"),
    ],
)
def test_a_choice_that_lacks_something_names_the_field(given_words, field):
    with pytest.raises(BadChoice) as refused:
        chosen(given_words)
    assert refused.value.field == field


def test_who_reads_for_themselves_chooses_nothing_else():
    assert chosen({"purpose": "personal", "territory": "country", "duration": "month"}) == Choice()
