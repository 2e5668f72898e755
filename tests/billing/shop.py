"""What a person does at the checkout, and how news of it comes in."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import stripe
from django.test import Client

from newsroom.access.decide import decide
from newsroom.access.rules import Decision
from newsroom.accounts.models import User
from newsroom.accounts.readers import reader_of
from newsroom.billing import actions, changing, inbox, outbox, push
from newsroom.billing.catalogue import catalogue
from newsroom.billing.law import declaring
from newsroom.billing.law.declaring import Words
from newsroom.billing.models import (
    Account,
    Declaration,
    GiftPlan,
    Order,
    OutboxCall,
    Purchase,
    StripeEvent,
    Subscription,
)
from newsroom.billing.purchases import buying, giving
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import Choice
from newsroom.core.clock import now
from newsroom.licensing.rules import Use
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox.delivering import deliver_due
from newsroom.sandbox.models import SandboxDelivery, SandboxObject
from newsroom.sandbox.transport import SandboxClient
from newsroom.wire.models import Item
from tests.factories import a_user

GOOD_CARD = "4242424242424242"
DECLINED_AT_ONCE = "4000000000000002"
MONTHLY = "reader_month_eur"
SOLD = {MONTHLY, "reader_plus_month_eur", "reader_month_usd"}  # as few as the tests need


class Shop:
    """Stripe with our catalogue in it, and a browser of nobody."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sdk = stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient())
        missing = [each for each in push.differences(catalogue()) if each.params.get("lookup_key", MONTHLY) in SOLD]
        push.push(found=missing, at=now())

    def open(self, user: User, lookup_key: str = MONTHLY, next_path: str = "") -> str:
        """The id of the Checkout opened for this person."""
        url = actions.open_checkout(user=user, lookup_key=lookup_key, next_path=next_path, by=user.actor, at=now())
        found = re.search(r"cs_test_\w+", url)
        assert found, url
        return found[0]

    def pay(self, session: str, user: User, card: str = GOOD_CARD) -> None:
        at_stripe.complete_checkout(session, email=user.email, number=card)

    def subscriber(self, card: str = GOOD_CARD, **facts: Any) -> User:
        """A person who has paid and come back to the success page. No webhook is on its way."""
        user = a_user(**facts)
        self.pay(self.open(user), user, card)
        actions.finish(user=user, at=now())
        self.lose()
        return user

    def sell(self, *lookup_keys: str) -> None:
        """Stripe has these prices too."""
        missing = [each for each in push.differences(catalogue()) if each.params.get("lookup_key") in lookup_keys]
        push.push(found=missing, at=now())

    def change_plan(self, user: User, lookup_key: str, quantity: int = 0) -> changing.Preview:
        """What a reader does on the page: looks at what it costs, and confirms. What was shown is handed back."""
        seen = changing.preview(user=user, lookup_key=lookup_key, quantity=quantity, at=now())
        changing.change(user=user, token=seen.token, by=user.actor, at=now())
        return seen

    def upgrade(self, user: User, lookup_key: str = "reader_plus_month_eur") -> changing.Preview:
        return self.change_plan(user, lookup_key)

    def downgrade(self, user: User, lookup_key: str = MONTHLY) -> changing.Preview:
        return self.change_plan(user, lookup_key)

    def pause(self, user: User, months: int = 1) -> None:
        until = changing.choices(the_subscription(user))[months - 1]
        changing.pause(user=user, until=until, by=user.actor, at=now())

    def resume(self, user: User) -> None:
        changing.resume_now(user=user, by=user.actor, at=now())

    def apply_code(self, user: User, code: str) -> None:
        changing.apply_code(user=user, code=code, by=user.actor, at=now())

    def begin_trial(self, user: User, card: str = GOOD_CARD, lookup_key: str = MONTHLY) -> Subscription | None:
        """Through Checkout and back on the success page."""
        url = actions.open_checkout(user=user, lookup_key=lookup_key, next_path="", by=user.actor, at=now(), trial=True)
        found = re.search(r"cs_test_\w+", url)
        assert found, url
        self.pay(found[0], user, card)
        return actions.finish(user=user, at=now())

    def buy_day_pass(self, user: User, card: str = GOOD_CARD, currency: str = "eur") -> Order:
        """A day pass, paid; the person is back on the site. No webhook is on its way."""
        url = buying.buy_day_pass(user=user, currency=currency, next_path="/", by=user.actor, at=now())
        return self._bought(user, url, card)

    def buy_story(
        self, user: User, item: Item, choice: Choice | None = None, card: str = GOOD_CARD, currency: str = "eur"
    ) -> Order:
        """A licence for one story, to read when nothing else is chosen, paid."""
        wanted = choice or Choice()
        url = buying.buy_story(
            user=user,
            item=item,
            headline="A story",
            choice=wanted,
            price=price_list().story(wanted, currency),
            next_path=item.get_absolute_url(),
            by=user.actor,
            at=now(),
        )
        return self._bought(user, url, card)

    def buy_gift(self, user: User, card: str = GOOD_CARD, currency: str = "eur", **facts: Any) -> GiftPlan:
        """A gift of three months of the plan `reader`, paid."""
        wanted: dict[str, Any] = {"plan": "reader", "months": 3, "recipient_email": "r@example.com", "send_at": now()}
        wish = giving.Wish(**wanted | facts)
        url = giving.buy(user=user, wish=wish, currency=currency, by=user.actor, at=now())
        return GiftPlan.objects.select_related("order").get(order=self._bought(user, url, card))

    def _bought(self, user: User, url: str, card: str) -> Order:
        self.pay(self.session_in(url), user, card)
        order = Order.objects.filter(account__user=user).latest("pk")
        buying.finish(user=user, ref=str(order.ref), at=now())
        self.lose()
        return order

    def session_in(self, url: str) -> str:
        """The id of the Checkout at this address."""
        found = re.search(r"cs_test_\w+", url)
        assert found, url
        return found[0]

    def refund_of(self, order: Order, minor: int | None = None) -> None:
        """Stripe pays all of it back, or so much."""
        purchase = Purchase.objects.get(metadata__order=str(order.ref))
        amount = {} if minor is None else {"amount": minor}
        self.sdk.v1.refunds.create({"payment_intent": purchase.intent_ref, **amount})  # type: ignore[typeddict-item]

    def hear(self) -> int:
        """Every webhook on its way comes in and is looked at. How many came."""
        came = deliver_due(now(), self.post)
        self.work()
        return came

    def hear_all(self) -> None:
        """Until nothing comes any more: what we ask of Stripe makes news of its own."""
        for _ in range(5):
            if not self.hear():
                return

    def work(self) -> None:
        """What a worker would do."""
        for _ in range(5):
            due = list(StripeEvent.objects.due(now()).values_list("pk", flat=True))
            asked = list(OutboxCall.objects.unanswered().values_list("pk", flat=True))
            if not due and not asked:
                return
            for pk in due:
                inbox.process(event_id=pk, at=now())
            for pk in asked:
                outbox.retry(call_id=pk, at=now())

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        response = self.client.post(
            "/stripe/webhook/",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": headers["Stripe-Signature"]},
        )
        return response.status_code

    def lose(self) -> None:
        """Every webhook on its way is lost."""
        SandboxDelivery.objects.filter(state=SandboxDelivery.State.PENDING).update(state=SandboxDelivery.State.LOST)

    def wait(self, **time: int) -> None:
        """Time passes, step by step, and the news of it comes in."""
        self.pass_time(**time)
        self.hear()

    def pass_time(self, **time: int) -> None:
        at_stripe.advance(by=timedelta(**time))

    def objects(self, kind: str) -> list[dict[str, Any]]:
        return [each.body for each in SandboxObject.objects.filter(kind=kind).order_by("pk")]

    def change_card(self, user: User, number: str = "pm_card_visa") -> None:
        """What Stripe's page does: the new card is the default, and open invoices are tried again with it."""
        customer = Account.objects.get(user=user).stripe_customer_id or ""
        method = self.sdk.v1.payment_methods.attach(number, {"customer": customer})
        self.sdk.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
        for each in self.sdk.v1.subscriptions.list({"customer": customer}).data:
            self.sdk.v1.subscriptions.update(each.id, {"default_payment_method": method.id})
        for owed in self.sdk.v1.invoices.list({"customer": customer, "status": "open"}).data:
            self.sdk.v1.invoices.pay(owed.id)

    def charge_of(self, user: User) -> str:
        """The newest payment of this person that went through, at Stripe."""
        customer = Account.objects.get(user=user).stripe_customer_id or ""
        charges = self.sdk.v1.charges.list({"customer": customer, "limit": 100}).data
        return next(each.id for each in charges if each.status == "succeeded")

    def refund(self, user: User, amount: int | None = None) -> None:
        """At Stripe, by somebody at its dashboard: all that is left, or a part."""
        given: Any = {"charge": self.charge_of(user)} | ({} if amount is None else {"amount": amount})
        self.sdk.v1.refunds.create(given)

    def dispute(self, user: User, *, inquiry: bool = False) -> str:
        """The holder of the card asks the bank for the newest payment back."""
        return str(at_stripe.open_dispute(self.charge_of(user), inquiry=inquiry)["id"])

    def dispute_won(self, user: User) -> None:
        self._decide(user, won=True)

    def dispute_lost(self, user: User) -> None:
        self._decide(user, won=False)

    def _decide(self, user: User, *, won: bool) -> None:
        found = self.sdk.v1.disputes.list({"charge": self.charge_of(user)}).data[0]
        at_stripe.decide_dispute(found.id, won=won)

    def withdraw(self, user: User) -> Declaration:
        """Signed in, in two steps."""
        words = Words("withdraw", uuid4(), user.name or "A Reader", user.email, "", user.locale)
        return declaring.declare(words=words, user=user, at=now())


def decision(user: User, item: Item, at: datetime | None = None) -> Decision:
    """What the gate says to this person now."""
    moment = at or now()
    return decide(reader=reader_of(user, moment), item=item, use=Use.READ, at=moment)


def the_subscription(user: User) -> Subscription:
    return Subscription.objects.get(account__user=user)
