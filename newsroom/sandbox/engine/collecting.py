"""Collecting an invoice, and what that makes of its subscription: https://docs.stripe.com/billing/subscriptions/overview."""

from newsroom.sandbox.engine import invoices, payments, pending
from newsroom.sandbox.engine.cards import MESSAGES, error_code
from newsroom.sandbox.engine.due import DAY
from newsroom.sandbox.engine.errors import StripeError, declined, invalid
from newsroom.sandbox.engine.payment_methods import usable
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

NO_CARD = "no_card"


def advance(world: World, invoice: Body) -> None:
    """Finalize a draft and try to collect it; one that is paid by transfer is sent instead."""
    invoices.finalize(world, invoice)
    if invoice["collection_method"] == "send_invoice" and invoice["amount_remaining"]:
        world.emit("invoice.sent", invoice)
        return
    collect(world, invoice, by_itself=True)


def collect(
    world: World, invoice: Body, method: Body | None = None, *, authenticated: bool = False, by_itself: bool = False
) -> str:
    """One try. Afterwards the invoice is paid or waits, and the subscription stands accordingly. The verdict is handed back."""
    said = _tried(world, invoice, method, authenticated=authenticated)
    if said == payments.SUCCEEDED:
        invoices.mark_paid(world, invoice)
        _subscription_paid(world, invoice)
    else:
        _not_paid(world, invoice, said, by_itself=by_itself or not invoice["attempted"])
    return said


def settle_paid(world: World, invoice: Body) -> None:
    """Nothing is left to pay, because it was credited."""
    invoices.mark_paid(world, invoice, attempted=False)
    _subscription_paid(world, invoice)


def _tried(world: World, invoice: Body, method: Body | None, *, authenticated: bool) -> str:
    intent = invoices.intent_of(world, invoice)
    if intent is None:
        return payments.SUCCEEDED
    method = method or default_method(world, invoice)
    return payments.confirm(world, intent, method, authenticated=authenticated) if method else NO_CARD


def default_method(world: World, invoice: Body) -> Body | None:
    """The card charged when none is named: the subscription's, else the customer's."""
    subscription = _subscription(world, invoice)
    customer = world.get("customer", invoice["customer"])
    candidates = (
        invoice["default_payment_method"],
        subscription["default_payment_method"] if subscription else None,
        customer["invoice_settings"]["default_payment_method"],
    )
    name = next((each for each in candidates if each), None)
    return world.get("payment_method", name) if name else None


def _subscription(world: World, invoice: Body) -> Body | None:
    name = invoices.subscription_of(invoice)
    return world.get("subscription", name) if name else None


def _subscription_paid(world: World, invoice: Body) -> None:
    subscription = _subscription(world, invoice)
    customer = world.get("customer", invoice["customer"])
    world.change(customer, "customer.updated", delinquent=False)
    if subscription and pending.waits_for(subscription, invoice):
        pending.apply(world, subscription)
    elif (
        subscription
        and subscription["status"] in {"incomplete", "past_due", "unpaid"}
        and subscription["latest_invoice"] == invoice["id"]
    ):
        world.change(subscription, "customer.subscription.updated", status="active")


def _not_paid(world: World, invoice: Body, said: str, *, by_itself: bool) -> None:
    subscription = _subscription(world, invoice)
    waits = subscription is not None and pending.waits_for(subscription, invoice)
    first = invoice["billing_reason"] == "subscription_create" or waits
    scheduled = by_itself and not first
    again_at = _next_try(world, invoice) if scheduled else invoice["next_payment_attempt"]
    invoices.mark_failed(world, invoice, again_at=again_at)
    if said == payments.CHALLENGED:
        world.emit("invoice.payment_action_required", invoice)
    if subscription is not None and waits:
        pending.show(world, subscription)
    if first or subscription is None:
        return
    customer = world.get("customer", invoice["customer"])
    world.change(customer, "customer.updated", delinquent=True)
    if scheduled and again_at is None and subscription["status"] in {"active", "past_due"}:
        _exhausted(world, subscription)
    elif subscription["status"] == "active":
        world.change(subscription, "customer.subscription.updated", status="past_due")


