"""Deeds on products: what is sold is named, its rule set, and one day retired."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.wire import rules, stamping
from newsroom.wire.models import Product, ProductVersion, Stamp
from newsroom.wire.signals import products_changed


class BadProduct(Refused):
    """The product cannot be so. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def create(*, code: str, name: str, description: str, rule: dict[str, Any], by: Actor, at: datetime) -> Product:
    """A new product with its rule. Raises `BadProduct`, `BadRule`."""
    if Product.objects.filter(code=code).exists():
        raise BadProduct("code", _("There is a product with this code already."))
    product = Product.objects.create(code=code, name=name, description=description)
    audit.record("product.created", by=by, of=product, at=at, facts={"code": code, "name": name})
    set_rule(product=product, rule=rule, by=by, at=at)
    return product


@transaction.atomic
def describe(*, product: Product, name: str, description: str, by: Actor, at: datetime) -> None:
    """Say what the product is called and what it is. Its code stays."""
    Product.objects.filter(pk=product.pk).update(name=name, description=description)
    audit.record("product.described", by=by, of=product, at=at, facts={"name": name})


@transaction.atomic
def set_rule(*, product: Product, rule: dict[str, Any], by: Actor, at: datetime) -> ProductVersion:
    """Give a product its rule. Raises `BadRule`.

    What is on the wire already is stamped in the background (`stamping.advance`). Till that is complete rights follow
    the former rule; a product's first rule is followed at once, as far as it has come. The same rule again adds nothing.
    """
    rules.check_rule(rule)
    product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    last = product.versions.order_by("-number").first()
    if last is not None and last.rule == rule:
        return last
    at = max(at, last.valid_from) if last else at
    product.versions.filter(valid_to=None).update(valid_to=at)
    goal = _last_of_the_wire()
    version = ProductVersion.objects.create(
        product=product, number=last.number + 1 if last else 1, rule=rule, valid_from=at, goal=goal, remaining=goal
    )
    audit.record("product.rule", by=by, of=product, at=at, facts={"number": version.number, "rule": rule})
    if last is None or not goal:
        stamping.take_effect(product, version, at=at)
    announce(products_changed, product_id=product.pk)
    version.refresh_from_db()
    return version


def _last_of_the_wire() -> int:
    """The last number taken. Nobody takes another until this transaction ends, and who takes it then reads our rule."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM wire_sequence WHERE id = 1 FOR UPDATE")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def hold(pks: Iterable[int]) -> set[int]:
    """Which of these products there are; none of them can be deleted until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM wire_product WHERE id = ANY(%s) FOR KEY SHARE", [sorted(pks)])
        return {pk for (pk,) in cursor.fetchall()}


@transaction.atomic
def retire(*, product: Product, by: Actor, at: datetime, why: str) -> None:
    """The product is offered no longer. Licences that name it hold as before."""
    if Product.objects.offered().filter(pk=product.pk).update(retired_at=at):
        audit.record("product.retired", by=by, of=product, at=at, why=why)


@transaction.atomic
def offer_again(*, product: Product, by: Actor, at: datetime, why: str = "") -> None:
    """A retired product may be sold again."""
    if Product.objects.filter(pk=product.pk, retired_at__isnull=False).update(retired_at=None):
        audit.record("product.offered", by=by, of=product, at=at, why=why)


@transaction.atomic
def forget(*, product: Product, by: Actor, at: datetime, why: str) -> None:
    """The product and its rules are gone. Whoever calls this has locked it and knows that no licence ever named it."""
    audit.record("product.deleted", by=by, of=product, at=at, why=why, facts={"code": product.code})
    Stamp.objects.filter(product=product).delete()
    product.versions.all().delete()
    product.delete()
