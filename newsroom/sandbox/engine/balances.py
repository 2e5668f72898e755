"""What Stripe owes a customer (a negative balance) and what becomes of it: https://docs.stripe.com/billing/customer/balance."""

from typing import Any

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

CREATE_BUILT = words("amount currency description expand metadata")


def moved(world: World, customer: Body, amount: int, currency: str, kind: str, **facts: Any) -> Body:
    """The balance changes by this much: below zero the customer is owed more. Its row is handed back."""
    ending = customer["balance"] + amount
    world.change(customer, "customer.updated", balance=ending, currency=customer["currency"] or currency)
    own = {"currency": currency, "customer": customer["id"], "ending_balance": ending, "metadata": {}, "type": kind}
    return world.add("customer_balance_transaction", amount=amount, **own | facts)


def applied(world: World, invoice: Body) -> None:
    """What the customer is owed pays for the invoice as far as it goes; a total below zero is owed to them."""
    customer = world.get("customer", invoice["customer"])
    balance, total = customer["balance"], invoice["total"]
    due = max(balance + total, 0) if balance < 0 or total < 0 else total + balance
    used = due - total
    if used:
        moved(world, customer, -used, invoice["currency"], "applied_to_invoice", invoice=invoice["id"])
    facts: Body = {"starting_balance": balance, "ending_balance": balance - used}
    world.change(invoice, amount_due=due, amount_remaining=due, **facts)


def given_back(world: World, invoice: Body) -> None:
    """A void invoice used nothing of the balance."""
    used = invoice["amount_due"] + invoice["pre_payment_credit_notes_amount"] - invoice["total"]
    if used:
        customer = world.get("customer", invoice["customer"])
        moved(world, customer, used, invoice["currency"], "unapplied_from_invoice", invoice=invoice["id"])


def create(world: World, given: Body, name: str) -> Body:
    """POST /v1/customers/…/balance_transactions: an adjustment by hand."""
    customer = world.get("customer", name)
    facts = {"description": given.get("description"), "metadata": merged({}, given.get("metadata"))}
    return moved(world, customer, given["amount"], given["currency"], "adjustment", **facts)


def find(world: World, given: Body, name: str) -> Body:
    world.get("customer", name)
    url = f"/v1/customers/{name}/balance_transactions"
    return page(world, "customer_balance_transaction", given, {"customer": name}, url=url)
