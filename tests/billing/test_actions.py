"""What a reader does about money."""

import pytest

from newsroom.billing import actions
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.sandbox.engine.errors import StripeError
from tests.billing.lines import Cut, Failing
from tests.billing.shop import DECLINED_AT_ONCE, MONTHLY, the_subscription
from tests.factories import NOON, a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def sessions(shop) -> list[str]:
    return [each["status"] for each in shop.objects("checkout.session")]


def test_the_checkout_is_for_this_person_and_this_price_and_comes_back_to_the_story(shop, settings):
    user = a_user(email="ayse@example.com", name="Ayşe Yılmaz", locale="tr")

    shop.open(user, next_path="/story/a-b/")

    session, customer = shop.objects("checkout.session")[0], shop.objects("customer")[0]
    account = Account.objects.get(user=user)
    assert (customer["email"], customer["name"], customer["preferred_locales"], customer["metadata"]) == (
        "ayse@example.com",
        "Ayşe Yılmaz",
        ["tr"],
        {"account": str(account.pk)},
    )
    assert (session["customer"], session["client_reference_id"], session["mode"], session["locale"]) == (
        customer["id"],
        str(account.pk),
        "subscription",
        "tr",
    )
    assert (session["amount_total"], session["currency"]) == (990, "eur")
    assert session["success_url"] == f"{settings.BASE_URL}/checkout/success/?next=%2Fstory%2Fa-b%2F"
    assert session["cancel_url"] == f"{settings.BASE_URL}/checkout/cancelled/?next=%2Fstory%2Fa-b%2F"
    entry = AuditEntry.objects.get(action="billing.checkout_opened")
    assert (entry.actor_id, entry.facts) == (user.pk, {"price": MONTHLY})


def test_a_language_that_checkout_does_not_speak_is_left_to_it(shop):
    shop.open(a_user(locale="ar", name=""))

    assert shop.objects("checkout.session")[0]["locale"] == "auto"
    assert shop.objects("customer")[0]["name"] is None


def test_a_person_has_one_customer_however_often_he_tries(shop):
    user = a_user()
    for _ in range(3):
        shop.open(user)

    assert len(shop.objects("customer")) == 1


def test_a_former_checkout_is_closed_before_another_opens(shop):
    user = a_user()
    first = shop.open(user)
    shop.open(user)

    assert sessions(shop) == ["expired", "open"]
    with pytest.raises(StripeError):
        shop.pay(first, user)


def test_who_has_a_subscription_gets_no_second_checkout(shop):
    user = shop.subscriber()

    with pytest.raises(actions.AlreadySubscribed) as refusal:
        shop.open(user)

    assert (str(refusal.value), refusal.value.status) == ("You already have a subscription.", 409)
    assert sessions(shop) == ["complete"]


def test_with_the_webhook_late_nobody_pays_twice(shop):
    user = a_user()
    shop.pay(shop.open(user), user)
    assert not Subscription.objects.exists()

    with pytest.raises(actions.AlreadySubscribed):
        shop.open(user)

    assert the_subscription(user).status == "active"


def test_who_pays_in_another_tab_while_he_opens_a_checkout_does_not_get_it(shop, monkeypatch):
    user = a_user()
    first = shop.open(user)
    looked = []
    real = actions.sync

    def sync_then_pay(**kwargs):
        found = real(**kwargs)
        if not looked:
            shop.pay(first, user)
        looked.append(1)
        return found

    monkeypatch.setattr(actions, "sync", sync_then_pay)

    with pytest.raises(actions.AlreadySubscribed):
        shop.open(user)

    assert (len(looked), sessions(shop)) == (2, ["complete"])


@pytest.mark.parametrize("key", ["no_such_key", "reader_year_try"])
def test_what_is_not_in_the_catalogue_or_not_yet_at_stripe_is_not_for_sale(shop, key):
    with pytest.raises(actions.NotForSale):
        shop.open(a_user(), key)

    assert sessions(shop) == []


def test_an_account_pays_in_one_currency(shop):
    user = shop.subscriber()
    shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)

    with pytest.raises(actions.NotForSale, match="another currency"):
        shop.open(user, "reader_month_usd")


