"""Everything that happened with one customer's money, as lines of one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.billing.effects.people import told
from newsroom.billing.models import Account
from newsroom.core import mail
from newsroom.core.models import Message
from newsroom.core.money import Money
from newsroom.licensing.models import LicenceVersion

MOST = 300  # of each kind


@dataclass(frozen=True, slots=True)
class Line:
    """One happening. `url` is where the desk shows more of it."""

    at: datetime
    what: str
    which: str = ""
    state: str = ""
    amount: Money | None = None
    url: str = ""
    note: str = ""


def money_url(holder: Organisation | User) -> str:
    """Where the story of this customer's money is, or nothing for one who never paid."""
    whose: Any = {"organisation": holder} if isinstance(holder, Organisation) else {"user": holder}
    account = Account.objects.filter(**whose).only("pk").first()
    return reverse("newsdesk:money_of", args=[account.pk]) if account else ""


def lines(account: Account, at: datetime) -> list[Line]:
    """The newest first. A fixed number of queries."""
    found = [*_asked(account), *_bought(account), *_billed(account), *_moved(account), *_licences(account)]
    found += _mails(account, at)
    return sorted(found, key=lambda each: each.at, reverse=True)


def _asked(account: Account) -> Iterator[Line]:
    for each in account.calls.order_by("-pk")[:MOST]:
        url = reverse("newsdesk:stripe_call", args=[each.pk])
        yield Line(
            each.created_at, _("We asked Stripe"), each.operation, each.get_state_display(), url=url, note=each.error
        )


def _bought(account: Account) -> Iterator[Line]:
    for each in account.subscriptions.defer("raw").order_by("-started_at")[:MOST]:
        name = each.lookup_key or each.stripe_id
        yield Line(each.started_at, _("Subscription began"), name, each.status, each.price)
        if each.canceled_at:
            yield Line(each.canceled_at, _("Subscription cancelled"), name)
        if each.past_due_since:
            yield Line(each.past_due_since, _("Payment open since"), name)
        if each.ended_at:
            yield Line(each.ended_at, _("Subscription ended"), name)
    for one in account.purchases.defer("raw").order_by("-created_at")[:MOST]:
        yield Line(one.created_at, _("Purchase"), one.kind or one.stripe_id, one.payment_status, one.amount)


def _billed(account: Account) -> Iterator[Line]:
    for each in account.invoices.defer("raw", "lines").order_by("-created_at")[:MOST]:
        yield Line(each.created_at, _("Invoice"), str(each), each.status, each.total, note=each.reason)
        if each.voided_at:
            yield Line(each.voided_at, _("Invoice made void"), str(each))
        if each.uncollectible_at:
            yield Line(each.uncollectible_at, _("Invoice given up on"), str(each))
    for note in account.credit_notes.defer("raw", "lines").order_by("-created_at")[:MOST]:
        yield Line(note.created_at, _("Credit note"), note.number, note.status, note.total, note=note.reason)


def _moved(account: Account) -> Iterator[Line]:
    for paid in account.payments.defer("raw").order_by("-created_at")[:MOST]:
        yield Line(paid.created_at, _("Payment"), paid.card or paid.method, paid.status, paid.amount, note=paid.failure)
    for back in account.refunds.defer("raw").order_by("-created_at")[:MOST]:
        yield Line(back.created_at, _("Refund"), back.charge_ref, back.status, back.amount, note=back.reason)
    for each in account.disputes.defer("raw").order_by("-created_at")[:MOST]:
        yield Line(each.created_at, _("Dispute"), each.charge_ref, each.status, each.amount, note=each.reason)


def _licences(account: Account) -> Iterator[Line]:
    holder: Any = {"licence__user": account.user} if account.user else {"licence__organisation": account.organisation}
    versions = LicenceVersion.objects.filter(**holder).select_related("licence").order_by("-recorded_from")
    for each in versions[:MOST]:
        state = _("suspended") if each.suspended else ""
        url = reverse("newsdesk:licence", args=[each.licence_id])
        yield Line(each.recorded_from, _("Licence changed"), each.licence.source_ref, state, url=url, note=each.why)


def _mails(account: Account, at: datetime) -> list[Line]:
    to = [person.email for person in told(account, at)]
    sent = Message.objects.filter(to__in=to).exclude(kind__in=mail.OPTIONAL).order_by("-created_at")
    rows = sent.only("created_at", "kind", "subject", "state", "to")[:MOST]
    return [Line(each.created_at, _("Mail"), each.subject, each.get_state_display(), note=each.to) for each in rows]
