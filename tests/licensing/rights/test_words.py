"""A licence in words that a customer understands: one sentence for each thing it says, none for what it does not."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings

from newsroom.core.money import Money
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rights.words import limits_in_words, paragraph, quota, reserved_in_words, sentences, span
from newsroom.licensing.rules import Limits, Quota, Rendition, SeatKind
from tests.factories import DAY, HOUR, NOON
from tests.licensing.rights import strategies

AGENCY = Party("https://agency.example/", "The Agency")
PAPER = Party("https://agency.example/o/1", "The Ferry Post")
NAMES = {"sport": "Sport", "world": "World"}


def licence(**facts) -> Granted:
    values = {
        "uid": "https://agency.example/l/1",
        "by": AGENCY,
        "to": PAPER,
        "uses": frozenset({"read"}),
        "products": frozenset({"sport"}),
        "starts_at": NOON,
        "ends_at": None,
        "clause": "§4",
    }
    return Granted(**values | facts)


def test_a_whole_licence_is_one_paragraph():
    limits = Limits(
        channels=frozenset({"web", "print"}),
        territories=frozenset({"TR", "DE"}),
        formats=frozenset({"ninjs", "html"}),
        delay=timedelta(hours=2, minutes=30),
        archive=timedelta(days=30),
        rendition=Rendition.WEB,
        under_embargo=True,
        seats=5,
        quotas=(Quota("publish", 100, "month", overage=Money(250, "eur")),),
        clauses={"seats": "§5 five people"},
    )
    said = licence(
        uses=frozenset({"publish", "read", "ai-train"}),
        products=frozenset({"sport", "world"}),
        items=frozenset({"urn:1"}),
        ends_at=NOON + DAY,
        suspended=True,
        limits=limits,
    )

    assert paragraph(said, NAMES) == (
        "The Ferry Post is granted these uses: read, publish and train models. "
        "They cover the stories of “Sport” and “World”, and besides one single story. "
        "The right holds from 3 March 2026, 15:00 (UTC+03:00) until 4 March 2026, 15:00 (UTC+03:00). "
        "It has 5 seats, each given to a person by name. "
        "A story opens 2 hours and 30 minutes after it came on the wire. "
        "It covers stories that are at most 30 days old. "
        "A story under embargo may be received before the embargo lifts, and used only after. "
        "It holds in Germany and Türkiye, and nowhere else. "
        "What is published may appear on web and print only. "
        "Stories are handed out as html and ninjs only. "
        "Pictures are handed out up to this size: web. "
        "At most 100 stories a month count for “publish”; each further one costs €2.50. "
        "It is suspended: until it is resumed, summaries only. "
        "The agreement says: §4 "
        "On seats it says: §5 five people"
    )


@pytest.mark.parametrize(
    ("facts", "covered"),
    [
        ({"products": None}, "They cover every story of the service."),
        ({"products": frozenset({"sport"})}, "They cover the stories of “Sport”."),
        ({"products": frozenset({"gone-7"})}, "They cover the stories of “gone-7”."),
        ({"products": frozenset(), "items": frozenset({"a", "b"})}, "They cover 2 single stories."),
    ],
)
def test_what_is_covered_is_named(facts, covered):
    assert sentences(licence(**facts), NAMES)[0] == f"The Ferry Post is granted these uses: read. {covered}"


def test_what_is_not_limited_is_not_spoken_of():
    assert limits_in_words(Limits()) == []
    assert sentences(licence(), NAMES)[1:] == [
        "The right holds from 3 March 2026, 15:00 (UTC+03:00) until it is ended.",
        "The agreement says: §4",
    ]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(seats=1), "It has one seat, given to a person by name."),
        (Limits(seats=1, seat_kind=SeatKind.FLOATING), "One person may use it at a time."),
        (Limits(seats=3, seat_kind=SeatKind.FLOATING), "3 people may use it at the same time."),
    ],
)
def test_seats_in_words(limits, words):
    assert limits_in_words(limits) == [words]


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (Quota("read", 1, "day"), "At most one story a day count for “read”; then it stops."),
        (Quota("read", 5, "term"), "At most 5 stories over the whole term count for “read”; then it stops."),
        (
            Quota("read", 3, per_reader=True),
            "For each reader, at most 3 stories a month count for “read”; then it stops.",
        ),
    ],
)
def test_quotas_in_words(counted, words):
    assert quota(counted) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (DAY, "one day"),
        (30 * DAY, "30 days"),
        (HOUR + timedelta(minutes=1), "one hour and one minute"),
        (timedelta(seconds=90), "one minute and 30 seconds"),
        (timedelta(0), "no time"),
    ],
)
def test_lengths_of_time_in_words(length, words):
    assert span(length) == words


def test_a_storys_own_rights_in_words():
    story = Reserved(
        uid="u",
        by=AGENCY,
        uri="urn:9",
        shown_at=NOON,
        territories_out=frozenset({"DE"}),
        channels_out=frozenset({"print", "social"}),
        uses_out=frozenset({"ai-train"}),
        archive=7 * DAY,
        expires_at=NOON + 30 * DAY,
        embargo_until=NOON + HOUR,
        usage_terms="Credit the photographer.",
        supplier_terms="No resale.",
    )
    assert reserved_in_words(story) == [
        "It is under embargo until 3 March 2026, 16:00 (UTC+03:00).",
        "It may not be used to: train models.",
        "It may not be used in Germany.",
        "It may not be published on print and social media.",
        "It may not be used from an archive: only until 10 March 2026, 15:00 (UTC+03:00).",
        "It expires on 2 April 2026, 15:00 (UTC+03:00); then nobody may use it.",
        "Terms of use: Credit the photographer.",
        "The supplier's terms: No resale.",
    ]
    assert reserved_in_words(Reserved("u", AGENCY, "urn:9", NOON)) == ["The story itself rules nothing out."]


@pytest.mark.parametrize("language", ["en", "tr", "ar", "fr"])
@settings(max_examples=30, deadline=None)
@given(said=strategies.granted(), story=strategies.reserved)
def test_every_licence_has_words_in_every_language(language, said, story):
    with translation.override(language):
        words = [*sentences(said, NAMES), *reserved_in_words(story)]
    assert all(each.strip() and "%(" not in each.replace(said.clause, "") for each in words)
