"""Mail about contracts. Each has a key, so that the same news reaches a person once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core import mail
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.links import link_to
from newsroom.licensing.models import DeletionDuty

ROLES = (Membership.Role.OWNER, Membership.Role.BILLING)


def customers(organisation: Organisation, at: datetime) -> Iterable[User]:
    """Who is told about contracts: an organisation's owners, and those who pay."""
    valid = Membership.objects.valid(at).filter(organisation=organisation, role__in=ROLES)
    return User.objects.filter(pk__in=valid.values("user_id"), is_active=True).order_by("pk")


def remind_of_end(book: Book, *, days: int, at: datetime) -> None:
    """Both sides: the customer's owners and billing people, and the account manager."""
    contract, last = book.contract, book.last
    facts = {
        "number": contract.number,
        "organisation": contract.organisation.name,
        "days": (last.period_to - today(at)).days,
        "ends": last.last_day,
        "renews": book.renews,
        "in_time": today(at) <= last.notice_by,
        "notice_by": last.notice_by,
    }
    key = f"contract-ending:{contract.pk}:{last.period_to}:{days}"
    url = settings.BASE_URL + reverse("organisation_contract", args=[contract.organisation.slug, contract.number])
    for user in customers(contract.organisation, at):
        context = facts | {"name": user.name, "url": url}
        mail.post(
            key=f"{key}:{user.pk}", to=user.email, kind="contract_ending", locale=user.locale, context=context, at=at
        )
    manager = contract.manager
    if manager is not None and manager.is_active:
        context = facts | {"name": manager.name, "url": f"{settings.BASE_URL}/desk/contracts/{contract.pk}/"}
        mail.post(
            key=f"{key}:manager:{manager.pk}",
            to=manager.email,
            kind="contract_ending_manager",
            locale=manager.locale,
            context=context,
            at=at,
        )


def ask_for_deletion(duty: DeletionDuty, *, number: int, at: datetime) -> None:
    """Each person gets a link of their own, which says in whose name is attested."""
    contract = duty.contract
    ended = today(duty.since - timedelta(microseconds=1))
    for user in customers(contract.organisation, at):
        mail.post(
            key=f"contract-deletion:{duty.pk}:{number}:{user.pk}",
            to=user.email,
            kind="contract_deletion",
            locale=user.locale,
            context={
                "name": user.name,
                "number": contract.number,
                "organisation": contract.organisation.name,
                "ended": ended,
                "due_on": duty.due_on,
                "again": number > 0,
                "url": link_to(duty, user.pk),
            },
            at=at,
        )
