"""The kinds of object the stand-in knows: their prefix, their type in the SDK, and the fields that only appear on request."""

from dataclasses import dataclass

import stripe


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    prefix: str
    resource: type
    url: str = ""  # the address of its list
    on_request: frozenset[str] = frozenset()  # only with expand
    sparse: bool = False  # leaves out what is not given
    noun: str = ""  # as Stripe says it in "No such …"


_ALL = (
    Kind(
        "customer",
        "cus",
        stripe.Customer,
        "/v1/customers",
        frozenset({"subscriptions", "sources", "tax_ids", "cash_balance", "invoice_credit_balance", "tax"}),
    ),
    Kind("tax_id", "txi", stripe.TaxId, "/v1/tax_ids", noun="tax ID"),
    Kind("tax_rate", "txr", stripe.TaxRate, "/v1/tax_rates", noun="tax rate"),
    Kind("product", "prod", stripe.Product, "/v1/products"),
    Kind("price", "price", stripe.Price, "/v1/prices", frozenset({"tiers", "currency_options"})),
    Kind("plan", "price", stripe.Plan, "/v1/plans", frozenset({"tiers"})),
    Kind("subscription", "sub", stripe.Subscription, "/v1/subscriptions"),
    Kind("subscription_item", "si", stripe.SubscriptionItem, "/v1/subscription_items", noun="subscription item"),
    Kind("invoice", "in", stripe.Invoice, "/v1/invoices", frozenset({"payments", "confirmation_secret"})),
    Kind("line_item", "il", stripe.InvoiceLineItem),
    Kind("invoiceitem", "ii", stripe.InvoiceItem, "/v1/invoiceitems", noun="invoiceitem"),
    Kind("invoice_payment", "inpay", stripe.InvoicePayment, "/v1/invoice_payments", noun="invoice payment"),
    Kind("payment_intent", "pi", stripe.PaymentIntent, "/v1/payment_intents"),
    Kind("charge", "ch", stripe.Charge, "/v1/charges", frozenset({"refunds"})),
    Kind("payment_method", "pm", stripe.PaymentMethod, "/v1/payment_methods", sparse=True, noun="PaymentMethod"),
    Kind("setup_intent", "seti", stripe.SetupIntent, "/v1/setup_intents", noun="setupintent"),
    Kind("checkout.session", "cs_test", stripe.checkout.Session, "/v1/checkout/sessions", frozenset({"line_items"})),
    Kind("item", "li", stripe.LineItem),
    Kind("credit_note", "cn", stripe.CreditNote, "/v1/credit_notes", frozenset({"refunds"}), noun="credit note"),
    Kind("refund", "re", stripe.Refund, "/v1/refunds"),
    Kind("dispute", "du", stripe.Dispute, "/v1/disputes"),
    Kind("credit_note_line_item", "cnli", stripe.CreditNoteLineItem),
    Kind(
        "customer_balance_transaction",
        "cbtxn",
        stripe.CustomerBalanceTransaction,
        "/v1/customers/{}/balance_transactions",
        noun="customer balance transaction",
    ),
    Kind(
        "subscription_schedule",
        "sub_sched",
        stripe.SubscriptionSchedule,
        "/v1/subscription_schedules",
        noun="subscription schedule",
    ),
    Kind("coupon", "coupon", stripe.Coupon, "/v1/coupons", frozenset({"applies_to", "currency_options"})),
    Kind("promotion_code", "promo", stripe.PromotionCode, "/v1/promotion_codes", noun="promotion code"),
    Kind("discount", "di", stripe.Discount),
    Kind("event", "evt", stripe.Event, "/v1/events"),
    Kind("billing_portal.session", "bps", stripe.billing_portal.Session, "/v1/billing_portal/sessions"),
    Kind(
        "billing_portal.configuration",
        "bpc",
        stripe.billing_portal.Configuration,
        "/v1/billing_portal/configurations",
        noun="configuration",
    ),
    Kind(
        "test_helpers.test_clock",
        "clock",
        stripe.test_helpers.TestClock,
        "/v1/test_helpers/test_clocks",
        noun="test clock",
    ),
)
KINDS = {kind.name: kind for kind in _ALL}
