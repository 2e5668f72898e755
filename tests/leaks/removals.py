"""What stands in a guard's place when it is taken out."""

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest import mock

from django.db.models import Q
from django.http import HttpRequest

from newsroom.access import decide as gate
from newsroom.access import querysets, rules
from newsroom.access.rules import Decision
from newsroom.accounts.querysets import ValidQuerySet
from newsroom.content.models import Story
from newsroom.core.prepared import Prepared
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.portal import pages, structured
from newsroom.wire import views
from newsroom.wire.drafts import Draft
from newsroom.wire.models import PublicPicture, VaultEntry
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import LIVE, Tier

_judge, _ranked, _weigh = gate.judge, gate.ranked, rules.weigh
_draft, _of = Story.draft, LicenceVersionQuerySet.of
_address_of, _summary_of, _article = pages.address_of, views.summary_of, structured.article


def forget_prepared() -> None:
    """SQL that was built once is built anew: it holds the guard, or lacks it."""
    rooms = [module for name, module in sys.modules.items() if name.startswith("newsroom.")]
    for each in {id(thing): thing for room in rooms for thing in vars(room).values()}.values():
        if isinstance(each, Prepared):
            each._ready.clear()


def judging_always_full(*args: Any) -> Decision:
    answer = _judge(*args)
    return replace(answer, tier=Tier.FULL) if answer.tier is Tier.SUMMARY else answer


def ranking_always_full(*args: Any) -> list[Decision]:
    return [
        Decision(Tier.FULL, rules.Reason.FREE) if answer.tier is Tier.SUMMARY else answer for answer in _ranked(*args)
    ]


def weighing(**facts: Any) -> Callable[..., Decision]:
    """`weigh` as if each licence said this."""
    return lambda terms, rights, use, at, manner: _weigh(replace(terms, **facts), rights, use, at, manner)


def weighing_yes(terms: Any, *_: Any) -> Decision:
    return Decision(Tier.FULL, rules.Reason.LICENSED, terms.licence_id)


def everywhere(name: str, stand_in: Any) -> list[tuple[Any, str, Any]]:
    """For a name of the rules that the SQL form imports too."""
    return [(rules, name, stand_in), (querysets, name, stand_in)]


def live_without_embargo(self: ReleaseQuerySet, at: datetime) -> ReleaseQuerySet:
    return self.heads().filter(signal__in=LIVE)


def all_of(self: Any, *_: Any) -> Any:
    return self


def held_by_anybody(self: LicenceVersionQuerySet, **holders: Any) -> LicenceVersionQuerySet:
    return _of(self, **holders) | self.filter(licence__pk__gt=0)


def valid_at_any_time(self: ValidQuerySet, at: datetime) -> ValidQuerySet:
    return self.filter(Q(valid_from__lte=at) | Q(valid_from__gt=at))


def public_of_any_tier(self: ReleaseQuerySet, at: datetime) -> ReleaseQuerySet:
    return self.live(at)


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


def summary_of_former(made: Any) -> Any:
    """What a notice would be if it repeated the version that was withdrawn."""
    former = made.item.releases.exclude(pk=made.pk).get()
    return replace(views.notice_of(made), headline=former.headline, note=former.summary)
