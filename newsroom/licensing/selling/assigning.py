"""Who looks after a new lead: the account manager of its country, else whoever has waited longest."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.countries import is_country
from newsroom.licensing.models import Lead, SalesCountry
from newsroom.licensing.selling.errors import BadOffer


def sellers() -> "QuerySet[User]":
    """Staff with the right to change leads; who may do everything is asked only when named in a group."""
    right = {"content_type__app_label": "licensing", "codename": "change_lead"}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    by_hand = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    return User.objects.filter(by_group | by_hand, is_active=True).distinct()


def choose(*, country: str) -> User | None:
    """The account manager for a lead from this country; None while nobody sells."""
    named = SalesCountry.objects.filter(country=country, manager__in=sellers()).select_related("manager").first()
    return named.manager if named else _longest_waiting()


def _longest_waiting() -> User | None:
    last = dict(Lead.objects.exclude(manager=None).values_list("manager").annotate(last=Max("assigned_at")))
    waited = {pk: at.timestamp() for pk, at in last.items() if at is not None}
    return min(sellers().order_by("pk"), key=lambda each: (waited.get(each.pk, 0.0), each.pk), default=None)


def sales_address() -> str:
    """Where sales are written to when nobody is named."""
    return f"sales@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition('@')[2]}"


@transaction.atomic
def set_country(*, country: str, manager: User | None, by: Actor, at: datetime) -> None:
    """New leads of this country go to this person; None: in turn. Raises `BadOffer`."""
    if not is_country(country):
        raise BadOffer("country", _("Choose a country."))
    if manager is None:
        for each in SalesCountry.objects.filter(country=country):
            audit.record("sales_country.cleared", by=by, of=each, at=at, why=country)
            each.delete()
        return
    if not sellers().filter(pk=manager.pk).exists():
        raise BadOffer("manager", _("This person does not sell."))
    found, _made = SalesCountry.objects.update_or_create(country=country, defaults={"manager": manager})
    audit.record("sales_country.set", by=by, of=found, at=at, why=f"{country}: {manager}")
