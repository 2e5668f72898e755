"""A day pass and a single story, from the order to the licence and to its end."""

from datetime import timedelta
from typing import Any

import pytest

from newsroom.billing import actions
from newsroom.billing.gateway import Declined
from newsroom.billing.models import Account, Order, Payment, Purchase
from newsroom.billing.purchases import buying, fulfilling, listing
from newsroom.billing.purchases.errors import AlreadyYours, NotSold
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import BadChoice, Choice
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry, Message
from newsroom.core.money import Money
from newsroom.licensing.documents.typeset import pdf
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox.engine.errors import StripeError
from newsroom.wire import actions as wire
from tests.billing.shop import Shop, decision
from tests.factories import a_user, an_item

PRINT = Choice("print", "country", "DE", "medium", "year")
DECLINED_CARDS = (
    "4000000000000002",
    "4000000000000069",
    "4000000000000119",
    "4000000000000127",
    "4000000000009979",
    "4000000000009987",
    "4000000000009995",
)
CHALLENGES = "4000002760003184"


def said(licence: Licence) -> Any:
    return licence.versions.get(recorded_to=None)


def test_a_day_pass_opens_every_story_for_24_hours_from_payment(shop: Shop):
    user, item = a_user(), an_item()
    order = shop.buy_day_pass(user)

    paid = Payment.objects.get()
    licence = Licence.objects.get(user=user)
    assert (licence.source, licence.source_ref) == (Source.DAY_PASS, str(order.ref))
    assert (said(licence).starts_at, said(licence).ends_at) == (paid.created_at, paid.created_at + timedelta(hours=24))
    assert decision(user, item).allowed
    shop.pass_time(hours=24, minutes=1)
    assert not decision(user, item).allowed


def test_a_day_pass_is_not_sold_to_who_reads_everything(shop: Shop):
    user = a_user()
    shop.buy_day_pass(user)
    with pytest.raises(AlreadyYours):
        shop.buy_day_pass(user)
    with pytest.raises(AlreadyYours):
        shop.buy_day_pass(shop.subscriber())


def test_one_story_is_read_for_good_and_no_other_opens(shop: Shop):
    user, item, other = a_user(), an_item(), an_item()
    order = shop.buy_story(user, item)

    licence = Licence.objects.get(user=user)
    assert (licence.source, licence.source_ref) == (Source.STORY, str(order.ref))
    assert (said(licence).uses, said(licence).item_ids, said(licence).ends_at) == (["read"], [item.pk], None)
    assert (decision(user, item).allowed, decision(user, other).allowed) == (True, False)
    with pytest.raises(AlreadyYours):
        shop.buy_story(user, item)


def test_a_story_for_print_has_its_limits_and_a_certificate_that_says_them(shop: Shop):
    user, item = a_user(name="Ida Falk"), an_item()
    order = shop.buy_story(user, item, PRINT)

    version = said(Licence.objects.get(user=user))
    assert (version.uses, version.channels, version.territories) == (["download", "publish", "read"], ["print"], ["DE"])
    assert version.ends_at - version.starts_at == timedelta(days=365)
    document = listing.certificate_of(user=user, ref=str(order.ref))
    assert document is not None
    facts = dict(document.data["facts"])
    assert (facts["Channels"], facts["Territory"], facts["Circulation"]) == ("print", "Germany", "up to 100,000")
    assert pdf(document).startswith(b"%PDF")
    assert listing.certificate_of(user=a_user(), ref=str(order.ref)) is None
    assert [each.kind for each in Message.objects.order_by("kind")] == ["receipt", "story_licensed"]


def test_news_of_a_purchase_may_come_twice_late_or_never(shop: Shop):
    user, item = a_user(), an_item()
    url = buying.buy_story(
        user=user,
        item=item,
        headline="A story",
        choice=Choice(),
        price=price_list().story(Choice(), "eur"),
        next_path="",
        by=user.actor,
        at=now(),
    )
    shop.pay(shop.session_in(url), user)
    shop.hear()
    shop.hear()
    actions.finish(user=user, at=now())

    licence = Licence.objects.get(user=user)
    assert licence.versions.count() == 1
    assert fulfilling.documents_of(licence).count() == 1
    assert Message.objects.filter(kind="story_licensed").count() == 1


@pytest.mark.parametrize("card", DECLINED_CARDS)
def test_a_declined_card_gives_nothing_and_another_card_pays(shop: Shop, card: str):
    user = a_user()
    url = buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now())
    session = shop.session_in(url)
    with pytest.raises(StripeError):
        shop.pay(session, user, card)
    shop.hear()
    assert (Licence.objects.count(), Purchase.objects.get().status) == (0, "open")
    assert [each.status for each in Payment.objects.all()] == ["failed"]

    shop.pay(session, user)
    shop.hear()
    assert Licence.objects.filter(user=user).count() == 1


def test_3d_secure_refused_gives_nothing_and_approved_gives_the_right(shop: Shop):
    user = a_user()
    session = shop.session_in(buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now()))
    shop.pay(session, user, CHALLENGES)
    with pytest.raises(StripeError):
        at_stripe.answer_challenge(session, approved=False)
    shop.hear()
    assert Licence.objects.count() == 0

    shop.pay(session, user, CHALLENGES)
    at_stripe.answer_challenge(session, approved=True)
    shop.hear()
    assert Licence.objects.filter(user=user).count() == 1


