"""The book of a paying account: what its documents mean, written beside them. Replaced as a whole, from what is true.

Who hears late, twice or in another order writes the same book in the end, for it is read off the mirror, whose end is
the same, and off Stripe's own moments (docs/decisions/0033).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from newsroom.billing.finance.entries import Documents, entries_of
from newsroom.billing.finance.recurring import rates_of
from newsroom.billing.finance.taxes import taxed
from newsroom.billing.models import Account, Book, Entry, Span, TaxLine


def behind() -> QuerySet[Account]:
    """Accounts of which more is known than stands in their book."""
    return Account.objects.filter(Q(book=None, version__gt=0) | ~Q(book__version=F("version")) & Q(book__isnull=False))


@transaction.atomic
def write(*, account_id: int, at: datetime) -> bool:
    """The account's book says what its documents mean. True when it said something else before."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    papers = documents_of(account)
    changed = [
        _replaced(Entry, account, _entries(account, papers)),
        _replaced(TaxLine, account, _taxes(account, papers)),
        _replaced(Span, account, _spans(account, papers)),
    ]
    Book.objects.update_or_create(account=account, defaults={"version": account.version, "written_at": at})
    return any(changed)


def documents_of(account: Account) -> Documents:
    return Documents(
        invoices=list(account.invoices.order_by("created_at", "stripe_id")),
        credit_notes=list(account.credit_notes.order_by("created_at", "stripe_id")),
        payments=list(account.payments.order_by("created_at", "stripe_id")),
        refunds=list(account.refunds.order_by("created_at", "stripe_id")),
        disputes=list(account.disputes.order_by("created_at", "stripe_id")),
        purchases=list(account.purchases.order_by("created_at", "stripe_id")),
    )


def _entries(account: Account, papers: Documents) -> Iterable[Entry]:
    for each in entries_of(papers):
        yield Entry(
            account=account,
            day=each.day,
            happening=each.happening,
            role=each.role,
            currency=each.currency,
            amount_minor=each.amount,
            paper=each.paper,
            number=each.number,
            about=each.about,
        )


def _taxes(account: Account, papers: Documents) -> Iterable[TaxLine]:
    for each in taxed(papers, account.country):
        yield TaxLine(
            account=account,
            paper=each.paper,
            number=each.number,
            happening=each.happening,
            day=each.day,
            country=each.country,
            treatment=each.treatment,
            currency=each.currency,
            net_minor=each.net,
            tax_minor=each.tax,
        )


def _spans(account: Account, papers: Documents) -> Iterable[Span]:
    holder = holder_of(account)
    for subscription in account.subscriptions.filter(duplicate=False).order_by("stripe_id"):
        for each in rates_of(subscription, papers.invoices):
            yield Span(
                account=account,
                holder=holder,
                source=each.source,
                product=each.product,
                country=account.country,
                currency=each.currency,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                yearly_minor=each.yearly,
                involuntary=each.involuntary,
            )


def holder_of(account: Account) -> str:
    """Who pays, by one word: "u17" a person, "o3" an organisation."""
    return f"u{account.user_id}" if account.user_id else f"o{account.organisation_id}"


def _replaced(model: type[models.Model], account: Account, wanted: Iterable[Any]) -> bool:
    """What is new is added, what is no more is taken away, the rest stays as it is."""
    columns = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    there: dict[tuple[Any, ...], list[int]] = {}
    for pk, *values in model._default_manager.filter(account=account).values_list("pk", *columns):
        there.setdefault(tuple(values), []).append(pk)
    fresh = [each for each in wanted if not _taken(there, tuple(getattr(each, name) for name in columns))]
    gone = [pk for left in there.values() for pk in left]
    model._default_manager.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(fresh, batch_size=1000)
    return bool(fresh or gone)


def _taken(there: dict[tuple[Any, ...], list[int]], values: tuple[Any, ...]) -> bool:
    found = there.get(values)
    return bool(found and found.pop())
