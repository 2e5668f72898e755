"""What staff does about money that goes back. Each is asked of Stripe by the outbox; nothing here moves a licence."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing import outbox
from newsroom.billing.gateway import Body
from newsroom.billing.models import Account, Dispute, Invoice, Matter, OutboxCall, Payment, Subscription
from newsroom.billing.states import LIVE, TO_ANSWER, Claim, claim
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.errors import Refused
from newsroom.core.money import Money

WAITING = (OutboxCall.State.QUEUED,)
KNOWN = (OutboxCall.State.QUEUED, OutboxCall.State.DONE)
EVIDENCE = ("product_description", "access_activity_log", "cancellation_rebuttal", "uncategorized_text")


class NotReturned(Refused):
    """This cannot be given back so. `field` names the field of the form."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """A button that was pressed. `once` names the press: the same one again changes nothing more."""

    once: str
    why: str
    by: User


def left_of(payment: Payment) -> Money:
    """What of a payment is ours still, less what is on its way back."""
    asked = OutboxCall.objects.filter(operation="refund.create", state__in=WAITING, params__charge=payment.stripe_id)
    waiting = sum(int(each.params.get("amount", payment.amount_minor)) for each in asked)
    return Money(max(payment.amount_minor - payment.refunded_minor - waiting, 0), payment.currency)


def refund(*, payment: Payment, amount: Money | None, reason: str, wish: Wish, at: datetime) -> None:
    """The money goes back to the card; None: all that is left. Raises `NotReturned`, `Declined`, `Unanswered`."""
    call = _note_refund(payment, amount, reason, wish, at)
    _send(call, payment.account, at)


@transaction.atomic
def _note_refund(payment: Payment, amount: Money | None, reason: str, wish: Wish, at: datetime) -> OutboxCall:
    account = _locked(payment.account)
    if earlier := pressed(account, wish.once):
        return earlier
    payment.refresh_from_db()
    left = left_of(payment)
    _check_refund(payment, amount or left, left)
    params: Body = {
        "charge": payment.stripe_id,
        "amount": (amount or left).minor,
        "reason": reason,
        "metadata": {"once": wish.once, "decided": "staff"},
    }
    call = outbox.ask(operation="refund.create", params=params, account=account, at=at)
    audit.record(
        "billing.refund", by=wish.by.actor, of=account, at=at, why=wish.why, facts=params | {"left": left.minor}
    )
    return call


def _check_refund(payment: Payment, amount: Money, left: Money) -> None:
    if payment.status != "succeeded":
        raise NotReturned(_("This payment did not go through: there is nothing to give back."))
    if amount.currency != payment.currency:
        raise NotReturned(_("It was paid in another currency."), "amount")
    if left.minor == 0:
        raise NotReturned(_("All of it went back already."))
    if not 0 < amount.minor <= left.minor:
        raise NotReturned(_("At most %(left)s of it can go back.") % {"left": left}, "amount")
    disputes = Dispute.objects.filter(charge_ref=payment.stripe_id)
    if any(claim(each.status) is not Claim.NONE for each in disputes):
        raise NotReturned(_("The bank has taken this money back. Answer the dispute instead."))


def credit(*, invoice: Invoice, amount: Money, to: str, memo: str, wish: Wish, at: datetime) -> None:
    """Take back a part of an invoice: off what is owed, or of what was paid `to` the card, the balance or outside.

    Raises `NotReturned`, `Declined`, `Unanswered`.
    """
    call = _note_credit(invoice, amount, to, memo, wish, at)
    _send(call, invoice.account, at)


@transaction.atomic
def _note_credit(invoice: Invoice, amount: Money, to: str, memo: str, wish: Wish, at: datetime) -> OutboxCall:
    account = _locked(invoice.account)
    if earlier := pressed(account, wish.once):
        return earlier
    invoice.refresh_from_db()
    left = invoice.total_minor - invoice.credited_minor
    if invoice.status not in {"open", "paid"}:
        raise NotReturned(_("Only an open or a paid invoice can be credited."))
    if amount.currency != invoice.currency or not 0 < amount.minor <= left:
        raise NotReturned(
            _("At most %(left)s of it can be credited.") % {"left": Money(left, invoice.currency)}, "amount"
        )
    params: Body = {
        "invoice": invoice.stripe_id,
        "amount": amount.minor,
        "memo": memo,
        "metadata": {"once": wish.once},
    }
    paid = amount.minor - (min(amount.minor, invoice.remaining_minor) if invoice.status == "open" else 0)
    if paid:
        params[f"{to}_amount"] = paid
    call = outbox.ask(operation="credit_note.create", params=params, account=account, at=at)
    audit.record("billing.credit_note", by=wish.by.actor, of=account, at=at, why=wish.why, facts=params)
    return call


def answer(*, dispute: Dispute, evidence: dict[str, str], wish: Wish, at: datetime) -> None:
    """Hand the evidence to the bank. Raises `NotReturned`, `Declined`, `Unanswered`."""
    given = {name: each for name, each in evidence.items() if name in EVIDENCE and each}
    if not given:
        raise NotReturned(_("Say something: an empty answer loses."), "uncategorized_text")
    _dispute(dispute, "dispute.update", {"evidence": given, "submit": True}, wish, at)


def accept(*, dispute: Dispute, wish: Wish, at: datetime) -> None:
    """We have nothing to say: it is lost. Raises `NotReturned`, `Declined`, `Unanswered`."""
    _dispute(dispute, "dispute.close", {}, wish, at)


def _dispute(dispute: Dispute, operation: str, facts: Body, wish: Wish, at: datetime) -> None:
    with transaction.atomic():
        account = _locked(dispute.account)
        dispute.refresh_from_db()
        if dispute.status not in TO_ANSWER:
            raise NotReturned(_("The bank does not want an answer any more."))
        call = outbox.ask(operation=operation, params={"subject": dispute.stripe_id} | facts, account=account, at=at)
        audit.record(f"billing.{operation}", by=wish.by.actor, of=account, at=at, why=wish.why, facts=facts)
    _send(call, account, at)


def decide(*, matter: Matter, decision: str, wish: Wish, at: datetime) -> None:
    """What becomes of the right after a part of its money went back. Raises `NotReturned`, `Declined`, `Unanswered`."""
    with transaction.atomic():
        account = _locked(matter.account)
        matter = Matter.objects.select_for_update().get(pk=matter.pk)
        if matter.settled_at is not None:
            return
        call = _ending(matter, account, decision, at)
        Matter.objects.filter(pk=matter.pk).update(
            settled_at=at, settled_by=wish.by, decision=decision, note=wish.why[:1000]
        )
        audit.record("billing.decided", by=wish.by.actor, of=account, at=at, why=wish.why, facts={"decision": decision})
    if call is not None:
        _send(call, account, at)


def _ending(matter: Matter, account: Account, decision: str, at: datetime) -> OutboxCall | None:
    if decision not in {Matter.Decision.NOW, Matter.Decision.PERIOD_END}:
        return None
    payment = Payment.objects.filter(stripe_id=matter.charge_ref).first()
    invoice = Invoice.objects.filter(stripe_id=payment.invoice_ref).first() if payment else None
    ref = invoice.subscription_ref if invoice else ""
    held = Subscription.objects.filter(account=account, stripe_id=ref, status__in=LIVE).first() if ref else None
    if held is None:
        raise NotReturned(_("Nothing runs that could be ended."), "decision")
    params: Body = {"subject": held.stripe_id}
    if decision == Matter.Decision.NOW:
        return outbox.ask(operation="subscription.cancel", params=params, account=account, at=at)
    params["cancel_at_period_end"] = True
    return outbox.ask(operation="subscription.update", params=params, account=account, at=at)


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=account.pk)


def pressed(account: Account, once: str) -> OutboxCall | None:
    """The call that the same press of the button made."""
    return OutboxCall.objects.filter(account=account, state__in=KNOWN, params__metadata__once=once).first()


def _send(call: OutboxCall, account: Account, at: datetime) -> None:
    if call.state == OutboxCall.State.QUEUED:
        outbox.send(call=call, at=at)
    sync(account_id=account.pk, at=at)


def given_back(account: Account) -> dict[str, int]:
    """How much went back of this account's payments, by currency."""
    rows = account.payments.filter(refunded_minor__gt=0).values("currency").annotate(back=Sum("refunded_minor"))
    return {each["currency"]: each["back"] for each in rows.order_by("currency")}
