"""What a declaration does: the contract ends, and what is due goes back. Once, by the time it was declared."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from newsroom.accounts.readers import present
from newsroom.billing import outbox
from newsroom.billing.catalogue import catalogue
from newsroom.billing.gateway import Body, Declined
from newsroom.billing.law.countries import Row, row_of
from newsroom.billing.law.rules import Paid, back, deadline, in_time, last_day
from newsroom.billing.models import Account, Declaration, Invoice, Matter, OutboxCall, Payment, Subscription
from newsroom.billing.returning import left_of
from newsroom.billing.states import ending
from newsroom.billing.sync import sync
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM
from newsroom.core.errors import TryAgain

log = structlog.get_logger(__name__)
Outcome = Declaration.Outcome


def try_now(*, declaration_id: int, at: datetime) -> None:
    """Carry it out at once; where Stripe does not answer, a job does it later."""
    try:
        execute(declaration_id=declaration_id, at=at)
    except TryAgain as error:
        log.warning("declaration_waits", declaration=declaration_id, error=str(error))


def execute(*, declaration_id: int, at: datetime) -> None:
    """Carry out one confirmed declaration. Carried out already, it changes nothing. Raises `Unanswered`."""
    found = Declaration.objects.select_related("user").filter(pk=declaration_id, outcome="").first()
    if found is None or found.confirmed_at is None or found.user is None:
        return
    account = Account.objects.of_user(found.user.pk).first()
    if account is None:
        return
    sync(account_id=account.pk, at=at)
    calls = _note(found.pk, account, at)
    for call in calls:
        _send(call, at)
    if calls:
        sync(account_id=account.pk, at=at)


def _send(call: OutboxCall, at: datetime) -> None:
    try:
        outbox.send(call=call, at=at)
    except Declined as error:  # staff sees it in the outbox; the other calls go on
        log.error("declaration_declined", call=call.pk, error=str(error))


@transaction.atomic
def _note(declaration_id: int, account: Account, at: datetime) -> list[OutboxCall]:
    """Decide, under the account's lock, and write what Stripe is to do. Nothing where somebody was faster."""
    account = Account.objects.select_for_update(of=("self",)).select_related("user").get(pk=account.pk)
    found = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration_id)
    if found.outcome:
        return []
    held = account.subscriptions.live().first()
    calls = _wished(found, account, held, at) if held else []
    if held is None:
        found.outcome = Outcome.NOTHING
    found.save(update_fields=["outcome", "subscription_ref", "country", "deadline_at", "refund_minor", "currency"])
    Matter.objects.filter(kind=Matter.Kind.DECLARATION, ref=str(found.nonce), settled_at=None).update(
        settled_at=at, decision=Matter.Decision.DONE
    )
    audit.record(f"billing.{found.outcome}", by=SYSTEM, of=account, at=at, facts={"declaration": str(found.nonce)})
    _tell(found, held, at)
    return calls


def _wished(found: Declaration, account: Account, held: Subscription, at: datetime) -> list[OutboxCall]:
    row = row_of(account.country)
    found.subscription_ref, found.country, found.currency = held.stripe_id, account.country, held.currency
    found.deadline_at = deadline(held.started_at, row)
    if found.kind == Declaration.Kind.WITHDRAW and in_time(held.started_at, found.declared_at, row):
        found.outcome = Outcome.WITHDRAWN
        return _withdrawn(found, account, held, row, at)
    found.outcome = Outcome.LATE if found.kind == Declaration.Kind.WITHDRAW else Outcome.CANCELLED
    if ending(held.facts) is not None:
        return []
    params: Body = {"subject": held.stripe_id, "cancel_at_period_end": True}
    return [outbox.ask(operation="subscription.update", params=params, account=account, at=at)]


def _withdrawn(found: Declaration, account: Account, held: Subscription, row: Row, at: datetime) -> list[OutboxCall]:
    """It ends now; of each payment what is due goes back."""
    params: Body = {"subject": held.stripe_id}
    calls = [outbox.ask(operation="subscription.cancel", params=params, account=account, at=at)]
    for paid in payments_of(held):
        amount = back(paid, found.declared_at, row)
        if amount:
            found.refund_minor += amount
            calls.append(_refund(found, account, paid, amount, at))
    return calls


def _refund(found: Declaration, account: Account, paid: Paid, amount: int, at: datetime) -> OutboxCall:
    params: Body = {
        "charge": paid.charge,
        "amount": amount,
        "reason": "requested_by_customer",
        "metadata": {"decided": "withdrawal", "declaration": str(found.nonce)},
    }
    return outbox.ask(operation="refund.create", params=params, account=account, at=at)


def payments_of(held: Subscription) -> list[Paid]:
    """What was paid for this subscription and is ours still, with the period of each."""
    invoices = {each.stripe_id: each for each in Invoice.objects.filter(subscription_ref=held.stripe_id)}
    paid = Payment.objects.filter(invoice_ref__in=invoices, status="succeeded", disputed=False).order_by("pk")
    found = [_paid(each, invoices[each.invoice_ref], held) for each in paid]
    return [each for each in found if each.left]


def _paid(payment: Payment, invoice: Invoice, held: Subscription) -> Paid:
    seconds = [(line["period_start"], line["period_end"]) for line in invoice.lines if line["amount"] > 0]
    zone = held.started_at.tzinfo
    start = min((each[0] for each in seconds), default=int(held.current_period_start.timestamp()))
    end = max((each[1] for each in seconds), default=int(held.current_period_end.timestamp()))
    return Paid(
        charge=payment.stripe_id,
        left=left_of(payment).minor,
        amount=payment.amount_minor,
        period_start=datetime.fromtimestamp(start, zone),
        period_end=datetime.fromtimestamp(end, zone),
    )


def _tell(found: Declaration, held: Subscription | None, at: datetime) -> None:
    """What came of it."""
    assert found.user is not None  # only what a person confirmed is carried out
    person = present(found.user)
    plan = catalogue().plan(held.plan) if held else None
    context = {
        "name": person.first_name,
        "outcome": found.outcome,
        "plan": plan.name(person.locale) if plan else "",
        "declared_at": found.declared_at,
        "last_day": last_day(found.deadline_at, row_of(found.country)) if found.deadline_at else None,
        "refund": found.refund,
        "ends_at": (ending(held.facts) or held.current_period_end) if held else None,
        "account_url": settings.BASE_URL + reverse("subscription"),
    }
    key = f"declaration-done:{found.nonce}"
    mail.post(key=key, to=found.email, kind="declaration_done", locale=found.locale, context=context, at=at)