def test_a_declined_card_leaves_the_checkout_open_and_gives_nothing(shop):
    user = a_user()
    session = shop.open(user)

    with pytest.raises(StripeError, match="declined"):
        shop.pay(session, user, DECLINED_AT_ONCE)

    assert actions.finish(user=user, at=now()) is None
    assert sessions(shop) == ["open"]


def test_the_success_page_does_not_wait_for_the_webhook(shop):
    user = a_user()
    shop.pay(shop.open(user), user)

    held = actions.finish(user=user, at=now())

    assert held is not None
    assert (held.status, held.plan) == ("active", "reader")


def test_who_never_bought_anything_has_nothing_to_finish_and_stripe_is_not_asked(line):
    line(Cut)

    assert actions.finish(user=a_user(), at=NOON) is None


def test_cancel_and_resume_and_cancel_again(shop):
    user = shop.subscriber()
    seen = []
    for deed in (actions.cancel_at_period_end, actions.cancel_at_period_end, actions.resume, actions.resume):
        deed(user=user, by=user.actor, at=now())
        held = the_subscription(user)
        seen.append(bool(held.cancel_at or held.cancel_at_period_end))

    assert seen == [True, True, False, False]
    done = list(
        AuditEntry.objects.filter(action__contains="subscription_").order_by("pk").values_list("action", flat=True)
    )
    assert done == ["billing.subscription_cancelled", "billing.subscription_resumed"]


def test_a_cancellation_for_a_date_set_at_stripe_is_taken_back_too(shop):
    user = shop.subscriber()
    held = the_subscription(user)
    middle = int((held.current_period_start.timestamp() + held.current_period_end.timestamp()) // 2)
    shop.sdk.v1.subscriptions.update(held.stripe_id, {"cancel_at": middle})
    shop.hear()
    cancelled = the_subscription(user)
    assert cancelled.cancel_at is not None
    assert int(cancelled.cancel_at.timestamp()) == middle

    actions.resume(user=user, by=user.actor, at=now())

    assert the_subscription(user).cancel_at is None


@pytest.mark.parametrize("deed", [actions.cancel_at_period_end, actions.resume, actions.open_card_change])
def test_who_has_no_subscription_has_nothing_to_change(deed, line):
    line(Cut)
    user = a_user()

    with pytest.raises(actions.NoSubscription):
        deed(user=user, by=user.actor, at=NOON)


def test_who_only_has_an_account_has_nothing_to_cancel(line):
    line(Cut)
    user = a_user()
    actions.account_of(user=user, at=NOON)

    with pytest.raises(actions.NoSubscription):
        actions.cancel_at_period_end(user=user, by=user.actor, at=NOON)


def test_an_ended_subscription_is_not_resumed(shop):
    user = shop.subscriber()
    shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)
    shop.hear()

    with pytest.raises(actions.NoSubscription):
        actions.resume(user=user, by=user.actor, at=now())


def test_an_invoice_is_shown_where_stripe_has_it_now(shop):
    invoice = Invoice.objects.get(account__user=shop.subscriber())
    Invoice.objects.update(hosted_url="https://old", pdf_url="https://old.pdf")
    invoice.refresh_from_db()
    fresh = shop.objects("invoice")[0]

    found = (actions.address_of(invoice=invoice, pdf=False), actions.address_of(invoice=invoice, pdf=True))

    assert found == (fresh["hosted_invoice_url"], fresh["invoice_pdf"])


@pytest.mark.parametrize("status", [500, 404])
def test_with_stripe_away_an_invoice_is_shown_where_it_was(shop, line, monkeypatch, status):
    invoice = Invoice.objects.get(account__user=shop.subscriber())
    invoice.hosted_url, invoice.pdf_url = "https://old", "https://old.pdf"
    monkeypatch.setattr(Failing, "STATUS", status)
    line(Failing)

    found = (actions.address_of(invoice=invoice, pdf=False), actions.address_of(invoice=invoice, pdf=True))

    assert found == ("https://old", "https://old.pdf")


def test_who_was_deleted_at_stripe_may_come_back_as_a_new_customer(shop):
    user = shop.subscriber()
    first = Account.objects.get(user=user).stripe_customer_id
    shop.sdk.v1.customers.delete(first)

    shop.pay(shop.open(user), user)
    actions.finish(user=user, at=now())

    assert Account.objects.get(user=user).stripe_customer_id not in {first, None}
    assert sorted(Subscription.objects.values_list("status", flat=True)) == ["active", "canceled"]
