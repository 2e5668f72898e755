"""What follows when a subscription changed: the licence and mail."""

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse

from newsroom.accounts.readers import present
from newsroom.billing import outbox, trials
from newsroom.billing.catalogue import Plan, catalogue
from newsroom.billing.effects import doubles
from newsroom.billing.effects.people import payer
from newsroom.billing.effects.taken import of_subscription
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, Subscription
from newsroom.billing.states import LIVE, After, Standing, after_taking, base_standing, ending, ends_by, right
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM
from newsroom.core.jobs import enqueue
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Source
from newsroom.wire.models import Product

log = structlog.get_logger(__name__)


class UnknownProduct(Exception):
    """A plan sells a product that the wire does not have."""


def follow(account: Account, change: Change, at: datetime) -> None:
    """The licence says what the subscription's state means, and the reader is told what is new."""
    if account.user is None:  # what an organisation pays for stands in its contract
        return
    if trials.refused(account, change.now):
        _undo_trial(account, change.now, at)
        return
    stand(account, change.now, at)
    _tell(account, change, at)


def _undo_trial(account: Account, subscription: Subscription, at: datetime) -> None:
    """One trial for each reader and card: a second one is ended before anything is charged, and the reader is told."""
    if subscription.status != "trialing":
        return
    audit.record("billing.second_trial", by=SYSTEM, of=subscription, at=at, why=subscription.stripe_id)
    call = outbox.ask(
        operation="subscription.cancel", params={"subject": subscription.stripe_id}, account=account, at=at
    )
    enqueue("billing.send_outbox", call_id=call.pk)
    _post(account, "trial_refused", subscription.stripe_id, subscription, at)


def stand(account: Account, subscription: Subscription, at: datetime) -> None:
    """The licence of this subscription says what its state means, and what was taken back of its money."""
    if subscription.duplicate:
        doubles.undo(account, subscription, at)
        return
    terms = right(subscription.facts)
    if terms is None:
        return
    plan = catalogue().plan(subscription.plan)
    if plan is None:
        log.error("subscription_of_unknown_plan", subscription=subscription.stripe_id, plan=subscription.plan)
        return
    taken = of_subscription(subscription)
    terms = after_taking(
        terms,
        taken,
        period_end=subscription.current_period_end,
        refunded=plan.after_refund,
        lost=plan.after_dispute,
    )
    _stop(account, subscription, ends_by(taken, refunded=plan.after_refund, lost=plan.after_dispute), at)
    licensing.start(
        source=Source.PLAN,
        source_ref=subscription.stripe_id,
        holder=account.holder,
        uses=plan.uses,
        products=_products(plan),
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        suspended=terms.suspended,
        clause=plan.clause,
        by=SYSTEM,
        at=at,
        why=f"subscription is {subscription.status}",
    )


def _stop(account: Account, subscription: Subscription, policy: After, at: datetime) -> None:
    """Stripe bills no further for what the policy ends."""
    runs = subscription.status in LIVE
    params: dict[str, Any] = {"subject": subscription.stripe_id}
    if policy is After.NOW and runs:
        call = outbox.ask(operation="subscription.cancel", params=params, account=account, at=at)
    elif policy is After.PERIOD_END and runs and ending(subscription.facts) is None:
        params["cancel_at_period_end"] = True
        call = outbox.ask(operation="subscription.update", params=params, account=account, at=at)
    else:
        return
    enqueue("billing.send_outbox", call_id=call.pk)


def _products(plan: Plan) -> list[Product] | None:
    if plan.products is None:
        return None
    found = list(Product.objects.filter(code__in=plan.products))
    if len(found) != len(plan.products):
        raise UnknownProduct(f"{plan.code}: {sorted(set(plan.products) - {each.code for each in found})}")
    return found


def _tell(account: Account, change: Change, at: datetime) -> None:
    """Mail about what differs. Keys name the matter, so the same news is told once however often we look."""
    now, was = change.now, change.was
    if now.duplicate or (was is not None and was.duplicate):
        return
    after = base_standing(now.status)
    before = base_standing(was.status) if was else Standing.PENDING
    if before is Standing.PENDING and now.status in LIVE:
        _post(account, "subscription_started", now.stripe_id, now, at)
    if after is Standing.GRACE and (was is None or was.grace_until is None):
        _post(account, "payment_failed", f"{now.stripe_id}:{now.past_due_since}", now, at)
    if now.status in LIVE and now.paused_since and not (was and was.paused_since):
        _post(account, "subscription_paused", f"{now.stripe_id}:{now.paused_since}", now, at)
    if now.status in LIVE and was and was.paused_since and not now.paused_since:
        _post(account, "subscription_resumed", f"{now.stripe_id}:{was.paused_since}", now, at)
    if now.status in LIVE and was and was.status in LIVE and was.lookup_key != now.lookup_key:
        _post(account, "subscription_changed", f"{now.stripe_id}:{now.lookup_key}:{now.current_period_start}", now, at)
    if now.status in LIVE and ending(now.facts) and not (was and ending(was.facts)):
        _post(account, "subscription_cancelled", f"{now.stripe_id}:{now.canceled_at}", now, at)
    if after is Standing.ENDED and before not in {Standing.ENDED, Standing.PENDING}:
        _post(account, "subscription_ended", now.stripe_id, now, at)


def _post(account: Account, kind: str, matter: str, subscription: Subscription, at: datetime) -> None:
    plan, person = catalogue().plan(subscription.plan), present(payer(account))
    facts = right(subscription.facts)
    context: dict[str, Any] = {
        "name": person.first_name,
        "plan": plan.name(person.locale) if plan else subscription.plan,
        "price": subscription.price,
        "interval": subscription.interval,
        "renews": ending(subscription.facts) is None,
        "renews_at": subscription.current_period_end,
        "ends_at": facts.ends_at if facts else None,
        "trial_end": subscription.trial_end if subscription.status == "trialing" else None,
        "resumes_at": subscription.resumes_at,
        "account_url": settings.BASE_URL + reverse("subscription"),
        "pricing_url": settings.BASE_URL + reverse("pricing"),
    }
    mail.post(key=f"{kind}:{matter}", to=person.email, kind=kind, locale=person.locale, context=context, at=at)
