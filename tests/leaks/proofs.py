"""Tests that are no cells of the matrix, under the names by which guards call for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from newsroom.licensing.models import Usage
from newsroom.wire.rules import Tier
from tests.factories import NOON
from tests.leaks import test_accounts, test_caches, test_desk, test_logs, test_oracles
from tests.leaks.canaries import BODY, Kind
from tests.leaks.readers import BY_NAME
from tests.leaks.states import LIFTS_AT, Teller
from tests.leaks.world import World, at, empty_cache


@contextmanager
def noon() -> Iterator[None]:
    empty_cache()
    with at(NOON):
        yield
    empty_cache()


def patched(test: Callable[..., None], world: World) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        test(world, monkeypatch)


def a_suspension_closes_a_text_at_once(world: World) -> None:
    with noon():
        test_caches.test_a_copy_made_under_one_licence_state_is_not_shown_under_the_next(world)


def an_embargoed_story_changes_no_byte(world: World) -> None:
    test_oracles.test_a_hidden_story_changes_no_byte_of_any_page(world, {"embargo_until": LIFTS_AT}, "anonymous")


def search_says_nothing_of_a_text(world: World) -> None:
    test_oracles.test_search_says_the_same_with_and_without_a_text_that_only_others_may_read(world, "anonymous")


def anonymous_then_licensed(world: World) -> None:
    with noon():
        order = ("anonymous", "licensed", "anonymous")
        test_caches.test_neither_reader_is_given_the_others_page_in_either_order(world, order, "get")


def licensed_then_anonymous(world: World) -> None:
    """The licensed reader's page is what an anonymous one is given next."""
    with noon():
        path = f"/story/{world.stories['live'].slug}/"
        world.browser(BY_NAME["licensed"]).get(path)
        found = world.found_in(world.browser(BY_NAME["anonymous"]).get(path))
    assert {mark.kind for mark in found if mark.story == "live"}.isdisjoint(BODY)


def a_kill_is_seen_at_once(world: World) -> None:
    with noon():
        test_caches.test_what_was_kept_is_gone_with_the_next_request_after_a_withdrawal(world, "kill", 410)


def a_text_no_longer_free_is_refused_at_once(world: World) -> None:
    with noon():
        test_caches.test_a_text_that_is_free_no_longer_is_refused_with_the_next_request(world)


def a_full_text_is_kept_by_nobody(world: World) -> None:
    with noon():
        test_caches.test_a_full_text_is_kept_by_nobody_and_a_summary_by_those_who_hold_no_session(world)


def a_longer_body_changes_nothing(world: World) -> None:
    test_oracles.test_two_bodies_of_different_length_give_a_refused_reader_the_same_answer(world, "anonymous")


def structured_data_holds_no_text(world: World) -> None:
    test_oracles.test_structured_data_says_that_it_is_paid_for_and_never_holds_the_text(world)


def a_headline_stays_inside_its_data(world: World) -> None:
    test_oracles.test_a_headline_that_ends_a_script_stays_inside_its_data(world)


def a_new_picture_carries_no_metadata(world: World) -> None:
    """A story released now, its picture's renditions drawn now."""
    teller = Teller(world.desk, world.topic)
    words = teller.planted.words("fresh")
    made = teller.release("fresh", words, at=NOON, public_tier=Tier.SUMMARY)
    token = made.public_pictures.get().token
    with noon():
        response = world.browser(BY_NAME["anonymous"]).get(f"/pictures/{token}/web")
    assert response.status_code == 200
    assert words[Kind.METADATA].encode() not in response.content


def a_reading_is_in_the_ledger(world: World) -> None:
    person = world.people["licensed"]
    assert person is not None
    with noon():
        browser = world.browser(BY_NAME["licensed"])
        path = f"/story/{world.stories['live'].slug}/"
        for _ in range(2):
            browser.head(path)
            browser.get(path)
    assert Usage.objects.filter(user=person, item__slug=world.stories["live"].slug, use="read").count() == 1


def logs_hold_nothing_of_a_failure(world: World) -> None:
    patched(test_logs.test_no_log_line_holds_the_message_of_a_failure, world)


def logs_hold_no_address(world: World) -> None:
    test_logs.test_no_log_line_holds_an_address_that_was_not_found(world)


def an_error_says_nothing(world: World) -> None:
    patched(test_oracles.test_an_error_says_nothing_of_what_was_at_hand, world)


def nobody_is_told_who_has_an_account(world: World) -> None:
    form = {"email": "", "password1": "another-horse-7"}
    known = test_accounts.somebody_known()
    test_accounts.test_a_known_and_an_unknown_address_are_answered_the_same(world, known, "/account/signup/", form)


def who_is_dismissed_is_out_at_once(world: World) -> None:
    test_desk.test_who_is_dismissed_is_out_with_the_next_request(world)


def an_internal_note_stays_at_the_desk(world: World) -> None:
    test_desk.test_an_internal_note_never_leaves_the_desk(world)


def a_scheduled_story_waits_for_its_second(world: World) -> None:
    test_desk.test_a_scheduled_story_is_out_at_its_second_and_not_before(world)
