"""Each rule of the walk in a sentence: what was compared with what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from newsroom.access.explain import Answer
from newsroom.access.rules import Reason, Terms
from newsroom.access.steps import Preference, Step
from newsroom.licensing.rights.words import channels, joined, moment, ordered, places, span
from newsroom.licensing.rules import Channel, Rendition, Use
from newsroom.wire.rules import Tier

RULES = {
    Reason.KILLED: lazy("Not killed"),
    Reason.WITHHELD: lazy("Not withheld"),
    Reason.NOT_RELEASED: lazy("Released"),
    Reason.EXPIRED: lazy("Not expired"),
    Reason.EMBARGOED: lazy("Not under embargo"),
    Reason.STORY_NOT_FOR_USE: lazy("The story allows this use"),
    Reason.STORY_NOT_HERE: lazy("The story is allowed there"),
    Reason.STORY_NOT_ON_CHANNEL: lazy("The story is allowed on this channel"),
    Reason.STORY_TOO_OLD: lazy("The story is still allowed at its age"),
    Reason.OUTSIDE_PRODUCT: lazy("The story is in its products"),
    Reason.USE_NOT_GRANTED: lazy("The use is granted"),
    Reason.NOT_STARTED: lazy("It had begun"),
    Reason.ENDED: lazy("It had not ended"),
    Reason.SUSPENDED: lazy("It was not suspended"),
    Reason.NO_SEAT: lazy("They had a seat"),
    Reason.OUTSIDE_ARCHIVE: lazy("Within the archive window"),
    Reason.DELAYED: lazy("The delay was over"),
    Reason.WRONG_TERRITORY: lazy("In its territory"),
    Reason.WRONG_CHANNEL: lazy("On its channels"),
    Reason.WRONG_FORMAT: lazy("In its formats"),
    Reason.TOO_LARGE: lazy("Not larger than licensed"),
}
"""What each rule asks for, as the sentence that is true when it says yes."""

VERDICTS = {
    Reason.FREE: lazy("Yes: the story is free to read for everybody."),
    Reason.LICENSED: lazy("Yes: a licence allows it."),
    Reason.NO_LICENCE: lazy("No: they held no licence at that moment."),
    Reason.NOT_STARTED: lazy("No: the licence had not begun."),
    Reason.ENDED: lazy("No: the licence had ended."),
    Reason.SUSPENDED: lazy("No: the licence was suspended."),
    Reason.USE_NOT_GRANTED: lazy("No: the licence does not grant this use."),
    Reason.OUTSIDE_PRODUCT: lazy("No: the story is outside the licence's products."),
    Reason.NO_SEAT: lazy("No: the licence has seats by name, and they had none."),
    Reason.DELAYED: lazy("No: the licence opens the story later."),
    Reason.OUTSIDE_ARCHIVE: lazy("No: the story is older than the licence's archive window."),
    Reason.WRONG_TERRITORY: lazy("No: the licence does not hold in this place."),
    Reason.WRONG_CHANNEL: lazy("No: the licence does not allow this channel."),
    Reason.WRONG_FORMAT: lazy("No: the licence does not allow this format."),
    Reason.TOO_LARGE: lazy("No: the picture is larger than the licence allows."),
    Reason.STORY_NOT_HERE: lazy("No: the story itself rules this place out."),
    Reason.STORY_NOT_ON_CHANNEL: lazy("No: the story itself rules this channel out."),
    Reason.STORY_NOT_FOR_USE: lazy("No: the story itself rules this use out."),
    Reason.STORY_TOO_OLD: lazy("No: the story itself may not be used from an archive."),
    Reason.EXPIRED: lazy("No: the story had expired."),
    Reason.EMBARGOED: lazy("No: the story was under embargo."),
    Reason.WITHHELD: lazy("No: the story was withheld."),
    Reason.KILLED: lazy("No: the story was killed."),
    Reason.NOT_RELEASED: lazy("No: the story had not been released."),
    Reason.QUOTA_SPENT: lazy("No: the quota was used up."),
    Reason.OVERAGE: lazy("No: the quota was used up, and nobody had accepted the price of a further story."),
    Reason.PRICE_CHANGED: lazy("No: the price of a further story had changed."),
    Reason.METERED: lazy("Not yet: it opens by spending one of the free stories."),
    Reason.SEATS_FULL: lazy("No: every floating seat was in use."),
}
"""The answer in a sentence, for every reason there is."""

PREFERRED = {
    Preference.ONLY: lazy("It is the only licence that says yes."),
    Preference.COUNTS_NOTHING: lazy("It was preferred because it counts nothing, while the next one has a quota."),
    Preference.NEVER_ENDS: lazy("It was preferred because it has no end."),
    Preference.LASTS_LONGER: lazy("It was preferred because it lasts longer than the next one."),
    Preference.OLDER: lazy("It was preferred because it is the older of two that last alike."),
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence may speak of. `products`: names by number. `terms`: the licence's, for its rules."""

    answer: Answer
    use: Use
    products: Mapping[int, str]
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as it is shown. `mark`: passed, refused, or nothing was said about it."""

    title: str
    text: str
    mark: str
    clause: str = ""


def line(step: Step, context: Context) -> Line:
    """The step in words."""
    mark = "refused" if not step.passed else "passed" if step.asked else "silent"
    said = (OF_STORY if context.terms is None else OF_LICENCE)[step.rule]
    text = said(context) if step.asked else _("Nothing is said about it.")
    return Line(str(RULES[step.rule]), text, mark, step.clause)


def free(context: Context) -> Line:
    """Whether the story is open to everybody: what comes after its own rules."""
    tier = context.answer.rights.public_tier
    yes = context.answer.decision.reason is Reason.FREE
    what = {"tier": tier.label, "use": context.use.label}
    text = _("Its public tier is: %(tier)s. Only reading is free, and only of a full text.") % what
    return Line(_("Free for everybody"), text, "passed" if yes else "silent")


def named(ids: Iterable[int], names: Mapping[int, str]) -> str:
    """Products by name, or that there is none."""
    found = sorted(names.get(each, str(each)) for each in ids)
    return joined(_("“%(name)s”") % {"name": each} for each in found) if found else _("no product")


def place(code: str) -> str:
    """A country by name; an unknown one is said to be unknown."""
    return places([code]) if code else _("an unknown place")


def _uses(uses: Iterable[str]) -> str:
    return joined(Use(each).label for each in ordered(uses))


def _channel(code: str) -> str:
    return str(Channel(code).label) if code else _("no channel named")


def _killed(the: Context) -> str:
    release = the.answer.release
    if release is None or release.signal != "kill":
        return _("No kill had been sent.")
    return _("It was killed on %(when)s. A kill is final.") % {"when": moment(release.released_at)}


def _withheld(the: Context) -> str:
    release = the.answer.release
    if release is None or release.signal != "withhold":
        return _("It was not withheld.")
    return _("It was withheld on %(when)s and may come back.") % {"when": moment(release.released_at)}


def _released(the: Context) -> str:
    release = the.answer.release
    if release is None:
        return _("Nothing had been released by then.")
    what = {"version": release.version, "when": moment(release.released_at)}
    return _("Version %(version)s, released on %(when)s.") % what


def _expiry(the: Context) -> str:
    at = the.answer.rights.expires_at
    return _("It expires on %(when)s.") % {"when": moment(at)} if at else ""


def _embargo(the: Context) -> str:
    at = the.answer.rights.embargo_until
    return _("The embargo lifts on %(when)s.") % {"when": moment(at)} if at else ""


def _ahead(the: Context) -> str:
    terms = the.terms
    if terms is not None and terms.limits.under_embargo:
        return _("%(embargo)s This licence may receive before that.") % {"embargo": _embargo(the)}
    return _embargo(the)


def _story_uses(the: Context) -> str:
    what = {"out": _uses(the.answer.rights.uses_out), "use": the.use.label}
    return _("It rules out: %(out)s. Asked for: %(use)s.") % what


def _story_places(the: Context) -> str:
    what = {"out": places(the.answer.rights.territories_out), "place": place(the.answer.manner.territory)}
    return _("It rules out: %(out)s. Asked for: %(place)s.") % what


def _story_channels(the: Context) -> str:
    what = {"out": channels(the.answer.rights.channels_out), "channel": _channel(the.answer.manner.channel)}
    return _("It rules out: %(out)s. Asked for: %(channel)s.") % what


def _story_age(the: Context) -> str:
    rights = the.answer.rights
    if rights.shown_at is None or rights.archive is None:
        return ""
    return _("It may be used until %(when)s.") % {"when": moment(rights.shown_at + rights.archive)}


OF_STORY: dict[Reason, Callable[[Context], str]] = {
    Reason.KILLED: _killed,
    Reason.WITHHELD: _withheld,
    Reason.NOT_RELEASED: _released,
    Reason.EXPIRED: _expiry,
    Reason.EMBARGOED: _embargo,
    Reason.STORY_NOT_FOR_USE: _story_uses,
    Reason.STORY_NOT_HERE: _story_places,
    Reason.STORY_NOT_ON_CHANNEL: _story_channels,
    Reason.STORY_TOO_OLD: _story_age,
}


def _of(the: Context) -> Any:
    """The licence's terms and limits."""
    if the.terms is None:
        raise ValueError("these words are a licence's")
    return the.terms


