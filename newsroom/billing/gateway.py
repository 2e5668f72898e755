"""The one door to Stripe, in our words. Nothing else imports `stripe`.

It refuses to be asked inside a transaction: a slow answer would hold row locks, and a rollback would forget what Stripe
has done. Tests that Django wraps in a transaction of its own (`TestCase`, pytest's `db`) may ask: Django knows its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import stripe
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from newsroom.core.errors import Refused, TryAgain

API_VERSION = "2026-10-28.endive"  # pinned: the columns of the mirror are read from this shape
RETRIES = 2
TIMEOUT = 20  # seconds
PAGE = 100
DISCOUNTS = ["data.discounts.source.coupon", "data.default_payment_method"]
PAYMENTS = ["data.payments"]
CHARGE = ["data.charge"]
Body = dict[str, Any]


# What the outbox may ask for, and where the SDK has it. Nothing else can be asked.
OPERATIONS = {
    "customer.create": "customers.create",
    "customer.update": "customers.update",
    "tax_id.create": "customers.tax_ids.create",
    "tax_id.delete": "customers.tax_ids.delete",
    "checkout.create": "checkout.sessions.create",
    "checkout.expire": "checkout.sessions.expire",
    "subscription.create": "subscriptions.create",
    "subscription.update": "subscriptions.update",
    "subscription.cancel": "subscriptions.cancel",
    "subscription.resume": "subscriptions.resume",
    "schedule.create": "subscription_schedules.create",
    "schedule.update": "subscription_schedules.update",
    "schedule.release": "subscription_schedules.release",
    "portal.create": "billing_portal.sessions.create",
    "invoice.create": "invoices.create",
    "invoice.update": "invoices.update",
    "invoice.finalize": "invoices.finalize_invoice",
    "invoice.send": "invoices.send_invoice",
    "invoice.pay": "invoices.pay",
    "invoice.void": "invoices.void_invoice",
    "invoice.uncollectible": "invoices.mark_uncollectible",
    "invoice_item.create": "invoice_items.create",
    "invoice_item.delete": "invoice_items.delete",
    "credit_note.create": "credit_notes.create",
    "credit_note.void": "credit_notes.void_credit_note",
    "refund.create": "refunds.create",
    "dispute.update": "disputes.update",
    "dispute.close": "disputes.close",
    "coupon.create": "coupons.create",
    "coupon.update": "coupons.update",
    "promotion_code.create": "promotion_codes.create",
    "promotion_code.update": "promotion_codes.update",
    "tax_rate.create": "tax_rates.create",
    "product.create": "products.create",
    "product.update": "products.update",
    "price.create": "prices.create",
    "price.update": "prices.update",
}


class Declined(Refused):
    """Stripe understood and said no: a declined card, a closed session. Asking the same again changes nothing."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Unanswered(TryAgain):
    """No answer, or none that says whether it was done: ask again with the same key."""


class BillingOff(Refused):
    """BILLING_MODE is off: nothing can be bought here."""

    status = 503


@dataclass(frozen=True, slots=True)
class Present:
    """Everything Stripe says now about one customer."""

    customer: Body
    subscriptions: list[Body]
    invoices: list[Body]
    schedules: list[Body] = field(default_factory=list)
    credit_notes: list[Body] = field(default_factory=list)
    charges: list[Body] = field(default_factory=list)
    refunds: list[Body] = field(default_factory=list)
    disputes: list[Body] = field(default_factory=list)
    purchases: list[Body] = field(default_factory=list)  # Checkouts in mode `payment`