def _next_try(world: World, invoice: Body) -> int | None:
    """By the schedule, which tries made by hand do not move."""
    tries: int = invoice["_"]["tries"]
    invoice["_"]["tries"] = tries + 1
    days = world.settings.retry_days
    return world.now + days[tries] * DAY if tries < len(days) else None


def _exhausted(world: World, subscription: Body) -> None:
    if world.settings.after_retries == "canceled":
        end(world, subscription, reason="payment_failed")
    else:
        world.change(subscription, "customer.subscription.updated", status=world.settings.after_retries)


def end(world: World, subscription: Body, *, reason: str, details: Body | None = None) -> Body:
    """The subscription is over: no renewal follows and nothing of it is collected any more."""
    for invoice in world.all(
        "invoice",
        customer=subscription["customer"],
        parent={"subscription_details": {"subscription": subscription["id"]}},
    ):
        if invoice["status"] in {"draft", "open"}:
            invoices.stop_collecting(world, invoice)
    world.change(
        subscription,
        status="canceled",
        canceled_at=subscription["canceled_at"] or world.now,
        cancellation_details=(subscription["cancellation_details"] or {}) | {"reason": reason} | (details or {}),
        ended_at=world.now,
    )
    world.emit("customer.subscription.deleted", subscription)
    return subscription


def pay(world: World, given: Body, name: str) -> Body:
    """POST /v1/invoices/…/pay. Raises StripeError 402, keeping the failed try, when the card is declined."""
    invoice = world.get("invoice", name)
    if invoice["status"] == "draft":
        invoices.finalize(world, invoice)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"This invoice is {invoice['status']} and cannot be paid.")
    if given.get("paid_out_of_band"):
        invoices.await_no_payment(world, invoice)
        invoices.mark_paid(world, invoice, attempted=False)
        _subscription_paid(world, invoice)
        return invoice
    method = _named_method(world, given, invoice)
    said = collect(world, invoice, method)
    if said != payments.SUCCEEDED:
        raise refusal(said)
    return world.get("invoice", name)


def _named_method(world: World, given: Body, invoice: Body) -> Body:
    if "payment_method" in given:
        method = usable(world, given["payment_method"], param="payment_method")
        if method["customer"] not in {None, invoice["customer"]}:
            raise invalid("The payment method does not belong to the customer of this invoice.", param="payment_method")
        return method
    usual = default_method(world, invoice)
    if usual is None:
        raise invalid(
            "There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method` or attach one and pass it.",
            code="invoice_no_payment_method_types",
        )
    return usual


def refusal(said: str) -> StripeError:
    if said == payments.CHALLENGED:
        return declined(
            "invoice_payment_intent_requires_action",
            "This payment requires additional user action before it can be completed successfully.",
        )
    if said == NO_CARD:
        return invalid(
            "This customer has no attached payment source or default payment method.", code="resource_missing"
        )
    code = error_code(said)
    return declined(code, MESSAGES[said], decline_code=said)


def finalize(world: World, given: Body, name: str) -> Body:
    """POST /v1/invoices/…/finalize."""
    invoice = world.get("invoice", name)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    invoices.finalize(world, invoice)
    if not invoice["amount_remaining"]:
        invoices.mark_paid(world, invoice, attempted=False)
    return invoice


def void(world: World, given: Body, name: str) -> Body:
    """A change that waited for this invoice is not made."""
    invoice = invoices.void(world, world.get("invoice", name))
    subscription = _subscription(world, invoice)
    if subscription and pending.waits_for(subscription, invoice):
        pending.drop(world, subscription)
    return invoice


def mark_uncollectible(world: World, given: Body, name: str) -> Body:
    return invoices.mark_uncollectible(world, world.get("invoice", name))
