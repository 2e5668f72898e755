from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access.decide import Asked, decide, find, open_for, original_for
from newsroom.access.querysets import readable
from newsroom.access.rules import Decision, Reason, Rights, Terms, judge
from newsroom.access.search import Wanted, search
from newsroom.accounts.readers import ANONYMOUS, Reader, reader_of
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Use
from newsroom.wire import actions as wire
from newsroom.wire.models import Item, Release
from newsroom.wire.rules import Signal, Tier
from newsroom.wire.views import FullText, Notice, Summary
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    a_licence,
    a_member,
    a_picture,
    a_product,
    a_reader,
    a_release,
    a_user,
    an_item,
    an_organisation,
)

ASKED = Asked("web", "request-1", "en")
OPEN = Rights(Signal.NEW, Tier.SUMMARY, None, frozenset({1, 2}))
SECOND = timedelta(seconds=1)


def terms(**facts):
    values = {
        "licence_id": 7,
        "uses": frozenset({"read"}),
        "products": frozenset({1}),
        "starts_at": NOON - DAY,
        "ends_at": NOON + DAY,
        "suspended": False,
        "clause": "§4",
    }
    return Terms(**values | facts)


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        ([], Decision(Tier.SUMMARY, Reason.NO_LICENCE)),
        ([terms()], Decision(Tier.FULL, Reason.LICENSED, 7, "§4", NOON + DAY)),
        ([terms(products=None)], Decision(Tier.FULL, Reason.LICENSED, 7, "§4", NOON + DAY)),
        ([terms(products=frozenset({9}))], Decision(Tier.SUMMARY, Reason.OUTSIDE_PRODUCT, 7, "§4")),
        ([terms(uses=frozenset({"publish"}))], Decision(Tier.SUMMARY, Reason.USE_NOT_GRANTED, 7, "§4")),
        ([terms(starts_at=NOON + SECOND)], Decision(Tier.SUMMARY, Reason.NOT_STARTED, 7, "§4", NOON + SECOND)),
        ([terms(starts_at=NOON)], Decision(Tier.FULL, Reason.LICENSED, 7, "§4", NOON + DAY)),
        ([terms(ends_at=NOON)], Decision(Tier.SUMMARY, Reason.ENDED, 7, "§4", NOON)),
        ([terms(ends_at=NOON + SECOND)], Decision(Tier.FULL, Reason.LICENSED, 7, "§4", NOON + SECOND)),
        ([terms(suspended=True)], Decision(Tier.SUMMARY, Reason.SUSPENDED, 7, "§4")),
    ],
)
def test_a_licence_is_judged_by_product_use_dates_and_suspension(licences, expected):
    assert judge(licences, OPEN, Use.READ, NOON) == expected


def test_of_several_that_say_yes_the_longest_is_named_and_of_several_that_say_no_the_nearest():
    short, forever = terms(licence_id=1), terms(licence_id=2, ends_at=None)
    assert judge([short, forever], OPEN, Use.READ, NOON).licence_id == 2
    twins = [terms(licence_id=5), terms(licence_id=4)]
    assert judge(twins, OPEN, Use.READ, NOON).licence_id == 4
    wrong, ended = terms(licence_id=1, products=frozenset({9})), terms(licence_id=2, ends_at=NOON - HOUR)
    longer_ago = terms(licence_id=3, ends_at=NOON - 2 * HOUR)
    suspended = terms(licence_id=4, suspended=True)
    assert judge([wrong, longer_ago, ended], OPEN, Use.READ, NOON).licence_id == 2
    assert judge([wrong, ended, suspended], OPEN, Use.READ, NOON).reason is Reason.SUSPENDED


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (Rights(Signal.KILL, Tier.FULL, None, frozenset({1})), Decision(Tier.NOTHING, Reason.KILLED)),
        (Rights(Signal.WITHHOLD, Tier.FULL, None, frozenset({1})), Decision(Tier.NOTHING, Reason.WITHHELD)),
        (Rights(None, Tier.FULL, None, frozenset({1})), Decision(Tier.NOTHING, Reason.NOT_RELEASED)),
        (
            Rights(Signal.NEW, Tier.FULL, NOON + SECOND, frozenset({1})),
            Decision(Tier.NOTHING, Reason.EMBARGOED, until=NOON + SECOND),
        ),
    ],
)
def test_no_licence_opens_what_is_killed_withheld_unreleased_or_embargoed(rights, expected):
    assert judge([terms(products=None)], rights, Use.READ, NOON) == expected


