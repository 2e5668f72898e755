"""An organisation's mail domains: claimed, proven, ended."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Domain, DomainClaim, Organisation
from newsroom.accounts.resolver import resolver
from newsroom.accounts.rules import BadDomain, domain_of
from newsroom.accounts.signals import places_changed
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.jobs import announce


class NotProven(BadDomain):
    """The record is not there, or says something else."""


def record_name(domain: str) -> str:
    """Where the record that proves a domain is to stand."""
    return f"_newsroom.{domain}"


@transaction.atomic
def claim_domain(*, organisation: Organisation, name: str, by: Actor, at: datetime) -> DomainClaim:
    """The organisation says that it owns this domain, and is given what to write into it. Raises `BadDomain`."""
    host = domain_of(name)
    _check_free(host)
    claim, made = DomainClaim.objects.get_or_create(
        organisation=organisation,
        name=host,
        closed_at=None,
        defaults={"token": f"newsroom-{secrets.token_hex(16)}", "claimed_at": at},
    )
    if made:
        audit.record("organisation.domain_claimed", by=by, of=organisation, at=at, facts={"domain": host})
    return claim


def check_claim(*, claim: DomainClaim, by: Actor, at: datetime) -> Domain:
    """Look for the record; found, the domain is the organisation's. Raises `NotProven`, `BadDomain`, `Unresolved`."""
    found = resolver().texts(record_name(claim.name))  # the network, outside any transaction
    DomainClaim.objects.filter(pk=claim.pk).update(checked_at=at)
    if claim.token not in (each.strip() for each in found):
        raise NotProven("name", _("The record is not there yet. It may take some hours until everybody sees it."))
    return _begin(claim.organisation, claim.name, Domain.Proof.DNS, by=by, at=at, why="")


def add_domain(*, organisation: Organisation, name: str, by: Actor, at: datetime, why: str) -> Domain:
    """Staff knows that the domain is the organisation's. Raises `BadDomain`."""
    return _begin(organisation, domain_of(name), Domain.Proof.STAFF, by=by, at=at, why=why)


@transaction.atomic
def _begin(organisation: Organisation, host: str, proof: Domain.Proof, *, by: Actor, at: datetime, why: str) -> Domain:
    _check_free(host)
    try:
        with transaction.atomic():
            made = Domain.objects.create(organisation=organisation, name=host, proof=proof, valid_from=at)
    except IntegrityError:  # somebody else was faster
        raise BadDomain("name", _taken()) from None
    DomainClaim.objects.filter(organisation=organisation, name=host, closed_at=None).update(closed_at=at)
    facts = {"domain": host, "proof": proof.value}
    audit.record("organisation.domain_proven", by=by, of=organisation, at=at, why=why, facts=facts)
    announce(places_changed, organisation_id=organisation.pk)
    return made


def _check_free(host: str) -> None:
    if Domain.objects.open().filter(name=host).exists():
        raise BadDomain("name", _taken())


def _taken() -> str:
    return _("This domain is proven already, by you or by another organisation.")


@transaction.atomic
def withdraw_claim(*, claim: DomainClaim, by: Actor, at: datetime) -> None:
    """It is not to be proven any more."""
    if DomainClaim.objects.filter(pk=claim.pk, closed_at=None).update(closed_at=at):
        facts = {"domain": claim.name}
        audit.record("organisation.domain_claim_withdrawn", by=by, of=claim.organisation, at=at, facts=facts)


@transaction.atomic
def end_domain(*, domain: Domain, by: Actor, at: datetime, why: str = "") -> None:
    """Addresses at it open nothing from now on."""
    domain = Domain.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=domain.pk)
    if domain.valid_to is not None and domain.valid_to <= at:
        return
    Domain.objects.filter(pk=domain.pk).update(valid_to=max(at, domain.valid_from))
    facts = {"domain": domain.name}
    audit.record("organisation.domain_ended", by=by, of=domain.organisation, at=at, why=why, facts=facts)
    announce(places_changed, organisation_id=domain.organisation_id)
