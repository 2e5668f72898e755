"""Quotes and certificates on paper, in each language."""

from datetime import timedelta

import pytest

from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing.documents import typeset
from newsroom.licensing.documents.verify import Standing, look_up
from newsroom.licensing.models import Kind
from newsroom.licensing.rules import Limits, Quota, Source, Use
from newsroom.licensing.selling import certificates, papers, wording
from newsroom.licensing.selling.errors import BadOffer
from tests.factories import DAY, NOON, a_licence, a_release, a_user
from tests.licensing.selling.test_quotes import EVERY_LIMIT
from tests.licensing.selling.world import a_line, a_quote, a_sent_quote, with_line

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locale", ["en", "tr", "ar", "fr"])
def test_a_quote_is_typeset_in_each_language(locale):
    quote, _token = a_sent_quote(locale=locale, customer="صحيفة الخليج ve Işık", indexation="cpi", indexation_rate=350)

    assert typeset.pdf(quote.document).startswith(b"%PDF-1.7")
    assert quote.document.locale == locale


def test_a_quote_says_every_limit_of_every_line():
    quote = a_quote()
    with_line(quote, a_line(minor=1_000_000, limits=EVERY_LIMIT), listed=1_200_000)
    with_line(quote, a_line(minor=5_000, title="Setup", interval="once", products=()))

    said = papers.of_quote(quote)

    assert said["sections"][0]["table"]["rows"] == [
        ["1", "Sport wire", "€12,000.00", "16.67 %", "€10,000.00", "a year"],
        ["2", "Setup", "€50.00", "–", "€50.00", "once"],
    ]
    assert said["sections"][0]["table"]["totals"] == [["Total, a year", "€10,000.00"], ["Total, once", "€50.00"]]
    assert said["sections"][1]["facts"] == [
        ["Products", "Sport"],
        ["Uses", "publish, read"],
        ["Channels", "print, web"],
        ["Territories", "Greece, Türkiye"],
        ["Seats", "5 (floating)"],
        ["Delay", "30 minutes"],
        ["Archive", "30 days"],
        ["Largest picture", "web"],
        ["Formats", "ninjs"],
        ["Embargo", "stories are received under embargo"],
        ["Quota", "publish: 100 stories, a month; each further story €3.00"],
        ["Quota", "read: 10 stories, a day, for each reader"],
    ]
    assert said["sections"][2]["facts"][0] == ["Products", "every product, also those to come"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"auto_renew": True}, "unless a party gives notice 90 days before its end"),
        ({"auto_renew": False}, "ends with its term"),
        ({"indexation": "fixed", "indexation_rate": 350}, "rise by 3.5 %"),
        ({"indexation": "cpi", "indexation_rate": 500}, "by 5 % at most"),
        ({}, "prices stay as they are"),
    ],
)
def test_the_terms_stand_in_words(facts, words):
    quote = a_quote(**facts)

    assert words in " ".join(papers.of_quote(quote)["sections"][-1]["clauses"])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ""), (1, "1 minute"), (5400, "90 minutes"), (7200, "2 hours"), (86_400, "1 day"), (172_800, "2 days")],
)
def test_a_time_is_said_in_its_largest_whole_unit(seconds, words):
    assert wording.duration(seconds) == words


def test_money_and_percent_are_written_in_the_language():
    assert wording.money(Money(123456, "try"), "tr") == "₺1.234,56"
    assert wording.money(Money(1234, "jpy"), "en") == "¥1,234"
    assert [wording.percent(each) for each in (0, 1500, 1250, 1205)] == ["0 %", "15 %", "12.5 %", "12.05 %"]


def a_single(release, **facts):
    values = {
        "source": Source.STORY,
        "products": (),
        "items": [release.item],
        "uses": [Use.PUBLISH],
        "limits": Limits(territories=frozenset({"TR"}), channels=frozenset({"print"}), quotas=(Quota("publish", 1),)),
    }
    return a_licence(a_user(name="Zeynep Zebra"), **values | facts)


def certify(licence, release, at=NOON, **facts):
    values = {"circulation": "print run of 5,000", "locale": "en", "by": SYSTEM}
    return certificates.issue(licence=licence, release=release, at=at, **values | facts)


def test_a_certificate_says_what_may_be_done_with_which_version():
    release = a_release(headline="Ferries run again", uri="urn:newsroom:ferry")
    licence = a_single(release)

    document = certify(licence, release)

    said = document.data
    assert (document.kind, document.number, said["subtitle"]) == (Kind.CERTIFICATE, "L-2026-00001", "Ferries run again")
    assert said["facts"] == [
        ["Story", "urn:newsroom:ferry"],
        ["Version", "1"],
        ["Uses", "publish"],
        ["Channels", "print"],
        ["Territory", "Türkiye"],
        ["Circulation", "print run of 5,000"],
        ["Largest picture", "original"],
        ["From", "2 March 2026, 15:00"],
        ["Until", "4 March 2026, 15:00"],
        ["Licence", licence.source_ref],
    ]
    assert ("The first ferry left" in str(said), typeset.pdf(document)[:4]) == (False, b"%PDF")
    assert look_up(asked=document.number, at=NOON + DAY).standing == Standing.LAPSED


def test_a_second_certificate_takes_the_place_of_the_first():
    release = a_release()
    licence = a_single(release)
    first = certify(licence, release)

    second = certify(licence, release, at=NOON + timedelta(hours=1))

    told = look_up(asked=first.number, at=NOON + timedelta(hours=2))
    assert (told.standing, told.successor) == (Standing.SUPERSEDED, second.number)


def test_what_the_licence_does_not_hold_is_not_certified():
    release, other = a_release(), a_release()
    licence = a_single(release)

    for given, at, field in [
        (other, NOON, "release"),
        (release, NOON + DAY, "licence"),
        (release, NOON - 9 * DAY, "release"),
    ]:
        with pytest.raises(BadOffer) as refusal:
            certify(licence, given, at=at)
        assert refusal.value.field == field
