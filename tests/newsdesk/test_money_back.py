"""Money that goes back, on the desk: who may, what is refused, what a second press does."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, CreditNote, Dispute, Invoice, Matter, OutboxCall, Payment, Refund
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.newsdesk.actions import FINANCE, SALES
from newsroom.sandbox import clock
from newsroom.wire.rules import Tier
from tests.billing.shop import Shop, decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def shop(db):
    return Shop(Client())


def one_of(group: str) -> Client:
    user = a_user(is_staff=True, name="Ertan Kuyumcu")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def wish(**facts: str) -> dict[str, str]:
    return {"why": "A good customer", "once": str(uuid4())} | facts


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_only_finance_gives_money_back(shop):
    user = shop.subscriber()
    payment, person = Payment.objects.get(), user.pk
    pages = ["/desk/money-back/", f"/desk/money-back/payments/{payment.pk}/"]

    seller = one_of(SALES)
    turned_away = [*map(seller.get, pages), seller.post(pages[1], wish(amount="9.90", reason="duplicate"))]
    assert [(each.status_code, each["Location"]) for each in turned_away] == [(302, "/desk/")] * 3
    assert [one_of(FINANCE).get(each).status_code for each in pages] == [200, 200]
    shown = [
        f"/desk/money-back/payments/{payment.pk}/" in one_of(each).get(f"/desk/people/{person}/").content.decode()
        for each in (SALES, FINANCE)
    ]
    assert shown == [False, True]
    assert Refund.objects.count() == 0


def test_a_part_goes_back_once_however_often_the_button_is_pressed(shop):
    user, item = shop.subscriber(), an_item(at=now())
    client, payment = one_of(FINANCE), Payment.objects.get()
    form = wish(amount="3.00", reason="requested_by_customer")

    for _ in range(2):
        answer = client.post(f"/desk/money-back/payments/{payment.pk}/", form)
        assert (answer.status_code, answer.url) == (302, f"/desk/people/{user.pk}/")

    payment.refresh_from_db()
    assert (payment.refunded_minor, len(shop.objects("refund"))) == (300, 1)
    entry = AuditEntry.objects.get(action="billing.refund")
    assert (entry.actor_label, entry.why) == ("Ertan Kuyumcu", "A good customer")
    assert (decision(user, item).tier, Matter.objects.count()) == (Tier.FULL, 0)  # whoever refunds has decided


def test_the_whole_goes_back_and_the_right_ends(shop):
    user, item = shop.subscriber(), an_item(at=now())

    client, form = one_of(FINANCE), wish(amount="9.90", reason="duplicate")
    answers = [client.post(f"/desk/money-back/payments/{Payment.objects.get().pk}/", form) for _ in range(2)]
    shop.hear_all()
    assert ([each.status_code for each in answers], len(shop.objects("refund"))) == ([302, 302], 1)

    assert (decision(user, item).tier, the_subscription(user).status) == (Tier.SUMMARY, "canceled")


@pytest.mark.parametrize("amount", ["0", "9.91", "-1", "3.333", "much", ""])
def test_an_amount_that_cannot_go_back_is_refused_at_its_field(shop, amount):
    shop.subscriber()

    answer = one_of(FINANCE).post(
        f"/desk/money-back/payments/{Payment.objects.get().pk}/", wish(amount=amount, reason="duplicate")
    )

    assert (answer.status_code, list(errors(answer)), len(shop.objects("refund"))) == (200, ["amount"], 0)


def test_what_the_bank_has_taken_back_cannot_be_refunded_but_answered(shop):
    user, item = shop.subscriber(), an_item(at=now())
    client = one_of(FINANCE)
    shop.dispute(user)
    shop.hear_all()
    payment, dispute = Payment.objects.get(), Dispute.objects.get()
    answer = client.post(f"/desk/money-back/payments/{payment.pk}/", wish(amount="1.00", reason="duplicate"))
    assert "The bank has taken this money back" in errors(answer)["__all__"][0]
    page = client.get("/desk/money-back/").content.decode()
    assert f"/desk/money-back/disputes/{dispute.pk}/" in page

    silent = client.post(f"/desk/money-back/disputes/{dispute.pk}/", wish())
    assert list(errors(silent)) == ["uncategorized_text"]
    client.post(f"/desk/money-back/disputes/{dispute.pk}/", wish(uncategorized_text="winning_evidence"))
    shop.wait(hours=1)
    shop.hear_all()

    dispute.refresh_from_db()
    assert (dispute.status, decision(user, item).tier) == ("won", Tier.FULL)
    late = client.post(f"/desk/money-back/disputes/{dispute.pk}/", wish(uncategorized_text="more"))
    assert "does not want an answer any more" in errors(late)["__all__"][0]


def test_a_dispute_may_be_accepted(shop):
    user, item = shop.subscriber(), an_item(at=now())
    shop.dispute(user)
    shop.hear_all()

    one_of(FINANCE).post(f"/desk/money-back/disputes/{Dispute.objects.get().pk}/accept/", wish())
    shop.hear_all()

    assert (Dispute.objects.get().status, decision(user, item).tier) == ("lost", Tier.SUMMARY)


@pytest.mark.parametrize(
    ("decided", "status", "ends"),
    [("keep", "active", False), ("period_end", "active", True), ("now", "canceled", False)],
)
def test_staff_decides_what_a_part_means(shop, decided, status, ends):
    user = shop.subscriber()
    shop.refund(user, 300)
    shop.hear_all()
    matter, client = Matter.objects.get(), one_of(FINANCE)

    client.post(f"/desk/money-back/matters/{matter.pk}/", wish(decision=decided))
    shop.hear_all()

    matter.refresh_from_db()
    held = the_subscription(user)
    assert (matter.decision, matter.note, str(matter.settled_by)) == (decided, "A good customer", "Ertan Kuyumcu")
    assert (held.status, held.cancel_at is not None) == (status, ends)
    assert "A good customer" in client.get("/desk/money-back/").content.decode()


@pytest.mark.parametrize(("way", "back", "balance"), [("refund", 200, 0), ("credit", 0, 200), ("out_of_band", 0, 0)])
def test_a_credit_note_goes_where_finance_says(shop, way, back, balance):
    user = shop.subscriber()
    form = wish(amount="2.00", to=way, memo="Two days without news")

    for _ in range(2):
        one_of(FINANCE).post(f"/desk/money-back/invoices/{Invoice.objects.get().pk}/", form)
    shop.hear_all()

    note = CreditNote.objects.get()
    assert (note.total_minor, note.memo, note.kind) == (200, "Two days without news", "post_payment")
    assert (Payment.objects.get().refunded_minor, Account.objects.get(user=user).credit_minor) == (back, balance)
    assert Invoice.objects.get().credited_minor == 200


def test_what_waits_to_be_sent_counts_as_gone(shop):
    from newsroom.billing import outbox, returning

    shop.subscriber()
    payment = Payment.objects.get()
    outbox.ask(
        operation="refund.create",
        params={"charge": payment.stripe_id, "amount": 900},
        account=payment.account,
        at=now(),
    )

    assert returning.left_of(payment).minor == 90
    answer = one_of(FINANCE).post(f"/desk/money-back/payments/{payment.pk}/", wish(amount="0.91", reason="duplicate"))
    assert list(errors(answer)) == ["amount"]
    assert OutboxCall.objects.filter(operation="refund.create").count() == 1


def test_each_form_names_its_press(shop):
    shop.subscriber()
    page = one_of(FINANCE).get(f"/desk/money-back/payments/{Payment.objects.get().pk}/").content.decode()

    assert re.search(r'name="once" value="[0-9a-f-]{36}"', page)
