from hypothesis import given
from hypothesis import strategies as st

from newsroom.wire.rules import MAY_FOLLOW, Facts, NotNow, Signal, check_signal, matches

FACTS = Facts(
    "en",
    "sport",
    frozenset({"medtop:15000000", "medtop:20001065"}),
    "Current",
    3,
    frozenset({"TR-34", "TR"}),
    frozenset({"text"}),
)


def test_which_signal_may_follow_which_is_this_table():
    allowed = {(after, signal) for after, signals in MAY_FOLLOW.items() for signal in signals}
    text, pull = {"update", "correction"}, {"withhold", "kill"}
    expected = {(None, "new")}
    expected |= {(after, signal) for after in ("new", "update", "correction") for signal in text | pull}
    expected |= {("withhold", signal) for signal in text | {"kill"}}
    assert allowed == expected


@given(after=st.sampled_from([None, *Signal.values]), signal=st.sampled_from(Signal.values))
def test_what_the_table_does_not_name_is_refused(after, signal):
    try:
        check_signal(signal, after=after)
        refused = False
    except NotNow:
        refused = True
    assert refused == (signal not in MAY_FOLLOW[after])


def test_a_rule_matches_when_every_field_it_includes_does_and_none_it_excludes():
    assert matches({"include": "everything"}, FACTS)
    assert matches({"include": {"desk": ["sport", "world"], "language": ["en"]}}, FACTS)
    assert not matches({"include": {"desk": ["sport"], "language": ["tr"]}}, FACTS)
    assert matches({"include": {"topics": ["medtop:15000000"]}}, FACTS)
    assert not matches({"include": "everything", "exclude": {"urgency": [3]}}, FACTS)


@given(
    st.one_of(
        st.none(),
        st.just({}),
        st.just({"include": {}}),
        st.just({"include": None}),
        st.just({"include": {"desk": []}}),
        st.just({"include": {"desk": "sport"}}),
        st.just({"include": {"colour": ["red"]}}),
        st.just({"include": {"urgency": ["3"]}}),
        st.just({"include": "everything", "exclude": "nothing"}),
        st.just({"include": "everything", "or": {}}),
        st.text(),
        st.integers(),
        st.lists(st.text()),
    )
)
def test_an_empty_or_broken_rule_matches_nothing(rule):
    assert not matches(rule, FACTS)
