"""A contract begins."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.core.audit import Actor
from newsroom.licensing.contracts import papers
from newsroom.licensing.contracts.book import Book, desk_zone, kept, today
from newsroom.licensing.contracts.dates import add_months, moment
from newsroom.licensing.contracts.licences import check_products, settle
from newsroom.licensing.contracts.planning import plan
from newsroom.licensing.contracts.rules import BadTerm, Happening, InThePast
from newsroom.licensing.contracts.terms import Agreed, Terms, check_lines, check_terms
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Contract, ContractNumber, ContractVersion


@transaction.atomic
def activate(
    *,
    organisation: Organisation,
    lines: Sequence[Line],
    terms: Terms,
    starts_on: date,
    currency: str,
    by: Actor,
    at: datetime,
    manager: User | None = None,
    source_ref: str = "",
    locale: str = "en",
    why: str = "",
) -> Contract:
    """A contract runs from this day, and each of its lines is a licence. With the same `source_ref` again: the same.

    Raises `BadTerm`, `BadLine`, `UnknownProduct`, `InThePast`, whose `field` names what is wrong.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = Contract.objects.filter(source_ref=source_ref).first() if source_ref else None
    if found is not None:
        return found
    agreed = [Agreed(key, line, starts_on) for key, line in enumerate(lines, start=1)]
    until = _checked_end(terms, agreed, starts_on, currency, at)
    facts = {"organisation": organisation, "manager": manager, "currency": currency, "source_ref": source_ref}
    number = _next_number(today(at).year)
    contract = Contract.objects.create(number=number, locale=locale, created_at=at, **facts)
    _first_version(contract, agreed, terms, starts_on, until, at)
    return _begun(contract, by, at, why)


def _first_version(
    contract: Contract, agreed: list[Agreed], terms: Terms, starts_on: date, until: date, at: datetime
) -> None:
    ContractVersion.objects.create(
        contract=contract,
        number=1,
        lines=kept(agreed),
        anchor=starts_on,
        months=terms.term_months,
        period_from=starts_on,
        period_to=until,
        valid_from=moment(starts_on, desk_zone()),
        recorded_from=at,
        **terms.as_columns(),
    )


def _begun(contract: Contract, by: Actor, at: datetime, why: str) -> Contract:
    book = Book.open(contract, at)
    book.write(Happening.ACTIVATED, by=by, at=at, effective=book.last.valid_from, key="activated", why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)
    papers.issue_contract(book, by=by, at=at)
    return book.contract


def _checked_end(terms: Terms, agreed: list[Agreed], starts_on: date, currency: str, at: datetime) -> date:
    check_terms(terms)
    if len(currency) != 3 or not currency.isalpha() or currency != currency.lower():
        raise BadTerm(_("A currency is three letters, as in ISO 4217."), "currency")
    check_lines(agreed, currency)
    check_products(agreed)
    until = add_months(starts_on, terms.term_months)
    if until <= today(at):
        raise InThePast(_("The whole term lies in the past."), "starts_on")
    return until


def _next_number(year: int) -> str:
    """Gap-free in its year: the counter is held to the commit, and what is rolled back gives its number back."""
    ContractNumber.objects.get_or_create(year=year)
    ContractNumber.objects.filter(year=year).update(last=F("last") + 1)
    return f"CT-{year}-{ContractNumber.objects.get(year=year).last:04d}"


@transaction.atomic
def assign(*, contract: Contract, manager: User | None, by: Actor, at: datetime, why: str = "") -> None:
    """Somebody else at the agency keeps this contract."""
    book = Book.open(contract, at)
    if book.contract.manager == manager:
        return
    Contract.objects.filter(pk=contract.pk).update(manager=manager)
    facts = {"manager_id": manager.pk if manager else None}
    book.write(Happening.ASSIGNED, by=by, at=at, key=f"assigned:{len(book.events)}", why=why, facts=facts)
