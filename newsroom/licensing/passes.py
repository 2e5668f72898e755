"""A day pass, and a licence for a single story. Billing calls these once money has come in; staff, with a reason."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.core.audit import Actor
from newsroom.licensing import actions
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Limits, Source, Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.models import Item, Product

DAY = timedelta(hours=24)
OF_A_DAY = "A day pass: to read, for 24 hours from when it was bought."
LONGEST = timedelta(days=36525)  # a hundred years: as good as for ever, and a date all the same


def start_day_pass(
    *,
    user: User,
    source_ref: str,
    products: Iterable[Product] | None,
    by: Actor,
    at: datetime,
    why: str = "",
    starts_at: datetime | None = None,
) -> Licence:
    """Let this person read for 24 hours from `starts_at`, when it was bought (`at` when not given).

    `products` None: every product. Idempotent by `source_ref` when the same `starts_at` is given. Raises `BadTerms`.
    """
    begins = starts_at or at
    return actions.start(
        source=Source.DAY_PASS,
        source_ref=source_ref,
        holder=user,
        uses=[Use.READ],
        products=products,
        starts_at=begins,
        ends_at=begins + DAY,
        clause=OF_A_DAY,
        by=by,
        at=at,
        why=why,
    )


def license_story(
    *,
    holder: User | Organisation,
    item: Item,
    source_ref: str,
    uses: Collection[Use],
    starts_at: datetime,
    duration: timedelta | None,
    clause: str,
    by: Actor,
    at: datetime,
    territories: Collection[str] = (),
    channels: Collection[str] = (),
    circulation: str = "",
    suspended: bool = False,
    why: str = "",
) -> Licence:
    """Let this holder use one story. `duration` None: for good. `territories`: ISO codes, empty for everywhere.

    `circulation` limits in words what nobody counts ("a print run of at most 20,000"): it stands beside the clause and
    in the certificate. Idempotent by `source_ref`. Raises `BadTerms`, whose `field` may be `duration` or `item`.
    """
    if duration is not None and not timedelta(0) < duration <= LONGEST:
        raise BadTerms("duration", _("A licence lasts longer than nothing, and less than a hundred years."))
    if item.head_id is None:
        raise BadTerms("item", _("This story was never released."))
    words = {"circulation": circulation.strip()} if circulation.strip() else {}
    return actions.start(
        source=Source.STORY,
        source_ref=source_ref,
        holder=holder,
        uses=uses,
        products=(),
        items=[item],
        starts_at=starts_at,
        ends_at=None if duration is None else starts_at + duration,
        suspended=suspended,
        clause=clause,
        limits=Limits(territories=frozenset(territories), channels=frozenset(channels), clauses=words),
        by=by,
        at=at,
        why=why,
    )
