"""How the stand-in takes requests: what it refuses and how, idempotency, pages, expand."""

import logging
from typing import Any

import pytest
import stripe

from newsroom.sandbox.engine.engine import Request
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.form import decode
from newsroom.sandbox.transport import SandboxClient
from tests.sandbox.shop import DAY, NOON, Shop


def refused(shop: Shop, method: str, path: str, text: str = "") -> tuple[int, dict[str, Any]]:
    answer = shop.engine.call(Request(method, path, text), now=shop.now)
    return answer.status, answer.body["error"]


@pytest.mark.parametrize(
    ("path", "text", "code", "param"),
    [
        ("/v1/customers", "emial=a@b.org", "parameter_unknown", "emial"),
        ("/v1/customers", "address[contry]=TR", "parameter_unknown", "address[contry]"),
        ("/v1/prices", "unit_amount=900", "parameter_missing", "currency"),
        ("/v1/prices", "currency=eur&unit_amount=9.5", "parameter_invalid_integer", "unit_amount"),
        ("/v1/prices", "currency=eur&unit_amount=nine", "parameter_invalid_integer", "unit_amount"),
        ("/v1/prices", "currency=eur&recurring[interval]=fortnight", None, "recurring[interval]"),
        ("/v1/prices", "currency=eur&recurring=month", None, "recurring"),
        ("/v1/prices", "currency=eur&active=yes", None, "active"),
        ("/v1/prices", "currency=eur&unit_amount_decimal=NaN&product=x", None, "unit_amount_decimal"),
        ("/v1/customers", "email=", "parameter_invalid_empty", "email"),
        ("/v1/customers", "email=nobody", "email_invalid", "email"),
        ("/v1/customers", "preferred_locales=tr", None, "preferred_locales"),
        ("/v1/customers", "name[first]=A", None, "name"),
        ("/v1/customers", f"metadata[{'k' * 41}]=v", None, f"metadata[{'k' * 40}]"),
        (
            "/v1/customers",
            "invoice_settings[default_payment_method]=pm_nobody",
            "resource_missing",
            "invoice_settings[default_payment_method]",
        ),
        (
            "/v1/checkout/sessions",
            "mode=subscription&success_url=ftp://x&line_items[0][price]=p",
            "url_invalid",
            "success_url",
        ),
        ("/v1/checkout/sessions", "mode=subscription&success_url=https://x", "parameter_missing", "line_items"),
        (
            "/v1/checkout/sessions",
            "mode=subscription&success_url=https://x&line_items[0][price]=price_x",
            "resource_missing",
            "line_items[0][price]",
        ),
        (
            "/v1/checkout/sessions",
            "mode=subscription&success_url=https://x&line_items[0][prize]=price_x",
            "parameter_unknown",
            "line_items[0][prize]",
        ),
        ("/v1/subscriptions", "items[0][price]=price_x", "parameter_missing", "customer"),
        ("/v1/subscriptions", "customer=cus_x", "resource_missing", "customer"),
        ("/v1/billing_portal/sessions", "return_url=https://x", "parameter_missing", "customer"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(
    shop: Shop, path: str, text: str, code: str | None, param: str
) -> None:
    status, error = refused(shop, "POST", path, text)

    assert (status, error["type"], error.get("code"), error["param"]) == (400, "invalid_request_error", code, param)


@pytest.mark.parametrize(
    ("path", "text", "param"),
    [
        ("/v1/checkout/sessions", "mode=setup", "mode"),
        ("/v1/checkout/sessions", "mode=subscription&ui_mode=embedded_page", "ui_mode"),
        ("/v1/checkout/sessions", "mode=subscription&automatic_tax[enabled]=true", "automatic_tax[enabled]"),
        ("/v1/subscriptions", "customer=c&collection_method=send_invoice", "collection_method"),
        ("/v1/subscriptions", "customer=c&transfer_data[destination]=a", "transfer_data.destination"),
        ("/v1/prices", "currency=eur&tiers_mode=volume", "tiers_mode"),
        ("/v1/customers", "balance=100", "balance"),
    ],
)
def test_what_stripe_can_and_the_sandbox_cannot_is_refused_not_ignored(
    shop: Shop, path: str, text: str, param: str
) -> None:
    status, error = refused(shop, "POST", path, text)

    assert (status, error["code"], error["param"]) == (400, "sandbox_not_supported", param)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v1/payouts"),
        ("POST", "/v1/transfers"),
        ("DELETE", "/v1/prices/price_1"),
        ("GET", "/v2/core/events"),
        ("PUT", "/v1/customers"),
        ("GET", "/v1/customers/"),
    ],
)
def test_an_unknown_route_is_a_404_and_a_line_in_the_log(
    shop: Shop, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    with caplog.at_level(logging.WARNING):
        status, error = refused(shop, method, path)

    assert (status, error["type"]) == (404, "invalid_request_error")
    assert error["message"].startswith(f"Unrecognized request URL ({method}: {path}).")
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [f"sandbox refused {method} {path}"]


def test_what_is_not_there_is_a_404(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such customer: 'cus_none'") as refusal:
        shop.sdk.v1.customers.retrieve("cus_none")

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (404, "resource_missing", "id")


def test_an_object_of_another_kind_is_not_there(shop: Shop) -> None:
    customer = shop.customer()

    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        shop.sdk.v1.subscriptions.retrieve(customer.id)


@pytest.mark.parametrize("text", ["a[b=c", "a]b=c", "a=1&a[b]=2", "a[b]=2&a=1", "a" + "[b]" * 40 + "=c", "%ff=a"])
def test_a_body_that_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(StripeError) as refusal:
        decode(text)

    assert refusal.value.status == 400


def test_lists_and_hashes_are_read_at_every_depth() -> None:
    assert decode("items[0][price]=p&items[0][metadata][1]=a&expand[]=x&expand[]=y&empty=") == {
        "items": {"0": {"price": "p", "metadata": {"1": "a"}}},
        "expand": {"0": "x", "1": "y"},
        "empty": "",
    }


class TestIdempotency:
    def test_the_same_key_and_parameters_get_the_same_answer_and_do_nothing(self, shop: Shop) -> None:
        first = shop.sdk.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})
        second = shop.sdk.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})

        assert second.to_dict() == first.to_dict()
        assert len(shop.sdk.v1.customers.list().data) == 1
        assert shop.happened() == ["customer.created"]

    def test_the_replay_says_so(self, shop: Shop) -> None:
        request = Request("POST", "/v1/customers", "email=a%40example.org", "one")
        shop.engine.call(request, now=NOON)

        assert shop.engine.call(request, now=NOON).headers["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize("path", ["/v1/customers", "/v1/products"])
    def test_the_same_key_with_other_parameters_is_an_error(self, shop: Shop, path: str) -> None:
        shop.sdk.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "one"})

        answer = shop.engine.call(Request("POST", path, "name=b", "one"), now=NOON)

        assert (answer.status, answer.body["error"]["type"]) == (400, "idempotency_error")

    def test_a_declined_card_is_remembered(self, shop: Shop) -> None:
        customer = shop.customer("pm_card_chargeCustomerFail")
        subscription = shop.sdk.v1.subscriptions.create(
            {"customer": customer.id, "items": [{"price": shop.price().id}]}
        )
        request = Request("POST", f"/v1/invoices/{subscription.latest_invoice}/pay", "", "pay")

        first, second = (shop.engine.call(request, now=NOON) for _ in range(2))

        assert (first.status, second.status, second.replayed, second.body) == (402, 402, True, first.body)

    def test_a_request_that_was_refused_unread_may_be_mended_under_its_key(self, shop: Shop) -> None:
        assert shop.engine.call(Request("POST", "/v1/customers", "emial=x", "one"), now=NOON).status == 400

        assert (
            shop.engine.call(Request("POST", "/v1/customers", "email=a%40example.org", "one"), now=NOON).status == 200
        )

    def test_a_key_is_forgotten_after_a_day(self, shop: Shop) -> None:
        request = Request("POST", "/v1/customers", "email=a%40example.org", "one")
        first = shop.engine.call(request, now=NOON)

        assert shop.engine.call(request, now=NOON + DAY).body["id"] != first.body["id"]


