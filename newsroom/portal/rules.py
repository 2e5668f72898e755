"""What a refused reader is told: why, and what would open the story. Pure."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from newsroom.access.rules import Decision, Reason
from newsroom.accounts.readers import Reader
from newsroom.licensing.gifts import State
from newsroom.licensing.rights.words import joined
from newsroom.licensing.rules import Source
from newsroom.portal import offers
from newsroom.portal.refusals import NOT_ON_SALE, REFUSALS, Next, Said

STORY = re.compile(r"/story/([-\w]+)/")


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


@dataclass(frozen=True, slots=True)
class Whom:
    """The organisation whose licence it is, and those of its people who look after it: told to its members only."""

    organisation: str
    admins: tuple[str, ...] = ()


def wall_for(
    decision: Decision,
    *,
    anonymous: bool,
    here: str,
    whom: Whom | None = None,
    on_sale: bool = True,
) -> Wall:
    """The plain words of a refusal. `here` is where the reader comes back to after signing in.

    `whom`: whose licence it is, for a member. `on_sale`: whether a plan that can be bought would open the story.
    """
    if decision.reason in offers.SPENDING:
        return _of_spending(decision, here, anonymous=anonymous, whom=whom, on_sale=on_sale)
    if anonymous:
        return _stranger(here, on_sale=on_sale)
    said = REFUSALS.get(decision.reason, REFUSALS[Reason.NO_LICENCE])
    wanted = said.our_steps if whom else said.steps
    return Wall(str(said.title), _text(said, decision, whom, on_sale), _steps(wanted, here, on_sale), _clause(decision))


def _of_spending(decision: Decision, here: str, *, anonymous: bool, whom: Whom | None, on_sale: bool) -> Wall:
    """What spending refuses, it says itself: what is left, and what a further story costs."""
    title, text = offers.words(decision)
    if anonymous:
        return Wall(title, text, _ways_in(here, on_sale))
    of_meter = decision.reason is Reason.METERED or decision.source == Source.METER
    wanted = Next.PLANS if of_meter and whom is None else Next.CONTACT
    return Wall(title, f"{text} {_whom(whom)}".strip(), _steps((wanted,), here, on_sale), _clause(decision))


SOLD_SINGLY = frozenset({Reason.NO_LICENCE, Reason.ENDED, Reason.OUTSIDE_PRODUCT, Reason.METERED, Reason.QUOTA_SPENT})
"""The refusals after which buying this one story, or a day, opens it."""


def with_single_sale(wall: Wall, decision: Decision, here: str, *, sold: bool) -> Wall:
    """The wall with what can be bought once: this story, and a day of reading. Not where neither would open it."""
    of_a_contract = decision.reason is Reason.QUOTA_SPENT and decision.source != Source.METER
    if not sold or decision.reason not in SOLD_SINGLY or of_a_contract:
        return wall
    story = Action(f"{here}licence/", _("License this story"))
    day = Action(f"/pricing/?{urlencode({'next': here})}#day-pass", _("Day pass"))
    first, *rest = wall.actions or (day,)
    return replace(wall, actions=(first, *(() if first == day else (day,)), story, *rest))


def of_a_gift(wall: Wall, state: State) -> Wall:
    """The wall for somebody who followed a gift link that opens this story no more."""
    subscribe = _("Subscribe to read the whole story.")
    words = {
        State.SPENT: (_("This gift link is used up"), _("As many people have read by it as it was made for.")),
        State.REVOKED: (_("This gift link was taken back"), _("It opens the story no more.")),
        State.EXPIRED: (_("This gift link has expired"), _("It opened the story for a while.")),
    }
    if state not in words:
        return wall
    title, text = words[state]
    return replace(wall, title=title, text=f"{text} {subscribe}", small="")


def stranger(reader: Reader) -> bool:
    """Whether nobody has signed in: who comes by a network alone is told no more than anybody."""
    return reader.user_id is None


def _stranger(here: str, *, on_sale: bool) -> Wall:
    """One who has not signed in learns no product, no licence and no reason."""
    if not on_sale:
        text = _("You are reading the summary. Ask us about the whole story, or sign in if you hold a licence.")
        return Wall(_("The full text is for licence holders"), text, _ways_in(here, on_sale))
    return Wall(
        _("The full text is for licence holders"),
        _("You are reading the summary. Subscribe to read the whole story, or sign in if you hold a licence."),
        _ways_in(here, on_sale),
        _("No account yet? You can create one while you subscribe."),
    )


def _ways_in(here: str, on_sale: bool) -> tuple[Action, ...]:
    sign_in = Action(f"/account/login/?{urlencode({'next': here})}", _("Sign in"))
    if not on_sale:
        return (*_steps((Next.PLANS,), here, on_sale), sign_in)
    return (*_steps((Next.PLANS,), here, on_sale), sign_in, Action(_enquiry(here), _("For organisations: contact us")))


def _enquiry(here: str) -> str:
    """The contact page, which is told the story an organisation comes from."""
    found = STORY.fullmatch(here)
    return f"/contact/?{urlencode({'story': found[1]})}" if found else "/contact/"


def _text(said: Said, decision: Decision, whom: Whom | None, on_sale: bool) -> str:
    until = timezone.localtime(decision.until) if decision.until else None
    date = {"date": formats.date_format(until, _when(decision.reason)) if until else "–"}
    text = said.ours if whom and said.ours else said.text
    if not on_sale and decision.reason is Reason.NO_LICENCE:
        text = NOT_ON_SALE
    return f"{text % date} {_whom(whom)}".strip() if said.admins else str(text % date)


def _when(reason: Reason) -> str:
    """What opens by the clock has its hour; what ended, its day."""
    return "j F Y, H:i" if reason in {Reason.DELAYED, Reason.EMBARGOED} else "j F Y"


def _whom(whom: Whom | None) -> str:
    if whom is None:
        return ""
    what = {"organisation": whom.organisation, "names": joined(whom.admins)}
    if not whom.admins:
        return _("Those who look after it at %(organisation)s can help.") % what
    return _("At %(organisation)s these people can help: %(names)s.") % what


def _steps(wanted: tuple[Next, ...], here: str, on_sale: bool) -> tuple[Action, ...]:
    """The steps as links, each once. Where no plan would help, asking us stands for buying one."""
    helpful = [Next.CONTACT if step is Next.PLANS and not on_sale else step for step in wanted]
    return tuple(_action(step, here) for step in dict.fromkeys(helpful))


def _action(step: Next, here: str) -> Action:
    match step:
        case Next.PLANS:
            return Action(f"/pricing/?{urlencode({'next': here})}", _("See plans and prices"))
        case Next.SUBSCRIPTION:
            return Action("/account/subscription/", _("Your subscription"))
        case Next.CONTACT:
            return Action(_enquiry(here), _("Contact us"))
    return Action("/", _("Other stories"))


def _clause(decision: Decision) -> str:
    """The words that decided, of the licence; a story's own words are said in the text."""
    if decision.licence_id is None or not decision.clause:
        return ""
    return _("What your licence says: %(clause)s") % {"clause": decision.clause}
