"""The walk behind an answer: its outcome is the gate's own, and its order is proven rule by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.access.rules import Decision, Manner, Reason, Rights, Terms, judge, ranked, weigh
from newsroom.access.steps import OF_A_LICENCE, OF_THE_STORY, Preference, Step, remedies, walk
from newsroom.licensing.rules import NO_LIMITS, Limits, Quota, Rendition, SeatKind, Use
from newsroom.wire.rules import Signal, Tier
from tests.factories import DAY, HOUR, NOON

MOMENTS = st.sampled_from([None, *(NOON + n * step for n in (-2, -1, 0, 1, 2) for step in (HOUR, DAY))])
PLACES = st.sampled_from(["TR", "DE", "FR"])
CHANNELS = st.sampled_from(["web", "print"])
SPANS = st.sampled_from([timedelta(0), HOUR, DAY, 3 * DAY])


def some(values):
    return st.frozensets(values, max_size=2)


limits = st.builds(
    Limits,
    channels=some(CHANNELS),
    territories=some(PLACES),
    formats=some(st.sampled_from(["html", "ninjs"])),
    delay=SPANS,
    archive=st.sampled_from([None, HOUR, DAY, 3 * DAY]),
    rendition=st.sampled_from(list(Rendition)),
    under_embargo=st.booleans(),
    seats=st.sampled_from([None, 1]),
    seat_kind=st.sampled_from(list(SeatKind)),
    quotas=st.sampled_from([(), (Quota("read", 1),), (Quota("receive", 1),)]),
)
licences = st.lists(
    st.builds(
        Terms,
        licence_id=st.integers(1, 9),
        uses=some(st.sampled_from(["read", "receive", "publish"])),
        products=st.sampled_from([None, frozenset({1}), frozenset({2})]),
        starts_at=st.sampled_from([NOON - DAY, NOON, NOON + HOUR]),
        ends_at=st.sampled_from([None, NOON, NOON + HOUR, NOON + DAY]),
        suspended=st.booleans(),
        clause=st.just("§4"),
        items=some(st.just(5)),
        limits=st.one_of(st.just(NO_LIMITS), limits),
        seated=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda each: each.licence_id,
)
rights = st.builds(
    Rights,
    signal=st.sampled_from([Signal.NEW, Signal.UPDATE, Signal.CORRECTION, Signal.WITHHOLD, Signal.KILL, None]),
    public_tier=st.sampled_from(list(Tier)),
    embargo_until=MOMENTS,
    products=some(st.sampled_from([1, 2])),
    item_id=st.sampled_from([0, 5]),
    shown_at=MOMENTS,
    territories_out=some(PLACES),
    channels_out=some(CHANNELS),
    uses_out=some(st.sampled_from(["read", "receive"])),
    archive=st.sampled_from([None, HOUR, DAY]),
    expires_at=MOMENTS,
)
manners = st.builds(
    Manner,
    channel=st.sampled_from(["", "web", "print"]),
    territory=st.sampled_from(["", "TR", "DE"]),
    format=st.sampled_from(["", "html"]),
    rendition=st.sampled_from([None, *Rendition]),
)
USES = st.sampled_from([Use.READ, Use.RECEIVE, Use.PUBLISH])
QUESTION = {"licences": licences, "rights": rights, "use": USES, "manner": manners}


@settings(max_examples=400, deadline=None)
@given(**QUESTION)
def test_the_walk_ends_where_the_judgement_ends(licences, rights, use, manner):
    said = walk(licences, rights, use, NOON, manner)
    no = [step.rule for step in said.story if not step.passed]

    assert said.decision == judge(licences, rights, use, NOON, manner)
    assert no in ([], [said.decision.reason])
    assert [each.decision for each in said.licences] == [
        weigh(each.terms, rights, use, NOON, manner) for each in said.licences
    ]
    if not said.decided_by_story:
        assert {each.terms.licence_id for each in said.licences} == {each.licence_id for each in licences}


@settings(max_examples=400, deadline=None)
@given(**QUESTION)
def test_each_licence_is_walked_up_to_the_rule_that_refuses(licences, rights, use, manner):
    for each in walk(licences, rights, use, NOON, manner).licences:
        passed = [step.passed for step in each.steps]
        assert passed == [True] * len(OF_A_LICENCE) if each.allowed else [True] * (len(passed) - 1) + [False]
        assert each.allowed or each.steps[-1].rule is each.decision.reason


@settings(max_examples=400, deadline=None)
@given(**QUESTION)
def test_the_licence_that_won_stands_first_with_the_reason_why(licences, rights, use, manner):
    said = walk(licences, rights, use, NOON, manner)
    yes = [answer.licence_id for answer in ranked(licences, rights, use, NOON, manner) if answer.licence_id]
    allowed = [each for each in said.licences if each.allowed]

    assert (said.preferred is None) == (not allowed)
    if said.decision.allowed:
        assert [each.terms.licence_id for each in allowed] == yes
    if said.licences and said.decision.licence_id is not None:
        assert said.licences[0] == said.nearest


@settings(max_examples=400, deadline=None)
@given(**QUESTION)
def test_what_would_change_it_ends_in_a_yes(licences, rights, use, manner):
    for each in walk(licences, rights, use, NOON, manner).licences:
        assert (each.remedies == ()) == each.allowed
        assert each.allowed or each.remedies[0] is each.decision.reason
        assert len(set(each.remedies)) == len(each.remedies)


WIDE = Terms(7, frozenset({"publish"}), frozenset({1}), NOON - DAY, NOON + DAY, False, "§4")
STORY = Rights(Signal.NEW, Tier.SUMMARY, None, frozenset({1}), shown_at=NOON - 2 * DAY)
EVERY_LIMIT = {"seats": 1, "archive": DAY, "delay": 3 * DAY, "territories": frozenset({"TR"})} | {
    "channels": frozenset({"web"}),
    "formats": frozenset({"html"}),
    "rendition": Rendition.WEB,
}
AGAINST = {
    Reason.OUTSIDE_PRODUCT: {"products": frozenset({9})},
    Reason.USE_NOT_GRANTED: {"uses": frozenset({"read"})},
    Reason.NOT_STARTED: {"starts_at": NOON + HOUR},
    Reason.ENDED: {"ends_at": NOON},
    Reason.SUSPENDED: {"suspended": True},
    Reason.NO_SEAT: {"seated": False, "seats": 1},
    Reason.OUTSIDE_ARCHIVE: {"archive": DAY},
    Reason.DELAYED: {"delay": 3 * DAY},
    Reason.WRONG_TERRITORY: {"territories": frozenset({"TR"})},
    Reason.WRONG_CHANNEL: {"channels": frozenset({"web"})},
    Reason.WRONG_FORMAT: {"formats": frozenset({"html"})},
    Reason.TOO_LARGE: {"rendition": Rendition.WEB},
    Reason.EMBARGOED: {},
}
MANNER = Manner("print", "DE", "ninjs", Rendition.ORIGINAL)


@pytest.mark.parametrize("place", range(len(OF_A_LICENCE)), ids=lambda place: OF_A_LICENCE[place].value)
def test_a_licence_against_which_much_can_be_said_is_refused_by_the_first_rule(place):
    """All rules from this one on refuse; so the order of the walk is the order of the gate."""
    against = {name: value for rule in OF_A_LICENCE[place:] for name, value in AGAINST[rule].items()}
    limited = {name: against.pop(name) for name in list(against) if name in EVERY_LIMIT}
    terms = replace(WIDE, **against, limits=replace(Limits(), **limited))
    if {Reason.NOT_STARTED, Reason.ENDED} <= set(OF_A_LICENCE[place:]):
        terms = replace(terms, ends_at=NOON)
    held = replace(STORY, embargo_until=NOON + HOUR)

    assert weigh(terms, held, Use.PUBLISH, NOON, MANNER).reason is OF_A_LICENCE[place]
    assert remedies(terms, held, Use.PUBLISH, NOON, MANNER) == OF_A_LICENCE[place:]


def test_the_story_is_asked_in_the_order_of_the_gate():
    worst = Rights(
        Signal.NEW,
        Tier.SUMMARY,
        NOON + HOUR,
        frozenset({1}),
        shown_at=NOON - 2 * DAY,
        territories_out=frozenset({"DE"}),
        channels_out=frozenset({"print"}),
        uses_out=frozenset({"publish"}),
        archive=DAY,
        expires_at=NOON,
    )
    better = [
        replace(worst, signal=Signal.KILL),
        replace(worst, signal=Signal.WITHHOLD),
        replace(worst, signal=None),
        worst,
        worst := replace(worst, expires_at=None),
        worst := replace(worst, embargo_until=None),
        worst := replace(worst, uses_out=frozenset()),
        worst := replace(worst, territories_out=frozenset()),
        replace(worst, channels_out=frozenset()),
    ]
    refusals = [walk([WIDE], each, Use.PUBLISH, NOON, MANNER).story[-1] for each in better]
    assert [(step.rule, step.passed) for step in refusals] == [(rule, False) for rule in OF_THE_STORY]


def test_a_step_says_whether_anything_was_said_about_it_and_the_clause_that_refused():
    terms = replace(WIDE, limits=Limits(channels=frozenset({"web"}), clauses={"channels": "§9 web only"}))

    said = walk([terms], STORY, Use.PUBLISH, NOON, Manner("print"))

    assert said.licences[0].steps == (
        Step(Reason.OUTSIDE_PRODUCT, True),
        Step(Reason.USE_NOT_GRANTED, True),
        Step(Reason.NOT_STARTED, True),
        Step(Reason.ENDED, True),
        Step(Reason.SUSPENDED, True),
        Step(Reason.NO_SEAT, True, asked=False),
        Step(Reason.OUTSIDE_ARCHIVE, True, asked=False),
        Step(Reason.DELAYED, True, asked=False),
        Step(Reason.WRONG_TERRITORY, True, asked=False),
        Step(Reason.WRONG_CHANNEL, False, clause="§9 web only"),
    )
    assert said.decision == Decision(Tier.SUMMARY, Reason.WRONG_CHANNEL, 7, "§9 web only")


def test_an_embargo_that_a_licence_may_lift_is_asked_of_the_licence():
    held = replace(STORY, embargo_until=NOON + HOUR)
    feed = replace(WIDE, uses=frozenset({"receive"}))
    ahead = replace(feed, licence_id=8, limits=Limits(under_embargo=True))

    closed, open_ = (walk(each, held, Use.RECEIVE, NOON) for each in ([feed], [feed, ahead]))

    assert (closed.story[-1].rule, closed.story[-1].passed, closed.licences) == (Reason.EMBARGOED, False, ())
    assert (open_.decision.licence_id, [each.allowed for each in open_.licences]) == (8, [True, False])
    assert open_.licences[1].remedies == (Reason.EMBARGOED,)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({}, None, Preference.ONLY),
        ({}, {"limits": Limits(quotas=(Quota("publish", 5),)), "ends_at": None}, Preference.COUNTS_NOTHING),
        ({"ends_at": None}, {}, Preference.NEVER_ENDS),
        ({"ends_at": NOON + 2 * DAY}, {}, Preference.LASTS_LONGER),
        ({}, {"licence_id": 9}, Preference.OLDER),
    ],
)
def test_why_a_licence_was_preferred(first, second, why):
    mine = replace(WIDE, **first)
    others = [] if second is None else [replace(WIDE, **{"licence_id": 8} | second)]

    said = walk([*others, mine], STORY, Use.PUBLISH, NOON)

    assert (said.decision.licence_id, said.preferred) == (7, why)
