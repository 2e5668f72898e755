"""The guards between a text and those who may not read it, how each is taken out, and what must turn red then."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from unittest import mock

from django.db.models import Q
from django.http import HttpRequest
from django.test import override_settings

from newsroom.access import decide as gate
from newsroom.access import rules
from newsroom.access.rules import Decision
from newsroom.accounts.querysets import MembershipQuerySet
from newsroom.accounts.readers import Reader
from newsroom.content.models import Story
from newsroom.content.querysets import ScheduleQuerySet, StoryQuerySet
from newsroom.core import logs, middleware
from newsroom.core.prepared import Prepared
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.licensing.rules import Use
from newsroom.newsdesk.stories.views import StoryPolicy
from newsroom.portal import pages, structured
from newsroom.wire import pictures, views
from newsroom.wire.drafts import Draft
from newsroom.wire.models import PublicPicture, VaultEntry
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import LIVE, Tier
from tests.factories import NOON
from tests.leaks import matrix, proofs
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
            forget_prepared()
            stack.callback(forget_prepared)
            for owner, name, other in self.out:
                where = import_module(owner) if isinstance(owner, str) else owner
                stack.enter_context(mock.patch.object(where, name, other))
            if self.settings:
                stack.enter_context(override_settings(**dict(self.settings)))
            yield


def forget_prepared() -> None:
    """SQL that was built once is built anew: it holds the guard, or lacks it."""
    rooms = [module for name, module in sys.modules.items() if name.startswith("newsroom.")]
    for each in {id(thing): thing for room in rooms for thing in vars(room).values()}.values():
        if isinstance(each, Prepared):
            each._ready.clear()


def judging_always_full(*args: Any) -> Decision:
    answer = _judge(*args)
    return replace(answer, tier=Tier.FULL) if answer.tier is Tier.SUMMARY else answer


def weighing(**facts: Any) -> Callable[..., Decision]:
    """`_weigh` as if each licence said this."""
    return lambda terms, rights, use, at: _weigh(replace(terms, **facts), rights, use, at)


def closing_without_embargo(rights: Any, at: datetime) -> Decision | None:
    return _closed(replace(rights, embargo_until=None), at)


def live_without_embargo(self: ReleaseQuerySet, at: datetime) -> ReleaseQuerySet:
    return self.heads().filter(signal__in=LIVE)


def all_of(self: Any, *_: Any) -> Any:
    return self


def held_by_anybody(self: LicenceVersionQuerySet, reader: Reader) -> LicenceVersionQuerySet:
    return _held_by(self, reader) | self.filter(licence__pk__gt=0)


def valid_at_any_time(self: MembershipQuerySet, at: datetime) -> MembershipQuerySet:
    return self.filter(Q(valid_from__lte=at) | Q(valid_from__gt=at))


def public_of_any_tier(self: ReleaseQuerySet, at: datetime) -> ReleaseQuerySet:
    return self.live(at)


def live_of_any_version(self: ReleaseQuerySet, at: datetime) -> ReleaseQuerySet:
    return self.filter(Q(embargo_until=None) | Q(embargo_until__lte=at), signal__in=LIVE)


def address_for_all(request: HttpRequest) -> Any:
    with mock.patch.object(request, "COOKIES", {}):
        return _address_of(request)


def any_picture(token: str) -> PublicPicture | None:
    return PublicPicture.objects.select_related("release__item").filter(token=token).first()


def everything_allowed(**_: Any) -> Decision:
    return Decision(Tier.FULL, rules.Reason.FREE)


def summary_cut_from_the_body(made: Any, locale: str) -> views.Summary:
    text = VaultEntry.objects.values_list("body_text", flat=True).get(pk=made.pk)
    return replace(_summary_of(made, locale), summary=text[:200])


def article_with_body(story: Any, **facts: Any) -> dict[str, Any]:
    text = VaultEntry.objects.values_list("body_text", flat=True).get(pk=story.release_id)
    return {**_article(story, **facts), "articleBody": text}


def drawn_with_metadata(picture: Any, size: tuple[int, int]) -> bytes:
    import io

    out = io.BytesIO()
    picture.resize(size).save(out, "WEBP", exif=picture.getexif())
    return out.getvalue()


def draft_with_internal_note(self: Story, **facts: Any) -> Draft:
    made = _draft(self, **facts)
    return replace(made, note=f"{made.note} {self.internal_note}")


class AnyPolicy:
    """A policy that lets everybody."""

    @staticmethod
    def get_by_type(kind: type) -> "type[AnyPolicy]":
        return AnyPolicy

    @staticmethod
    def user_has_any_permission(user: Any, actions: Any) -> bool:
        return True


def told_with_messages(error: BaseException) -> Iterator[str]:
    yield repr(error)


_judge, _weigh, _closed = gate.judge, rules._weigh, rules._closed
_draft, _held_by = Story.draft, LicenceVersionQuerySet.held_by
_address_of, _summary_of, _article = pages.address_of, views.summary_of, structured.article
ANYBODY = property(lambda self: True)

GUARDS: tuple[Guard, ...] = (
    Guard(
        "a judgement denies by default",
        [(gate, "judge", judging_always_full)],
        [
            Cell("story page", ("registered",), ("live",)),
            Cell("story page", ("anonymous",), ("corrected",)),
            Cell("original of a picture", ("licensed",), ("live",)),
        ],
    ),
    Guard(
        "a licence covers its products only",
        [(rules, "_weigh", weighing(products=None))],
        [Cell("story page", ("wrong product",), ("live",)), Cell("story page", ("wrong product",), ("hidden",))],
    ),
    Guard(
        "a licence covers its uses only",
        [(rules, "_weigh", weighing(uses=frozenset(Use)))],
        [Cell("story page", ("wrong use",), ("live",)), Cell("original of a picture", ("licensed",), ("live",))],
    ),
    Guard(
        "a licence begins when it begins",
        [(rules, "_weigh", weighing(starts_at=LONG_AGO))],
        [Cell("story page", ("not started",), ("live",))],
    ),
    Guard(
        "a licence ends when it ends",
        [(rules, "_weigh", weighing(ends_at=None))],
        [Cell("story page", ("expired",), ("live",)), Cell("story page", ("refunded",), ("live",))],
    ),
    Guard(
        "a licence that is suspended rests",
        [(rules, "_weigh", weighing(suspended=False))],
        [
            Cell("story page", ("past due, after grace",), ("live",)),
            Proof(test=proofs.a_suspension_closes_a_text_at_once),
        ],
    ),
    Guard(
        "a licence is its holder's",
        [(LicenceVersionQuerySet, "held_by", held_by_anybody)],
        [Cell("story page", ("registered",), ("live",)), Cell("search by canaries", ("registered",), ("live",))],
    ),
    Guard(
        "a membership begins and ends",
        [(MembershipQuerySet, "valid", valid_at_any_time)],
        [
            Cell("story page", ("member removed",), ("live",)),
            Cell("story page", ("member to be",), ("live",)),
            Cell("search by canaries", ("member removed",), ("live",)),
        ],
    ),
    Guard(
        "an embargo closes an item",
        [(rules, "_closed", closing_without_embargo)],
        [
            Cell("story page", ("anonymous", "licensed"), ("embargoed",)),
            Cell("story page", ("licensed",), ("held-again",)),
            Cell("picture", ("anonymous",), ("embargoed",)),
        ],
    ),
    Guard(
        "an embargo keeps an item off lists",
        [(ReleaseQuerySet, "live", live_without_embargo)],
        [Cell(name, ("anonymous",), ("embargoed",)) for name in (*LISTS, "search by canaries")]
        + [Proof(test=proofs.an_embargoed_story_changes_no_byte)],
    ),
    Guard(
        "what has no public tier is on no list",
        [(ReleaseQuerySet, "public", public_of_any_tier)],
        [Cell(name, ("anonymous",), ("hidden",)) for name in LISTS if not name.startswith("search")],
    ),
    Guard(
        "a version that was replaced is on no list",
        [(ReleaseQuerySet, "live", live_of_any_version)],
        [Cell(name, ("anonymous",), ("corrected",)) for name in (*LISTS,)],
    ),
    Guard(
        "a picture goes with the present version",
        [("newsroom.portal.querysets", "picture", any_picture)],
        [Cell("picture", ("anonymous",), ("lowered",)), Cell("picture", ("anonymous",), ("killed",))],
    ),
    Guard(
        "a picture follows its story",
        [("newsroom.portal.views.story", "decide", everything_allowed)],
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
        "search heeds start, end and suspension",
        [(LicenceVersionQuerySet, "in_force", LicenceVersionQuerySet.recorded)],
        [
            Cell("search by canaries", (name,), ("live",))
            for name in ("expired", "refunded", "not started", "past due, after grace")
        ],
    ),
    Guard(
        "a kept page is for those without a session",
        [(pages, "address_of", address_for_all)],
        [Proof(test=proofs.anonymous_then_licensed)],
    ),
    Guard(
        "a reader's own page is not kept",
        [(pages, "address_of", address_for_all), (pages, "may_keep", lambda response: response.status_code == 200)],
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
            (gate, "summary_of", summary_cut_from_the_body),
            ("newsroom.access.search", "summary_of", summary_cut_from_the_body),
        ],
        [Cell(name, ("anonymous",), ("live",)) for name in ("story page", "front page", "section", "topic", "feeds")]
        + [Cell("search by filters", ("anonymous",), ("live",)), Proof(test=proofs.a_longer_body_changes_nothing)],
    ),
    Guard(
        "structured data holds no text",
        [(structured, "article", article_with_body)],
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
            (Decision, "allowed", ANYBODY),
        ],
        [
            Cell("story page", ("anonymous",), ("live",)),
            Cell("story page", ("wrong product",), ("hidden",)),
            Cell("original of a picture", ("anonymous",), ("live",)),
        ],
    ),
    Guard(
        "a withdrawn item answers with its notice alone",
        [(gate, "notice_of", lambda made: summary_of_former(made))],
        [Cell("story page", ("anonymous",), ("killed",)), Cell("story page", ("licensed",), ("withheld",))],
    ),
    Guard(
        "public renditions are drawn anew",
        [(pictures, "_drawn", drawn_with_metadata)],
        [Proof(test=proofs.a_new_picture_carries_no_metadata)],
    ),
    Guard(
        "an opened text leaves its line in the ledger",
        [("newsroom.licensing.ledger", "record", lambda **_: None)],
        [Proof(test=proofs.a_reading_is_in_the_ledger)],
    ),
    Guard(
        "logs hold no message of a strange exception",
        [(logs, "_told", told_with_messages)],
        [Proof(test=proofs.logs_hold_nothing_of_a_failure)],
    ),
    Guard(
        "logs hold routes, not addresses",
        [(logs.Discreet, "filter", lambda self, record: True)],
        [Proof(test=proofs.logs_hold_no_address)],
    ),
    Guard(
        "a desk's stories are listed for its own people",
        [(StoryQuerySet, "seen_by", all_of)],
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
        [("newsroom.newsdesk.pictures", "policy_registry", AnyPolicy)],
        [Cell("desk: picture library", ("sales",), ("draft",))],
    ),
    Guard(
        "who is dismissed leaves the picture library",
        [("newsroom.content.actions.people", "NEWSROOM_GROUP", "nobody")],
        [Proof(test=proofs.who_is_dismissed_is_out_at_once)],
    ),
    Guard(
        "a draft leaves the desk without its internal note",
        [(Story, "draft", draft_with_internal_note)],
        [Proof(test=proofs.an_internal_note_stays_at_the_desk)],
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


def summary_of_former(made: Any) -> Any:
    """What a notice would be if it repeated the version that was withdrawn."""
    former = made.item.releases.exclude(pk=made.pk).get()
    return replace(views.notice_of(made), headline=former.headline, note=former.summary)
