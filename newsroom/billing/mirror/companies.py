"""What Stripe, and through it the register, says of an account's VAT id."""

from datetime import datetime
from typing import Any

from newsroom.billing.gateway import Body, Present
from newsroom.billing.models import Account, Company


def written(account: Account, present: Present, at: datetime) -> list[tuple[Company | None, Company]]:
    """Our company data with the register's word of now; who typed a tax id at the Checkout has company data by that."""
    held = (present.customer.get("tax_ids") or {}).get("data", [])
    was = Company.objects.filter(account=account).first()
    if was is None and not held:
        return []
    company = was or _adopted(account, present.customer, held[-1], at)
    if not company.vat_id and held:
        company.vat_id, company.vat_kind = held[-1]["value"], held[-1]["type"]
    before = Company.objects.filter(pk=company.pk).first() if company.pk else None
    for name, value in _said(company, held, at).items():
        setattr(company, name, value)
    if before is not None and all(getattr(before, name) == getattr(company, name) for name in COLUMNS):
        return []
    company.save()
    return [(before, company)]


COLUMNS = ("vat_id", "vat_kind", "stripe_tax_id", "standing", "verified_name", "flagged_at")


def _said(company: Company, held: list[Body], at: datetime) -> dict[str, Any]:
    wanted = (company.vat_kind, _plain(company.vat_id))
    found = next((each for each in held if (each["type"], _plain(each["value"])) == wanted), None)
    if found is None:
        return {}
    verification = found["verification"] or {}
    standing = verification.get("status") or Company.Standing.UNAVAILABLE
    return {
        "stripe_tax_id": found["id"],
        "standing": standing,
        "verified_name": verification.get("verified_name") or "",
        "flagged_at": _flagged(company, standing, at),
    }


def _flagged(company: Company, standing: str, at: datetime) -> datetime | None:
    """Since when a number that was verified once is so no longer."""
    if standing == Company.Standing.VERIFIED:
        return None
    lost = company.standing == Company.Standing.VERIFIED and standing == Company.Standing.UNVERIFIED
    return company.flagged_at or (at if lost else None)


def _plain(value: str) -> str:
    return "".join(each for each in value.upper() if each.isalnum())


def _adopted(account: Account, customer: Body, tax_id: Body, at: datetime) -> Company:
    """From what was typed at Stripe's Checkout."""
    address = customer.get("address") or {}
    return Company(
        account=account,
        name=(customer.get("name") or "")[:150],
        line1=address.get("line1") or "",
        line2=address.get("line2") or "",
        postal_code=address.get("postal_code") or "",
        city=address.get("city") or "",
        country=address.get("country") or tax_id["country"] or "",
        vat_id=tax_id["value"],
        vat_kind=tax_id["type"],
        changed_at=at,
    )
