"""What selling refuses, named at the field."""

from newsroom.core.errors import Refused


class BadOffer(Refused):
    """A lead, rate, quote or line cannot say this. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class QuoteFrozen(Refused):
    """The quote was sent. What it says changes only in a new revision."""


class NotNow(Refused):
    """The quote, lead or trial is in another state than this step needs."""


class FourEyes(Refused):
    """Who asked for an approval cannot give it."""


class LinkGone(Refused):
    """The link opens an offer that holds no longer: expired, superseded or withdrawn."""