class TestPages:
    def test_a_list_is_newest_first_and_says_whether_there_is_more(self, shop: Shop) -> None:
        names = [shop.customer().id for _ in range(5)][::-1]

        page = shop.sdk.v1.customers.list({"limit": 2})
        after = shop.sdk.v1.customers.list({"limit": 2, "starting_after": names[1]})
        last = shop.sdk.v1.customers.list({"limit": 2, "starting_after": names[3]})
        before = shop.sdk.v1.customers.list({"limit": 2, "ending_before": names[3]})
        top = shop.sdk.v1.customers.list({"limit": 2, "ending_before": names[2]})

        assert ([each.id for each in page.data], page.has_more) == (names[:2], True)
        assert ([each.id for each in after.data], after.has_more) == (names[2:4], True)
        assert ([each.id for each in last.data], last.has_more) == (names[4:], False)
        assert ([each.id for each in before.data], before.has_more) == (names[1:3], True)
        assert ([each.id for each in top.data], top.has_more) == (names[:2], False)

    def test_the_sdk_walks_all_pages(self, shop: Shop) -> None:
        names = [shop.customer().id for _ in range(7)]

        assert [each.id for each in shop.sdk.v1.customers.list({"limit": 3}).auto_paging_iter()] == names[::-1]

    def test_created_is_a_filter(self, shop: Shop) -> None:
        first = shop.customer()
        shop.advance(days=1)
        second = shop.customer()

        assert [each.id for each in shop.sdk.v1.customers.list({"created": {"gt": NOON}}).data] == [second.id]
        assert [each.id for each in shop.sdk.v1.customers.list({"created": {"lte": NOON}}).data] == [first.id]
        assert [each.id for each in shop.sdk.v1.customers.list({"created": NOON}).data] == [first.id]

    @pytest.mark.parametrize(
        "text", ["limit=0", "limit=101", "starting_after=cus_none", "starting_after=a&ending_before=b"]
    )
    def test_a_page_that_cannot_be_is_refused(self, shop: Shop, text: str) -> None:
        status, error = refused(shop, "GET", "/v1/customers", text)

        assert (status, error["param"]) == (400, text.split("=")[0])

    def test_a_list_of_subscriptions_leaves_out_the_canceled_unless_asked(self, shop: Shop) -> None:
        ended, running = shop.subscription(), shop.subscription()
        shop.sdk.v1.subscriptions.cancel(ended.id)

        def names(**given: Any) -> list[str]:
            return [each.id for each in shop.sdk.v1.subscriptions.list(given).data]  # type: ignore[arg-type]  # filters

        assert names() == [running.id]
        assert names(status="all") == [running.id, ended.id]
        assert names(status="canceled") == names(status="ended") == [ended.id]
        assert names(price=running["items"].data[0].price.id) == [running.id]