def test_a_free_story_is_free_to_read_and_not_free_to_download():
    free = Rights(Signal.NEW, Tier.FULL, NOON, frozenset())
    assert judge([], free, Use.READ, NOON) == Decision(Tier.FULL, Reason.FREE)
    assert judge([], free, Use.DOWNLOAD, NOON) == Decision(Tier.SUMMARY, Reason.NO_LICENCE)


def test_without_a_public_tier_a_refused_reader_sees_nothing():
    hidden = Rights(Signal.NEW, Tier.NOTHING, None, frozenset({1}))
    assert judge([], hidden, Use.READ, NOON) == Decision(Tier.NOTHING, Reason.NO_LICENCE)
    assert judge([terms()], hidden, Use.READ, NOON).tier is Tier.FULL


moments = st.sampled_from([NOON + n * step for n in (-2, -1, 0, 1, 2) for step in (SECOND, DAY)])
some_licences = st.lists(
    st.fixed_dictionaries(
        {
            "uses": st.sampled_from([["read"], ["download"], ["read", "download"], ["publish"]]),
            "products": st.sampled_from([None, ("a",), ("b",), ("a", "b")]),
            "starts_at": st.sampled_from([NOON - DAY, NOON, NOON + SECOND]),
            "length": st.sampled_from([None, SECOND, DAY]),
            "suspended": st.booleans(),
            "to_organisation": st.booleans(),
        }
    ),
    max_size=3,
)
some_releases = st.lists(
    st.fixed_dictionaries(
        {
            "public_tier": st.sampled_from(list(Tier)),
            "language": st.sampled_from(["en", "tr", "fr"]),
            "embargo_until": st.sampled_from([None, NOON, NOON + SECOND]),
            "end": st.sampled_from([None, None, None, "withhold", "kill"]),
        }
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(licences=some_licences, releases=some_releases, use=st.sampled_from([Use.READ, Use.DOWNLOAD]), at=moments)
def test_readable_gives_the_answer_of_judge(licences, releases, use, at):
    products = {
        "a": a_product("a", {"include": {"language": ["en"]}}),
        "b": a_product("b", {"include": {"language": ["tr"]}}),
    }
    organisation = an_organisation()
    member = a_member(organisation)
    for facts in licences:
        length = facts["length"]
        a_licence(
            organisation if facts["to_organisation"] else member,
            uses=facts["uses"],
            products=None if facts["products"] is None else [products[code] for code in facts["products"]],
            starts_at=facts["starts_at"],
            ends_at=None if length is None else facts["starts_at"] + length,
            suspended=facts["suspended"],
            at=NOON - 3 * DAY,
        )
    made = []
    for facts in releases:
        end = facts.pop("end")
        one = a_release(NOON - 3 * DAY, **facts)
        if end == "withhold":
            one = wire.withhold(item=one.item, by=SYSTEM, note="x", at=NOON - 2 * DAY)
        if end == "kill":
            one = wire.kill(item=one.item, by=SYSTEM, note="x", at=NOON - 2 * DAY)
        made.append(one)
    mine = Release.objects.filter(item__in=[one.item_id for one in made])
    for reader in (ANONYMOUS, a_reader(), reader_of(member, at)):
        answers = {
            one.pk: decide(reader=reader, item=Item.objects.with_head().get(pk=one.item_id), use=use, at=at).tier
            for one in made
        }
        for tier in (Tier.SUMMARY, Tier.FULL):
            got = set(readable(mine, reader=reader, use=use, at=at, tier=tier).values_list("pk", flat=True))
            assert got == {pk for pk, answer in answers.items() if answer >= tier}, (reader, tier)


@pytest.mark.django_db
def test_a_licence_to_read_is_not_a_licence_to_download():
    user = a_user()
    licence = a_licence(user, products=[a_product()])
    item = an_item()
    reader = reader_of(user, NOON)

    decision = decide(reader=reader, item=item, use=Use.DOWNLOAD, at=NOON)

    assert decision == Decision(Tier.SUMMARY, Reason.USE_NOT_GRANTED, licence.pk, "test clause", None, 1)


@pytest.mark.django_db
def test_a_yes_hands_out_the_full_text_and_writes_one_line_in_the_ledger():
    user = a_user()
    licence = a_licence(user)
    made = a_release(pictures=(a_picture(),))
    reader = reader_of(user, NOON)
    for _ in range(2):
        shown, decision = open_for(reader=reader, item=find(slug=made.item.slug), use=Use.READ, at=NOON, asked=ASKED)
    assert isinstance(shown, FullText)
    assert "first ferry left at dawn" in shown.body_html
    assert shown.pictures[0].caption == "A ferry crosses the strait."
    assert decision.licence_id == licence.pk
    assert list(Usage.objects.values_list("user", "licence", "release", "use", "channel", "at")) == [
        (user.pk, licence.pk, made.pk, "read", "web", NOON)
    ]


@pytest.mark.django_db
def test_a_no_hands_out_a_type_without_a_body_and_records_nothing():
    made = a_release()
    shown, decision = open_for(reader=a_reader(), item=find(slug=made.item.slug), use=Use.READ, at=NOON, asked=ASKED)
    assert type(shown) is Summary
    assert "dawn" not in repr(shown)
    assert decision == Decision(Tier.SUMMARY, Reason.NO_LICENCE)
    assert not Usage.objects.exists()


@pytest.mark.django_db
def test_head_and_prefetch_are_not_counted():
    user = a_user()
    a_licence(user)
    made = a_release()
    asked = Asked("web", "request-1", "en", counts=False)
    shown, _ = open_for(
        reader=reader_of(user, NOON), item=find(slug=made.item.slug), use=Use.READ, at=NOON, asked=asked
    )
    assert isinstance(shown, FullText)
    assert not Usage.objects.exists()


@pytest.mark.django_db
def test_a_killed_story_leaves_a_notice_to_everybody_licensed_or_not():
    user = a_user()
    a_licence(user)
    made = a_release()
    wire.kill(item=made.item, by=SYSTEM, note="It was false.", at=NOON - SECOND)
    for reader in (ANONYMOUS, reader_of(user, NOON)):
        item = find(slug=made.item.slug)
        shown, decision = open_for(reader=reader, item=item, use=Use.READ, at=NOON, asked=ASKED)
        assert isinstance(shown, Notice)
        assert (shown.note, decision.reason) == ("It was false.", Reason.KILLED)
        assert "ferry" not in repr(shown).lower().replace(made.item.slug, "")


@pytest.mark.django_db
def test_an_original_is_handed_out_for_a_download_licence_only():
    made = a_release(pictures=(a_picture(),))
    reading, downloading = a_user(), a_user()
    a_licence(reading)
    a_licence(downloading, uses=[Use.DOWNLOAD])
    item = find(slug=made.item.slug)

    def original(user, position):
        return original_for(reader=reader_of(user, NOON), item=item, position=position, at=NOON, asked=ASKED)

    assert original(reading, 0)[0] is None
    assert original(downloading, 1)[0] is None
    assert original(downloading, 0)[0].type == "image/jpeg"
    assert list(Usage.objects.values_list("user", "use")) == [(downloading.pk, "download")]


@pytest.mark.django_db
def test_deciding_costs_an_anonymous_reader_no_query(django_assert_num_queries):
    made = a_release()
    item = find(slug=made.item.slug)
    with django_assert_num_queries(0):
        decide(reader=ANONYMOUS, item=item, use=Use.READ, at=NOON)


@pytest.mark.django_db
def test_a_suspended_licence_opens_again_when_it_resumes():
    user = a_user()
    licence = a_licence(user)
    item = an_item()
    licensing.suspend(licence=licence, by=SYSTEM, at=NOON, why="not paid")
    licensing.resume(licence=licence, by=SYSTEM, at=NOON + HOUR)
    reader = Reader(user.pk)
    answers = [decide(reader=reader, item=item, use=Use.READ, at=at).reason for at in (NOON - HOUR, NOON, NOON + HOUR)]
    assert answers == [Reason.LICENSED, Reason.SUSPENDED, Reason.LICENSED]


@pytest.mark.django_db
def test_words_of_the_body_are_found_only_by_those_who_may_read_it():
    user = a_user()
    a_licence(user, products=[a_product("english", {"include": {"language": ["en"]}})])
    mine = a_release(body_html="<p>A zugzwang on the quay.</p>", summary="A ferry story.")
    a_release(body_html="<p>A zugzwang in the port.</p>", language="tr")
    free = a_release(body_html="<p>A zugzwang for all.</p>", public_tier=Tier.FULL, language="fr")

    def found(reader, words):
        page = search(reader=reader, wanted=Wanted(words=words), at=NOON, locale="en")
        return {story.release_id for story in page.stories}, page.total

    assert found(ANONYMOUS, "zugzwang") == ({free.pk}, 1)
    assert found(reader_of(user, NOON), "zugzwang") == ({mine.pk, free.pk}, 2)
    assert found(ANONYMOUS, "ferry story")[0] == {mine.pk}
    assert found(ANONYMOUS, '\x00 "" -') == (set(), 0)


@pytest.mark.django_db
def test_search_pages_show_no_gap_and_no_repeat_while_new_stories_land():
    rows = [a_release(NOON - n * SECOND) for n in range(1, 8)]
    seen, before = [], None
    while True:
        page = search(reader=ANONYMOUS, wanted=Wanted(), at=NOON, locale="en", before=before, limit=3)
        seen += [story.release_id for story in page.stories]
        a_release(NOON)
        before = page.older
        if before is None:
            break
    assert seen == [row.pk for row in rows]


@pytest.mark.django_db
def test_turkish_and_arabic_words_are_found_however_they_are_typed():
    turkish = a_release(headline="İSTANBUL'da ışıklar söndü", language="tr", summary="")
    arabic = a_release(headline="الأخبارُ الاقتصادية", language="ar", summary="")

    def found(words):
        return {
            story.release_id for story in search(reader=ANONYMOUS, wanted=Wanted(words), at=NOON, locale="en").stories
        }

    assert found("istanbul") == found("ISIKLAR") == found("ışıklar") == {turkish.pk}
    assert found("الاخبار") == {arabic.pk}


@pytest.mark.django_db
def test_lists_cost_the_same_with_three_rows_and_thirty(django_assert_num_queries):
    search(reader=ANONYMOUS, wanted=Wanted(), at=NOON, locale="en")
    for count in (3, 27):
        for _ in range(count):
            a_release(pictures=(a_picture(),))
        with django_assert_num_queries(2):
            search(reader=ANONYMOUS, wanted=Wanted("ferry"), at=NOON, locale="en", limit=50)


@pytest.mark.django_db
def test_what_was_never_released_is_open_to_nobody():
    item = Item.objects.create(uri="urn:newsroom:never", slug="never")
    user = a_user()
    a_licence(user)
    for reader in (ANONYMOUS, reader_of(user, NOON)):
        shown, decision = open_for(reader=reader, item=item, use=Use.READ, at=NOON, asked=ASKED)
        assert (shown, decision) == (None, Decision(Tier.NOTHING, Reason.NOT_RELEASED))


def test_nobody_asks_what_may_be_seen_as_nothing():
    with pytest.raises(ValueError, match="everything may be seen as nothing"):
        readable(Release.objects.all(), reader=ANONYMOUS, use=Use.READ, at=NOON, tier=Tier.NOTHING)
