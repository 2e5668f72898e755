"""Every address the stand-in answers, with the SDK's types of its parameters. What is not here is a 404, as at Stripe."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from stripe import params as types

from newsroom.sandbox.engine import (
    balances,
    catalogue,
    checkout,
    collecting,
    credit_notes,
    customers,
    discounts,
    disputes,
    events,
    invoice_items,
    invoices,
    invoicing,
    leaving,
    payment_methods,
    portal,
    previews,
    refunds,
    schedules,
    sessions,
    setup_intents,
    subscriptions,
    tax_ids,
    tax_rates,
    test_clocks,
)
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import unrecognized
from newsroom.sandbox.engine.params import words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

Deed = Callable[..., Body]
PAGED = words("created ending_before expand limit starting_after")
EXPAND = frozenset({"expand"})


@dataclass(frozen=True)
class Route:
    method: str
    path: str  # {…} stands for an id
    deed: Deed
    shape: Any = field(repr=False)  # the parameters the SDK sends
    built: frozenset[str] = EXPAND  # those the stand-in acts on; the others are refused by name

    @property
    def pattern(self) -> re.Pattern[str]:
        return _pattern(self.path)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("^" + re.sub(r"\{\w*\}", r"([A-Za-z0-9_.:-]+)", path) + "$")


def _retrieve(kind: str) -> Deed:
    def retrieve(world: World, given: Body, name: str) -> Body:
        body = world.store.find(name)
        if body and body["object"] == kind and body.get("deleted"):
            return body
        return world.get(kind, name)

    return retrieve


def _find(kind: str, *filters: str) -> Deed:
    def find(world: World, given: Body) -> Body:
        return page(world, kind, given, {name: given[name] for name in filters if name in given})

    return find


ROUTES = (
    Route("POST", "/v1/customers", customers.create, types.CustomerCreateParams, customers.BUILT),
    Route("GET", "/v1/customers", customers.find, types.CustomerListParams, PAGED | {"email", "test_clock"}),
    Route("GET", "/v1/customers/{}", _retrieve("customer"), types.CustomerRetrieveParams),
    Route(
        "POST",
        "/v1/customers/{}",
        customers.update,
        types.CustomerUpdateParams,
        customers.BUILT - {"payment_method", "test_clock"},
    ),
    Route("DELETE", "/v1/customers/{}", leaving.delete_customer, types.CustomerDeleteParams),
    Route("POST", "/v1/customers/{}/tax_ids", tax_ids.create, types.CustomerTaxIdCreateParams, tax_ids.BUILT),
    Route("GET", "/v1/customers/{}/tax_ids", tax_ids.find, types.CustomerTaxIdListParams, PAGED),
    Route("GET", "/v1/customers/{}/tax_ids/{}", tax_ids.retrieve, types.CustomerTaxIdRetrieveParams),
    Route("DELETE", "/v1/customers/{}/tax_ids/{}", tax_ids.delete, types.CustomerTaxIdDeleteParams),
    Route("POST", "/v1/tax_rates", tax_rates.create, types.TaxRateCreateParams, tax_rates.CREATE_BUILT),
    Route("GET", "/v1/tax_rates", tax_rates.find, types.TaxRateListParams, PAGED | {"active", "inclusive"}),
    Route("GET", "/v1/tax_rates/{}", _retrieve("tax_rate"), types.TaxRateRetrieveParams),
    Route("POST", "/v1/tax_rates/{}", tax_rates.update, types.TaxRateUpdateParams, tax_rates.UPDATE_BUILT),
    Route(
        "POST",
        "/v1/customers/{}/balance_transactions",
        balances.create,
        types.CustomerBalanceTransactionCreateParams,
        balances.CREATE_BUILT,
    ),
    Route(
        "GET",
        "/v1/customers/{}/balance_transactions",
        balances.find,
        types.CustomerBalanceTransactionListParams,
        PAGED,
    ),
    Route(
        "GET",
        "/v1/customers/{}/payment_methods",
        payment_methods.find_of_customer,
        types.CustomerPaymentMethodListParams,
        PAGED | {"type"},
    ),
    Route(
        "GET",
        "/v1/customers/{}/payment_methods/{}",
        payment_methods.retrieve_of_customer,
        types.CustomerPaymentMethodRetrieveParams,
    ),
    Route(
        "POST",
        "/v1/products",
        catalogue.create_product,
        types.ProductCreateParams,
        catalogue.PRODUCT_BUILT - {"default_price"},
    ),
    Route(
        "GET",
        "/v1/products",
        catalogue.find_products,
        types.ProductListParams,
        PAGED | {"active", "ids", "shippable", "url", "type"},
    ),
    Route("GET", "/v1/products/{}", _retrieve("product"), types.ProductRetrieveParams),
    Route(
        "POST",
        "/v1/products/{}",
        catalogue.update_product,
        types.ProductUpdateParams,
        catalogue.PRODUCT_BUILT - {"id", "type"},
    ),
    Route("POST", "/v1/prices", catalogue.create_price, types.PriceCreateParams, catalogue.PRICE_BUILT),
    Route(
        "GET",
        "/v1/prices",
        catalogue.find_prices,
        types.PriceListParams,
        PAGED | words("active currency lookup_keys product recurring.interval recurring.usage_type type"),
    ),
    Route("GET", "/v1/prices/{}", _retrieve("price"), types.PriceRetrieveParams),
    Route(
        "POST",
        "/v1/prices/{}",
        catalogue.update_price,
        types.PriceUpdateParams,
        words("active expand lookup_key metadata nickname tax_behavior transfer_lookup_key"),
    ),
    Route("POST", "/v1/checkout/sessions", sessions.create, types.checkout.SessionCreateParams, sessions.BUILT),
    Route(
        "GET",
        "/v1/checkout/sessions",
        checkout.find,
        types.checkout.SessionListParams,
        PAGED | words("customer payment_intent status subscription"),
    ),
    Route("GET", "/v1/checkout/sessions/{}", _retrieve("checkout.session"), types.checkout.SessionRetrieveParams),
    Route(
        "POST",
        "/v1/checkout/sessions/{}",
        checkout.update,
        types.checkout.SessionUpdateParams,
        words("expand metadata"),
    ),
    Route("POST", "/v1/checkout/sessions/{}/expire", checkout.expire, types.checkout.SessionExpireParams),
    Route(
        "GET",
        "/v1/checkout/sessions/{}/line_items",
        checkout.line_items,
        types.checkout.SessionListLineItemsParams,
        words("expand limit"),
    ),
    Route(
        "POST", "/v1/subscriptions", subscriptions.create, types.SubscriptionCreateParams, subscriptions.CREATE_BUILT
    ),
    Route(
        "GET",
        "/v1/subscriptions",
        subscriptions.find,
        types.SubscriptionListParams,
        PAGED | words("collection_method customer price status test_clock"),
    ),
    Route("GET", "/v1/subscriptions/{}", _retrieve("subscription"), types.SubscriptionRetrieveParams),
    Route(
        "POST", "/v1/subscriptions/{}", subscriptions.update, types.SubscriptionUpdateParams, subscriptions.UPDATE_BUILT
    ),
    Route(
        "DELETE",
        "/v1/subscriptions/{}",
        subscriptions.cancel,
        types.SubscriptionCancelParams,
        subscriptions.CANCEL_BUILT,
    ),
    Route(
        "POST",
        "/v1/subscriptions/{}/resume",
        subscriptions.resume,
        types.SubscriptionResumeParams,
        words("billing_cycle_anchor expand proration_behavior"),
    ),
    Route("POST", "/v1/coupons", discounts.create_coupon, types.CouponCreateParams, discounts.COUPON_BUILT),
    Route("GET", "/v1/coupons", _find("coupon"), types.CouponListParams, PAGED),
    Route("GET", "/v1/coupons/{}", _retrieve("coupon"), types.CouponRetrieveParams),
    Route("POST", "/v1/coupons/{}", discounts.update_coupon, types.CouponUpdateParams, words("expand metadata name")),
    Route("DELETE", "/v1/coupons/{}", discounts.delete_coupon, types.CouponDeleteParams),
    Route("POST", "/v1/promotion_codes", discounts.create_code, types.PromotionCodeCreateParams, discounts.CODE_BUILT),
    Route(
        "GET",
        "/v1/promotion_codes",
        discounts.find_codes,
        types.PromotionCodeListParams,
        PAGED | words("active code coupon customer"),
    ),
    Route("GET", "/v1/promotion_codes/{}", _retrieve("promotion_code"), types.PromotionCodeRetrieveParams),
    Route(
        "POST",
        "/v1/promotion_codes/{}",
        discounts.update_code,
        types.PromotionCodeUpdateParams,
        discounts.CODE_CHANGES,
    ),
    Route(
        "GET",
        "/v1/subscription_items",
        subscriptions.list_items,
        types.SubscriptionItemListParams,
        words("expand limit subscription"),
    ),
    Route("GET", "/v1/subscription_items/{}", subscriptions.retrieve_item, types.SubscriptionItemRetrieveParams),
    Route(
        "GET",
        "/v1/invoices",
        invoices.find,
        types.InvoiceListParams,
        PAGED | words("collection_method customer status subscription"),
    ),
    Route("POST", "/v1/invoices/create_preview", previews.create, types.InvoiceCreatePreviewParams, previews.BUILT),
    Route("POST", "/v1/invoices", invoicing.create, types.InvoiceCreateParams, invoicing.BUILT),
    Route("POST", "/v1/invoices/{}/send", invoicing.send, types.InvoiceSendInvoiceParams),
    Route("DELETE", "/v1/invoices/{}", invoicing.delete, types.InvoiceDeleteParams),
    Route("POST", "/v1/invoiceitems", invoice_items.create, types.InvoiceItemCreateParams, invoice_items.CREATE_BUILT),
    Route(
        "GET",
        "/v1/invoiceitems",
        invoice_items.find,
        types.InvoiceItemListParams,
        PAGED | words("customer invoice pending"),
    ),
    Route("GET", "/v1/invoiceitems/{}", _retrieve("invoiceitem"), types.InvoiceItemRetrieveParams),
    Route(
        "POST", "/v1/invoiceitems/{}", invoice_items.update, types.InvoiceItemUpdateParams, invoice_items.UPDATE_BUILT
    ),
    Route("DELETE", "/v1/invoiceitems/{}", invoice_items.delete, types.InvoiceItemDeleteParams),
    Route("GET", "/v1/invoices/{}", _retrieve("invoice"), types.InvoiceRetrieveParams),
    Route("POST", "/v1/invoices/{}", invoices.update, types.InvoiceUpdateParams, invoices.UPDATE_BUILT),
    Route("GET", "/v1/invoices/{}/lines", invoices.list_lines, types.InvoiceLineItemListParams, words("expand limit")),
    Route("POST", "/v1/invoices/{}/finalize", collecting.finalize, types.InvoiceFinalizeInvoiceParams),
    Route(
        "POST",
        "/v1/invoices/{}/pay",
        collecting.pay,
        types.InvoicePayParams,
        words("expand off_session paid_out_of_band payment_method"),
    ),
    Route("POST", "/v1/invoices/{}/void", collecting.void, types.InvoiceVoidInvoiceParams),
    Route(
        "POST",
        "/v1/invoices/{}/mark_uncollectible",
        collecting.mark_uncollectible,
        types.InvoiceMarkUncollectibleParams,
    ),
    Route(
        "GET",
        "/v1/invoice_payments",
        _find("invoice_payment", "invoice", "status"),
        types.InvoicePaymentListParams,
        PAGED | words("invoice status"),
    ),
    Route("GET", "/v1/invoice_payments/{}", _retrieve("invoice_payment"), types.InvoicePaymentRetrieveParams),
    Route(
        "GET",
        "/v1/payment_intents",
        _find("payment_intent", "customer"),
        types.PaymentIntentListParams,
        PAGED | {"customer"},
    ),
    Route("GET", "/v1/payment_intents/{}", _retrieve("payment_intent"), types.PaymentIntentRetrieveParams),
    Route(
        "GET",
        "/v1/charges",
        _find("charge", "customer", "payment_intent"),
        types.ChargeListParams,
        PAGED | {"customer", "payment_intent"},
    ),
    Route("POST", "/v1/credit_notes", credit_notes.create, types.CreditNoteCreateParams, credit_notes.BUILT),
    Route("GET", "/v1/credit_notes/preview", credit_notes.preview, types.CreditNotePreviewParams, credit_notes.BUILT),
    Route("POST", "/v1/credit_notes/{}/void", credit_notes.void, types.CreditNoteVoidCreditNoteParams),
    Route(
        "POST",
        "/v1/credit_notes/{}",
        credit_notes.update,
        types.CreditNoteUpdateParams,
        words("expand memo metadata"),
    ),
    Route(
        "GET",
        "/v1/credit_notes/{}/lines",
        credit_notes.list_lines,
        types.CreditNoteLineItemListParams,
        words("expand limit"),
    ),
    Route(
        "GET",
        "/v1/credit_notes",
        _find("credit_note", "customer", "invoice"),
        types.CreditNoteListParams,
        PAGED | words("customer invoice"),
    ),
    Route("GET", "/v1/credit_notes/{}", _retrieve("credit_note"), types.CreditNoteRetrieveParams),
    Route("POST", "/v1/refunds", refunds.create, types.RefundCreateParams, refunds.CREATE_BUILT),
    Route("POST", "/v1/refunds/{}", refunds.update, types.RefundUpdateParams, words("expand metadata")),
    Route("POST", "/v1/refunds/{}/cancel", refunds.cancel, types.RefundCancelParams),
    Route(
        "GET",
        "/v1/refunds",
        _find("refund", "charge", "payment_intent"),
        types.RefundListParams,
        PAGED | words("charge payment_intent"),
    ),
    Route("GET", "/v1/refunds/{}", _retrieve("refund"), types.RefundRetrieveParams),
    Route("POST", "/v1/disputes/{}", disputes.update, types.DisputeUpdateParams, disputes.UPDATE_BUILT),
    Route("POST", "/v1/disputes/{}/close", disputes.close, types.DisputeCloseParams),
    Route(
        "GET",
        "/v1/disputes",
        _find("dispute", "charge", "payment_intent"),
        types.DisputeListParams,
        PAGED | words("charge payment_intent"),
    ),
    Route("GET", "/v1/disputes/{}", _retrieve("dispute"), types.DisputeRetrieveParams),
    Route(
        "POST",
        "/v1/subscription_schedules",
        schedules.create,
        types.SubscriptionScheduleCreateParams,
        schedules.CREATE_BUILT,
    ),
    Route(
        "POST",
        "/v1/subscription_schedules/{}",
        schedules.update,
        types.SubscriptionScheduleUpdateParams,
        schedules.UPDATE_BUILT,
    ),
    Route(
        "POST",
        "/v1/subscription_schedules/{}/release",
        schedules.release,
        types.SubscriptionScheduleReleaseParams,
    ),
    Route(
        "GET",
        "/v1/subscription_schedules",
        _find("subscription_schedule", "customer"),
        types.SubscriptionScheduleListParams,
        PAGED | {"customer"},
    ),
    Route(
        "GET",
        "/v1/subscription_schedules/{}",
        _retrieve("subscription_schedule"),
        types.SubscriptionScheduleRetrieveParams,
    ),
    Route("GET", "/v1/charges/{}", _retrieve("charge"), types.ChargeRetrieveParams),
    Route(
        "POST", "/v1/payment_methods", payment_methods.create, types.PaymentMethodCreateParams, payment_methods.BUILT
    ),
    Route(
        "GET", "/v1/payment_methods", payment_methods.find, types.PaymentMethodListParams, PAGED | {"customer", "type"}
    ),
    Route("GET", "/v1/payment_methods/{}", _retrieve("payment_method"), types.PaymentMethodRetrieveParams),
    Route(
        "POST",
        "/v1/payment_methods/{}",
        payment_methods.update,
        types.PaymentMethodUpdateParams,
        words("allow_redisplay billing_details card.exp_month card.exp_year expand metadata"),
    ),
    Route(
        "POST",
        "/v1/payment_methods/{}/attach",
        payment_methods.attach,
        types.PaymentMethodAttachParams,
        words("customer expand"),
    ),
    Route("POST", "/v1/payment_methods/{}/detach", payment_methods.detach, types.PaymentMethodDetachParams),
    Route("POST", "/v1/setup_intents", setup_intents.create, types.SetupIntentCreateParams, setup_intents.BUILT),
    Route(
        "GET",
        "/v1/setup_intents",
        setup_intents.find,
        types.SetupIntentListParams,
        PAGED | {"customer", "payment_method"},
    ),
    Route("GET", "/v1/setup_intents/{}", _retrieve("setup_intent"), types.SetupIntentRetrieveParams),
    Route(
        "POST",
        "/v1/setup_intents/{}/confirm",
        setup_intents.confirm,
        types.SetupIntentConfirmParams,
        words("expand payment_method return_url"),
    ),
    Route(
        "POST",
        "/v1/setup_intents/{}/cancel",
        setup_intents.cancel,
        types.SetupIntentCancelParams,
        words("cancellation_reason expand"),
    ),
    Route(
        "POST",
        "/v1/billing_portal/sessions",
        portal.create,
        types.billing_portal.SessionCreateParams,
        portal.SESSION_BUILT,
    ),
    Route(
        "POST",
        "/v1/billing_portal/configurations",
        portal.create_configuration,
        types.billing_portal.ConfigurationCreateParams,
        portal.CONFIGURATION_BUILT - {"active"},
    ),
    Route(
        "GET",
        "/v1/billing_portal/configurations",
        portal.find_configurations,
        types.billing_portal.ConfigurationListParams,
        PAGED | {"active", "is_default"},
    ),
    Route(
        "GET",
        "/v1/billing_portal/configurations/{}",
        _retrieve("billing_portal.configuration"),
        types.billing_portal.ConfigurationRetrieveParams,
    ),
    Route(
        "POST",
        "/v1/billing_portal/configurations/{}",
        portal.update_configuration,
        types.billing_portal.ConfigurationUpdateParams,
        portal.CONFIGURATION_BUILT,
    ),
    Route(
        "POST",
        "/v1/test_helpers/test_clocks",
        test_clocks.create,
        types.test_helpers.TestClockCreateParams,
        words("expand frozen_time name"),
    ),
    Route(
        "GET", "/v1/test_helpers/test_clocks", _find(test_clocks.KIND), types.test_helpers.TestClockListParams, PAGED
    ),
    Route(
        "GET",
        "/v1/test_helpers/test_clocks/{}",
        _retrieve(test_clocks.KIND),
        types.test_helpers.TestClockRetrieveParams,
    ),
    Route("DELETE", "/v1/test_helpers/test_clocks/{}", test_clocks.delete, types.test_helpers.TestClockDeleteParams),
    Route(
        "POST",
        "/v1/test_helpers/test_clocks/{}/advance",
        test_clocks.advance,
        types.test_helpers.TestClockAdvanceParams,
        words("expand frozen_time"),
    ),
    Route("GET", "/v1/events", events.find, types.EventListParams, PAGED | {"type", "types"}),
    Route("GET", "/v1/events/{}", _retrieve("event"), types.EventRetrieveParams),
)


def route_of(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route and the ids in the path. Raises StripeError 404."""
    for route in ROUTES:
        if route.method == method and (found := route.pattern.match(path)):
            return route, found.groups()
    raise unrecognized(method, path)
