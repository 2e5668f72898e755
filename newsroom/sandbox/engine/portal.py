"""The billing portal: changing the card, ending and resuming by oneself: https://docs.stripe.com/api/customer_portal."""

from collections.abc import Mapping
from typing import Any

from newsroom.sandbox.engine import collecting, setup_intents, subscriptions
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.payment_methods import card_of, joined, made, refused
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

SESSION_BUILT = words(
    "configuration customer expand flow_data.type flow_data.subscription_cancel.subscription flow_data.after_completion.type "
    "flow_data.after_completion.redirect.return_url locale return_url"
)
CONFIGURATION_BUILT = words("active business_profile default_return_url expand features metadata name")
OPEN_FOR = 3600
_FLOWS = {"payment_method_update", "subscription_cancel"}
_FEATURES: Body = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": True,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
    "subscription_update": {
        "default_allowed_updates": [],
        "enabled": False,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


def _over(usual: Any, given: Any) -> Any:
    """What is given, and the usual for the rest, at every depth."""
    if isinstance(usual, Mapping) and isinstance(given, Mapping):
        return {
            name: _over(usual[name], given[name])
            if name in usual and name in given
            else given.get(name, usual.get(name))
            for name in {**usual, **given}
        }
    return given


def _configured(world: World, given: Body, *, is_default: bool) -> Body:
    return world.add(
        "billing_portal.configuration",
        "billing_portal.configuration.created",
        active=True,
        business_profile=unset(given.get("business_profile", {})),
        default_return_url=given.get("default_return_url") or None,
        features=_over(_FEATURES, given.get("features", {})),
        is_default=is_default,
        login_page={"enabled": False},
        metadata=merged({}, given.get("metadata")),
        name=given.get("name") or None,
        updated=world.now,
    )


def create_configuration(world: World, given: Body) -> Body:
    return _configured(world, given, is_default=False)


def update_configuration(world: World, given: Body, name: str) -> Body:
    found = world.get("billing_portal.configuration", name)
    facts = unset({key: each for key, each in given.items() if key in {"active", "default_return_url", "name"}})
    for key in ("business_profile", "features"):
        facts[key] = _over(found[key], given.get(key, {}))
    facts["metadata"] = merged(found["metadata"], given.get("metadata"))
    return world.change(found, "billing_portal.configuration.updated", **facts, updated=world.now)


def find_configurations(world: World, given: Body) -> Body:
    where: Body = {key: given[key] for key in ("active", "is_default") if key in given}
    return page(world, "billing_portal.configuration", given, where)


def _configuration(world: World, name: str | None) -> Body:
    if name:
        return world.get("billing_portal.configuration", name, param="configuration")
    usual = world.all("billing_portal.configuration", is_default=True)
    return usual[0] if usual else _configured(world, {}, is_default=True)


def create(world: World, given: Body) -> Body:
    if "customer" not in given:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = world.get("customer", given["customer"], param="customer")
    configuration = _configuration(world, given.get("configuration"))
    name = world.new_id("bps")
    return world.add(
        "billing_portal.session",
        "billing_portal.session.created",
        id=name,
        configuration=configuration["id"],
        customer=customer["id"],
        flow=_flow(world, given.get("flow_data"), customer["id"]),
        locale=given.get("locale"),
        return_url=given.get("return_url") or configuration["default_return_url"],
        url=f"{world.settings.site}/sandbox/portal/{name}/",
        _={"challenge": None},
    )


def _flow(world: World, given: Body | None, customer: str) -> Body | None:
    if given is None:
        return None
    if given["type"] not in _FLOWS:
        raise not_built(f"the portal flow {given['type']}", "flow_data[type]")
    flow: Body = {"type": given["type"], "after_completion": given.get("after_completion", {"type": "portal_homepage"})}
    if given["type"] == "subscription_cancel":
        if "subscription_cancel" not in given:
            raise invalid(
                "Missing required param: flow_data[subscription_cancel].",
                param="flow_data[subscription_cancel]",
                code="parameter_missing",
            )
        param = "flow_data[subscription_cancel][subscription]"
        subscription = world.get("subscription", given["subscription_cancel"]["subscription"], param=param)
        if subscription["customer"] != customer:
            raise invalid("The subscription does not belong to this customer.", param=param)
        flow["subscription_cancel"] = {"subscription": subscription["id"]}
    return flow


def opened(world: World, name: str) -> Body:
    """The session, while its page may be used. Raises StripeError after an hour."""
    session = world.get("billing_portal.session", name)
    if world.now - session["created"] > OPEN_FOR:
        raise invalid("This portal session has expired.", code="portal_session_expired")
    return session


def change_card(world: World, name: str, number: str, *, authenticated: bool = False) -> Body:
    """The customer's and its subscriptions' card is this one, or the session waits for 3-D Secure. Raises StripeError when it is declined."""
    session = opened(world, name)
    card = card_of(number)
    if card.challenge and not authenticated:
        session["_"]["challenge"] = {"number": number}
        return world.save(session)
    session["_"]["challenge"] = None
    world.save(session)
    if card.decline and not card.attaches:
        raise refused(card.decline)
    customer = world.get("customer", session["customer"])
    method = made(world, BY_NUMBER[card.number], {"email": customer["email"], "name": customer["name"]})
    setup_intents.saved(world, method, customer["id"], authenticated=authenticated)
    joined(world, method, customer["id"])
    make_default(world, customer, method)
    return session


def make_default(world: World, customer: Body, method: Body) -> None:
    settings = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    world.change(customer, "customer.updated", invoice_settings=settings)
    for subscription in world.all("subscription", customer=customer["id"]):
        if subscription["status"] not in {"canceled", "incomplete_expired"}:
            world.change(subscription, "customer.subscription.updated", default_payment_method=method["id"])


def _owned(world: World, session: Body, kind: str, name: str) -> Body:
    body = world.get(kind, name)
    if body["customer"] != session["customer"]:
        raise invalid(f"No such {kind}: '{name}'", code="resource_missing", status=404)
    return body


def cancel(world: World, name: str, subscription: str) -> Body:
    """It ends with its period. The portal says so in `cancel_at` alone, not in `cancel_at_period_end`."""
    found = _owned(world, opened(world, name), "subscription", subscription)
    return subscriptions.update(world, {"cancel_at": "min_period_end"}, found["id"])


def resume(world: World, name: str, subscription: str) -> Body:
    found = _owned(world, opened(world, name), "subscription", subscription)
    return subscriptions.update(world, {"cancel_at": ""}, found["id"])


def pay(world: World, name: str, invoice: str) -> Body:
    """The open invoice is paid with the default card. Raises StripeError when that is declined."""
    found = _owned(world, opened(world, name), "invoice", invoice)
    return collecting.pay(world, {}, found["id"])


def refuse_challenge(world: World, name: str) -> Body:
    """The bank's page was answered with no."""
    session = opened(world, name)
    session["_"]["challenge"] = None
    return world.save(session)
