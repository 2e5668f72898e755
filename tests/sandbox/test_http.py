"""The API over HTTP, for tools outside this process."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


class TestTheApi:
    @pytest.mark.parametrize("header", ["Bearer sk_test_1", "Basic c2tfdGVzdF8xOg=="])
    def test_it_takes_stripes_own_requests(self, client: Client, header: str) -> None:
        made = client.post(
            "/sandbox/v1/customers",
            "email=reader%40example.org&metadata[a]=b",
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": header, "Idempotency-Key": "one"},
        )
        listed = client.get(
            "/sandbox/v1/customers?limit=1&expand[]=data.subscriptions", headers={"Authorization": header}
        )

        assert made.json()["metadata"] == {"a": "b"}
        assert made["Request-Id"].startswith("req_sandbox_")
        assert listed.json()["data"][0]["id"] == made.json()["id"]
        assert listed.json()["data"][0]["subscriptions"]["data"] == []

    @pytest.mark.parametrize("header", ["", "Bearer sk_live_1", "Basic nonsense", "Basic /w=="])
    def test_it_wants_a_test_key(self, client: Client, header: str) -> None:
        assert client.get("/sandbox/v1/customers", headers={"Authorization": header}).status_code == 401

    def test_an_unknown_address_is_stripes_404(self, client: Client) -> None:
        answer = client.get("/sandbox/v1/topups", headers={"Authorization": "Bearer sk_test_1"})

        assert answer.status_code == 404
        assert answer.json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/topups).")

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"{}", b"a[b=c"])
    def test_a_body_that_is_no_form_is_a_400(self, client: Client, body: bytes) -> None:
        answer = client.post(
            "/sandbox/v1/customers",
            body,
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": "Bearer sk_test_1"},
        )

        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"
