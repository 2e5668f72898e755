"""The book answers what the plain judgement answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.access.book import Book
from newsroom.access.rules import Decision, Reason, Rights, Terms, judge, ranked
from newsroom.licensing.rules import Use
from newsroom.wire.rules import Signal, Tier
from tests.access import strategies as any_
from tests.factories import NOON


@st.composite
def questions(draw):
    licences, rights = draw(any_.books()), draw(any_.stories)
    return licences, rights, draw(any_.uses), draw(any_.near(licences, rights)), draw(any_.manners)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_a_book_and_a_list_of_the_same_licences_give_one_answer(question):
    licences, rights, use, at, manner = question
    book = Book(licences)
    assert book.judge(rights, use, at, manner) == judge(licences, rights, use, at, manner)
    assert book.ranked(rights, use, at, manner)[0] == book.judge(rights, use, at, manner)


@settings(max_examples=100, deadline=None)
@given(questions())
def test_no_licence_is_worth_less_for_standing_among_others(question):
    licences, rights, use, at, manner = question
    alone = [judge([each], rights, use, at, manner) for each in licences]
    together = judge(licences, rights, use, at, manner)
    assert together.tier >= max((answer.tier for answer in alone), default=together.tier)
    yes = {answer.licence_id for answer in ranked(licences, rights, use, at, manner) if answer.allowed}
    if together.reason is Reason.LICENSED:
        assert yes == {answer.licence_id for answer in alone if answer.allowed}


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_story_never_opens_by_a_licence_that_says_nothing_of_it(question):
    licences, rights, use, at, manner = question
    answer = judge(licences, rights, use, at, manner)
    if answer.reason is not Reason.LICENSED:
        return
    (named,) = (each for each in licences if each.licence_id == answer.licence_id)
    assert use in named.uses
    assert named.starts_at <= at
    assert named.ends_at is None or at < named.ends_at
    assert not named.suspended
    assert named.seated
    assert named.products is None or named.products & rights.products or rights.item_id in named.items


def test_of_many_licences_about_other_things_the_oldest_is_named():
    rights = Rights(Signal.NEW, Tier.SUMMARY, None, frozenset({9}))
    others = [Terms(number, frozenset({"read"}), frozenset({1}), NOON, None, False, f"§{number}") for number in (2, 1)]
    answer = Decision(Tier.SUMMARY, Reason.OUTSIDE_PRODUCT, 1, "§1")
    assert Book(others).judge(rights, Use.READ, NOON) == judge(others, rights, Use.READ, NOON) == answer