def _products(the: Context) -> str:
    terms = _of(the)
    rights = the.answer.rights
    if terms.products is None:
        return _("It covers every product.")
    if rights.item_id in terms.items:
        return _("It names this very story.")
    what = {"held": named(terms.products, the.products), "story": named(rights.products, the.products)}
    return _("It covers: %(held)s. The story is in: %(story)s.") % what


def _granted(the: Context) -> str:
    what = {"uses": _uses(_of(the).uses), "use": the.use.label}
    return _("It grants: %(uses)s. Asked for: %(use)s.") % what


def _starts(the: Context) -> str:
    return _("It begins on %(when)s.") % {"when": moment(_of(the).starts_at)}


def _ends(the: Context) -> str:
    at = _of(the).ends_at
    return _("It ends on %(when)s.") % {"when": moment(at)} if at else ""


def _suspended(the: Context) -> str:
    return _("It was suspended at that moment.") if _of(the).suspended else _("It was in force.")


def _seat(the: Context) -> str:
    terms = _of(the)
    what = {"count": terms.limits.seats}
    if terms.seated:
        return _("Seats by name: %(count)s. One of them was theirs.") % what
    return _("Seats by name: %(count)s. None of them was theirs.") % what


def _archive(the: Context) -> str:
    shown = the.answer.rights.shown_at
    what = {"span": span(_of(the).limits.archive), "when": moment(shown) if shown else ""}
    return _("Stories at most %(span)s old. This one is of %(when)s.") % what


