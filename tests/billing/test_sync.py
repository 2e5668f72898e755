"""Our copy becomes what Stripe says, whoever asks and in whatever order."""

import pytest
from django.db import IntegrityError, transaction

from newsroom.billing import effects, inbox, mirror, sync
from newsroom.billing import gateway as gateway_module
from newsroom.billing.catalogue import catalogue
from newsroom.billing.effects import subscriptions
from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Invoice, OutboxCall, Reconcile, Subscription
from newsroom.billing.sync import MOST_LOOKS, Overtaken
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing.models import Licence, LicenceVersion
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import HOUR, NOON, a_product, a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def account_of(user) -> Account:
    return Account.objects.get(user=user)


class Slow:
    """A gateway whose first answers are held back while something else happens."""

    def __init__(self, meanwhile, times: int = 1) -> None:
        self.meanwhile, self.times = meanwhile, times

    def present(self, customer: str):
        seen = gateway().present(customer)
        if self.times:
            self.times -= 1
            self.meanwhile()
        return seen


def test_the_mirror_holds_what_stripe_said(shop):
    user = shop.subscriber(email="ayse@example.com", name="Ayşe")

    held, raw = the_subscription(user), shop.objects("subscription")[0]

    assert (held.stripe_id, held.status, held.plan, held.lookup_key) == (
        raw["id"],
        "active",
        "reader",
        "reader_month_eur",
    )
    assert (str(held.price), held.interval, held.duplicate) == ("€9.90", "month", False)
    item = raw["items"]["data"][0]
    assert (held.current_period_start.timestamp(), held.current_period_end.timestamp()) == (
        item["current_period_start"],
        item["current_period_end"],
    )
    assert held.paid_until == held.current_period_end
    assert (held.past_due_since, held.grace_until, held.cancel_at, held.ended_at, held.trial_end) == (None,) * 5
    invoice = Invoice.objects.get()
    assert (invoice.subscription_ref, invoice.status, invoice.total_minor) == (raw["id"], "paid", 990)
    assert [(line["amount"], line["quantity"]) for line in invoice.lines] == [(990, 1)]
    account = account_of(user)
    assert (account.currency, account.stripe_customer_id) == ("eur", raw["customer"])


def test_the_same_again_changes_nothing(shop):
    user = shop.subscriber()
    before = (Message.objects.count(), LicenceVersion.objects.count(), AuditEntry.objects.count())

    assert sync.sync(account_id=account_of(user).pk, at=now()) is False

    assert (Message.objects.count(), LicenceVersion.objects.count(), AuditEntry.objects.count()) == before


def test_a_stale_look_that_was_held_back_does_not_win(shop, monkeypatch):
    user = shop.subscriber()
    account, looks = account_of(user), []

    def meanwhile():
        looks.append(1)
        shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)
        monkeypatch.setattr(sync, "gateway", gateway)
        sync.sync(account_id=account.pk, at=now())
        monkeypatch.setattr(sync, "gateway", lambda: slow)

    slow = Slow(meanwhile)
    monkeypatch.setattr(sync, "gateway", lambda: slow)
    sync.sync(account_id=account.pk, at=now())

    assert (the_subscription(user).status, looks) == ("canceled", [1])


def test_who_is_overtaken_each_time_tries_later(shop, monkeypatch):
    user = shop.subscriber()
    account = account_of(user)

    def meanwhile():
        Account.objects.filter(pk=account.pk).update(version=Account.objects.get(pk=account.pk).version + 1)

    slow = Slow(meanwhile, times=MOST_LOOKS)
    monkeypatch.setattr(sync, "gateway", lambda: slow)

    with pytest.raises(Overtaken, match="8 times"):
        sync.sync(account_id=account.pk, at=now())
    assert sync.sync(account_id=account.pk, at=now()) is False


def test_a_second_live_subscription_is_flagged_undone_and_gives_nothing(shop):
    user = shop.subscriber()
    first = the_subscription(user)
    shop.pass_time(minutes=1)
    price = gateway().price("reader_plus_month_eur") or {}
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": account_of(user).stripe_customer_id})
    second = shop.sdk.v1.subscriptions.create(
        {
            "customer": account_of(user).stripe_customer_id,
            "items": [{"price": price["id"]}],
            "default_payment_method": method.id,
        }
    )

    shop.hear()
    shop.hear()  # of what we asked for

    found = {each.stripe_id: (each.status, each.duplicate) for each in Subscription.objects.all()}
    assert found == {first.stripe_id: ("active", False), second.id: ("canceled", False)}
    assert AuditEntry.objects.filter(action="billing.second_subscription", why=second.id).count() == 1
    call = OutboxCall.objects.get(operation="subscription.cancel")
    assert (call.state, call.params) == ("done", {"subject": second.id})
    ended = LicenceVersion.objects.filter(licence__source_ref=second.id, recorded_to=None, ends_at__gt=now())
    assert list(ended) == []
    assert Message.objects.filter(kind="subscription_started").count() == 1


def test_a_licence_of_one_that_turns_out_to_be_the_second_ends(shop):
    user = shop.subscriber()
    account, held = account_of(user), the_subscription(user)

    held.duplicate = True
    subscriptions.stand(account, held, now())

    assert Licence.objects.get().versions.get(recorded_to=None).ends_at <= now()


