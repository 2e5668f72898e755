"""Mail about money that goes back. Each has a key, so that the same news reaches a person once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.billing.effects.people import told
from newsroom.billing.models import Account, CreditNote, Dispute, Payment, Refund
from newsroom.core import mail

GIVES_BACK = "billing.give_money_back"


def refunded(account: Account, refund: Refund, payment: Payment, at: datetime) -> None:
    """Who paid hears what goes back, and how."""
    context = {
        "amount": refund.amount,
        "paid": payment.amount,
        "paid_at": payment.created_at,
        "card": payment.card,
        "invoices_url": settings.BASE_URL + reverse("invoices"),
    }
    _to_payer(account, "refund_made", f"refund:{refund.stripe_id}", context, at)


def credited(account: Account, note: CreditNote, at: datetime) -> None:
    """Who was billed hears what was taken back of it."""
    context = {
        "number": note.number,
        "amount": note.total,
        "memo": note.memo,
        "lines": [each["description"] for each in note.lines],
        "invoices_url": settings.BASE_URL + reverse("invoices"),
    }
    _to_payer(account, "credit_note_made", f"credit-note:{note.stripe_id}", context, at)


def disputed(account: Account, dispute: Dispute, at: datetime) -> None:
    """Staff hears that the bank wants an answer, and until when."""
    context = {
        "customer": str(account),
        "amount": dispute.amount,
        "reason": dispute.reason,
        "until": dispute.respond_by,
    }
    _to_staff("dispute_opened", f"dispute:{dispute.stripe_id}", context, at)


def decided(account: Account, dispute: Dispute, at: datetime) -> None:
    """Staff hears how it ended."""
    context = {"customer": str(account), "amount": dispute.amount, "won": dispute.status != "lost"}
    _to_staff("dispute_decided", f"dispute-decided:{dispute.stripe_id}", context, at)


def _to_payer(account: Account, kind: str, key: str, context: dict[str, Any], at: datetime) -> None:
    for person in told(account, at):
        own = "" if account.user else f":{person.pk}"
        facts = context | {"name": person.first_name}
        mail.post(key=key + own, to=person.email, kind=kind, locale=person.locale, context=facts, at=at)


def staff() -> list[User]:
    """Those who give money back."""
    app, codename = GIVES_BACK.split(".")
    found = User.objects.filter(
        is_active=True,
        groups__permissions__content_type__app_label=app,
        groups__permissions__codename=codename,
    )
    return list(found.distinct().order_by("pk"))


def _to_staff(kind: str, key: str, context: dict[str, Any], at: datetime) -> None:
    facts = context | {"url": settings.BASE_URL + "/desk/money-back/"}
    for person in staff():
        mail.post(
            key=f"{key}:{person.pk}",
            to=person.email,
            kind=kind,
            locale=person.locale,
            context=facts | {"name": person.first_name},
            at=at,
        )
