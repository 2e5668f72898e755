"""Each limit of a licence and each restriction of a story, at the second."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsroom.access.book import Book
from newsroom.access.rules import PLAIN, Decision, Manner, Reason, Rights, Terms, judge, ranked, settled_by_story, weigh
from newsroom.licensing.rules import Limits, Quota, Rendition, SeatKind, Unlock, Use
from newsroom.wire.rules import Signal, Tier
from tests.factories import DAY, HOUR, NOON

SECOND = timedelta(seconds=1)
STORY = Rights(Signal.NEW, Tier.SUMMARY, None, frozenset({1}), item_id=5, shown_at=NOON - DAY)
SEATS = Limits(seats=2)


def terms(limits=None, **facts):
    values = {
        "licence_id": 7,
        "uses": frozenset({"read", "publish", "syndicate", "receive", "download"}),
        "products": frozenset({1}),
        "starts_at": NOON - 90 * DAY,
        "ends_at": NOON + DAY,
        "suspended": False,
        "clause": "§4",
        "version": 3,
    } | ({"limits": limits} if limits else {})
    return Terms(**values | facts)


YES = Decision(Tier.FULL, Reason.LICENSED, 7, "§4", NOON + DAY, 3)


def no(reason, until=None, clause="§4"):
    return Decision(Tier.SUMMARY, reason, 7, clause, until, 3)


@pytest.mark.parametrize(
    ("limits", "use", "manner", "expected"),
    [
        (Limits(delay=DAY), Use.READ, PLAIN, YES),
        (Limits(delay=DAY + SECOND), Use.READ, PLAIN, no(Reason.DELAYED, NOON + SECOND)),
        (Limits(archive=DAY), Use.READ, PLAIN, no(Reason.OUTSIDE_ARCHIVE, NOON)),
        (Limits(archive=DAY + SECOND), Use.READ, PLAIN, YES),
        (
            Limits(archive=DAY, clauses={"archive": "§7"}),
            Use.READ,
            PLAIN,
            no(Reason.OUTSIDE_ARCHIVE, NOON, "§7"),
        ),
        (Limits(territories=frozenset({"TR"})), Use.READ, PLAIN, no(Reason.WRONG_TERRITORY)),
        (Limits(territories=frozenset({"TR"})), Use.READ, Manner(territory="US"), no(Reason.WRONG_TERRITORY)),
        (Limits(territories=frozenset({"TR"})), Use.READ, Manner(territory="TR"), YES),
        (Limits(channels=frozenset({"web"})), Use.PUBLISH, PLAIN, no(Reason.WRONG_CHANNEL)),
        (Limits(channels=frozenset({"web"})), Use.SYNDICATE, Manner("print"), no(Reason.WRONG_CHANNEL)),
        (Limits(channels=frozenset({"web"})), Use.PUBLISH, Manner("web"), YES),
        (Limits(channels=frozenset({"web"})), Use.READ, Manner("print"), YES),
        (Limits(formats=frozenset({"ninjs"})), Use.RECEIVE, Manner(format="nitf"), no(Reason.WRONG_FORMAT)),
        (Limits(formats=frozenset({"ninjs"})), Use.RECEIVE, Manner(format="ninjs"), YES),
        (Limits(formats=frozenset({"ninjs"})), Use.RECEIVE, PLAIN, YES),
        (
            Limits(rendition=Rendition.WEB),
            Use.DOWNLOAD,
            Manner(rendition=Rendition.PRINT),
            no(Reason.TOO_LARGE),
        ),
        (Limits(rendition=Rendition.WEB), Use.DOWNLOAD, Manner(rendition=Rendition.WEB), YES),
        (Limits(rendition=Rendition.WEB), Use.READ, PLAIN, YES),
        (Limits(quotas=(Quota("read", 1),)), Use.READ, PLAIN, YES),
    ],
)
def test_a_limit_says_no_with_its_date_and_its_words(limits, use, manner, expected):
    assert judge([terms(limits)], STORY, use, NOON, manner) == expected


def test_named_seats_are_for_those_who_sit_and_floating_ones_are_asked_for_later():
    assert judge([terms(SEATS, seated=False)], STORY, Use.READ, NOON) == no(Reason.NO_SEAT)
    assert judge([terms(SEATS, seated=True)], STORY, Use.READ, NOON) == YES
    assert judge([terms(SEATS)], STORY, Use.READ, NOON) == YES
    floating = replace(SEATS, seat_kind=SeatKind.FLOATING)
    assert judge([terms(floating, seated=False)], STORY, Use.READ, NOON) == YES
    assert judge([terms(Limits(delay=SECOND), seated=False)], STORY, Use.READ, NOON) == YES


@pytest.mark.parametrize(
    ("facts", "use", "manner", "expected"),
    [
        ({"uses_out": frozenset({"read"})}, Use.READ, PLAIN, (Reason.STORY_NOT_FOR_USE, "story: not for read", None)),
        ({"uses_out": frozenset({"read"})}, Use.DOWNLOAD, PLAIN, None),
        ({"territories_out": frozenset({"US", "DE"})}, Use.READ, PLAIN, (Reason.STORY_NOT_HERE, "story: not for DE, US", None)),
        ({"territories_out": frozenset({"US"})}, Use.READ, Manner(territory="US"), (Reason.STORY_NOT_HERE, "story: not for US", None)),
        ({"territories_out": frozenset({"US"})}, Use.READ, Manner(territory="TR"), None),
        ({"channels_out": frozenset({"web"})}, Use.PUBLISH, PLAIN, (Reason.STORY_NOT_ON_CHANNEL, "story: not for web", None)),
        ({"channels_out": frozenset({"web"})}, Use.SYNDICATE, Manner("web"), (Reason.STORY_NOT_ON_CHANNEL, "story: not for web", None)),
        ({"channels_out": frozenset({"web"})}, Use.PUBLISH, Manner("print"), None),
        ({"channels_out": frozenset({"web"})}, Use.READ, Manner("web"), None),
        ({"archive": DAY}, Use.READ, PLAIN, (Reason.STORY_TOO_OLD, "story: no archive", NOON)),
        ({"archive": DAY + SECOND}, Use.READ, PLAIN, None),
        ({"archive": DAY, "shown_at": None}, Use.READ, PLAIN, None),
    ],
)  # fmt: skip
def test_a_storys_own_restriction_stands_above_every_licence(facts, use, manner, expected):
    answer = judge([terms()], replace(STORY, **facts), use, NOON, manner)
    if expected is None:
        assert answer == YES
    else:
        reason, clause, until = expected
        assert answer == Decision(Tier.SUMMARY, reason, None, clause, until)


def test_a_restriction_closes_a_free_story_to_its_summary_and_shows_nothing_of_a_hidden_one():
    free = replace(STORY, public_tier=Tier.FULL, uses_out=frozenset({"read"}))
    assert judge([], free, Use.READ, NOON).tier is Tier.SUMMARY
    assert judge([terms()], replace(free, public_tier=Tier.NOTHING), Use.READ, NOON).tier is Tier.NOTHING


def test_of_the_storys_window_and_the_licences_the_stricter_wins_and_is_named():
    week, month = terms(Limits(archive=7 * DAY)), replace(STORY, archive=30 * DAY)
    assert judge([week], replace(month, shown_at=NOON - 8 * DAY), Use.READ, NOON).reason is Reason.OUTSIDE_ARCHIVE
    assert judge([week], replace(month, shown_at=NOON - 31 * DAY), Use.READ, NOON).reason is Reason.STORY_TOO_OLD


def test_what_has_expired_shows_to_nobody():
    at_noon = replace(STORY, public_tier=Tier.FULL, expires_at=NOON)
    assert judge([terms()], at_noon, Use.READ, NOON) == Decision(Tier.NOTHING, Reason.EXPIRED, until=NOON)
    assert judge([terms()], at_noon, Use.DOWNLOAD, NOON - SECOND) == YES


def test_under_embargo_only_a_machine_that_may_receives_and_nothing_else_is_lifted():
    held = replace(STORY, embargo_until=NOON + SECOND, shown_at=NOON + SECOND)
    early = terms(Limits(under_embargo=True))
    embargoed = Decision(Tier.NOTHING, Reason.EMBARGOED, until=NOON + SECOND)
    assert judge([early], held, Use.RECEIVE, NOON) == YES
    assert judge([early], held, Use.READ, NOON) == embargoed
    assert judge([terms()], held, Use.RECEIVE, NOON) == embargoed
    assert judge([terms(Limits(delay=SECOND)), terms()], held, Use.RECEIVE, NOON) == embargoed
    assert judge([terms(licence_id=1), early], held, Use.RECEIVE, NOON) == YES
    assert judge([replace(early, suspended=True)], held, Use.RECEIVE, NOON) == embargoed
    assert judge([early], replace(held, uses_out=frozenset({"receive"})), Use.RECEIVE, NOON).tier is Tier.NOTHING
    free = replace(held, public_tier=Tier.FULL)
    assert judge([early], free, Use.RECEIVE, NOON + SECOND) == YES
    assert judge([replace(early, products=frozenset())], free, Use.READ, NOON).tier is Tier.NOTHING


def test_what_a_licence_may_receive_early_lends_nothing_to_another_nor_to_another_use():
    held = replace(STORY, embargo_until=NOON + SECOND)
    early, other = terms(Limits(under_embargo=True)), terms(Limits(channels=frozenset({"web"})), licence_id=1)
    assert judge([other, early], held, Use.RECEIVE, NOON) == YES
    assert weigh(early, held, Use.READ, NOON, PLAIN).reason is Reason.EMBARGOED


def test_a_story_of_no_known_age_is_neither_too_old_nor_too_young():
    assert judge([terms(Limits(archive=DAY, delay=DAY))], replace(STORY, shown_at=None), Use.READ, NOON) == YES


def test_of_a_story_that_is_barred_too_the_embargo_is_told_to_whoever_it_holds():
    held = replace(STORY, embargo_until=NOON + SECOND, uses_out=frozenset({"read", "receive"}))
    early, late = terms(Limits(under_embargo=True)), terms()
    embargoed = Decision(Tier.NOTHING, Reason.EMBARGOED, until=NOON + SECOND)
    for gate in (judge, lambda licences, *asked: Book(licences).judge(*asked)):
        assert gate([early], held, Use.READ, NOON) == embargoed
        assert gate([late], held, Use.RECEIVE, NOON) == embargoed
        assert gate([early], held, Use.RECEIVE, NOON).reason is Reason.STORY_NOT_FOR_USE


def test_a_free_story_is_not_free_before_its_embargo_ends_to_those_either_who_may_receive_it_early():
    free = replace(STORY, public_tier=Tier.FULL, embargo_until=NOON + SECOND)
    settled = [settled_by_story(free, Use.READ, at, PLAIN, ahead=True) for at in (NOON, NOON + SECOND)]
    assert settled == [None, Decision(Tier.FULL, Reason.FREE)]


def test_a_licence_that_refuses_shows_nothing_by_itself():
    answer = weigh(terms(suspended=True), STORY, Use.READ, NOON, PLAIN)
    assert answer == Decision(Tier.NOTHING, Reason.SUSPENDED, 7, "§4", None, 3)


def test_an_item_is_covered_by_name_by_product_or_by_everything():
    assert judge([terms(products=frozenset(), items=frozenset({5}))], STORY, Use.READ, NOON) == YES
    assert judge([terms(products=frozenset({2}), items=frozenset({6}))], STORY, Use.READ, NOON) == no(
        Reason.OUTSIDE_PRODUCT
    )
    assert judge([terms(products=None)], STORY, Use.READ, NOON) == YES
    unnamed = Rights(Signal.NEW, Tier.SUMMARY, None, frozenset({1}))
    by_name = terms(products=frozenset(), items=frozenset({1}))
    assert judge([by_name], unnamed, Use.READ, NOON) == no(Reason.OUTSIDE_PRODUCT)


def test_a_limit_without_words_of_its_own_is_told_in_those_of_the_licence():
    assert terms(Limits(clauses={"archive": "§7", "seats": ""})).words("archive") == "§7"
    assert terms(Limits(clauses={"archive": "§7", "seats": ""})).words("seats") == "§4"
    assert terms().words("quotas") == "§4"


def test_what_counts_nothing_is_preferred_then_what_lasts_then_the_older():
    free, longer = terms(licence_id=3), terms(licence_id=2, ends_at=NOON + 2 * DAY)
    quota = terms(Limits(quotas=(Quota("read", 1),)), licence_id=1, ends_at=None)
    other = terms(Limits(quotas=(Quota("publish", 1),)), licence_id=4, ends_at=None)
    floating = terms(Limits(seats=1, seat_kind=SeatKind.FLOATING), licence_id=5, ends_at=None)
    found = ranked([quota, floating, free, longer, other, terms(licence_id=6)], STORY, Use.READ, NOON)
    assert [answer.licence_id for answer in found] == [4, 2, 3, 6, 1, 5]


NEAREST_FIRST = [
    terms(Limits(rendition=Rendition.WEB)),
    terms(Limits(formats=frozenset({"pdf"}))),
    terms(Limits(delay=2 * DAY)),
    terms(Limits(channels=frozenset({"social"}))),
    terms(Limits(territories=frozenset({"FR"}))),
    terms(Limits(archive=HOUR)),
    terms(SEATS, seated=False),
    terms(suspended=True),
    terms(ends_at=NOON),
    terms(starts_at=NOON + SECOND),
    terms(uses=frozenset({"ai-train"})),
    terms(products=frozenset({2})),
]


@pytest.mark.parametrize("place", range(len(NEAREST_FIRST) - 1))
def test_a_refusal_names_the_licence_that_was_nearest(place):
    manner = Manner("web", "TR", "html", Rendition.ORIGINAL)
    nearest, *farther = (replace(each, licence_id=99 - n) for n, each in enumerate(NEAREST_FIRST[place:]))
    answer = judge([*reversed(farther), nearest], STORY, Use.PUBLISH, NOON, manner)
    assert answer.licence_id == nearest.licence_id
    assert answer.reason is weigh(nearest, STORY, Use.PUBLISH, NOON, manner).reason


def test_of_two_alike_the_sooner_opens_the_later_ended_and_the_older_counts():
    story = replace(STORY, shown_at=NOON)
    sooner, later = terms(Limits(delay=HOUR), licence_id=2), terms(Limits(delay=DAY), licence_id=1)
    assert judge([later, sooner], story, Use.READ, NOON).licence_id == 2
    next_week, tomorrow = (terms(starts_at=NOON + n * DAY, ends_at=None, licence_id=n) for n in (7, 1))
    assert judge([next_week, tomorrow], story, Use.READ, NOON).licence_id == 1
    old, older = terms(ends_at=NOON, licence_id=5), terms(ends_at=NOON - HOUR, licence_id=4)
    assert judge([older, old], story, Use.READ, NOON).licence_id == 5
    at_once = [terms(ends_at=NOON, licence_id=n) for n in (9, 8)]
    assert judge(at_once, story, Use.READ, NOON).licence_id == 8
    twins = [terms(suspended=True, licence_id=n) for n in (9, 8)]
    assert judge(twins, story, Use.READ, NOON).licence_id == 8


def test_the_quota_that_counts_is_the_use_s_own_and_the_shortest():
    found = terms(Limits(quotas=(Quota("read", 90, "year"), Quota("read", 3, "day"), Quota("publish", 1, "day"))))
    assert found.quota_for("read") == Quota("read", 3, "day")
    assert found.quota_for("receive") is None


OPENED_BY = {
    Unlock.SUBSCRIBE: {Reason.NO_LICENCE, Reason.ENDED},
    Unlock.WAIT: {
        Reason.NOT_STARTED,
        Reason.DELAYED,
        Reason.EMBARGOED,
        Reason.WITHHELD,
        Reason.QUOTA_SPENT,
    },
    Unlock.PAY: {Reason.SUSPENDED},
    Unlock.ASK_SALES: {
        Reason.USE_NOT_GRANTED,
        Reason.OUTSIDE_PRODUCT,
        Reason.OUTSIDE_ARCHIVE,
        Reason.WRONG_TERRITORY,
        Reason.WRONG_CHANNEL,
        Reason.WRONG_FORMAT,
    },
    Unlock.ASK_ADMIN: {Reason.NO_SEAT, Reason.SEATS_FULL},
    Unlock.OTHER_RENDITION: {Reason.TOO_LARGE},
    Unlock.ACCEPT_PRICE: {Reason.OVERAGE, Reason.PRICE_CHANGED},
    Unlock.SPEND_METER: {Reason.METERED},
}


@pytest.mark.parametrize("reason", Reason)
def test_every_no_says_what_would_open_it(reason):
    expected = next((unlock for unlock, reasons in OPENED_BY.items() if reason in reasons), Unlock.NOTHING)
    assert Decision(Tier.NOTHING, reason).unlock is expected