def test_the_database_itself_holds_one_live_subscription_per_account(shop):
    held = the_subscription(shop.subscriber())

    with pytest.raises(IntegrityError, match="subscription_one_live"), transaction.atomic():
        Subscription.objects.create(
            **{field.name: getattr(held, field.name) for field in Subscription._meta.fields if field.name != "id"}
            | {"stripe_id": "sub_other"}
        )


def test_who_comes_back_after_an_end_has_a_new_subscription(shop):
    user, item = shop.subscriber(), an_item(at=now())
    shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)
    shop.hear()
    assert decision(user, item).tier is Tier.SUMMARY

    shop.pay(shop.open(user), user)
    shop.hear()

    assert decision(user, item).tier is Tier.FULL
    assert sorted(Subscription.objects.values_list("status", flat=True)) == ["active", "canceled"]
    assert Licence.objects.filter(user=user).count() == 2


def test_a_plan_of_some_products_opens_those(shop, monkeypatch):
    from dataclasses import replace

    product = a_product("sports", at=now() - HOUR)
    plan = catalogue().plan("reader")
    monkeypatch.setattr(type(catalogue()), "plan", lambda self, code: replace(plan, products=("sports",)))

    user = shop.subscriber()

    version = Licence.objects.get(user=user).versions.get(recorded_to=None)
    assert (version.all_products, version.product_ids) == (False, [product.pk])


def test_a_plan_of_a_product_the_wire_does_not_have_is_a_bug_that_shows(shop, monkeypatch):
    from dataclasses import replace

    plan = catalogue().plan("reader")
    monkeypatch.setattr(type(catalogue()), "plan", lambda self, code: replace(plan, products=("ghost",)))
    user = a_user()
    shop.pay(shop.open(user), user)

    with pytest.raises(subscriptions.UnknownProduct, match="ghost"):
        sync.sync(account_id=account_of(user).pk, at=now())
    assert Subscription.objects.count() == 0


def test_a_subscription_somebody_made_by_hand_is_mirrored_and_gives_nothing(shop):
    user = a_user()
    shop.open(user)
    customer = account_of(user).stripe_customer_id
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    product = shop.sdk.v1.products.create({"name": "Something else"})
    price = shop.sdk.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 100, "recurring": {"interval": "month"}}
    )
    shop.sdk.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price.id}], "default_payment_method": method.id}
    )

    shop.hear()

    assert (the_subscription(user).plan, Licence.objects.count()) == ("", 0)


def test_a_subscription_whose_first_payment_fails_gives_nothing_and_expires(shop):
    user = a_user()
    shop.open(user)
    customer = account_of(user).stripe_customer_id
    method = shop.sdk.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    price = gateway().price("reader_month_eur") or {}
    shop.sdk.v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": price["id"]}],
            "default_payment_method": method.id,
            "payment_behavior": "allow_incomplete",
        }
    )
    shop.hear()
    assert (the_subscription(user).status, Licence.objects.count()) == ("incomplete", 0)

    shop.wait(days=1)

    assert (the_subscription(user).status, Licence.objects.count()) == ("incomplete_expired", 0)
    assert list(Message.objects.values_list("kind", flat=True)) == []


def test_the_account_is_compared_in_a_fixed_number_of_queries(shop, django_assert_num_queries):
    user = shop.subscriber()
    account = account_of(user)
    seen = gateway().present(account.stripe_customer_id)

    with django_assert_num_queries(12):  # savepoint, the account under its lock, eight mirrors, the version, release
        sync._write(account, seen, now())


class Killed(BaseException):
    """The worker's process is gone."""


@pytest.mark.parametrize(
    "place", [(gateway_module.Gateway, "present"), (mirror, "write"), (effects, "follow"), (inbox, "_note")]
)
def test_a_worker_killed_anywhere_is_followed_by_one_that_ends_the_same(shop, monkeypatch, place):
    user, item = a_user(), an_item(at=now())
    shop.pay(shop.open(user), user)
    event = next(each for each in shop.objects("event") if each["type"] == "checkout.session.completed")
    row = inbox.store(event, "{}", via="webhook", at=now())
    with monkeypatch.context() as patched:
        patched.setattr(*place, killed)
        with pytest.raises(Killed):
            inbox.process(event_id=row.pk, at=now())

    shop.pass_time(minutes=5)  # its lease
    inbox.process(event_id=row.pk, at=now())

    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)
    assert decision(user, item).tier is Tier.FULL
    assert (LicenceVersion.objects.count(), Subscription.objects.count(), Invoice.objects.count()) == (1, 1, 1)
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["receipt", "subscription_started"]


def killed(*args: object, **kwargs: object) -> None:
    raise Killed


def test_rows_name_themselves_for_staff(shop):
    user = shop.subscriber(name="Ayşe")
    event = inbox.store({"id": "evt_1", "type": "invoice.paid"}, "{}", via="webhook", at=now())
    compared = Reconcile(kind="events", at=NOON, repaired=2)
    held, invoice, call = the_subscription(user), Invoice.objects.get(), OutboxCall.objects.latest("pk")

    assert [str(each) for each in (account_of(user), held, invoice, event, call, compared)] == [
        "Ayşe",
        f"{held.stripe_id} active",
        invoice.number,
        "evt_1 invoice.paid",
        f"checkout.create {call.key}",
        "events 2026-03-03 12:00: 2",
    ]
