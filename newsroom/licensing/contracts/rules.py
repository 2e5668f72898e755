"""What may follow what in the life of a contract, and what is said when it may not. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.core.errors import Refused


class State(models.TextChoices):
    """What a contract is at a moment. Nothing at all before its first day."""

    TO_COME = "", gettext_lazy("to come")
    ACTIVE = "active", gettext_lazy("active")
    AMENDED = "amended", gettext_lazy("amended")
    RENEWED = "renewed", gettext_lazy("renewed")
    SUSPENDED = "suspended", gettext_lazy("suspended")
    EXPIRED = "expired", gettext_lazy("expired")
    TERMINATED = "terminated", gettext_lazy("terminated")


class Happening(models.TextChoices):
    """A line of a contract's timeline."""

    ACTIVATED = "activated", gettext_lazy("activated")
    AMENDED = "amended", gettext_lazy("amended")
    AMENDMENT_WITHDRAWN = "amendment-withdrawn", gettext_lazy("amendment withdrawn")
    RENEWED = "renewed", gettext_lazy("renewed")
    REMINDED = "reminded", gettext_lazy("reminded of its end")
    NOTICE_GIVEN = "notice-given", gettext_lazy("notice given")
    NOTICE_WITHDRAWN = "notice-withdrawn", gettext_lazy("notice withdrawn")
    SUSPENDED = "suspended", gettext_lazy("suspended")
    RESUMED = "resumed", gettext_lazy("resumed")
    EXPIRED = "expired", gettext_lazy("expired")
    TERMINATED = "terminated", gettext_lazy("terminated")
    TERMINATION_WITHDRAWN = "termination-withdrawn", gettext_lazy("termination withdrawn")
    DELETION_ASKED = "deletion-asked", gettext_lazy("deletion asked for")
    DELETION_REMINDED = "deletion-reminded", gettext_lazy("reminded of the deletion")
    DELETION_ATTESTED = "deletion-attested", gettext_lazy("deletion attested")
    DELETION_WAIVED = "deletion-waived", gettext_lazy("deletion waived")
    ASSIGNED = "assigned", gettext_lazy("given another manager")


class Side(models.TextChoices):
    """Who gives notice."""

    CUSTOMER = "customer", pgettext_lazy("side of a contract", "the customer")
    AGENCY = "agency", pgettext_lazy("side of a contract", "the agency")


class Pause(models.TextChoices):
    """What becomes of the days a contract is suspended."""

    CREDIT = "credit", gettext_lazy("the days are credited")
    EXTEND = "extend", gettext_lazy("the end moves by as many days")


H = Happening
ALWAYS = frozenset({H.REMINDED, H.ASSIGNED})
DUTY = frozenset({H.DELETION_ASKED, H.DELETION_REMINDED, H.DELETION_ATTESTED, H.DELETION_WAIVED})
RUNNING = ALWAYS | {
    H.AMENDED,
    H.AMENDMENT_WITHDRAWN,
    H.RENEWED,
    H.NOTICE_GIVEN,
    H.NOTICE_WITHDRAWN,
    H.SUSPENDED,
    H.EXPIRED,
    H.TERMINATED,
}
MAY_FOLLOW: dict[State, frozenset[Happening]] = {
    State.TO_COME: frozenset({H.ACTIVATED}),
    State.ACTIVE: RUNNING,
    State.AMENDED: RUNNING,
    State.RENEWED: RUNNING,
    State.SUSPENDED: ALWAYS | {H.RESUMED, H.NOTICE_GIVEN, H.NOTICE_WITHDRAWN, H.EXPIRED, H.TERMINATED},
    State.EXPIRED: DUTY | {H.ASSIGNED},
    State.TERMINATED: DUTY | {H.ASSIGNED, H.TERMINATION_WITHDRAWN},
}
"""The one table: what may happen to a contract whose last recorded state is this one."""

LEADS_TO: dict[Happening, State] = {
    H.ACTIVATED: State.ACTIVE,
    H.AMENDED: State.AMENDED,
    H.RENEWED: State.RENEWED,
    H.SUSPENDED: State.SUSPENDED,
    H.EXPIRED: State.EXPIRED,
    H.TERMINATED: State.TERMINATED,
}
"""What the contract is then. What is withdrawn or resumed leads back; the rest changes no state."""
OVER = frozenset({State.EXPIRED, State.TERMINATED})


class ContractRefused(Refused):
    """The contract cannot do this. `field` names what is wrong; empty: the contract as a whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotNow(ContractRefused):
    """In this state of the contract, this does not happen."""


class InThePast(ContractRefused):
    """What is over cannot be agreed differently."""


class OutsideTerm(ContractRefused):
    """The day lies outside the contract's current period."""


class Overlapping(ContractRefused):
    """Something is agreed for this time already."""


class Inverted(ContractRefused):
    """It would end before it begins."""


class TooLate(ContractRefused):
    """The notice period has begun. `earliest`: the day from which a notice given now counts."""

    def __init__(self, message: str, earliest: date) -> None:
        super().__init__(message, "side")
        self.earliest = earliest


class SeatsOccupied(ContractRefused):
    """More people sit in the line than it would have seats."""


class UnknownProduct(ContractRefused):
    """A line names a product that is not sold (any more)."""


class BadLine(ContractRefused):
    """A line cannot say this."""


class BadTerm(ContractRefused):
    """The contract's terms cannot say this."""


class ClockSkew(ContractRefused):
    """The deed would lie before the last one recorded."""


class LinkSpent(ContractRefused):
    """The link was used, or what it was for is withdrawn."""


class Happened(Protocol):
    """What is asked of a line of the timeline."""

    kind: str
    state: str
    at: datetime
    effective: datetime


def recorded_state(events: Iterable[Happened]) -> State:
    """What the contract is, or will be, by the last word spoken about it. `events`: in the order they were recorded."""
    return State(next((each.state for each in reversed(list(events)) if each.state), ""))


def state_at(events: Iterable[Happened], at: datetime) -> State:
    """What the contract is at this moment. What was agreed for later does not count yet."""
    return recorded_state(each for each in events if each.effective <= at)


def state_before(events: Iterable[Happened], kind: Happening) -> State:
    """What the contract was before the last happening of this kind."""
    past = list(events)
    last = max(index for index, each in enumerate(past) if each.kind == kind)
    return recorded_state(past[:last])


def check_follows(state: State, happening: Happening) -> None:
    """Raises `NotNow`."""
    if happening not in MAY_FOLLOW[state]:
        raise NotNow(
            _("The contract is %(state)s: it cannot be %(happening)s.")
            % {"state": state.label, "happening": happening.label}
        )


def check_clock(last: datetime | None, at: datetime) -> None:
    """Raises `ClockSkew` when this would be recorded before what was recorded last."""
    if last is not None and at < last:
        raise ClockSkew(
            _("The clock stands before the last deed on this contract (%(moment)s). Nothing was done.")
            % {"moment": date_format(last, "j F Y H:i")}
        )
