"""Rate cards: what they may say, and which card held when."""

import pytest
from django.db import DatabaseError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing.models import Rate
from newsroom.licensing.selling import rates
from newsroom.licensing.selling.errors import BadOffer
from newsroom.licensing.selling.pricing import For, Priced
from tests.factories import DAY, NOON, a_product
from tests.licensing.selling.world import a_card, a_line, a_rate

pytestmark = pytest.mark.django_db
TURKEY = For("TR", 50_000, "tr")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"minor": -1}, "price"),
        ({"uses": []}, "uses"),
        ({"uses": ["steal"]}, "uses"),
        ({"interval": "week"}, "interval"),
        ({"countries": ["TR", "ZZ"], "region": "Nowhere"}, "countries"),
        ({"countries": ["TR", "GR"]}, "region"),
        ({"audience_from": -1}, "audience_from"),
        ({"audience_from": 10, "audience_to": 10}, "audience_to"),
        ({"valid_from": NOON, "valid_to": NOON}, "valid_to"),
        ({"valid_from": NOON, "valid_to": NOON - DAY}, "valid_to"),
    ],
)
def test_a_rate_that_cannot_be_is_named(facts, field):
    card = a_card()

    with pytest.raises(BadOffer) as refusal:
        a_rate(card, **facts)

    assert (refusal.value.field, Rate.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({}, {}, True),
        ({"valid_to": NOON}, {"valid_from": NOON}, False),
        ({"valid_to": NOON}, {"valid_from": NOON - DAY}, True),
        ({"valid_from": NOON}, {"valid_to": NOON}, False),
        ({"valid_from": NOON}, {"valid_to": NOON + DAY}, True),
        ({"countries": ["TR"]}, {}, False),
        ({"countries": ["TR"]}, {"countries": ["GR"]}, False),
        ({"countries": ["TR"]}, {"countries": ["tr"]}, True),
        ({"countries": ["TR", "GR"], "region": "A"}, {"countries": ["GR", "BG"], "region": "B"}, True),
        ({"countries": ["TR", "GR"], "region": "A"}, {"countries": ["GR"]}, False),
        ({"language": "tr"}, {}, False),
        ({"uses": ["read"]}, {}, False),
        ({"interval": "month"}, {}, False),
        ({"product": None}, {}, False),
        ({"audience_to": 100}, {"audience_from": 100}, False),
        ({"audience_to": 101}, {"audience_from": 100}, True),
    ],
)
def test_rows_as_particular_as_each_other_do_not_overlap(first, second, overlap):
    card = a_card()
    a_rate(card, **first)

    if overlap:
        with pytest.raises(BadOffer, match="overlaps") as refusal:
            a_rate(card, **second)
        assert refusal.value.field == "valid_from"
    else:
        a_rate(card, **second)


def test_another_card_is_another_matter():
    a_rate(a_card())

    assert a_rate(a_card(name="Asia")).pk


@pytest.mark.parametrize(("facts", "field"), [({"currency": "xxx"}, "currency"), ({"name": "EUROPE"}, "name")])
def test_a_card_that_cannot_be_is_named(facts, field):
    a_card()

    with pytest.raises(BadOffer) as refusal:
        a_card(**{"name": "Asia"} | facts)

    assert refusal.value.field == field


def test_a_line_is_priced_by_the_card_valid_at_the_moment():
    card = a_card()
    before = a_rate(card, minor=100, valid_to=NOON)
    after = a_rate(card, minor=120, valid_from=NOON)

    def priced(at):
        return rates.price(line=a_line(), card=card, whom=TURKEY, at=at)

    assert priced(NOON - DAY) == Priced(Money(100, "eur"), (before.pk,))
    assert priced(NOON) == Priced(Money(120, "eur"), (after.pk,))
    assert priced(NOON - 200 * DAY) is None


def test_a_rate_is_ended_and_replaced():
    card = a_card()
    rate = a_rate(card)

    rates.end(rate=rate, valid_to=NOON, by=SYSTEM, at=NOON)
    new = a_rate(card, minor=1, valid_from=NOON)

    assert rates.price(line=a_line(), card=card, whom=TURKEY, at=NOON).rows == (new.pk,)
    with pytest.raises(BadOffer, match="earlier"):
        rates.end(rate=rate, valid_to=NOON + DAY, by=SYSTEM, at=NOON)
    with pytest.raises(BadOffer, match="before the start"):
        rates.end(rate=rate, valid_to=NOON - 200 * DAY, by=SYSTEM, at=NOON)


def test_the_database_changes_no_price_that_was_given():
    rate = a_rate(a_card(), product=a_product())

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Rate.objects.filter(pk=rate.pk).update(minor=1)
