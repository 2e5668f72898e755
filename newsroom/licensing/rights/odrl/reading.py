"""From ODRL to our words. Strict: what is not understood is an error with its place, never passed over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from newsroom.core.countries import is_country
from newsroom.core.money import Money, exponent
from newsroom.licensing.rights.odrl.node import BadRights, Node
from newsroom.licensing.rights.odrl.terms import (
    CHANNELS,
    COUNTRIES,
    CURRENCIES,
    EMBARGO_END,
    LIMITS,
    ON_CHANNELS,
    PROFILE,
    RENDITIONS,
    SEATS,
    UNITS,
    USES,
    minor,
    product_iri,
)
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Limits, Quota, SeatKind, Use
from newsroom.licensing.terms import FORMATS

Facts = dict[str, Any]
POLICY = ("@context", "@type", "uid", "profile", "conflict", "assigner", "target", "permission", "prohibition")
CHANNELS_READ = {term: channel.value for channel, term in CHANNELS.items()}
RENDITIONS_READ = {term: rendition for rendition, term in RENDITIONS.items()}
SEATS_READ = {term: kind.value for kind, term in SEATS.items()}


def read_granted(document: Any) -> Granted:
    """A licence's version out of its Agreement. Raises `BadRights`, whose `path` names the place."""
    policy = Node(document).only(*POLICY, "assignee", "nr:clause", "nr:clauses", "nr:unused")
    uid = _head(policy, "Agreement")
    by = _party(policy["assigner"])
    products, items = _stories(policy["target"], by.uid)
    facts, uses, quotas = _permissions(policy)
    kept = _unused(policy)
    limits = facts.pop("limits") | kept.pop("limits", {}) | {"clauses": _clauses(policy)}
    return Granted(
        uid=uid,
        by=by,
        to=_party(policy["assignee"]),
        uses=frozenset(uses),
        products=products,
        items=kept.get("items", items),
        suspended=_suspended(policy),
        clause=policy["nr:clause"].text(),
        limits=Limits(**limits, quotas=tuple(sorted(quotas, key=lambda each: (each.use, each.period)))),
        **facts,
    )


def _head(policy: Node, kind: str) -> str:
    """What every policy of ours begins with; answers its uid."""
    policy["@type"].one_of({kind: kind})
    if PROFILE not in [each.text() for each in policy.each("profile")]:
        raise policy["profile"].fail(_("The profile “%(profile)s” is needed here.") % {"profile": PROFILE})
    policy["conflict"].one_of({"prohibit": True})
    return policy["uid"].text()


def _party(node: Node) -> Party:
    node.only("@type", "uid", "vcard:fn")
    many = node["@type"].one_of({"Party": False, "PartyCollection": True})
    return Party(node["uid"].text(), node["vcard:fn"].text(), many)


def _stories(target: Node, agency: str) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The products, None for all of them, and the items."""
    target.only("@type", "uid", "source", "refinement")["@type"].one_of({"AssetCollection": True})
    if "refinement" not in target:
        return None, frozenset()
    products: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    for part in _parts(target):
        left, operand = _operand(part, "isAnyOf")
        if left == "product":
            products = frozenset(each.below(product_iri(agency, "")) for each in operand)
        elif left == "nr:item":
            items = frozenset(each.iri() for each in operand)
        else:
            raise part["leftOperand"].fail(_("“%(value)s” is not known here.") % {"value": left})
    return products, items


def _parts(target: Node) -> list[Node]:
    """The refinements, or the members of their one `or`."""
    parts = list(target.each("refinement"))
    if len(parts) == 1 and "or" in parts[0]:
        return list(parts[0].only("or")["or"].only("@list").each("@list"))
    return parts


def _operand(part: Node, operator: str) -> tuple[str, list[Node]]:
    """A constraint's left operand and the members of its right one."""
    part.only("leftOperand", "operator", "rightOperand")
    part["operator"].one_of({operator: True})
    found = list(part.each("rightOperand"))
    if not found:
        raise part["rightOperand"].fail(_("At least one is needed here."))
    return part["leftOperand"].text(), found


def _permissions(policy: Node) -> tuple[Facts, list[Use], list[Quota]]:
    """What is common to all uses, the uses, and their quotas."""
    uses: list[Use] = []
    quotas: list[Quota] = []
    common: Facts | None = None
    channels: list[frozenset[str]] = []
    ahead = False
    for rule in policy.each("permission"):
        rule.only("action", "constraint", "duty")
        use = rule["action"].one_of(USES)
        facts, counted = _constraints(rule, use)
        quotas += counted + [_priced(each, use) for each in rule.each("duty")]
        uses.append(use)
        channels += [facts["limits"].pop("channels", frozenset())] if use in ON_CHANNELS else []
        ahead |= facts.pop("ahead")
        if common is not None and facts != common:
            raise rule["constraint"].fail(_("All uses of a licence have the same terms; these are others."))
        common = facts
    if common is None:
        raise BadRights("/permission", _("At least one permission is needed."))
    if len(set(channels)) > 1:
        raise policy["permission"].fail(_("All uses of a licence have the same channels; these have others."))
    common["limits"] |= {"channels": channels[0] if channels else frozenset(), "under_embargo": ahead}
    return common, uses, quotas


