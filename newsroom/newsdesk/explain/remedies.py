"""What would change the answer, and who can do it: each way out in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.access.explain import Answer
from newsroom.access.rules import Decision, Reason
from newsroom.access.steps import Weighed
from newsroom.accounts.models import Membership
from newsroom.licensing.models import Licence, Seat
from newsroom.licensing.rights.words import joined, moment
from newsroom.newsdesk.explain.words import Context, named

ADMINS = (Membership.Role.OWNER, Membership.Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to be different. `url`: where it is done, empty where nobody can."""

    text: str
    url: str = ""


def changes(answer: Answer, context: Context, licences: dict[int, Licence], at: datetime) -> list[Change]:
    """What would turn the answer into a yes, one after another; nothing for a yes. `at`: now, for who may do it."""
    decision = answer.decision
    if decision.allowed:
        return []
    final = FINAL.get(decision.reason)
    if final is not None:
        return [Change(final(decision))]
    nearest = answer.explanation.nearest
    if nearest is None:
        return [Change(_buy(context), reverse("newsdesk:grant"))]
    licence = licences[nearest.terms.licence_id]
    return [_change(reason, nearest, licence, context, at) for reason in nearest.remedies]


def _until(decision: Decision) -> str:
    return moment(decision.until) if decision.until else "–"


FINAL = {
    Reason.KILLED: lambda no: _("Nothing. A kill is final."),
    Reason.EXPIRED: lambda no: _("Nothing, unless the desk releases a version that expires later."),
    Reason.WITHHELD: lambda no: _("The desk brings it back by releasing it again."),
    Reason.NOT_RELEASED: lambda no: _("The desk releases it."),
    Reason.EMBARGOED: lambda no: _("The embargo lifts by itself on %(when)s.") % {"when": _until(no)},
    Reason.STORY_NOT_FOR_USE: lambda no: _("No licence: the story's own terms rule this use out for everybody."),
    Reason.STORY_NOT_HERE: lambda no: _("No licence: the story's own terms rule this place out for everybody."),
    Reason.STORY_NOT_ON_CHANNEL: lambda no: _("No licence: the story's own terms rule this channel out for everybody."),
    Reason.STORY_TOO_OLD: lambda no: _("No licence: the story's own terms keep it out of archives."),
}
"""What no licence of theirs can change."""


def _buy(context: Context) -> str:
    what = {"use": context.use.label, "products": named(context.answer.rights.products, context.products)}
    if not context.answer.rights.products:
        return _("No product includes this story. A licence for every product, or for this story, would open it.")
    return _("A licence for the use “%(use)s” that covers one of these: %(products)s.") % what


def _change(reason: Reason, nearest: Weighed, licence: Licence, context: Context, at: datetime) -> Change:
    url = reverse("newsdesk:licence", args=[licence.pk])
    if reason is Reason.NO_SEAT:
        return Change(_seat(licence, nearest, at), url)
    rights = context.answer.rights
    if reason is Reason.OUTSIDE_PRODUCT and not rights.products:
        return Change(_buy(context), reverse("newsdesk:grant"))
    if reason in {Reason.DELAYED, Reason.NOT_STARTED, Reason.EMBARGOED} and nearest.decision.reason is reason:
        when = {"when": _until(nearest.decision)}
        return Change(_("It opens by itself on %(when)s, or when the licence is changed.") % when, url)
    if reason is Reason.WRONG_TERRITORY and not context.answer.manner.territory:
        return Change(_("Say from where they come: no place was named. Or widen the licence's territory."), url)
    what = {"products": named(rights.products, context.products), "use": context.use.label}
    return Change(WIDER[reason]() % what, url)


WIDER = {
    Reason.OUTSIDE_PRODUCT: lambda: _("Add one of these products to the licence: %(products)s."),
    Reason.USE_NOT_GRANTED: lambda: _("Add the use “%(use)s” to the licence."),
    Reason.NOT_STARTED: lambda: _("Let the licence begin earlier."),
    Reason.ENDED: lambda: _("Renew or extend the licence."),
    Reason.SUSPENDED: lambda: _("Resume the licence, once what suspended it is settled."),
    Reason.OUTSIDE_ARCHIVE: lambda: _("Widen the licence's archive window."),
    Reason.DELAYED: lambda: _("Shorten the licence's delay."),
    Reason.WRONG_TERRITORY: lambda: _("Widen the licence's territory."),
    Reason.WRONG_CHANNEL: lambda: _("Add the channel to the licence."),
    Reason.WRONG_FORMAT: lambda: _("Add the format to the licence."),
    Reason.TOO_LARGE: lambda: _("Ask for a smaller picture, or allow a larger one in the licence."),
    Reason.EMBARGOED: lambda: _("Wait for the embargo to lift."),
}


def _seat(licence: Licence, nearest: Weighed, at: datetime) -> str:
    taken = Seat.objects.valid(at).filter(licence=licence).count()
    what = {"taken": taken, "count": nearest.terms.limits.seats, "admins": _admins(licence.organisation_id, at)}
    if not what["admins"]:
        return _("Give them a seat: %(taken)s of %(count)s are taken.") % what
    return _("A seat: %(taken)s of %(count)s are taken. Those who give seats: %(admins)s.") % what


def _admins(organisation_id: int | None, at: datetime) -> str:
    """Who gives seats in this organisation now."""
    held = Membership.objects.valid(at).filter(organisation_id=organisation_id, role__in=ADMINS)
    return joined(_people(held.select_related("user").order_by("pk")[:5]))


def _people(memberships: Iterable[Membership]) -> list[str]:
    return [str(each.user) for each in memberships]