class TestExpand:
    def test_ids_become_objects_at_every_depth(self, shop: Shop) -> None:
        subscription = shop.subscription()

        found = shop.sdk.v1.subscriptions.list(
            {"expand": ["data.customer", "data.latest_invoice.payments", "data.items.data.price.product"]}
        ).data[0]

        assert isinstance(found.customer, stripe.Customer)
        assert isinstance(found.latest_invoice, stripe.Invoice)
        assert found.latest_invoice.payments is not None
        assert len(found.latest_invoice.payments.data) == 1
        assert found.id == subscription.id
        assert found["items"].data[0].price.product.name == "Full access"

    @pytest.mark.parametrize("path", ["id", "status", "nonsense", "customer.nonsense", "a.b.c.d.e"])
    def test_what_cannot_be_expanded_is_refused(self, shop: Shop, path: str) -> None:
        subscription = shop.subscription()

        with pytest.raises(stripe.InvalidRequestError) as refusal:
            shop.sdk.v1.subscriptions.retrieve(subscription.id, {"expand": [path]})

        assert (refusal.value.http_status, refusal.value.param) == (400, "expand")

    def test_no_answer_and_no_event_carries_the_stand_ins_own_notes(self, shop: Shop) -> None:
        subscription = shop.subscription()
        expanded = shop.sdk.v1.subscriptions.retrieve(
            subscription.id, {"expand": ["default_payment_method", "latest_invoice"]}
        )
        events = shop.sdk.v1.events.list({"limit": 100})

        assert '"_"' not in f"{expanded}{events}"


@pytest.mark.parametrize("key", ["sk_live_1", "nonsense", "rk_live_1"])
def test_only_a_test_key_is_taken(shop: Shop, key: str) -> None:
    sdk = stripe.StripeClient(key, http_client=SandboxClient(shop.ask))

    with pytest.raises(stripe.AuthenticationError):
        sdk.v1.customers.list()


def test_every_id_says_that_it_is_the_sandboxs(shop: Shop) -> None:
    subscription = shop.subscription()
    events = shop.sdk.v1.events.list({"limit": 100}).data

    assert all("_sandbox_" in event.id and "_sandbox_" in str(event.data.object["id"]) for event in events)
    assert not any(event.livemode or event.data.object["livemode"] for event in events)
    assert subscription.id.startswith("sub_sandbox_")


def test_an_event_says_what_it_was_before_and_who_asked(shop: Shop) -> None:
    subscription = shop.subscription()
    shop.sdk.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True}, {"idempotency_key": "end"})

    event = shop.sdk.v1.events.list({"limit": 1}).data[0]

    assert event.type == "customer.subscription.updated"
    assert event.request is not None
    assert event.request.idempotency_key == "end"
    assert event.api_version == stripe.api_version
    assert event.data.previous_attributes is not None
    assert event.data.previous_attributes.to_dict() == {
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
    }
