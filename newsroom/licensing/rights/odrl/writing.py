"""From our words to ODRL."""

from typing import Any

from newsroom.licensing.rights.odrl.terms import (
    ACTIONS,
    CHANNELS,
    CONTEXT,
    COUNTRIES,
    CURRENCIES,
    EMBARGO_END,
    ON_CHANNELS,
    PROFILES,
    RENDITIONS,
    SEATS,
    amount,
    constraint,
    duration,
    moment,
    product_iri,
    ref,
    unit_of,
    wire_iri,
)
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Channel, Limits, Quota, Rendition, SeatKind, Use

Document = dict[str, Any]


def write_granted(granted: Granted) -> Document:
    """A version of a licence as an `odrl:Agreement` (Information Model, 2.1.3).

    What is common to its rules stands on the policy (compact policy, 2.7.1): parties and target.
    """
    found: Document = _policy("Agreement", granted.uid)
    found |= {"assigner": _party(granted.by), "assignee": _party(granted.to), "target": _stories(granted)}
    found["permission"] = [_permission(granted, Use(use)) for use in sorted(granted.uses)]
    if granted.suspended:
        found["prohibition"] = [{"action": "use"}]
    found["nr:clause"] = granted.clause
    if clauses := {f"nr:{name}": words for name, words in sorted(granted.limits.clauses.items())}:
        found["nr:clauses"] = clauses
    if unused := _unused(granted):
        found["nr:unused"] = unused
    return found


def _policy(kind: str, uid: str) -> Document:
    """Where rules contradict each other what is prohibited counts (Information Model, 2.10)."""
    return {"@context": CONTEXT, "@type": kind, "uid": uid, "profile": PROFILES, "conflict": "prohibit"}


def _party(party: Party) -> Document:
    return {"@type": "PartyCollection" if party.many else "Party", "uid": party.uid, "vcard:fn": party.name}


def _stories(granted: Granted) -> Document:
    """The stories covered: those of the wire, narrowed to products and items (Information Model, 2.2.3)."""
    agency = granted.by.uid
    found: Document = {"@type": "AssetCollection", "uid": f"{granted.uid}#stories", "source": wire_iri(agency)}
    if granted.products is None:
        return found
    parts = []
    if granted.products:
        named = [ref(product_iri(agency, code)) for code in sorted(granted.products)]
        parts.append(constraint("product", "isAnyOf", named))
    if granted.items:
        parts.append(constraint("nr:item", "isAnyOf", [ref(uri) for uri in sorted(granted.items)]))
    found["refinement"] = parts if len(parts) == 1 else [{"or": {"@list": parts}}]
    return found


def _permission(granted: Granted, use: Use) -> Document:
    """What may be done under which constraints; a further story's price is a duty."""
    limits = granted.limits
    quotas = [each for each in limits.quotas if each.use == use]
    found: Document = {
        "action": ACTIONS[use],
        "constraint": [
            constraint("dateTime", "gteq", moment(granted.starts_at)),
            *([constraint("dateTime", "lt", moment(granted.ends_at))] if granted.ends_at else []),
            *_limits(limits, use),
            *(_counted(each, "lteq") for each in quotas if each.overage is None),
        ],
    }
    if priced := [each for each in quotas if each.overage is not None]:
        found["duty"] = [_price(each) for each in priced]
    return found


def _limits(limits: Limits, use: Use) -> list[Document]:
    found = []
    if not (limits.under_embargo and use is Use.RECEIVE):
        found.append(constraint("event", "gteq", ref(EMBARGO_END)))
    if limits.delay:
        found.append(constraint("delayPeriod", "gteq", duration(limits.delay)))
    if limits.archive is not None:
        found.append(constraint("elapsedTime", "lt", duration(limits.archive)))
    if limits.seats is not None:
        found.append(constraint("count", "lteq", limits.seats, SEATS[SeatKind(limits.seat_kind)]))
    return [*found, *_where(limits, use)]


