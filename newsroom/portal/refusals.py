"""What each refusal says to a reader: a title, a sentence, and the next step that truly helps. Pure.

Nobody is told to buy what would not open the story: plans are offered only where one that is on sale would, and what
a story's own terms rule out is said to be so for everybody.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.access.rules import Reason


class Next(Enum):
    """A next step. PLANS stands for CONTACT where no plan on sale would open the story."""

    PLANS = "plans"
    SUBSCRIPTION = "subscription"
    CONTACT = "contact"
    STORIES = "stories"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one refusal. `ours`: the sentence where the licence is an organisation's. `%(date)s` is its date.

    `steps`: for who holds the licence; `our_steps`: for an organisation's people, who neither pay nor renew it.
    `admins`: whether those who look after the organisation's licence can help.
    """

    title: Any
    text: Any
    ours: Any = ""
    steps: tuple[Next, ...] = (Next.CONTACT,)
    our_steps: tuple[Next, ...] = ()
    admins: bool = True


def _of_story(title: Any, text: Any) -> Said:
    """What holds for everybody: nobody can help, and nothing is sold."""
    return Said(title, text, steps=(Next.STORIES,), our_steps=(Next.STORIES,), admins=False)


REFUSALS = {
    Reason.NO_LICENCE: Said(
        _("The full text is for licence holders"),
        _("You are reading the summary. Subscribe to read the whole story."),
        steps=(Next.PLANS,),
    ),
    Reason.NOT_STARTED: Said(
        _("Your licence has not begun"),
        _("It begins on %(date)s. Until then you are reading the summary."),
        steps=(Next.SUBSCRIPTION,),
    ),
    Reason.ENDED: Said(
        _("Your licence has ended"),
        _("It ended on %(date)s. Renew it to read the whole story."),
        _("Your organisation's licence ended on %(date)s. It can be renewed by those who look after it."),
        steps=(Next.PLANS, Next.SUBSCRIPTION),
    ),
    Reason.SUSPENDED: Said(
        _("Your licence is paused"),
        _("A payment is open. As soon as it arrives, the full text is back."),
        _("Your organisation's licence is paused. As soon as it is resumed, the full text is back."),
        steps=(Next.SUBSCRIPTION, Next.CONTACT),
    ),
    Reason.USE_NOT_GRANTED: Said(
        _("Your licence does not cover this use"),
        _("It covers this story, but not what you want to do with it. Ask us to widen it."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.OUTSIDE_PRODUCT: Said(
        _("This story is outside your licence"),
        _("Your licence covers other parts of our service. Add this one to read the whole story."),
        _("Your organisation's licence covers other parts of our service."),
        steps=(Next.PLANS, Next.CONTACT),
        our_steps=(Next.CONTACT,),
    ),
    Reason.NO_SEAT: Said(
        _("You have no seat in the licence"),
        _("The licence is for people who were given a seat by name. Ask for one."),
        _("Your organisation's licence is for people who were given a seat by name. Ask for one."),
    ),
    Reason.DELAYED: Said(
        _("Your licence opens this story later"),
        _("It opens on %(date)s. Ask us if you need stories at once."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.OUTSIDE_ARCHIVE: Said(
        _("This story is older than your licence reaches"),
        _("Your licence opens newer stories. Ask us for the archive."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.WRONG_TERRITORY: Said(
        _("Your licence does not hold where you are"),
        _("It was agreed for certain countries. Ask us to widen it if you work here."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.WRONG_CHANNEL: Said(
        _("Your licence does not cover this channel"),
        _("It was agreed for other ways of publishing. Ask us to add this one."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.WRONG_FORMAT: Said(
        _("Your licence does not cover this format"),
        _("The story is yours in other formats. Ask us to add this one."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.TOO_LARGE: Said(
        _("This picture is larger than your licence allows"),
        _("Smaller sizes are yours to use. Ask us if you need this one."),
        our_steps=(Next.CONTACT,),
    ),
    Reason.STORY_NOT_HERE: _of_story(
        _("This story may not be used where you are"),
        _("Its own terms rule this place out for everybody. No licence changes that."),
    ),
    Reason.STORY_NOT_ON_CHANNEL: _of_story(
        _("This story may not be used on this channel"),
        _("Its own terms rule this channel out for everybody. No licence changes that."),
    ),
    Reason.STORY_NOT_FOR_USE: _of_story(
        _("This story may not be used in this way"),
        _("Its own terms rule this use out for everybody. No licence changes that."),
    ),
    Reason.STORY_TOO_OLD: _of_story(
        _("This story is not for archives"),
        _("It could be used until %(date)s. Its own terms end there for everybody."),
    ),
    Reason.EXPIRED: _of_story(
        _("This story is no longer available"), _("It could be used until %(date)s, by everybody alike.")
    ),
    Reason.EMBARGOED: _of_story(_("This story is not out yet"), _("It opens on %(date)s.")),
    Reason.WITHHELD: _of_story(
        _("This story is withheld"), _("We have taken it back for the time being. It may come back.")
    ),
    Reason.KILLED: _of_story(_("This story was withdrawn"), _("We have withdrawn it for good. Please do not use it.")),
    Reason.NOT_RELEASED: _of_story(_("There is no such story"), _("Perhaps it was never released.")),
}
"""Every refusal that a judgement gives. What spending adds speaks for itself: `offers`."""

NOT_ON_SALE = _("You are reading the summary. This story is sold by agreement: ask us about it.")
"""In place of the words that speak of subscribing, where no plan would open the story."""
