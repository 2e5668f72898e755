"""What a refused reader is told: why, and what would open the story. Pure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from newsroom.access.rules import Decision, Reason


@dataclass(frozen=True, slots=True)
class Action:
    """A next step: an address and its words."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands where the full text would."""

    title: str
    text: str
    actions: tuple[Action, ...] = ()
    small: str = ""


def wall_for(decision: Decision, *, anonymous: bool, here: str) -> Wall:
    """The plain words of a refusal. `here` is where the reader comes back to after signing in."""
    if anonymous:
        return _stranger(here)
    title, text = _words(decision)
    return Wall(title, text, _steps(decision.reason, here), _clause(decision))


def _stranger(here: str) -> Wall:
    back = urlencode({"next": here})
    return Wall(
        _("The full text is for licence holders"),
        _("You are reading the summary. Subscribe to read the whole story, or sign in if you hold a licence."),
        (Action(f"/pricing/?{back}", _("See plans and prices")), Action(f"/account/login/?{back}", _("Sign in"))),
        _("No account yet? You can create one while you subscribe."),
    )


def _words(decision: Decision) -> tuple[str, str]:
    date = {"date": formats.date_format(timezone.localtime(decision.until), "j F Y") if decision.until else ""}
    match decision.reason:
        case Reason.SUSPENDED:
            return (
                _("Your licence is paused"),
                _("A payment is open. As soon as it arrives, the full text is back."),
            )
        case Reason.ENDED:
            return (
                _("Your licence has ended"),
                _("It ended on %(date)s. Renew it to read the whole story.") % date,
            )
        case Reason.NOT_STARTED:
            return (
                _("Your licence has not begun"),
                _("It begins on %(date)s. Until then you are reading the summary.") % date,
            )
        case Reason.USE_NOT_GRANTED:
            return (
                _("Your licence does not cover this use"),
                _("It covers this story, but not what you want to do with it. Ask us to widen it."),
            )
        case Reason.OUTSIDE_PRODUCT:
            return (
                _("This story is outside your licence"),
                _("Your licence covers other parts of our service. Add this one to read the whole story."),
            )
    return (
        _("The full text is for licence holders"),
        _("You are reading the summary. Subscribe to read the whole story."),
    )


def _steps(reason: Reason, here: str) -> tuple[Action, ...]:
    plans = Action(f"/pricing/?{urlencode({'next': here})}", _("See plans and prices"))
    mine = Action("/account/subscription/", _("Your subscription"))
    ask = Action("/contact/", _("Contact us"))
    return {
        Reason.SUSPENDED: (mine, ask),
        Reason.ENDED: (plans, mine),
        Reason.NOT_STARTED: (mine,),
        Reason.USE_NOT_GRANTED: (ask,),
        Reason.OUTSIDE_PRODUCT: (plans, ask),
    }.get(reason, (plans,))


def _clause(decision: Decision) -> str:
    return _("What your licence says: %(clause)s") % {"clause": decision.clause} if decision.clause else ""
