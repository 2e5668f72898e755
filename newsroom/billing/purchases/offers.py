"""A price that was shown, signed: what comes back changed is refused, and one that is old or not asked any more is told."""

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import BadChoice, Choice
from newsroom.core.money import Money

LIVES = timedelta(hours=24)
SKEW = timedelta(minutes=2)
_signer = Signer(salt="newsroom.billing.purchases")


def offered(*, item_id: int, choice: Choice, price: Money, at: datetime) -> str:
    """The token of this price for this use of this story."""
    return _signer.sign_object([item_id, choice.as_json(), price.minor, price.currency, int(at.timestamp())])


def accepted(token: str, *, item_id: int, at: datetime) -> tuple[Choice, Money]:
    """The choice and the price of the token. Raises `BadChoice` for one that is not ours, old, or not asked any more."""
    try:
        of_item, choice, minor, currency, since = _signer.unsign_object(token)
    except (BadSignature, ValueError, TypeError, AttributeError):
        raise BadChoice("price", _("This price is not one we offered. Please look at it again.")) from None
    made = datetime.fromtimestamp(since, UTC)
    if of_item != item_id:
        raise BadChoice("price", _("This price is of another story. Please look at it again."))
    if not made - SKEW <= at < made + LIVES:
        raise BadChoice("price", _("This price was shown a while ago. Please look at it again."))
    found = Choice.from_json(choice)
    price = price_list().story(found, currency)
    if price.minor != minor:
        raise BadChoice("price", _("The price has changed. Please look at it again."))
    return found, price
