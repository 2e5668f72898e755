"""What was bought once, when the money for it goes back: a full refund or a lost dispute ends its licence."""

from datetime import UTC, datetime

from newsroom.billing.effects.taken import of_purchase
from newsroom.billing.models import Purchase
from newsroom.billing.states import After, Right, after_taking
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Licence, LicenceVersion
from newsroom.licensing.rules import Source

BOUGHT = (Source.DAY_PASS, Source.STORY, Source.GIFT)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
DISPUTED = "its payment is disputed"


def stand(purchase: Purchase, at: datetime) -> None:
    """Its licence says what is left of the right to it."""
    taken = of_purchase(purchase)
    for licence in Licence.objects.filter(source__in=BOUGHT, source_ref=purchase.stripe_id):
        current = licence.versions.get(recorded_to=None)
        found = _right(current)
        left = after_taking(found, taken, period_end=found.ends_at, refunded=After.NOW, lost=After.NOW)
        if left.ends_at < found.ends_at:
            why = "the money for it went back"
            licensing.extend(licence=licence, ends_at=left.ends_at, by=SYSTEM, at=at, why=why)
        elif taken.held and not current.suspended:
            licensing.suspend(licence=licence, by=SYSTEM, at=at, why=DISPUTED)
        elif current.suspended and current.why == DISPUTED and not taken.held:
            licensing.resume(licence=licence, by=SYSTEM, at=at, why="its payment is no longer disputed")


def _right(version: LicenceVersion) -> Right:
    """As it would be with nothing taken back; one without an end is long."""
    ends = version.ends_at or NEVER
    return Right(version.starts_at, ends, suspended=False)
