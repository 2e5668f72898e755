"""Random licences with every limit, and random rights of stories."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from newsroom.core.money import Money
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use
from newsroom.licensing.terms import FORMATS

AGENCY = Party("https://agency.example/", "The Agency")
words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
moments = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(
    lambda since: datetime(2000, 1, 1, tzinfo=UTC) + since
)
spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=4000))
countries = st.frozensets(st.sampled_from(["TR", "DE", "FR", "XK", "US"]), max_size=3)
channels = st.frozensets(st.sampled_from([each.value for each in Channel]), max_size=3)
codes = st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)
uris = st.builds("urn:newsroom:test:{}".format, st.integers(1, 99))
NAMES = ["channels", "territories", "formats", "delay", "archive", "rendition", "under_embargo", "seats", "quotas"]
prices = st.builds(Money, st.integers(1, 10**7), st.sampled_from(["eur", "jpy", "kwd"]))


@st.composite
def quotas(draw, uses):
    """One for each use and period at most, in the order in which licences keep them."""
    found = draw(
        st.lists(
            st.builds(
                Quota,
                use=st.sampled_from(sorted(uses)),
                limit=st.integers(1, 10**6),
                period=st.sampled_from([each.value for each in Period]),
                per_reader=st.booleans(),
                overage=st.none() | prices,
            ),
            max_size=3,
            unique_by=lambda each: (each.use, each.period),
        )
    )
    return tuple(sorted(found, key=lambda each: (each.use, each.period)))


@st.composite
def granted(draw):
    uses = draw(st.frozensets(st.sampled_from([each.value for each in Use]), min_size=1))
    starts_at = draw(moments)
    products = draw(st.none() | st.frozensets(codes, max_size=3))
    limits = Limits(
        channels=draw(channels),
        territories=draw(countries),
        formats=draw(st.frozensets(st.sampled_from(sorted(FORMATS)), max_size=2)),
        delay=draw(st.just(timedelta(0)) | spans),
        archive=draw(st.none() | spans),
        rendition=draw(st.sampled_from(list(Rendition))),
        under_embargo=draw(st.booleans()),
        seats=draw(st.none() | st.integers(1, 500)),
        seat_kind=draw(st.sampled_from([each.value for each in SeatKind])),
        quotas=draw(quotas(uses)),
        clauses=draw(st.dictionaries(st.sampled_from(NAMES), words, max_size=3)),
    )
    return Granted(
        uid=f"https://agency.example/rights/licences/{draw(st.integers(1, 99))}",
        by=AGENCY,
        to=Party("https://agency.example/rights/organisations/x", draw(words), draw(st.booleans())),
        uses=uses,
        products=products,
        starts_at=starts_at,
        ends_at=draw(st.none() | spans.map(lambda span: starts_at + span)),
        clause=draw(words),
        items=draw(st.frozensets(uris, min_size=1 if products == frozenset() else 0, max_size=2)),
        suspended=draw(st.booleans()),
        limits=limits,
    )


reserved = st.builds(
    Reserved,
    uid=st.just("https://agency.example/rights/stories/7"),
    by=st.just(AGENCY),
    uri=uris,
    shown_at=moments,
    territories_out=countries,
    channels_out=channels,
    uses_out=st.frozensets(st.sampled_from([each.value for each in Use]), max_size=3),
    archive=st.none() | spans,
    expires_at=st.none() | moments,
    embargo_until=st.none() | moments,
    usage_terms=st.just("") | words,
    supplier_terms=st.just("") | words,
)
