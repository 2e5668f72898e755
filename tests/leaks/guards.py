"""The guards between a text and those who may not read it, how each is taken out, and what must turn red then."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from unittest import mock

from django.db.models import Q
from django.test import override_settings

from newsroom.access import decide as gate
from newsroom.access import querysets, rules
from newsroom.access.rules import Decision
from newsroom.accounts.querysets import ValidQuerySet
from newsroom.content.models import Story
from newsroom.content.querysets import ScheduleQuerySet, StoryQuerySet
from newsroom.core import logs, middleware
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.licensing.rules import Use
from newsroom.newsdesk.stories.views import StoryPolicy
from newsroom.portal import pages, structured
from newsroom.wire import pictures
from newsroom.wire.querysets import ReleaseQuerySet
from tests.factories import NOON
from tests.leaks import matrix, proofs, removals
from tests.leaks.surfaces import BY_NAME
from tests.leaks.world import World

LISTS = ("front page", "section", "topic", "feeds", "news sitemap", "search by filters")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cell:
    """Cells of the matrix: a row, and which of its readers and states."""

    surface: str
    readers: tuple[str, ...]
    states: tuple[str, ...]
    moment: datetime = NOON

    def __str__(self) -> str:
        return f"{self.surface} × {', '.join(self.readers)} × {', '.join(self.states)}"

    def __call__(self, world: World) -> None:
        matrix.check(world, BY_NAME[self.surface], readers=self.readers, states=self.states, moment=self.moment)


@dataclass(frozen=True)
class Proof:
    """A test that is no cell: it takes the world and fails by AssertionError."""

    test: Callable[[World], None]

    def __str__(self) -> str:
        return self.test.__name__.replace("_", " ")

    def __call__(self, world: World) -> None:
        self.test(world)


@dataclass(frozen=True)
class Guard:
    """`out`: what replaces what, dotted path by dotted path, to take the guard out. `cells`: each must turn red."""

    name: str
    out: Sequence[tuple[Any, str, Any]]
    cells: Sequence[Cell | Proof]
    settings: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def removed(self) -> Iterator[None]:
        with ExitStack() as stack:
            removals.forget_prepared()
            stack.callback(removals.forget_prepared)
            for owner, name, other in self.out:
                where = import_module(owner) if isinstance(owner, str) else owner
                stack.enter_context(mock.patch.object(where, name, other))
            if self.settings:
                stack.enter_context(override_settings(**dict(self.settings)))
            yield


GUARDS: tuple[Guard, ...] = (
    Guard(
        "a judgement denies by default",
        [(gate, "judge", removals.judging_always_full), (gate, "ranked", removals.ranking_always_full)],
        [
            Cell("story page", ("registered",), ("live",)),
            Cell("story page", ("anonymous",), ("corrected",)),
            Cell("original of a picture", ("licensed",), ("live",)),
        ],
    ),
    Guard(
        "a licence covers its products only",
        removals.everywhere("weigh", removals.weighing(products=None)),
        [Cell("story page", ("wrong product",), ("live",)), Cell("story page", ("wrong product",), ("hidden",))],
    ),
    Guard(
        "a licence covers its uses only",
        removals.everywhere("weigh", removals.weighing(uses=frozenset(Use))),
        [Cell("story page", ("wrong use",), ("live",)), Cell("original of a picture", ("licensed",), ("live",))],
    ),
    Guard(
        "a licence begins when it begins",
        removals.everywhere("weigh", removals.weighing(starts_at=LONG_AGO)),
        [Cell("story page", ("not started",), ("live",))],
    ),
    Guard(
        "a licence ends when it ends",
        removals.everywhere("weigh", removals.weighing(ends_at=None)),
        [Cell("story page", ("expired",), ("live",)), Cell("story page", ("refunded",), ("live",))],
    ),
    Guard(
        "a licence that is suspended rests",
        removals.everywhere("weigh", removals.weighing(suspended=False)),
        [
            Cell("story page", ("past due, after grace",), ("live",)),
            Proof(test=proofs.a_suspension_closes_a_text_at_once),
        ],
    ),
    Guard(
        "a licence is its holder's",
        [(LicenceVersionQuerySet, "of", removals.held_by_anybody)],
        [Cell("story page", ("registered",), ("live",)), Cell("search by canaries", ("registered",), ("live",))],
    ),
    Guard(
        "a membership begins and ends",
        [(ValidQuerySet, "valid", removals.valid_at_any_time)],
        [
            Cell("story page", ("member removed",), ("live",)),
            Cell("story page", ("member to be",), ("live",)),
            Cell("search by canaries", ("member removed",), ("live",)),
        ],
    ),
    Guard(
        "an embargo closes an item",
        [(rules, "_embargoed", lambda *_: False)],
        [
            Cell("story page", ("anonymous", "licensed"), ("embargoed",)),
            Cell("story page", ("licensed",), ("held-again",)),
            Cell("picture", ("anonymous",), ("embargoed",)),
        ],
    ),
    Guard(
        "an embargo keeps an item off lists",
        [(ReleaseQuerySet, "live", removals.live_without_embargo), (querysets, "not_embargoed", lambda _at: Q())],
        [Cell(name, ("anonymous",), ("embargoed",)) for name in (*LISTS, "search by canaries")]
        + [Proof(test=proofs.an_embargoed_story_changes_no_byte)],
    ),
    Guard(
        "what has no public tier is on no list",
        [(ReleaseQuerySet, "public", removals.public_of_any_tier)],
        [Cell(name, ("anonymous",), ("hidden",)) for name in LISTS if not name.startswith("search")],
    ),
    Guard(
        "a version that was replaced is on no list",
        [(ReleaseQuerySet, "heads", removals.all_of)],
        [Cell(name, ("anonymous",), ("corrected",)) for name in (*LISTS,)],
    ),
    Guard(
        "a picture goes with the present version",
        [("newsroom.portal.querysets", "picture", removals.any_picture)],
        [Cell("picture", ("anonymous",), ("lowered",)), Cell("picture", ("anonymous",), ("killed",))],
    ),
    Guard(
        "a picture follows its story",
        [("newsroom.portal.views.story", "decide", removals.everything_allowed)],
        [Cell("picture", ("anonymous",), ("embargoed",)), Cell("picture", ("registered",), ("hidden",))],
    ),
    Guard(
        "words of a text are matched for those who may read it",
        [("newsroom.access.search", "may_have", lambda **_: Q())],
        [
            Cell("search by canaries", ("anonymous",), ("live",)),
            Cell("search by canaries", ("wrong product", "past due, after grace"), ("corrected",)),
            Proof(test=proofs.search_says_nothing_of_a_text),
        ],
    ),
    Guard(
        "search heeds start, end, suspension and limits",
        [(querysets, "weigh", removals.weighing_yes)],
        [
            Cell("search by canaries", (name,), ("live",))
            for name in (
                "expired",
                "refunded",
                "not started",
                "past due, after grace",
                "without a seat",
                "seat removed",
            )
        ],
    ),
    Guard(
        "search heeds delay and archive window",
        [(querysets.Shape, "condition", lambda *_: Q())],
        [Cell("search by canaries", (name,), ("live",)) for name in ("outside archive", "delayed")],
    ),
    Guard(
        "a seat is one person's",
        removals.everywhere("weigh", removals.weighing(seated=True)),
        [Cell("story page", ("without a seat", "seat removed"), ("live",))],
    ),
    Guard(
        "what a licence limits is closed",
        [(rules, "_limited", lambda *_: None)],
        [
            Cell("story page", (name,), ("live",))
            for name in ("without a seat", "wrong territory", "outside archive", "delayed")
        ],
    ),
    Guard(
        "a licence for one story is for no other",
        [(rules, "covers", lambda *_: True), (querysets.Covered, "condition", lambda *_: Q())],
        [Cell("story page", ("another story",), ("live",)), Cell("search by canaries", ("another story",), ("live",))],
    ),
    Guard(
        "a kept page is for those without a session",
        [(pages, "address_of", removals.address_for_all)],
        [Proof(test=proofs.anonymous_then_licensed)],
    ),
    Guard(
        "a reader's own page is not kept",
        [
            (pages, "address_of", removals.address_for_all),
            (pages, "may_keep", lambda response: response.status_code == 200),
        ],
        [Proof(test=proofs.licensed_then_anonymous)],
    ),
    Guard(
        "a release lets go of what was kept",
        [(pages, "forget", lambda **_: None)],
        [Proof(test=proofs.a_kill_is_seen_at_once), Proof(test=proofs.a_text_no_longer_free_is_refused_at_once)],
    ),
    Guard(
        "what says nothing about caching is kept by nobody",
        [(middleware, "HEADERS", {name: text for name, text in middleware.HEADERS.items() if name != "Cache-Control"})],
        [Proof(test=proofs.a_full_text_is_kept_by_nobody), Cell("story page", ("licensed",), ("live",))],
    ),
    Guard(
        "a summary is never cut from the body",
        [
            (gate, "summary_of", removals.summary_cut_from_the_body),
            ("newsroom.access.search", "summary_of", removals.summary_cut_from_the_body),
        ],
        [Cell(name, ("anonymous",), ("live",)) for name in ("story page", "front page", "section", "topic", "feeds")]
        + [Cell("search by filters", ("anonymous",), ("live",)), Proof(test=proofs.a_longer_body_changes_nothing)],
    ),
    Guard(
        "structured data holds no text",
        [(structured, "article", removals.article_with_body)],
        [Cell("story page", ("anonymous", "registered"), ("live",)), Proof(test=proofs.structured_data_holds_no_text)],
    ),
    Guard(
        "structured data cannot end its script",
        [(structured, "ESCAPED", {})],
        [Proof(test=proofs.a_headline_stays_inside_its_data)],
    ),
    Guard(
        "a permit needs a decision that says full",
        [
            (gate, "_permit", lambda head, decision: gate.Permit(head.pk, decision.licence_id)),
            (Decision, "allowed", property(lambda self: True)),
        ],
        [
            Cell("story page", ("anonymous",), ("live",)),
            Cell("story page", ("wrong product",), ("hidden",)),
            Cell("original of a picture", ("anonymous",), ("live",)),
        ],
    ),
    Guard(
        "a withdrawn item answers with its notice alone",
        [(gate, "notice_of", removals.summary_of_former)],
        [Cell("story page", ("anonymous",), ("killed",)), Cell("story page", ("licensed",), ("withheld",))],
    ),
    Guard(
        "public renditions are drawn anew",
        [(pictures, "_drawn", removals.drawn_with_metadata)],
        [Proof(test=proofs.a_new_picture_carries_no_metadata)],
    ),
    Guard(
        "an opened text leaves its line in the ledger",
        [("newsroom.licensing.ledger", "write", lambda _entry: None)],
        [Proof(test=proofs.a_reading_is_in_the_ledger)],
    ),
    Guard(
        "logs hold no message of a strange exception",
        [(logs, "_told", removals.told_with_messages)],
        [Proof(test=proofs.logs_hold_nothing_of_a_failure)],
    ),
    Guard(
        "logs hold routes, not addresses",
        [(logs.Discreet, "filter", lambda self, record: True)],
        [Proof(test=proofs.logs_hold_no_address)],
    ),
    Guard(
        "a desk's stories are listed for its own people",
        [(StoryQuerySet, "seen_by", removals.all_of)],
        [Cell("desk: lists and search", ("editor of another desk",), ("draft",))],
    ),
    Guard(
        "a story's pages are for the people of its desk",
        [(StoryPolicy, "user_has_permission", lambda self, user, action: True)],
        [
            Cell(f"desk: {name}", ("editor of another desk", "sales"), ("draft", "newer draft"))
            for name in ("edit", "history", "revision", "revert", "compare")
        ],
    ),
    Guard(
        "a deed is for the people of the desk",
        [("newsroom.newsdesk.deeds", "may", lambda *_: True)],
        [Cell("desk: kill", ("editor of another desk", "sales"), ("draft", "from the desk"))],
    ),
    Guard(
        "a picture of the library is for the newsroom",
        [("newsroom.newsdesk.pictures", "policy_registry", removals.AnyPolicy)],
        [Cell("desk: picture library", ("sales",), ("draft",))],
    ),
    Guard(
        "who is dismissed leaves the picture library",
        [("newsroom.content.actions.people", "NEWSROOM_GROUP", "nobody")],
        [Proof(test=proofs.who_is_dismissed_is_out_at_once)],
    ),
    Guard(
        "a draft leaves the desk without its internal note",
        [(Story, "draft", removals.draft_with_internal_note)],
        [Proof(test=proofs.an_internal_note_stays_at_the_desk)],
    ),
    Guard(
        "what a licence counts is spent",
        [(gate, "counts_nothing", lambda terms, use: True)],
        [
            Cell("story page", ("quota spent",), ("live",)),
            Cell("story page", ("quota spent, at a price",), ("hidden",)),
        ],
    ),
    Guard(
        "the clock publishes what is due",
        [(ScheduleQuerySet, "due", lambda self, at: self.waiting())],
        [Proof(test=proofs.a_scheduled_story_waits_for_its_second)],
    ),
    Guard(
        "errors are shown without what was at hand",
        [],
        [Proof(test=proofs.an_error_says_nothing)],
        settings=(("DEBUG", True),),
    ),
    Guard(
        "nobody is told who has an account",
        [],
        [Proof(test=proofs.nobody_is_told_who_has_an_account)],
        settings=(("ACCOUNT_PREVENT_ENUMERATION", False),),
    ),
)
