"""What the tests of changing subscriptions share: buying, changing, previewing."""

from typing import Any, cast

import stripe

from tests.sandbox.shop import DAY, Shop


def buy(
    shop: Shop, price: stripe.Price, quantity: int = 1, card: str = "pm_card_visa", **given: Any
) -> stripe.Subscription:
    customer = shop.customer(card)
    facts: dict[str, Any] = {"customer": customer.id, "items": [{"price": price.id, "quantity": quantity}]}
    return shop.sdk.v1.subscriptions.create(cast(Any, facts | given))


def wish(subscription: stripe.Subscription, price: stripe.Price, quantity: int = 1) -> list[dict[str, Any]]:
    return [{"id": subscription["items"].data[0].id, "price": price.id, "quantity": quantity}]


def update(shop: Shop, subscription: stripe.Subscription, **given: Any) -> stripe.Subscription:
    return shop.sdk.v1.subscriptions.update(subscription.id, cast(Any, {"expand": ["latest_invoice"], **given}))


def preview(shop: Shop, subscription: stripe.Subscription, mode: str = "next", **details: Any) -> stripe.Invoice:
    return shop.sdk.v1.invoices.create_preview(
        cast(
            Any,
            {"subscription": subscription.id, "preview_mode": mode, "subscription_details": details},
        )
    )


def lines(invoice: Any) -> list[tuple[str, int]]:
    return [(str(line.description), int(line.amount)) for line in invoice.lines.data]


def a_code(shop: Shop, code: str = "SPRING", **given: Any) -> stripe.PromotionCode:
    """A promotion code; of a coupon of 20 % once, when none is named."""
    coupon = given.pop("coupon", None) or shop.sdk.v1.coupons.create({"percent_off": 20, "duration": "once"}).id
    facts: dict[str, Any] = {"promotion": {"type": "coupon", "coupon": coupon}, "code": code}
    return shop.sdk.v1.promotion_codes.create(cast(Any, facts | given))


def operations_of_change(shop: Shop) -> None:
    """Every operation of coupons, previews, schedules and pauses, once."""
    v1 = shop.sdk.v1
    coupon = v1.coupons.create({"id": "spring", "percent_off": 20, "duration": "once", "name": "Spring"})
    v1.coupons.update(coupon.id, {"name": "Spring sale"})
    assert (v1.coupons.retrieve("spring").name, len(v1.coupons.list().data)) == ("Spring sale", 1)
    code = a_code(shop, coupon="spring")
    v1.promotion_codes.update(code.id, {"active": False})
    assert v1.promotion_codes.retrieve(code.id).active is False
    assert len(v1.promotion_codes.list({"code": "SPRING"}).data) == 1
    v1.coupons.delete("spring")
    _schedules(shop)
    _paused_trial(shop)


def _schedules(shop: Shop) -> None:
    v1 = shop.sdk.v1
    dear, cheap = shop.price(unit_amount=1500), shop.price(unit_amount=900)
    bought = buy(shop, dear)
    assert preview(shop, bought, items=wish(bought, cheap), proration_behavior="always_invoice").total < 0
    schedule = v1.subscription_schedules.create({"from_subscription": bought.id})
    now = schedule.phases[0]
    first: Any = {"start_date": now.start_date, "end_date": now.end_date, "items": [{"price": dear.id}]}
    then: Any = {"items": [{"price": cheap.id}], "duration": {"interval": "month"}}
    v1.subscription_schedules.update(schedule.id, {"phases": [first, then]})
    assert len(v1.subscription_schedules.retrieve(schedule.id).phases) == 2
    assert len(v1.subscription_schedules.list({"customer": str(bought.customer)}).data) == 1
    assert v1.subscription_schedules.release(schedule.id).status == "released"


def _paused_trial(shop: Shop) -> None:
    """A trial without a card rests when it is over, and goes on once there is one."""
    customer = shop.customer()
    trial = shop.sdk.v1.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.price().id}],
            "trial_period_days": 7,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        }
    )
    shop.advance(days=8)
    assert shop.again(trial).status == "paused"
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    shop.sdk.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    assert shop.sdk.v1.subscriptions.resume(trial.id).status == "active"
    assert shop.again(trial)["items"].data[0].current_period_start - trial.created == 8 * DAY
