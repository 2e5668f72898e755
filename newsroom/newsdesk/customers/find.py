"""A customer, found by anything: name, address, domain, network address, invoice, contract. Typing errors are forgiven."""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import Domain, Network, Organisation, User
from newsroom.billing.models import Invoice
from newsroom.licensing.models import Licence

LIKE = 0.4
MOST = 20
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Match:
    """A customer, and by what they were found."""

    url: str
    name: str
    kind: str
    by: str
    detail: str = ""


def customers(words: str, at: datetime) -> list[Match]:
    """The customers these words may mean, the surest first: exact marks, then names that are alike."""
    words = words.strip().strip("\x00")
    if not words:
        return []
    found: dict[str, Match] = {}
    for match in _everything(words, at):
        found.setdefault(match.url, match)
    return list(found.values())[:MOST]


def _everything(words: str, at: datetime) -> Iterator[Match]:
    yield from _by_network(words, at)
    yield from _by_domain(words, at)
    yield from _by_reference(words)
    yield from _by_invoice(words)
    yield from _people(words)
    yield from _organisations(words)


def of_organisation(organisation: Organisation, by: str, detail: str = "") -> Match:
    url = reverse("newsdesk:organisation", args=[organisation.pk])
    return Match(url, organisation.name, _("organisation"), by, detail or organisation.country)


def of_person(user: User, by: str, detail: str = "") -> Match:
    return Match(reverse("newsdesk:person", args=[user.pk]), str(user), _("person"), by, detail or user.email)


def _by_network(words: str, at: datetime) -> Iterator[Match]:
    try:
        address = str(ipaddress.ip_address(words))
    except ValueError:
        return
    for network in Network.objects.valid(at).filter(cidr__holds=address).select_related("organisation"):
        yield of_organisation(network.organisation, _("network address"), str(network))


def _by_domain(words: str, at: datetime) -> Iterator[Match]:
    name = words.rpartition("@")[2].lower().rstrip(".")
    if "." not in name:
        return
    for domain in Domain.objects.valid(at).filter(name=name).select_related("organisation"):
        yield of_organisation(domain.organisation, _("mail domain"), domain.name)


def _by_reference(words: str) -> Iterator[Match]:
    """By the number of a contract or the reference of a licence; a contract's lines follow its number."""
    same = Q(source_ref__iexact=words) | Q(source_ref__istartswith=f"{words}/")
    for licence in Licence.objects.filter(same).select_related("organisation", "user")[:MOST]:
        if licence.organisation is not None:
            yield of_organisation(licence.organisation, _("contract or licence"), licence.source_ref)
        elif licence.user is not None:
            yield of_person(licence.user, _("licence"), licence.source_ref)


def _by_invoice(words: str) -> Iterator[Match]:
    same = Q(number__iexact=words) | Q(stripe_id=words) | Q(account__stripe_customer_id=words)
    for invoice in Invoice.objects.filter(same).select_related("account__user", "account__organisation")[:MOST]:
        payer = invoice.account.holder
        if isinstance(payer, User):
            yield of_person(payer, _("invoice"), str(invoice))
        else:
            yield of_organisation(payer, _("invoice"), str(invoice))


def _people(words: str) -> Iterable[Match]:
    alike = Greatest(TrigramWordSimilarity(words, "email"), TrigramWordSimilarity(words, "name"))
    near = Q(email__trigram_word_similar=words) | Q(name__trigram_word_similar=words) | Q(email__istartswith=words)
    found = User.objects.filter(near).annotate(alike=alike, exact=Q(email__iexact=words))
    for user in _near(found.order_by(F("exact").desc(), "-alike", "pk")):
        yield of_person(user, _("e-mail address") if words.lower() in user.email else _("name"))


def _organisations(words: str) -> Iterable[Match]:
    alike = Greatest(TrigramWordSimilarity(words, "name"), TrigramWordSimilarity(words, "slug"))
    near = Q(name__trigram_word_similar=words) | Q(slug__trigram_word_similar=words)
    for organisation in _near(Organisation.objects.filter(near).annotate(alike=alike).order_by("-alike", "pk")):
        yield of_organisation(organisation, _("name"))


@transaction.atomic
def _near(found: "QuerySet[Row]") -> "list[Row]":
    """The first rows, with as much forgiveness of typing errors as a name of a few letters needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE)])
    return list(found[:MOST])
