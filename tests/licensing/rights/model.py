"""Whether a document keeps to the ODRL Information Model 2.2: the properties each class must have.

https://www.w3.org/TR/odrl-model/ and the shapes of the working group (w3c/poe, semantics/shacl/shapesv2.ttl), by hand:
a compact policy is made atomic first (2.7.2), then each class is looked at.
"""

import json
from typing import Any

import pytest

from tests.architecture.test_house import ROOT

FILES = [parent / "shared" / "standards" / "odrl" / "ODRL22.jsonld" for parent in (ROOT.parent, ROOT.parent.parent)]
RULES = ("permission", "prohibition", "obligation")
SHARED = ("assigner", "assignee", "target", "action")
NEEDS = {"Set": (), "Offer": ("assigner",), "Agreement": ("assigner", "assignee")}
SYNTAX = {"uid", "type", "@id", "@type", "@value", "@list", "@context"}


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def faults(policy: dict[str, Any]) -> list[str]:
    """What the Information Model forbids about this policy."""
    found = [f"a policy needs {name}" for name in ("@context", "uid", "@type") if not policy.get(name)]
    if policy.get("@type") not in NEEDS:
        return [*found, "no class of policy"]
    if policy.get("conflict", "prohibit") not in {"perm", "prohibit", "invalid"}:
        found.append("no strategy for conflicts")
    if not any(policy.get(kind) for kind in RULES):
        found.append("a policy needs a rule")
    for kind in RULES:
        for index, rule in enumerate(policy.get(kind, [])):
            atomic = {name: policy[name] for name in SHARED if name in policy} | rule
            found += [f"{kind}/{index}: {fault}" for fault in of_rule(atomic, kind, policy["@type"])]
    return found


def of_rule(rule: dict[str, Any], kind: str, policy: str) -> list[str]:
    wanted = {"action", *NEEDS[policy], *(["target"] if kind != "obligation" else [])}
    found = [f"a rule needs {name}" for name in sorted(wanted) if not rule.get(name)]
    found += [f"one {name} only" for name in ("action", "target") if len(many(rule.get(name, []))) > 1]
    found += [fault for each in many(rule.get("constraint", [])) for fault in of_constraint(each)]
    found += [fault for each in many(rule.get("target", [])) for fault in of_asset(each)]
    if kind != "permission" and "duty" in rule:
        found.append("only a permission has duties")
    for duty in rule.get("duty", []):
        if len(many(duty.get("action", []))) != 1:
            found.append("a duty has one action")
        found += [fault for each in many(duty.get("constraint", [])) for fault in of_constraint(each)]
        for action in many(duty["action"]):
            if isinstance(action, dict):
                found += [] if "rdf:value" in action else ["a refined action needs rdf:value"]
                found += [fault for each in many(action["refinement"]) for fault in of_constraint(each)]
    return found


def of_asset(asset: Any) -> list[str]:
    if isinstance(asset, str):
        return []
    found = [] if asset.get("uid") else ["an asset needs a uid here"]
    if "refinement" in asset and (asset.get("@type") != "AssetCollection" or "source" not in asset):
        found.append("only a collection with a source is refined")
    return found + [fault for each in many(asset.get("refinement", [])) for fault in of_constraint(each)]


def of_constraint(each: dict[str, Any]) -> list[str]:
    logical = [name for name in ("or", "xone", "and", "andSequence") if name in each]
    if logical:
        return [fault for part in each[logical[0]]["@list"] for fault in of_constraint(part)]
    found = [f"a constraint needs {name}" for name in ("leftOperand", "operator") if not each.get(name)]
    if ("rightOperand" in each) == ("rightOperandReference" in each):
        found.append("a constraint has one right operand or a reference to it")
    return found


def vocabulary() -> set[str]:
    """The terms of the W3C's own JSON-LD context; skips where its file is not at hand."""
    file = next((path for path in FILES if path.exists()), None)
    if file is None:
        pytest.skip("the W3C's ODRL22.jsonld is not at hand (shared/standards/odrl)")
    return set(json.loads(file.read_text())["@context"]) | SYNTAX


def words_of(value: Any) -> set[str]:
    """Every key, and every word that the context reads as a term."""
    if isinstance(value, list):
        return {word for each in value for word in words_of(each)}
    if not isinstance(value, dict):
        return set()
    terms = {
        value[name] for name in ("leftOperand", "operator", "conflict", "@type") if isinstance(value.get(name), str)
    }
    if isinstance(value.get("action"), str):
        terms.add(value["action"])
    return set(value) | terms | {word for name, each in value.items() if name != "@context" for word in words_of(each)}
