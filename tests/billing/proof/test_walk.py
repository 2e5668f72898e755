"""Random walks through a customer's life. After each step four things hold, whatever came before."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from newsroom.billing import actions, outbox
from newsroom.billing.catalogue import catalogue
from newsroom.billing.effects.taken import of_subscription
from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Invoice, OutboxCall, Payment, Refund, Subscription
from newsroom.billing.states import after_taking, right
from newsroom.billing.sync import sync
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.licensing.models import LicenceVersion
from newsroom.sandbox import clock
from newsroom.sandbox.engine.errors import StripeError
from tests.billing.proof.budget import WALKS
from tests.billing.proof.records import undone
from tests.billing.proof.table import counted
from tests.billing.shop import Shop
from tests.factories import a_user

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.xdist_group("proof of all")]
FINAL = ("open", "paid", "void", "uncollectible")
FROZEN = ("number", "currency", "total_minor", "subtotal_minor", "tax_minor", "discount_minor", "lines", "period_end")
taken_steps: dict[str, int] = defaultdict(int)


class Walk(RuleBasedStateMachine):
    """One reader, and everything that may happen. What is refused is refused, and nothing else changes by it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(undone("default"))
        self.stack.enter_context(undone("sandbox"))
        clock.remember(0)
        self.shop, self.user = Shop(Client()), a_user()
        self.account = actions.account_of(user=self.user, at=now())
        self.finals: dict[str, str] = {}

    def teardown(self) -> None:
        self.stack.close()
        clock.remember(0)

    def step(self, name: str, deed: Callable[[], Any]) -> None:
        taken_steps[name] += 1
        with suppress(Refused, TryAgain, StripeError, Subscription.DoesNotExist, StopIteration):
            deed()
        for _ in range(4):
            sync(account_id=self.account.pk, at=now())
            asked = list(OutboxCall.objects.unanswered().exclude(operation__in=outbox.FOR_ONE_WHO_WAITS))
            for call in asked:
                outbox.retry(call_id=call.pk, at=now())
            if not asked:
                break

    @property
    def live(self) -> Subscription | None:
        return Subscription.objects.filter(account=self.account).live().first()

    @rule(key=st.sampled_from(["reader_month_eur", "reader_plus_month_eur"]))
    def buy(self, key: str) -> None:
        self.step("buy", lambda: self.shop.pay(self.shop.open(self.user, key), self.user))

    @precondition(lambda self: self.live)
    @rule()
    def upgrade(self) -> None:
        self.step("upgrade", lambda: self.shop.upgrade(self.user))

    @precondition(lambda self: self.live)
    @rule()
    def downgrade(self) -> None:
        self.step("downgrade", lambda: self.shop.downgrade(self.user))

    @precondition(lambda self: self.live)
    @rule(quantity=st.integers(1, 4))
    def seats(self, quantity: int) -> None:
        """Added or removed at Stripe, within the period."""
        held = self.live
        assert held is not None
        change = {"items": [{"id": held.items[0]["id"], "quantity": quantity}]}
        self.step("seats", lambda: self.shop.sdk.v1.subscriptions.update(held.stripe_id, change))  # type: ignore[arg-type]  # a hash

    @precondition(lambda self: self.live)
    @rule(card=st.sampled_from(["pm_card_visa", "pm_card_chargeCustomerFail"]))
    def change_card(self, card: str) -> None:
        """To one that pays, or to one that is declined at the next renewal."""
        self.step("change card", lambda: self.shop.change_card(self.user, card))

    @precondition(lambda self: self.live)
    @rule(amount=st.sampled_from([1, 300, None]))
    def refund(self, amount: int | None) -> None:
        self.step("refund", lambda: self.shop.refund(self.user, amount))

    @precondition(lambda self: self.live)
    @rule(end=st.sampled_from(["open", "won", "lost"]))
    def dispute(self, end: str) -> None:
        def deed() -> None:
            self.shop.dispute(self.user)
            if end != "open":
                self.shop._decide(self.user, won=end == "won")

        self.step(f"dispute {end}", deed)

    @precondition(lambda self: self.live)
    @rule()
    def pause(self) -> None:
        self.step("pause", lambda: self.shop.pause(self.user))

    @precondition(lambda self: self.live)
    @rule()
    def resume(self) -> None:
        self.step("resume", lambda: self.shop.resume(self.user))

    @precondition(lambda self: self.live)
    @rule()
    def cancel(self) -> None:
        self.step("cancel", lambda: actions.cancel_at_period_end(user=self.user, by=self.user.actor, at=now()))

    @rule(days=st.sampled_from([1, 8, 31]))
    def time_passes(self, days: int) -> None:
        self.step("time passes", lambda: self.shop.pass_time(days=days))

    @invariant()
    def licences_are_what_the_table_of_states_says(self) -> None:
        found = {
            each.licence.source_ref: (each.starts_at, each.ends_at, each.suspended)
            for each in LicenceVersion.objects.filter(recorded_to=None, licence__user=self.user).select_related(
                "licence"
            )
        }
        wanted = {}
        for held in Subscription.objects.filter(account=self.account, duplicate=False):
            terms, plan = right(held.facts), catalogue().plan(held.plan)
            if terms is not None and plan is not None:
                policy = {"refunded": plan.after_refund, "lost": plan.after_dispute}
                left = after_taking(terms, of_subscription(held), period_end=held.current_period_end, **policy)
                wanted[held.stripe_id] = (left.starts_at, left.ends_at, left.suspended)
        assert found == wanted

    @invariant()
    def money_adds_up_in_every_currency(self) -> None:
        """What the invoices say was paid is what was charged; what went back is what the charges say went back."""
        paid, charged, back = defaultdict(int), defaultdict(int), defaultdict(int)
        for invoice in Invoice.objects.filter(account=self.account):
            paid[invoice.currency] += invoice.paid_minor
            assert invoice.subtotal_minor - invoice.discount_minor <= invoice.total_minor + invoice.tax_minor
            assert sum(line["amount"] for line in invoice.lines) == invoice.subtotal_minor
            if invoice.status != "draft":
                assert invoice.due_minor == invoice.paid_minor + invoice.remaining_minor
        for payment in Payment.objects.filter(account=self.account):
            charged[payment.currency] += payment.amount_minor if payment.status == "succeeded" else 0
            back[payment.currency] += payment.refunded_minor
        for refund in Refund.objects.filter(account=self.account).exclude(status__in=["failed", "canceled"]):
            back[refund.currency] -= refund.amount_minor
        assert dict(paid) == dict(charged)
        assert not any(back.values())

    @invariant()
    def at_most_one_subscription_lives(self) -> None:
        assert Subscription.objects.filter(account=self.account).live().count() <= 1
        customer = Account.objects.get(pk=self.account.pk).stripe_customer_id
        if customer:
            running = [
                each
                for each in gateway().present(customer).subscriptions
                if each["status"] in {"active", "trialing", "past_due", "unpaid", "paused"}
            ]
            assert len(running) <= 1

    @invariant()
    def no_invoice_changes_once_it_is_final(self) -> None:
        for each in Invoice.objects.filter(account=self.account, status__in=FINAL):
            said = json.dumps([getattr(each, name) for name in FROZEN], default=str)
            digest = hashlib.sha256(said.encode()).hexdigest()
            assert self.finals.setdefault(each.stripe_id, digest) == digest


def test_after_each_step_of_a_random_walk_licences_money_and_invoices_agree(db_of_both, record_property):
    taken_steps.clear()

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    counted(record_property, walks=WALKS, steps_walked=sum(taken_steps.values()))
