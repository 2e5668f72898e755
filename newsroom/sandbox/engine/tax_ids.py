"""Customers' tax ids and their verification: https://docs.stripe.com/billing/customer/tax-ids.

Verification comes later, as at Stripe. The digits 000000000, 111111111 and 222222222 are Stripe's for tests: verified,
not verified, and pending for ever. Any other number of the right form is verified. What Stripe has no register to ask
about is `unavailable`.
"""

import re

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import invalid, missing
from newsroom.sandbox.engine.params import words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import PRIVATE, World

BUILT = words("expand type value")
VERIFIED_AFTER = 60  # seconds
MOST = 5  # on one customer
_MAGIC = {"000000000": "verified", "111111111": "unverified", "222222222": ""}
_VERIFIABLE = {"eu_vat", "gb_vat", "au_abn"}
_EU = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"(\d{9}|\d{12})",
}  # fmt: skip
_FORMS = {
    "eu_vat": "|".join(f"{country}{form}" for country, form in _EU.items()) + r"|[A-Z]{2}(0{9}|1{9}|2{9})",
    "gb_vat": r"GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
    "tr_tin": r"\d{10}",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "no_vat": r"\d{9}MVA",
    "au_abn": r"\d{11}|0{9}|1{9}|2{9}",
}
_COUNTRIES = {"gb_vat": "GB", "tr_tin": "TR", "ch_vat": "CH", "no_vat": "NO", "au_abn": "AU"}


def create(world: World, given: Body, customer: str) -> Body:
    return added(world, world.get("customer", customer), given["type"], given["value"])


def added(world: World, customer: Body, kind: str, value: str) -> Body:
    """The customer has this tax id, still to be verified. Raises StripeError for one that has not its form."""
    if kind not in _FORMS:
        raise invalid(f"The sandbox knows no tax ids of the type {kind}.", param="type")
    said = " ".join(value.upper().split())
    if not re.fullmatch(_FORMS[kind], said if kind == "ch_vat" else said.replace(" ", "")):
        raise invalid(f"Invalid value for {kind}.", param="value", code="tax_id_invalid")
    held = world.all("tax_id", customer=customer["id"])
    if same := next((each for each in held if (each["type"], each["value"]) == (kind, said)), None):
        return same
    if len(held) >= MOST:
        raise invalid(f"A customer can have up to {MOST} tax ids.", param="value")
    country = _COUNTRIES.get(kind, {"EL": "GR", "XI": "GB"}.get(said[:2], said[:2]))
    return world.add(
        "tax_id",
        "customer.tax_id.created",
        country=country,
        customer=customer["id"],
        owner={"type": "customer", "customer": customer["id"]},
        type=kind,
        value=said,
        verification={"status": "pending" if kind in _VERIFIABLE else "unavailable"},
        _={"verdict_at": _verdict_at(world, kind, said)},
    )


def _verdict_at(world: World, kind: str, value: str) -> int | None:
    waits_for_ever = "".join(re.findall(r"\d", value)) == "222222222"
    return None if waits_for_ever or kind not in _VERIFIABLE else world.now + VERIFIED_AFTER


def verify(world: World, tax_id: Body) -> None:
    """The register has answered."""
    verdict = _MAGIC.get("".join(re.findall(r"\d", tax_id["value"])), "verified")
    settle(world, tax_id, verdict)


def settle(world: World, tax_id: Body, verdict: str) -> Body:
    """From now on the register says this of it: also later, when a number is struck off."""
    holder = world.get("customer", tax_id["customer"])
    verified = verdict == "verified"
    tax_id["_"]["verdict_at"] = None
    said = {
        "status": verdict,
        "verified_name": (holder["business_name"] or holder["name"]) if verified else None,
        "verified_address": None,
    }
    world.save(tax_id)
    return world.change(tax_id, "customer.tax_id.updated", verification=tax_id["verification"] | said)


def delete(world: World, given: Body, customer: str, name: str) -> Body:
    tax_id = retrieve(world, given, customer, name)
    world.emit("customer.tax_id.deleted", tax_id)
    gone = {"id": name, "object": "tax_id", "deleted": True}
    world.save(gone | {PRIVATE: {}})
    return gone


def retrieve(world: World, given: Body, customer: str, name: str) -> Body:
    tax_id = world.get("tax_id", name)
    if tax_id["customer"] != customer:
        raise missing("tax_id", name)
    return tax_id


def find(world: World, given: Body, customer: str) -> Body:
    world.get("customer", customer)
    return page(world, "tax_id", given, {"customer": customer}, url=f"/v1/customers/{customer}/tax_ids")


def of_customer(world: World, customer: str) -> list[Body]:
    """As an invoice and a Checkout say them."""
    return [{"type": each["type"], "value": each["value"]} for each in _held(world, customer)]


def _held(world: World, customer: str) -> list[Body]:
    """Oldest first."""
    return world.all("tax_id", customer=customer)[::-1]