def _delay(the: Context) -> str:
    shown, delay = the.answer.rights.shown_at, _of(the).limits.delay
    what = {"span": span(delay), "when": moment(shown + delay) if shown else ""}
    return _("It opens a story after %(span)s: this one on %(when)s.") % what


def _territory(the: Context) -> str:
    what = {"places": places(_of(the).limits.territories), "place": place(the.answer.manner.territory)}
    return _("It holds in: %(places)s. Asked for: %(place)s.") % what


def _channels(the: Context) -> str:
    what = {"channels": channels(_of(the).limits.channels), "channel": _channel(the.answer.manner.channel)}
    return _("It allows: %(channels)s. Asked for: %(channel)s.") % what


def _formats(the: Context) -> str:
    what = {"formats": joined(sorted(_of(the).limits.formats)), "format": the.answer.manner.format or "–"}
    return _("It allows: %(formats)s. Asked for: %(format)s.") % what


def _rendition(the: Context) -> str:
    size = the.answer.manner.rendition
    what = {"most": Rendition(_of(the).limits.rendition).label, "size": Rendition(size).label if size else "–"}
    return _("Pictures up to: %(most)s. Asked for: %(size)s.") % what


OF_LICENCE: dict[Reason, Callable[[Context], str]] = {
    Reason.OUTSIDE_PRODUCT: _products,
    Reason.USE_NOT_GRANTED: _granted,
    Reason.NOT_STARTED: _starts,
    Reason.ENDED: _ends,
    Reason.SUSPENDED: _suspended,
    Reason.NO_SEAT: _seat,
    Reason.OUTSIDE_ARCHIVE: _archive,
    Reason.DELAYED: _delay,
    Reason.WRONG_TERRITORY: _territory,
    Reason.WRONG_CHANNEL: _channels,
    Reason.WRONG_FORMAT: _formats,
    Reason.TOO_LARGE: _rendition,
    Reason.EMBARGOED: _ahead,
}


def tier_words(tier: Tier) -> str:
    """What the reader is shown."""
    return {
        Tier.FULL: _("They are shown the full text."),
        Tier.SUMMARY: _("They are shown the summary."),
        Tier.NOTHING: _("They are shown nothing of it."),
    }[tier]
