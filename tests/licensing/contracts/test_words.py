"""A contract in plain words."""

from datetime import date, timedelta

from newsroom.core.money import Money
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.contracts.words import line_in_words, percent, price_in_words, terms_in_words
from newsroom.licensing.rules import Limits, Quota, Rendition, SeatKind
from tests.licensing.contracts.making import a_line

NAMES = {"everything": "Full wire", "sport": "Sport"}


def test_a_line_without_limits_says_what_is_covered_and_for_which_uses():
    assert line_in_words(a_line(products=(), uses=("read", "ai-train")), NAMES) == [
        "every product: read, train models."
    ]


def test_every_limit_of_a_line_is_a_sentence():
    limits = Limits(
        seats=1,
        territories=frozenset({"TR", "DE"}),
        channels=frozenset({"web", "print"}),
        formats=frozenset({"nitf"}),
        rendition=Rendition.WEB,
        delay=timedelta(minutes=30),
        archive=timedelta(days=1),
        under_embargo=True,
        quotas=(Quota("read", 50), Quota("publish", 5, "year", overage=Money(450, "eur"))),
    )

    assert line_in_words(a_line(products=("sport", "gone"), limits=limits), NAMES) == [
        "Sport, gone: read.",
        "1 named seat.",
        "Only in Germany, Türkiye.",
        "Only on print, web.",
        "Only as nitf.",
        "Pictures at most as web.",
        "After 30 minutes.",
        "Stories of the last 1 day.",
        "Also under embargo.",
        "read: at most 50 stories a month.",
        "publish: at most 5 stories a year. Each further story: €4.50.",
    ]


def test_floating_seats_are_people_at_a_time():
    limits = Limits(seats=3, seat_kind=SeatKind.FLOATING)
    assert line_in_words(a_line(limits=limits), NAMES)[1] == "3 people at a time."


def test_basis_points_and_prices_are_written_as_people_do():
    assert [percent(points) for points in (0, 5, 250, 1000)] == ["0 %", "0.05 %", "2.5 %", "10 %"]
    assert price_in_words(Money(120_000, "eur"), "quarter") == "€1,200.00 a quarter"


class Version:
    """The days of a period."""

    period_from, last_day, notice_by = date(2026, 1, 1), date(2026, 12, 31), date(2026, 10, 3)


def test_terms_say_what_happens_at_the_end_and_to_prices():
    said = dict(terms_in_words(Terms(indexation=250, cap=400), Version))
    other = dict(terms_in_words(Terms(auto_renew=False, indexation=0, cap=400), Version))

    assert said["At the end of the period"] == (
        "It renews by itself unless notice is given by 3 October 2026 (90 days before)."
    )
    assert (said["Prices at renewal"], said["Current period"]) == (
        "They rise by 2.5 %. At most 4 %.",
        "1 January 2026 – 31 December 2026",
    )
    assert (other["At the end of the period"], other["Prices at renewal"]) == (
        "It ends.",
        "They follow the index. At most 4 %.",
    )