def test_a_checkout_that_is_abandoned_expires_and_gives_nothing(shop: Shop):
    user = a_user()
    session = shop.session_in(buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now()))
    shop.pay(session, user, CHALLENGES)
    shop.wait(days=2)

    assert (Purchase.objects.get().status, Licence.objects.count()) == ("expired", 0)
    with pytest.raises(StripeError, match="expired"):
        shop.pay(session, user)


def test_a_second_checkout_closes_the_first(shop: Shop):
    user = a_user()
    urls = [buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now()) for _ in range(2)]
    with pytest.raises(StripeError, match="expired"):
        shop.pay(shop.session_in(urls[0]), user)
    shop.pay(shop.session_in(urls[1]), user)


def test_all_of_the_money_back_ends_the_licence_and_revokes_the_certificate(shop: Shop):
    user, item = a_user(), an_item()
    order = shop.buy_story(user, item)
    shop.refund(user, order.price_minor - 1)
    shop.hear()
    assert decision(user, item).allowed

    shop.refund(user)
    shop.hear()

    assert not decision(user, item, now() + timedelta(seconds=2)).allowed
    document = fulfilling.documents_of(Licence.objects.get(user=user)).get()
    assert [each.what for each in document.standings.all()] == ["revoked"]
    assert [each.state for each in listing.bought(user=user, at=now())] == ["refunded"]


def test_what_stripe_sold_otherwise_than_ordered_gives_nothing_and_is_noted(shop: Shop):
    user = a_user()
    session = shop.session_in(buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now()))
    customer = Account.objects.get(user=user).stripe_customer_id or ""
    order = Order.objects.get()
    cheaper = shop.sdk.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": customer,
            "success_url": "https://news.example/",
            "metadata": {"kind": "day_pass", "order": str(order.ref)},
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 50, "product_data": {"name": "x"}}}
            ],
        }
    )
    shop.pay(cheaper.id, user)
    shop.hear()

    assert Licence.objects.count() == 0
    assert AuditEntry.objects.filter(action="billing.purchase_differs").exists()
    shop.pay(session, user)
    shop.hear()
    assert Licence.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("order", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_checkout_we_never_ordered_gives_nothing(shop: Shop, order: str):
    user = shop.subscriber()
    before = Licence.objects.count()
    customer = Account.objects.get(user=user).stripe_customer_id or ""
    made = shop.sdk.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": customer,
            "success_url": "https://news.example/",
            "metadata": {"kind": "day_pass", **({"order": order} if order else {})},
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 290, "product_data": {"name": "x"}}}
            ],
        }
    )
    shop.pay(made.id, user)
    shop.hear()
    assert Licence.objects.count() == before


def test_another_accounts_order_gives_nothing(shop: Shop):
    mine, other = a_user(), a_user()
    shop.buy_day_pass(mine)
    buying.buy_day_pass(user=other, currency="eur", next_path="", by=other.actor, at=now())
    order = Order.objects.get(account__user=other)
    purchase = Purchase.objects.get(account__user=mine)
    Purchase.objects.filter(pk=purchase.pk).update(metadata={"kind": "day_pass", "order": str(order.ref)})
    purchase.refresh_from_db()
    fulfilling.review(purchase.account, purchase, now())
    assert Licence.objects.filter(user=other).count() == 0


def test_a_tampered_price_is_refused(shop: Shop):
    user, item = a_user(), an_item()
    with pytest.raises(NotSold):
        buying.buy_story(
            user=user,
            item=item,
            headline="A story",
            choice=PRINT,
            price=Money(1, "eur"),
            next_path="",
            by=user.actor,
            at=now(),
        )
    assert Order.objects.count() == 0


def test_a_killed_story_is_not_sold(shop: Shop):
    user, item = a_user(), an_item()
    wire.kill(item=item, by=user.actor, note="Wrong.", at=now())
    item.refresh_from_db()
    with pytest.raises(NotSold):
        shop.buy_story(user, item)


def test_what_the_storys_own_terms_rule_out_is_not_sold(shop: Shop):
    user = a_user()
    item = an_item(channels_out=frozenset({"print"}))
    with pytest.raises(BadChoice) as refused:
        shop.buy_story(user, item, PRINT)
    assert refused.value.field == "purpose"


@pytest.mark.parametrize(("currency", "minor"), [("eur", 290), ("jpy", 450), ("kwd", 900), ("try", 9900)])
def test_each_currency_is_charged_in_its_own_minor_units(shop: Shop, currency: str, minor: int):
    user = a_user()
    order = shop.buy_day_pass(user, currency=currency)
    assert (order.price, Payment.objects.get().amount) == (Money(minor, currency), Money(minor, currency))
    assert Account.objects.get(user=user).currency == currency
    assert Licence.objects.filter(user=user).count() == 1


def test_stripe_saying_no_opens_no_checkout_and_keeps_the_order(shop: Shop, monkeypatch):
    user = a_user()
    monkeypatch.setattr(buying.taxing, "rate_at_stripe", lambda treatment, at: "txr_unknown")
    with pytest.raises(Declined):
        buying.buy_day_pass(user=user, currency="eur", next_path="", by=user.actor, at=now())
    assert Order.objects.count() == 1
