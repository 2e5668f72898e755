"""The meter: so many stories a month for readers who hold nothing. An offer that a reader takes up, story by story.

It is judged like any licence and spent like any quota, but only where the gate would say no, and only by a click of
the reader's own. What is not shown to the public at all it does not open.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from newsroom.access.rules import Decision, Reason, Rights, Terms, judge
from newsroom.access.settle import Act, settle
from newsroom.access.terms import terms_from
from newsroom.accounts.readers import Reader
from newsroom.core.prepared import Prepared
from newsroom.licensing.counting import reader_key
from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.rules import Audience, Source, Use
from newsroom.wire.rules import Tier


def terms_for(reader: Reader, at: datetime) -> Terms | None:
    """What the meter offered such a reader at the moment `at`; None where there is none. One query."""
    audience = Audience.EVERYONE if reader.user_id is None else Audience.REGISTERED
    found = _offered(at=at, audience=audience.value)
    return terms_from(found[0], seated=True, source=Source.METER) if found else None


def offered_to(reader: Reader, held: Iterable[Terms], at: datetime) -> Terms | None:
    """The meter among what was read of this reader; asked for where nothing that it could be among was."""
    if reader.user_id is None and not reader.visitor:
        return terms_for(reader, at)
    return min((each for each in held if each.source == Source.METER), key=lambda each: each.licence_id, default=None)


@Prepared
def _offered(at: datetime, audience: str) -> QuerySet[LicenceVersion]:
    offered = LicenceVersion.objects.recorded(at).filter(licence__source=Source.METER, licence__audience=audience)
    return offered.order_by("licence_id")


def instead_of(refusal: Decision, rights: Rights, act: Act, held: Iterable[Terms]) -> Decision:
    """The meter's answer in place of a refusal, where it has one: a yes, the offer, or that it is used up.

    `held`: the reader's `terms_of`, with the meter.
    """
    if rights.public_tier is Tier.NOTHING or refusal.tier is Tier.NOTHING:
        return refusal
    terms = offered_to(act.reader, held, act.at)
    if terms is None:
        return refusal
    answer = judge([terms], rights, Use.READ, act.at)
    if answer.reason is not Reason.LICENSED:
        return refusal
    if not reader_key(act.reader):
        return _to_a_stranger(answer, terms, act)
    got = settle([answer], {terms.licence_id: terms}, act)
    return got if got.reason is not Reason.QUOTA_SPENT or refusal.reason is Reason.NO_LICENCE else refusal


def _to_a_stranger(answer: Decision, terms: Terms, act: Act) -> Decision:
    """The whole allowance, to a browser that has no id yet. The same to all of them."""
    quota = terms.quota_for(Use.READ)
    until = quota.resets(act.at) if quota else None
    limit = quota.limit if quota else None
    facts: dict[str, Any] = {"until": until, "remaining": limit, "allowance": limit, "source": terms.source}
    return replace(answer, tier=Tier.SUMMARY, reason=Reason.METERED, **facts)
