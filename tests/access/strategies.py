"""Random licences, stories, uses and moments, close enough together that they meet."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from newsroom.access.rules import Manner, Rights, Terms
from newsroom.core.money import Money
from newsroom.licensing.rules import NO_LIMITS, Channel, Limits, Period, Quota, Rendition, SeatKind, Use
from newsroom.wire.rules import Signal, Tier

SECOND = timedelta(seconds=1)
DAYS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # the clocks of Europe go forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 12, 31, 21, tzinfo=UTC),  # midnight of the new year at the desk
]
GAPS = [timedelta(0), SECOND, timedelta(minutes=15), timedelta(hours=1), timedelta(days=1), timedelta(days=30)]
PRODUCTS, ITEMS = (1, 2, 3), (1, 2)
USES = [Use.READ, Use.PUBLISH, Use.RECEIVE]
COUNTRIES = ["TR", "US"]
CHANNELS = [Channel.WEB.value, Channel.PRINT.value]

moments = st.builds(
    lambda day, gap, sign, fine: day + sign * gap + fine * SECOND,
    st.sampled_from(DAYS),
    st.sampled_from(GAPS),
    st.sampled_from([-1, 1]),
    st.sampled_from([-1, 0, 1]),
)
uses = st.sampled_from(USES)
manners = st.builds(
    Manner,
    channel=st.sampled_from(["", *CHANNELS]),
    territory=st.sampled_from(["", *COUNTRIES]),
    format=st.sampled_from(["", "html", "ninjs"]),
    rendition=st.sampled_from([None, Rendition.WEB, Rendition.ORIGINAL]),
)


def some(values):
    """A set of a few of them, often none."""
    return st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(values), max_size=2))


quotas = st.builds(
    Quota,
    use=st.sampled_from([use.value for use in USES]),
    limit=st.integers(1, 3),
    period=st.sampled_from(Period.values),
    overage=st.sampled_from([None, Money(500, "eur")]),
)
limits = st.one_of(
    st.just(NO_LIMITS),
    st.builds(
        Limits,
        channels=some(CHANNELS),
        territories=some(COUNTRIES),
        formats=some(["html", "ninjs"]),
        delay=st.sampled_from([timedelta(0), timedelta(minutes=15), timedelta(days=1)]),
        archive=st.sampled_from([None, timedelta(days=1), timedelta(days=30)]),
        rendition=st.sampled_from([Rendition.WEB, Rendition.ORIGINAL]),
        under_embargo=st.booleans(),
        seats=st.sampled_from([None, 1]),
        seat_kind=st.sampled_from(SeatKind.values),
        quotas=st.lists(quotas, max_size=1).map(tuple),
        clauses=st.sampled_from([{}, {"archive": "§7: 30 days"}]),
    ),
)


@st.composite
def terms(draw, number):
    """One licence, as it may be: about something, granting something, ending after it starts."""
    starts = draw(moments)
    ends = draw(st.one_of(st.none(), st.sampled_from(GAPS).map(lambda gap: starts + gap)))
    products = draw(st.one_of(st.none(), st.frozensets(st.sampled_from(PRODUCTS), max_size=2)))
    items = draw(some(ITEMS)) if products else draw(st.frozensets(st.sampled_from(ITEMS), min_size=1, max_size=2))
    limited = draw(limits)
    named = limited.seats is not None and limited.seat_kind == SeatKind.NAMED
    return Terms(
        licence_id=number,
        uses=frozenset(use.value for use in draw(st.sets(uses, min_size=1))),
        products=products,
        starts_at=starts,
        ends_at=ends,
        suspended=draw(st.booleans()) and draw(st.booleans()),
        clause=f"§{number}",
        items=items,
        limits=NO_LIMITS if limited == NO_LIMITS else limited,
        seated=draw(st.booleans()) if named else True,
        version=1,
    )


@st.composite
def books(draw, most=7):
    """Some licences, numbered from 1."""
    return [draw(terms(number)) for number in range(1, draw(st.integers(0, most)) + 1)]


stories = st.builds(
    Rights,
    signal=st.sampled_from([Signal.NEW] * 4 + [Signal.UPDATE, Signal.CORRECTION, Signal.WITHHOLD, Signal.KILL]),
    public_tier=st.sampled_from(Tier),
    embargo_until=st.one_of(st.none(), st.none(), moments),
    products=some(PRODUCTS),
    item_id=st.sampled_from([*ITEMS, 9]),
    shown_at=moments,
    territories_out=some(COUNTRIES),
    channels_out=some(CHANNELS),
    uses_out=some([use.value for use in USES]),
    archive=st.sampled_from([None, None, timedelta(days=1), timedelta(days=30)]),
    expires_at=st.one_of(st.none(), st.none(), moments),
)


@st.composite
def near(draw, licences, rights):
    """A moment at, a second before or a second after something that matters to them, or any."""
    facts = [moment for each in licences for moment in (each.starts_at, each.ends_at)]
    facts += [rights.embargo_until, rights.expires_at, rights.shown_at]
    for gap in (rights.archive, *(g for each in licences for g in (each.limits.delay, each.limits.archive))):
        facts.append(rights.shown_at + gap if gap else None)
    known = [moment for moment in facts if moment is not None]
    return draw(st.one_of(moments, st.sampled_from(known))) + draw(st.sampled_from([-1, 0, 1])) * SECOND
