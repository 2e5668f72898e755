"""How objects are answered: lists by page, and what `expand` asks for."""

from collections.abc import Callable, Collection
from typing import Any

from newsroom.sandbox.engine.errors import StripeError, invalid, missing
from newsroom.sandbox.engine.kinds import KINDS
from newsroom.sandbox.engine.store import Body, Search
from newsroom.sandbox.engine.world import World, listing, public

MOST = 100
USUAL = 10
DEEPEST = 4


def page(
    world: World,
    kind: str,
    given: Body,
    where: Body | None = None,
    one_of: dict[str, Collection[Any]] | None = None,
    none_of: dict[str, Collection[Any]] | None = None,
    url: str = "",
) -> Body:
    """One page of a list, newest first (https://docs.stripe.com/api/pagination)."""
    limit = given.get("limit", USUAL)
    if not 1 <= limit <= MOST:
        raise invalid(
            f"Invalid integer: limit must be between 1 and {MOST}", param="limit", code="parameter_invalid_integer"
        )
    after, before = given.get("starting_after"), given.get("ending_before")
    if after and before:
        raise invalid("You cannot parameterize both starting_after and ending_before.", param="starting_after")
    for param, name in (("starting_after", after), ("ending_before", before)):
        if name and ((body := world.store.find(name)) is None or body["object"] != kind):
            raise missing(KINDS[kind].noun or kind, name, param=param)
    search = Search(
        kind, where or {}, one_of or {}, none_of or {}, _bounds(given.get("created")), after, before, limit + 1
    )
    found = world.store.select(search)
    kept = found[-limit:] if before else found[:limit]
    return listing(url or KINDS[kind].url, kept, has_more=len(found) > limit)


def _bounds(created: Any) -> dict[str, int]:
    if created is None:
        return {}
    return created if isinstance(created, dict) else {"gte": created, "lte": created}


def rendered(world: World, body: Body, expand: list[str]) -> Body:
    """The answer, with the properties named by `expand` in full (https://docs.stripe.com/api/expanding_objects)."""
    answer = public(body)
    for path in expand:
        steps = path.split(".")
        if len(steps) - (steps[0] == "data") > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property ({path}).", param="expand")
        _expand(world, answer, steps, path)
    return answer


def _cannot(path: str) -> StripeError:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")


def _expand(world: World, holder: Any, steps: list[str], path: str) -> None:
    if isinstance(holder, list):
        for each in holder:
            _expand(world, each, steps, path)
        return
    if not steps or holder is None:
        return
    if not isinstance(holder, dict):
        raise _cannot(path)
    name = steps[0]
    if name not in holder:
        holder[name] = _on_request(world, holder, name, path)
    elif isinstance(holder[name], str):
        holder[name] = _found(world, holder[name], name, path)
    elif isinstance(holder[name], list):
        holder[name] = [_found(world, one, name, path) if isinstance(one, str) else one for one in holder[name]]
    _expand(world, holder[name], steps[1:], path)


def _found(world: World, value: str, name: str, path: str) -> Body:
    body = None if name == "id" else world.store.find(value)
    if body is None:
        raise _cannot(path)
    return public(body)


def _on_request(world: World, holder: Body, name: str, path: str) -> Any:
    rule = _ON_REQUEST.get((holder.get("object", ""), name))
    if rule is None:
        kind = KINDS.get(holder.get("object", ""))
        if kind and name in kind.on_request:
            return None
        raise _cannot(path)
    return rule(world, holder)


def _payments(world: World, invoice: Body) -> Body:
    found = [public(each) for each in world.all("invoice_payment", invoice=invoice["id"])]
    return listing(f"/v1/invoice_payments?invoice={invoice['id']}", found)


def _confirmation_secret(world: World, invoice: Body) -> Body | None:
    for payment in world.all("invoice_payment", invoice=invoice["id"], status="open"):
        intent = world.store.find(payment["payment"]["payment_intent"])
        if intent:
            return {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return None


def _subscriptions(world: World, customer: Body) -> Body:
    search = Search(
        "subscription", {"customer": customer["id"]}, none_of={"status": ("canceled", "incomplete_expired")}
    )
    return listing(
        f"/v1/customers/{customer['id']}/subscriptions", [public(each) for each in world.store.select(search)]
    )


def _tax_ids(world: World, customer: Body) -> Body:
    held = world.all("tax_id", customer=customer["id"])[::-1]
    return listing(f"/v1/customers/{customer['id']}/tax_ids", [public(each) for each in held])


def _line_items(world: World, session: Body) -> Body:
    found = world.store.find(session["id"]) or {}
    return listing(
        f"/v1/checkout/sessions/{session['id']}/line_items", [public(each) for each in found["_"]["line_items"]]
    )


def _refunds(world: World, charge: Body) -> Body:
    return listing(
        f"/v1/charges/{charge['id']}/refunds", [public(each) for each in world.all("refund", charge=charge["id"])]
    )


def _empty(url: str) -> Callable[[World, Body], Body]:
    return lambda world, holder: listing(url.format(holder["id"]), [])


_ON_REQUEST: dict[tuple[str, str], Callable[[World, Body], Any]] = {
    ("invoice", "payments"): _payments,
    ("invoice", "confirmation_secret"): _confirmation_secret,
    ("customer", "subscriptions"): _subscriptions,
    ("customer", "tax_ids"): _tax_ids,
    ("customer", "sources"): _empty("/v1/customers/{}/sources"),
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): _line_items,
}