class Gateway:
    """What we ask of Stripe. Answers are plain dictionaries of Stripe's shape."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    def present(self, customer: str) -> Present:
        """What Stripe says now about this customer. Raises `Unanswered`."""
        own: Any = {"customer": customer, "limit": PAGE}
        with _asking():
            found = self._v1.customers.retrieve(customer, {"expand": ["tax_ids"]}).to_dict(for_json=True)
            subscriptions = list(_all(self._v1.subscriptions.list(own | {"status": "all", "expand": DISCOUNTS})))
            charges = list(_all(self._v1.charges.list(own | {"expand": ["data.refunds"]})))
            sessions = _all(self._v1.checkout.sessions.list(own))
            return Present(
                customer=found,
                subscriptions=subscriptions,
                invoices=[self._whole(each) for each in _all(self._v1.invoices.list(own | {"expand": PAYMENTS}))],
                schedules=self._schedules(own, subscriptions),
                credit_notes=list(_all(self._v1.credit_notes.list(own))),
                charges=charges,
                refunds=[refund for each in charges for refund in (each.pop("refunds", None) or {}).get("data", [])],
                disputes=[found for each in charges if each["disputed"] for found in self._disputes(each["id"])],
                purchases=[each for each in sessions if each["mode"] == "payment"],
            )

    def _schedules(self, own: Any, subscriptions: list[Body]) -> list[Body]:
        """Only asked for where a subscription says that it has one."""
        if not any(each["schedule"] for each in subscriptions):
            return []
        return list(_all(self._v1.subscription_schedules.list(own | {"expand": ["data.phases.items.price"]})))

    def _disputes(self, charge: str) -> Iterator[Body]:
        return _all(self._v1.disputes.list({"charge": charge, "limit": PAGE}))

    def _whole(self, invoice: Body) -> Body:
        """With all its lines: a list gives only the first ones."""
        if invoice["lines"]["has_more"]:
            lines = list(_all(self._v1.invoices.line_items.list(invoice["id"], {"limit": PAGE})))
            invoice["lines"] |= {"data": lines, "has_more": False}
        return invoice

    def price(self, lookup_key: str) -> Body | None:
        """The price that is sold under this key now, or None."""
        with _asking():
            return next(_all(self._v1.prices.list({"lookup_keys": [lookup_key], "active": True, "limit": 1})), None)

    def prices(self, lookup_keys: list[str]) -> dict[str, Body]:
        """The prices under these keys, by key. Stripe takes ten keys at a time."""
        found: dict[str, Body] = {}
        with _asking():
            for start in range(0, len(lookup_keys), 10):
                keys = lookup_keys[start : start + 10]
                found |= {
                    each["lookup_key"]: each
                    for each in _all(self._v1.prices.list({"lookup_keys": keys, "limit": PAGE}))
                }
        return found

    def products(self, ids: list[str]) -> dict[str, Body]:
        """The products with these ids, by id."""
        with _asking():
            return {each["id"]: each for each in _all(self._v1.products.list({"ids": ids, "limit": PAGE}))}

    def preview(self, params: Body) -> Body:
        """The invoice that would come of a change. Nothing is changed. Raises `Declined`, `Unanswered`."""
        with _asking():
            found: Any = params
            return self._v1.invoices.create_preview(found).to_dict(for_json=True)

    def coupons(self) -> dict[str, Body]:
        """Every coupon there is, by id."""
        with _asking():
            return {each["id"]: each for each in _all(self._v1.coupons.list({"limit": PAGE}))}

    def promotion_code(self, code: str) -> Body | None:
        """The promotion code that says this, or None. An active one comes first."""
        with _asking():
            found = list(_all(self._v1.promotion_codes.list({"code": code, "limit": PAGE})))
        return next((each for each in found if each["active"]), next(iter(found), None))

    def events(self, since: int) -> Iterator[Body]:
        """Every event created at or after this second, newest first (Stripe keeps them for 30 days)."""
        with _asking():
            yield from _all(self._v1.events.list({"created": {"gte": since}, "limit": PAGE}))

    def subscriptions(self) -> Iterator[Body]:
        """Every subscription there is, ended ones included, newest first."""
        with _asking():
            yield from _all(self._v1.subscriptions.list({"status": "all", "limit": PAGE, "expand": DISCOUNTS}))

    def invoices(self, since: int) -> Iterator[Body]:
        """Every invoice created at or after this second."""
        with _asking():
            found = _all(self._v1.invoices.list({"created": {"gte": since}, "limit": PAGE, "expand": PAYMENTS}))
            yield from map(self._whole, found)

    def open_invoices(self) -> Iterator[Body]:
        """Every invoice that waits for money, however old."""
        with _asking():
            found = _all(self._v1.invoices.list({"status": "open", "limit": PAGE, "expand": PAYMENTS}))
            yield from map(self._whole, found)

    def charges(self, since: int) -> Iterator[Body]:
        """Every charge created at or after this second."""
        with _asking():
            yield from _all(self._v1.charges.list({"created": {"gte": since}, "limit": PAGE}))

    def refunds(self, since: int) -> Iterator[Body]:
        """Every refund created at or after this second, with its charge: that says whose it is."""
        with _asking():
            yield from _all(self._v1.refunds.list({"created": {"gte": since}, "limit": PAGE, "expand": CHARGE}))

    def disputes(self, since: int) -> Iterator[Body]:
        """Every dispute created at or after this second, with its charge: that says whose it is."""
        with _asking():
            yield from _all(self._v1.disputes.list({"created": {"gte": since}, "limit": PAGE, "expand": CHARGE}))

    def credit_notes(self, since: int) -> Iterator[Body]:
        """Every credit note created at or after this second."""
        with _asking():
            yield from _all(self._v1.credit_notes.list({"created": {"gte": since}, "limit": PAGE}))

    def purchases(self, since: int) -> Iterator[Body]:
        """Every Checkout in mode `payment` created at or after this second."""
        with _asking():
            found = _all(self._v1.checkout.sessions.list({"created": {"gte": since}, "limit": PAGE}))
            yield from (each for each in found if each["mode"] == "payment")

    def invoice(self, name: str) -> Body:
        with _asking():
            return self._v1.invoices.retrieve(name).to_dict(for_json=True)

    def customer_of_charge(self, name: str) -> str:
        """Whose charge it is; nothing where Stripe does not know it or it has no customer."""
        try:
            with _asking():
                found = self._v1.charges.retrieve(name).to_dict(for_json=True)
        except Declined:
            return ""
        return str(found["customer"] or "")

    def change(self, operation: str, params: Body, *, key: str) -> Body:
        """Do what the outbox says. `subject` in `params` is the object changed, or the ids on the way to it. Raises `Declined`, `Unanswered`."""
        given = dict(params)
        subject = given.pop("subject", None)
        options: stripe.RequestOptions = {"idempotency_key": key}
        with _asking():
            answer: Body = self._do(operation, subject, given, options).to_dict(for_json=True)
        return answer

    def _do(self, operation: str, subject: str | list[str] | None, given: Any, options: stripe.RequestOptions) -> Any:
        deed = attrgetter(OPERATIONS[operation])(self._v1)
        ids = [subject] if isinstance(subject, str) else subject or []
        return deed(*ids, given, options)


def _all(page: Any) -> Iterator[Body]:
    for each in page.auto_paging_iter():
        yield each.to_dict(for_json=True)


class _asking:
    """Checks that no transaction is open, and turns the SDK's errors into ours."""

    def __enter__(self) -> None:
        with transaction.atomic(durable=True):  # Django's own check; nothing is sent to the database
            pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, stripe.StripeError):
            raise _ours(error) from error


def _ours(error: stripe.StripeError) -> Refused | TryAgain:
    """A 4xx is an answer; anything else leaves open whether it was done (https://docs.stripe.com/error-low-level)."""
    status = error.http_status or 0
    if status == 400 or status == 402 or status == 404:
        return Declined(error.user_message or str(error), error.code or "")
    return Unanswered(f"Stripe: {type(error).__name__} {status}")


@lru_cache(maxsize=1)
def gateway() -> Gateway:
    """The gateway of this installation: Stripe with a key, or the client that BILLING_HTTP_CLIENT names."""
    if settings.BILLING_MODE == "off":
        raise BillingOff(_("Nothing is sold here at present."))
    made = import_string(settings.BILLING_HTTP_CLIENT)() if settings.BILLING_HTTP_CLIENT else None
    return Gateway(
        stripe.StripeClient(
            settings.STRIPE_SECRET_KEY or "sk_test_none",
            stripe_version=API_VERSION,
            max_network_retries=RETRIES,
            http_client=made or stripe.new_default_http_client(timeout=TIMEOUT),
        )
    )
