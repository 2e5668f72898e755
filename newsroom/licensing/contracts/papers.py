"""A contract, and what is attested at its end, as documents."""

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.core.countries import countries
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.prices import a_year
from newsroom.licensing.contracts.words import line_in_words, price_in_words, terms_in_words
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.documents.shape import Paper, Party, Section
from newsroom.licensing.models import Contract, ContractVersion, DeletionDuty, Document, Kind
from newsroom.wire.models import Product


def documents_of(contract: Contract) -> list[Document]:
    """Newest first."""
    found = Document.objects.filter(subject_kind=contract._meta.label_lower, subject_id=str(contract.pk))
    return list(found.order_by("-pk"))


def issue_contract(book: Book, *, by: Actor, at: datetime) -> Document:
    """The contract as it reads from its last version on; it takes the place of the one before."""
    contract = book.contract
    former = next((each for each in documents_of(contract) if each.kind == Kind.CONTRACT), None)
    with translation.override(contract.locale):
        data = contract_paper(contract, book.last)
    return documents.issue(
        kind=Kind.CONTRACT, subject=contract, data=data, locale=contract.locale, by=by, at=at, replaces=former
    )


def contract_paper(contract: Contract, version: ContractVersion) -> Paper:
    return {
        "title": _("Contract %(number)s") % {"number": contract.number},
        "subtitle": _("Version %(number)s, from %(day)s")
        % {"number": version.number, "day": date_format(today(version.valid_from), "j F Y")},
        "parties": [_customer(contract)],
        "facts": [list(pair) for pair in terms_in_words(version.terms, version)],
        "sections": [_lines(contract, version), _prices(contract, version)],
        "notice": _(
            "When the contract ends, every copy that it does not let the customer keep is deleted, and the customer "
            "attests it."
        ),
    }


def _customer(contract: Contract) -> Party:
    organisation = contract.organisation
    country = countries(contract.locale).get(organisation.country, organisation.country)
    return {"role": _("Customer"), "name": organisation.name, "lines": [country] if country else []}


def _lines(contract: Contract, version: ContractVersion) -> Section:
    names = dict(Product.objects.values_list("code", "name"))
    clauses = []
    for each in version.agreed:
        words = " ".join(line_in_words(each.line, names))
        clauses.append(f"{contract.number}/{each.key} {each.line.title}. {words} {each.line.clause}")
    return {"heading": _("What is licensed"), "clauses": clauses}


def _prices(contract: Contract, version: ContractVersion) -> Section:
    rows = [
        [str(each.key), each.line.title, price_in_words(each.line.price, each.line.interval)] for each in version.agreed
    ]
    year = a_year(version.agreed, contract.currency)
    return {
        "heading": _("Prices"),
        "table": {
            "columns": [
                {"label": _("Line")},
                {"label": _("Title"), "wide": True},
                {"label": _("Price"), "align": "end"},
            ],
            "rows": rows,
            "totals": [[_("In a year"), str(year)]],
        },
    }


def issue_attestation(duty: DeletionDuty, *, by: Actor, at: datetime) -> Document:
    """What was attested, by whom and when."""
    contract = duty.contract
    with translation.override(contract.locale):
        data: Paper = {
            "title": _("Attestation of deletion"),
            "subtitle": _("Contract %(number)s") % {"number": contract.number},
            "parties": [_customer(contract)],
            "facts": [
                [_("Ended"), date_format(today(duty.since - timedelta(microseconds=1)), "j F Y")],
                [_("Attested"), date_format(today(at), "j F Y")],
                [_("By"), duty.attested_by],
            ],
            "sections": [{"paragraphs": [duty.words]}],
        }
    return documents.issue(kind=Kind.ATTESTATION, subject=contract, data=data, locale=contract.locale, by=by, at=at)
