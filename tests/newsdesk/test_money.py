"""The desk's pages of money: what Stripe told us, what we asked, where we differed, one customer's story."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.billing import outbox
from newsroom.billing.models import Account, OutboxCall, Reconcile, StripeEvent
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.newsdesk.actions import ADMINISTRATION, FINANCE, SALES
from tests.billing.shop import Shop
from tests.factories import HOUR, a_user, an_organisation

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
WHY = {"why": "Stripe is back"}


def one_of(group: str):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def desk(at_desk):
    return at_desk(one_of(FINANCE))


def an_event(name: str = "evt_1", **facts) -> StripeEvent:
    values = {
        "kind": "invoice.paid",
        "customer": "cus_1",
        "payload": '{"id": "evt_1", "note": "<b>ünal</b>"}',
        "via": "webhook",
        "received_at": now(),
        "next_attempt_at": now(),
    }
    return StripeEvent.objects.create(event_id=name, **values | facts)


def a_call(state: str = "queued", account: Account | None = None, **facts) -> OutboxCall:
    call = outbox.ask(
        operation="subscription.cancel",
        params={"subject": f"sub_{OutboxCall.objects.count()}"},
        account=account,
        at=now(),
    )
    OutboxCall.objects.filter(pk=call.pk).update(state=state, **facts)
    call.refresh_from_db()
    return call


def named(page) -> list[str]:
    return re.findall(r"evt_\w+|sub_\w+", page.content.decode())


PAGES = ["money/", "money/events/", "money/calls/", "money/compared/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("group", "status"), [(FINANCE, 200), (ADMINISTRATION, 200), (SALES, 302)])
def test_only_who_keeps_money_sees_it(at_desk, path, group, status):
    assert at_desk(one_of(group)).get(f"/desk/{path}").status_code == status


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_says_that_it_is(desk, path):
    page = desk.get(f"/desk/{path}").content.decode()

    said = ("Nobody who pays", "told us nothing yet", "asked for nothing yet", "No comparison is like this", "never")
    assert any(each in page for each in said)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"evt_1", "evt_2", "evt_3"}),
        ("?state=dead", {"evt_2"}),
        ("?kind=invoice.", {"evt_1", "evt_2"}),
        ("?customer=cus_3", {"evt_3"}),
        ("?name=evt_1", {"evt_1"}),
        ("?until=2020-01-01", set()),
        ("?since=2020-01-01&state=received", {"evt_1", "evt_3"}),
        ("?state=moon", {"evt_1", "evt_2", "evt_3"}),
    ],
)
def test_events_are_found(desk, query, shown):
    an_event("evt_1")
    an_event("evt_2", state="dead", error="Stripe is away")
    an_event("evt_3", kind="customer.updated", customer="cus_3")

    page = desk.get(f"/desk/money/events/{query}")

    assert set(named(page)) == shown
    assert ("Select a valid choice" in page.content.decode()) == ("moon" in query)


def test_a_long_list_has_pages_that_keep_the_filter(desk, django_assert_max_num_queries):
    for number in range(51):
        an_event(f"evt_{number:03}")
    with django_assert_max_num_queries(20):
        first = desk.get("/desk/money/events/?kind=invoice")
    second = desk.get("/desk/money/events/?kind=invoice&page=2")

    assert (len(set(named(first))), len(set(named(second)))) == (50, 1)
    assert "kind=invoice&amp;page=2" in first.content.decode()


def test_an_event_shows_its_body_as_text_and_is_looked_at_again_with_a_reason(desk):
    event = an_event(state="dead", attempts=10, error="Stripe is away")
    page = desk.get(f"/desk/money/events/{event.pk}/").content.decode()
    assert "&lt;b&gt;ünal&lt;/b&gt;" in page

    refused = desk.post(f"/desk/money/events/{event.pk}/replay/", {"why": ""})
    answer = desk.post(f"/desk/money/events/{event.pk}/replay/", WHY)

    event.refresh_from_db()
    assert (refused.status_code, answer.status_code) == (200, 302)
    assert (event.state, event.attempts) == ("received", 0)
    assert list(AuditEntry.objects.values_list("action", "why")) == [("billing.event_replayed", "Stripe is back")]
    assert "Stripe is back" in desk.get(f"/desk/money/events/{event.pk}/").content.decode()


def test_a_dead_event_is_set_aside_and_the_alarm_is_over(desk):
    event = an_event(state="dead")
    assert "1 event from Stripe was given up." in desk.get("/desk/").content.decode()

    desk.post(f"/desk/money/events/{event.pk}/set-aside/", WHY)

    event.refresh_from_db()
    assert (event.state, event.error) == ("ignored", "set aside by hand")
    assert "was given up" not in desk.get("/desk/").content.decode()


def test_a_body_that_is_no_json_is_shown_as_it_came(desk):
    event = an_event(payload="{" + "[" * 5000)

    assert desk.get(f"/desk/money/events/{event.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 6),
        ("?state=unknown", 1),
        ("?state=waiting", 1),
        ("?state=dead", 1),
        ("?state=declined", 1),
        ("?state=settled", 1),
        ("?state=done", 1),
        ("?operation=subscription.", 6),
        ("?operation=refund", 0),
        ("?customer=cus_9", 0),
    ],
)
def test_calls_are_found(desk, query, shown):
    a_call("queued", attempts=2)
    a_call("queued")
    a_call("dead")
    a_call("declined")
    a_call("dead", settled_at=now())
    a_call("done", answer_id="x")

    page = desk.get(f"/desk/money/calls/{query}").content.decode()

    assert page.count('<td class="title">') == shown


def test_a_call_of_unknown_outcome_is_asked_again_with_its_own_key(desk):
    call = a_call("queued", attempts=3, next_attempt_at=now() + HOUR)

    desk.post(f"/desk/money/calls/{call.pk}/again/", WHY)

    again = OutboxCall.objects.get()
    assert (again.key, again.state, again.next_attempt_at <= now()) == (call.key, "queued", True)
    assert AuditEntry.objects.get().action == "billing.call_asked_again"


def test_one_whose_key_is_forgotten_is_asked_anew_and_settled_after_a_warning(desk):
    call = a_call("dead", created_at=now() - timedelta(days=2))
    assert "it may be done twice" in desk.get(f"/desk/money/calls/{call.pk}/").content.decode()

    desk.post(f"/desk/money/calls/{call.pk}/again/", WHY)

    old, new = OutboxCall.objects.order_by("pk")
    assert (old.state, old.settled_at is not None, new.state, new.key == old.key) == ("dead", True, "queued", False)
    assert new.params == old.params


def test_a_call_is_given_up_once_and_a_settled_one_says_so(desk):
    call = a_call("dead")
    assert "1 call to Stripe was never answered." in desk.get("/desk/").content.decode()

    desk.post(f"/desk/money/calls/{call.pk}/give-up/", WHY)
    again = desk.post(f"/desk/money/calls/{call.pk}/again/", WHY)

    assert "settled already" in again.content.decode()
    assert OutboxCall.objects.get().settled_at is not None
    assert "never answered" not in desk.get("/desk/").content.decode()


@pytest.mark.parametrize("path", ["money/events/{}/replay/", "money/calls/{}/again/"])
def test_who_may_only_look_changes_nothing(at_desk, path):
    seller = one_of(SALES)
    row = an_event(state="dead") if "events" in path else a_call("dead")

    assert at_desk(seller).post(f"/desk/{path.format(row.pk)}", WHY).status_code == 302  # to the first page
    row.refresh_from_db()
    assert row.state == "dead"


def test_a_later_wish_that_took_the_place_of_an_older_one_is_no_alarm(desk):
    ask = {"operation": "subscription.update", "account": None, "at": now()}
    outbox.ask(params={"subject": "sub_1", "cancel_at_period_end": True}, **ask)
    outbox.ask(params={"subject": "sub_1", "cancel_at_period_end": False}, **ask)

    assert "never answered" not in desk.get("/desk/").content.decode()


def test_a_comparison_says_what_differed_and_whose_it_is(desk):
    account = Account.objects.create(user=a_user(), stripe_customer_id="cus_1", created_at=now())
    facts = [
        {"id": "sub_1", "kind": "Subscription", "customer": "cus_1", "account": account.pk, "columns": ["status"]},
        {"id": "in_1", "kind": "Invoice", "customer": "cus_1", "account": account.pk, "columns": []},
        {"id": "ch_1", "kind": "Payment", "customer": "cus_2", "account": 7, "columns": [], "error": "Stripe is away"},
    ]
    row = Reconcile.objects.create(kind="objects", at=now(), seen_until=now(), examined=9, repaired=3, facts=facts)
    Reconcile.objects.create(kind="events", at=now(), seen_until=now(), examined=5, repaired=0)

    page = desk.get(f"/desk/money/compared/{row.pk}/").content.decode()
    whole = desk.get("/desk/money/compared/").content.decode()
    odd = desk.get("/desk/money/compared/?odd=1").content.decode()

    assert [word in page for word in ("status", "we had never heard of it", "Stripe is away")] == [True] * 3
    assert f"/desk/money/accounts/{account.pk}/" in page
    assert "3 objects were put right in the last 60 days." in whole
    assert (whole.count('<td class="title">'), odd.count('<td class="title">')) == (2, 1)


def test_a_customers_money_is_one_list(desk, db):
    shop = Shop(desk)
    user = shop.subscriber(name="Ada Kaya")
    account = Account.objects.get(user=user)

    page = desk.get(f"/desk/money/accounts/{account.pk}/").content.decode()

    said = (
        "We asked Stripe",
        "Subscription began",
        "Invoice",
        "Payment",
        "Licence changed",
        "Mail",
        "visa 4242",
        "€9.90",
    )
    assert [word for word in said if word not in page] == []
    assert desk.get(f"/desk/money/?words={user.email}").content.decode().count(f"accounts/{account.pk}/") == 1
    assert f"/desk/money/accounts/{account.pk}/" in desk.get(f"/desk/people/{user.pk}/").content.decode()


def test_a_customers_money_takes_the_same_queries_however_much_there_is(desk, django_assert_max_num_queries):
    account = Account.objects.create(organisation=an_organisation("Posta"), created_at=now())
    for _ in range(70):
        a_call("done", account)

    with django_assert_max_num_queries(40):
        page = desk.get(f"/desk/money/accounts/{account.pk}/").content.decode()

    assert page.count("We asked Stripe") == 60
    assert "page=2" in page