def _constraints(rule: Node, use: Use) -> tuple[Facts, list[Quota]]:
    facts: Facts = {"ends_at": None, "limits": {}, "ahead": True}
    quotas: list[Quota] = []
    seen = set()
    for each in rule.each("constraint"):
        each.only("leftOperand", "operator", "rightOperand", "unit")
        said = (each["leftOperand"].text(), each["operator"].text(), _unit(each) if "unit" in each else "")
        if said in seen:
            raise each.fail(_("This was said before."))
        seen.add(said)
        _one(each, use, facts, quotas)
    if "starts_at" not in facts:
        raise BadRights(f"{rule.path}/constraint", _("When the right begins is missing."))
    if facts["ahead"] and use is not Use.RECEIVE:
        raise BadRights(f"{rule.path}/constraint", _("Only what is received may come before an embargo lifts."))
    return facts, quotas


def _one(each: Node, use: Use, facts: Facts, quotas: list[Quota]) -> None:
    """One constraint's part of the terms."""
    right, limits = each["rightOperand"], facts["limits"]
    match each["leftOperand"].text(), each["operator"].text():
        case "dateTime", "gteq":
            facts["starts_at"] = right.moment()
        case "dateTime", "lt":
            facts["ends_at"] = right.moment()
        case "event", "gteq":
            _is(right, EMBARGO_END)
            facts["ahead"] = False
        case "count", "lteq" if _unit(each) in SEATS_READ:
            limits |= {"seats": right.number(), "seat_kind": SEATS_READ[_unit(each)]}
        case "count", "lteq":
            quotas.append(_quota(each, use))
        case left, operator if (left, operator) in LIMITED:
            name, read = LIMITED[left, operator]
            limits[name] = read(each)
        case left, operator:
            raise each.fail(_("“%(left)s %(operator)s” is not known here.") % {"left": left, "operator": operator})


def _is(node: Node, term: str) -> None:
    if node.iri() != term:
        raise node.fail(_("“%(value)s” is not known here.") % {"value": node.iri()})


def _unit(each: Node) -> str:
    return each["unit"].iri()


def _quota(each: Node, use: Use) -> Quota:
    unit = _unit(each)
    if unit not in UNITS:
        raise each["unit"].fail(_("“%(value)s” is not known here.") % {"value": unit})
    period, per_reader = UNITS[unit]
    return Quota(use.value, each["rightOperand"].number(), period.value, per_reader)


def _priced(duty: Node, use: Use) -> Quota:
    """A quota above which each story has a price."""
    duty.only("action", "constraint")
    (action,) = _single(duty, "action")
    _is(action.only("rdf:value", "refinement")["rdf:value"], "odrl:compensate")
    (pay,) = _single(action, "refinement")
    (count,) = _single(duty, "constraint")
    count.only("leftOperand", "operator", "rightOperand", "unit")["leftOperand"].one_of({"count": True})
    count["operator"].one_of({"gt": True})
    return replace(_quota(count, use), overage=_money(pay))


def _money(pay: Node) -> Money:
    pay.only("leftOperand", "operator", "rightOperand", "unit")["leftOperand"].one_of({"payAmount": True})
    pay["operator"].one_of({"eq": True})
    currency = pay["unit"].below(CURRENCIES).lower()
    found = minor(pay["rightOperand"].decimal(), exponent(currency))
    if found is None or len(currency) != 3:
        raise pay["rightOperand"].fail(_("This is no amount of this currency."))
    return Money(found, currency)


def _single(node: Node, name: str) -> list[Node]:
    found = list(node.each(name))
    if len(found) != 1:
        raise BadRights(f"{node.path}/{name}", _("Exactly one is needed here."))
    return found


def _countries(each: Node) -> frozenset[str]:
    found = frozenset(one.below(COUNTRIES) for one in _operand(each, "isAnyOf")[1])
    for code in found:
        if not is_country(code):
            raise each["rightOperand"].fail(_("“%(code)s” is no country of ISO 3166-1.") % {"code": code})
    return found


def _channels(each: Node) -> frozenset[str]:
    return frozenset(Node(one.iri(), one.path).one_of(CHANNELS_READ) for one in _operand(each, "isAnyOf")[1])


def _formats(each: Node) -> frozenset[str]:
    return frozenset(one.one_of({name: name for name in FORMATS}) for one in _operand(each, "isAnyOf")[1])


