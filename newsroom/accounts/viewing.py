"""Seeing the site as a reader sees it: for staff, for a quarter of an hour, with a reason, changing nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core import audit
from newsroom.core.clock import now
from newsroom.core.errors import Refused

PERMISSION = "accounts.view_as"
KEY = "viewing_as"
LONGEST = timedelta(minutes=15)
READING = {"GET", "HEAD", "OPTIONS"}
OURS = ("/desk/", "/account/", "/organisation/", "/api/", "/demo/", "/sandbox/", "/stripe/")
"""Where staff stay themselves: the desk, and pages on which somebody could be acted for."""

log = structlog.get_logger(__name__)


class NotToBeViewed(Refused):
    """This person's eyes cannot be borrowed."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """Whose eyes are borrowed until when."""

    reader_id: int
    name: str
    until: datetime


def begin(*, session: Any, reader: User, why: str, by: User, at: datetime) -> Viewing:
    """From here on this session reads as `reader`. Raises `NotToBeViewed`: staff, and who is no longer active, are not viewed as."""
    if reader.is_staff or not reader.is_active:
        raise NotToBeViewed(_("Only the site of an active reader can be viewed as they see it."))
    made = Viewing(reader.pk, str(reader), at + LONGEST)
    session[KEY] = {"reader": reader.pk, "name": made.name, "until": made.until.isoformat(), "by": by.pk}
    audit.record("view_as.began", by=by.actor, of=reader, at=at, why=why, facts={"until": made.until.isoformat()})
    return made


def end(*, session: Any, by: User, at: datetime) -> None:
    """Staff read as themselves again."""
    kept = session.pop(KEY, None)
    reader = User.objects.filter(pk=kept["reader"]).first() if kept else None
    if reader is not None:
        audit.record("view_as.ended", by=by.actor, of=reader, at=at)


def present(request: HttpRequest, at: datetime) -> Viewing | None:
    """Whose eyes this request has borrowed, while it may. Asked on pages that are read, not on the desk's."""
    kept = request.session.get(KEY)
    if not kept or request.path.startswith(OURS):
        return None
    user, until = request.user, datetime.fromisoformat(kept["until"])
    if at >= until or not user.is_authenticated or user.pk != kept["by"] or not user.has_perm(PERMISSION):
        return None
    return Viewing(kept["reader"], kept["name"], until)


class ViewAsMiddleware:
    """While eyes are borrowed: a line in the log for each page, and no deed. After `AuthenticationMiddleware`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or KEY not in request.session:
            return self.get_response(request)
        viewed = present(request, now())
        if viewed is None:
            return self.get_response(request)
        if request.method not in READING:
            return render(request, "accounts/viewing_only.html", {"viewing": viewed}, status=403)
        request.viewing = viewed  # type: ignore[attr-defined]  # ours, on Django's request
        log.info("viewed_as", staff=request.user.pk, reader=viewed.reader_id, path=request.path)
        response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response