def _where(limits: Limits, use: Use) -> list[Document]:
    found = []
    if limits.territories:
        found.append(constraint("spatial", "isAnyOf", _countries(limits.territories)))
    if limits.channels and use in ON_CHANNELS:
        found.append(constraint("deliveryChannel", "isAnyOf", _channels(limits.channels)))
    if limits.formats:
        found.append(constraint("fileFormat", "isAnyOf", sorted(limits.formats)))
    if limits.rendition != Rendition.ORIGINAL:
        found.append(constraint("resolution", "lteq", ref(RENDITIONS[Rendition(limits.rendition)])))
    return found


def _countries(codes: frozenset[str]) -> list[Document]:
    return [dict(ref(COUNTRIES + code)) for code in sorted(codes)]


def _channels(values: frozenset[str]) -> list[Document]:
    return [dict(ref(CHANNELS[Channel(each)])) for each in sorted(values)]


def _counted(quota: Quota, operator: str) -> Document:
    return constraint("count", operator, quota.limit, unit_of(quota))


def _price(quota: Quota) -> Document:
    """For each story above the quota, so much is paid (Information Model, 2.6.4 and 2.4)."""
    if quota.overage is None:
        raise ValueError("a quota without a price has no duty")
    currency = CURRENCIES + quota.overage.currency.upper()
    pay = constraint("payAmount", "eq", amount(quota.overage), currency)
    return {
        "action": [{"rdf:value": ref("odrl:compensate"), "refinement": [pay]}],
        "constraint": [_counted(quota, "gt")],
    }


def _unused(granted: Granted) -> Document:
    """What was agreed and meets nothing yet: it is kept, so that a use added later is bound by it."""
    limits = granted.limits
    found: Document = {}
    if limits.channels and not granted.uses & set(ON_CHANNELS):
        found["nr:channels"] = _channels(limits.channels)
    if limits.under_embargo and Use.RECEIVE not in granted.uses:
        found["nr:underEmbargo"] = True
    if limits.seats is None and limits.seat_kind == SeatKind.FLOATING:
        found["nr:seatKind"] = ref(SEATS[SeatKind.FLOATING])
    if granted.products is None and granted.items:
        found["nr:item"] = [ref(uri) for uri in sorted(granted.items)]
    return found


def write_reserved(reserved: Reserved) -> Document:
    """A release's own rights as an `odrl:Set`: usable with consent only, and what is prohibited to everybody."""
    found: Document = _policy("Set", reserved.uid)
    target = {"@type": "Asset", "uid": reserved.uri, "dct:available": moment(reserved.shown_at)}
    found |= {"assigner": _party(reserved.by), "target": target}
    found["permission"] = [{"action": "use", "duty": [{"action": "obtainConsent"}]}]
    if prohibited := _prohibited(reserved):
        found["prohibition"] = prohibited
    words = {"nr:usageTerms": reserved.usage_terms, "nr:supplierTerms": reserved.supplier_terms}
    return found | {name: text for name, text in words.items() if text}


def _prohibited(reserved: Reserved) -> list[Document]:
    found: list[Document] = [{"action": ACTIONS[Use(use)]} for use in sorted(reserved.uses_out)]
    constraints = []
    if reserved.territories_out:
        constraints.append(constraint("spatial", "isAnyOf", _countries(reserved.territories_out)))
    if reserved.archive is not None:
        constraints.append(constraint("elapsedTime", "gteq", duration(reserved.archive)))
    if reserved.expires_at is not None:
        constraints.append(constraint("dateTime", "gteq", moment(reserved.expires_at)))
    if reserved.embargo_until is not None:
        constraints.append(constraint("dateTime", "lt", moment(reserved.embargo_until)))
    found += [{"action": "use", "constraint": [each]} for each in constraints]
    if reserved.channels_out:
        found += [
            {
                "action": ACTIONS[use],
                "constraint": [constraint("deliveryChannel", "isAnyOf", _channels(reserved.channels_out))],
            }
            for use in ON_CHANNELS
        ]
    return found