def _size(each: Node) -> int:
    return int(Node(each["rightOperand"].iri(), each["rightOperand"].path).one_of(RENDITIONS_READ))


LIMITED: dict[tuple[str, str], tuple[str, Callable[[Node], Any]]] = {
    ("delayPeriod", "gteq"): ("delay", lambda each: each["rightOperand"].duration()),
    ("elapsedTime", "lt"): ("archive", lambda each: each["rightOperand"].duration()),
    ("spatial", "isAnyOf"): ("territories", _countries),
    ("deliveryChannel", "isAnyOf"): ("channels", _channels),
    ("fileFormat", "isAnyOf"): ("formats", _formats),
    ("resolution", "lteq"): ("rendition", _size),
}
"""Which limit a constraint says, and how its right side is read."""


def _clauses(policy: Node) -> dict[str, str]:
    if "nr:clauses" not in policy:
        return {}
    node = policy["nr:clauses"].only(*(f"nr:{name}" for name in LIMITS))
    return {name: node[f"nr:{name}"].text() for name in LIMITS if f"nr:{name}" in node}


def _suspended(policy: Node) -> bool:
    rules = list(policy.each("prohibition"))
    for rule in rules:
        rule.only("action")["action"].one_of({"use": True})
    return bool(rules)


def _unused(policy: Node) -> Facts:
    """What was agreed and meets nothing yet."""
    if "nr:unused" not in policy:
        return {}
    node = policy["nr:unused"].only("nr:channels", "nr:underEmbargo", "nr:seatKind", "nr:item")
    limits: Facts = {}
    if "nr:channels" in node:
        found = [Node(each.iri(), each.path) for each in node.each("nr:channels")]
        limits["channels"] = frozenset(each.one_of(CHANNELS_READ) for each in found)
    if "nr:underEmbargo" in node:
        limits["under_embargo"] = node["nr:underEmbargo"].value is True
    if "nr:seatKind" in node:
        _is(node["nr:seatKind"], SEATS[SeatKind.FLOATING])
        limits["seat_kind"] = SeatKind.FLOATING.value
    items = {"items": frozenset(each.iri() for each in node.each("nr:item"))} if "nr:item" in node else {}
    return {"limits": limits, **items}


def read_reserved(document: Any) -> Reserved:
    """A story's own rights out of their Set. Raises `BadRights`, whose `path` names the place."""
    policy = Node(document).only(*POLICY, "nr:usageTerms", "nr:supplierTerms")
    uid = _head(policy, "Set")
    target = policy["target"].only("@type", "uid", "dct:available")
    target["@type"].one_of({"Asset": True})
    for rule in policy.each("permission"):
        rule.only("action", "duty")["action"].one_of({"use": True})
        for duty in rule.each("duty"):
            duty.only("action")["action"].one_of({"obtainConsent": True})
    facts: Facts = {"uses_out": frozenset()}
    for rule in policy.each("prohibition"):
        _prohibition(rule, facts)
    words = {"usage_terms": "nr:usageTerms", "supplier_terms": "nr:supplierTerms"}
    facts |= {name: policy[term].text() for name, term in words.items() if term in policy}
    shown_at = target["dct:available"].moment()
    return Reserved(uid=uid, by=_party(policy["assigner"]), uri=target["uid"].text(), shown_at=shown_at, **facts)


PROHIBITED: dict[tuple[str, str], tuple[str, Callable[[Node], Any]]] = {
    ("spatial", "isAnyOf"): ("territories_out", _countries),
    ("elapsedTime", "gteq"): ("archive", lambda each: each["rightOperand"].duration()),
    ("dateTime", "gteq"): ("expires_at", lambda each: each["rightOperand"].moment()),
    ("dateTime", "lt"): ("embargo_until", lambda each: each["rightOperand"].moment()),
    ("deliveryChannel", "isAnyOf"): ("channels_out", _channels),
}


def _prohibition(rule: Node, facts: Facts) -> None:
    """One thing that nobody may do."""
    rule.only("action", "constraint")
    if "constraint" not in rule:
        facts["uses_out"] |= {rule["action"].one_of(USES).value}
        return
    (each,) = _single(rule, "constraint")
    left, operator = each["leftOperand"].text(), each["operator"].text()
    if (left, operator) not in PROHIBITED:
        raise each.fail(_("“%(left)s %(operator)s” is not known here.") % {"left": left, "operator": operator})
    of_channels = left == "deliveryChannel"
    rule["action"].one_of(dict.fromkeys(("distribute", "grantUse") if of_channels else ("use",), True))
    name, read = PROHIBITED[left, operator]
    value = read(each)
    if facts.setdefault(name, value) != value:
        raise rule.fail(_("This was said otherwise before."))
