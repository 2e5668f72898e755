"""What the control page chooses for the next answers and webhooks."""

import pytest
import stripe

from newsroom.sandbox import actions
from newsroom.sandbox.models import SandboxControls, SandboxDelivery, SandboxObject
from newsroom.sandbox.transport import SandboxClient

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
ASK = {"email": "reader@example.org"}


@pytest.fixture
def impatient() -> stripe.StripeClient:
    """An SDK that tries once."""
    return stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient(), max_network_retries=0)


def customers() -> int:
    return SandboxObject.objects.filter(kind="customer").count()


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        ("too_many", stripe.RateLimitError, 0),
        ("broken", stripe.APIError, 0),
        ("silent", stripe.APIConnectionError, 0),
        ("lost", stripe.APIConnectionError, 1),
    ],
)
def test_the_next_answer_is_as_chosen_and_those_after_it_as_usual(impatient, client, fault, error, done):
    client.post("/sandbox/control/steer/", {"next_webhook": "deliver", "after_retries": "unpaid", "next_answer": fault})

    with pytest.raises(error):
        impatient.v1.customers.create(ASK, {"idempotency_key": "k1"})

    assert customers() == done
    impatient.v1.customers.create(ASK, {"idempotency_key": "k1"})
    assert customers() == 1
    assert SandboxControls.objects.get().next_answer == "usual"


def test_as_many_answers_fail_as_were_asked_for(impatient, client):
    SandboxControls.objects.create(pk=1, next_answer="broken", answers=2)

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            impatient.v1.customers.create(ASK)

    assert impatient.v1.customers.create(ASK).email == ASK["email"]


def test_over_http_no_answer_is_a_504(client):
    SandboxControls.objects.create(pk=1, next_answer="silent")

    answer = client.get("/sandbox/v1/customers", headers={"Authorization": "Bearer sk_test_1"})

    assert answer.status_code == 504


def test_so_many_webhooks_are_lost_and_the_next_is_delivered(impatient):
    SandboxControls.objects.create(pk=1, next_webhook="lose", fated=2)

    for _ in range(3):
        impatient.v1.customers.create(ASK)

    assert list(SandboxDelivery.objects.order_by("pk").values_list("state", flat=True)) == ["lost", "lost", "pending"]


def test_a_webhook_is_overtaken_by_the_next(impatient):
    SandboxControls.objects.create(pk=1, next_webhook="overtake")

    impatient.v1.customers.create(ASK)
    impatient.v1.customers.create(ASK)

    first, second = SandboxDelivery.objects.order_by("pk")
    assert first.due_at > second.due_at


def test_an_event_is_sent_once_more(impatient, client):
    impatient.v1.customers.create(ASK)
    first = SandboxDelivery.objects.get()

    answer = client.post(f"/sandbox/control/resend/{first.event}/")

    assert answer.status_code == 302
    assert list(SandboxDelivery.objects.values_list("event", flat=True)) == [first.event] * 2
    assert client.post("/sandbox/control/resend/evt_none/").status_code == 404
    assert actions.next_renewal() is None


@pytest.mark.parametrize(("name", "value"), [("fated", "0"), ("answers", "101"), ("next_answer", "moon")])
def test_a_number_or_a_word_out_of_range_is_refused(client, name, value):
    asked = {"next_webhook": "deliver", "after_retries": "unpaid", name: value}

    page = client.post("/sandbox/control/steer/", asked, follow=True).content.decode()

    assert "Choose one of the values shown." in page
