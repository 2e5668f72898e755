"""What becomes of a product depends on who holds it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing.models import LicenceVersion
from newsroom.wire import products
from newsroom.wire.models import Product


class Licensed(Refused):
    """A licence names this product, or once did: it can be retired, and not deleted."""


@transaction.atomic
def delete(*, product: Product, by: Actor, at: datetime, why: str) -> None:
    """The product is gone, if no licence ever named it. Raises `Licensed`."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    naming = LicenceVersion.objects.filter(product_ids__contains=[product.pk])
    count = naming.values("licence").distinct().count()
    if count:
        message = ngettext(
            "%(count)d licence names this product, or once did. Retire it instead: it is then offered no longer.",
            "%(count)d licences name this product, or once did. Retire it instead: it is then offered no longer.",
            count,
        )
        raise Licensed(message % {"count": count})
    products.forget(product=product, by=by, at=at, why=why)
