"""What may be in the way of buying something once."""

from newsroom.core.errors import Refused


class AlreadyYours(Refused):
    """Nobody pays for what is open to them already."""


class NotSold(Refused):
    """This is not sold, or not to this account."""

    status = 404


class GiftRefused(Refused):
    """This code redeems nothing, or not for this person."""
