"""Who may give a story away: whoever may read it by a licence of their own, and not by a gift or the meter."""

from datetime import datetime

from newsroom.access.rules import Decision, Reason, ranked
from newsroom.access.terms import rights_of, terms_of
from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Source, Use
from newsroom.wire.models import Item


def may_give(*, reader: Reader, item: Item, at: datetime) -> Decision:
    """Whether this reader may give this story away: LICENSED, or why not. FREE: there is nothing to give."""
    own = [each for each in terms_of(reader, at) if each.source not in {Source.GIFT, Source.METER}]
    decision = ranked(own, rights_of(item), Use.READ, at)[0]
    if decision.reason is Reason.LICENSED and reader.user_id is None:
        return Decision(decision.tier, Reason.NO_LICENCE)
    return decision
