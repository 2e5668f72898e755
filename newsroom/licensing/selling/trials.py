"""An organisation's trial: given once, announced before its end, and looked back on."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM, Actor
from newsroom.licensing import actions
from newsroom.licensing.models import Lead, Licence, LicenceVersion, Trial, Usage
from newsroom.licensing.rules import NO_LIMITS, Limits, Source, Use
from newsroom.licensing.selling import assigning, leads
from newsroom.licensing.selling.errors import BadOffer
from newsroom.wire.models import Product

DAYS = 14
LONGEST = 90  # days
NOTICE = timedelta(days=3)
TOP = 5


@transaction.atomic
def start(
    *,
    lead: Lead,
    organisation: Organisation | None,
    products: "QuerySet[Product] | None",
    uses: tuple[Use, ...],
    days: int,
    by: Actor,
    at: datetime,
    limits: Limits = NO_LIMITS,
) -> Trial:
    """Let the lead's organisation try the wire for so many days. `organisation` None makes one of the lead's name.

    One trial for each organisation. Raises `BadOffer` and `BadTerms`.
    """
    if not 1 <= days <= LONGEST:
        raise BadOffer("days", _("A trial lasts from 1 to %(most)s days.") % {"most": LONGEST})
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    organisation = organisation or lead.organisation or _found(lead, by=by, at=at)
    _check_first(organisation)
    admit(organisation=organisation, email=lead.email, name=lead.name, locale=lead.locale, by=by, at=at)
    licence = actions.start(
        source=Source.TRIAL,
        source_ref=f"organisation-{organisation.pk}",
        holder=organisation,
        uses=uses,
        products=products,
        starts_at=at,
        ends_at=at + timedelta(days=days),
        clause=_("Trial of %(days)s days, without charge.") % {"days": days},
        limits=limits,
        by=by,
        at=at,
    )
    trial = Trial.objects.create(organisation=organisation, lead=lead, licence=licence, started_at=at)
    Lead.objects.filter(pk=lead.pk).update(organisation=organisation)
    leads.move(lead=lead, to=Lead.State.TRIAL, by=by, at=at)
    _tell(trial, "trial_started", lead, at)
    return trial


def _check_first(organisation: Organisation) -> None:
    """Under the organisation's lock, so that two trials cannot begin at once."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Trial.objects.filter(organisation=organisation).exists():
        raise BadOffer("organisation", _("This organisation has had its trial."))


def admit(*, organisation: Organisation, email: str, name: str, locale: str, by: Actor, at: datetime) -> User:
    """The person belongs to the organisation, as its owner when it has none. They set a password by "forgotten"."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name, locale=locale)
    owned = Membership.objects.valid(at).filter(organisation=organisation, role=Membership.Role.OWNER).exists()
    role = Membership.Role.MEMBER if owned else Membership.Role.OWNER
    membership, made = Membership.objects.get_or_create(
        user=user, organisation=organisation, valid_to=None, defaults={"role": role, "valid_from": at}
    )
    if made:
        audit.record("membership.opened", by=by, of=membership, at=at, why=str(role))
    return user


def _found(lead: Lead, *, by: Actor, at: datetime) -> Organisation:
    base = slugify(lead.organisation_name)[:60] or "organisation"
    slug = base if not Organisation.objects.filter(slug=base).exists() else f"{base}-{lead.pk}"
    made = Organisation.objects.create(name=lead.organisation_name, slug=slug, country=lead.country, created_at=at)
    audit.record("organisation.opened", by=by, of=made, at=at)
    return made


def ends_at(licence: Licence) -> datetime | None:
    """When the trial ends, as it stands now: it may have been extended or ended."""
    return licence.versions.get(recorded_to=None).ends_at


def ending(at: datetime) -> "QuerySet[LicenceVersion]":
    """Trials about whose near end nobody was told."""
    return _standing().filter(licence__trial__noticed_at=None, ends_at__gt=at, ends_at__lte=at + NOTICE)


def ended(at: datetime) -> "QuerySet[LicenceVersion]":
    """Trials that are over and not summed up."""
    return _standing().filter(licence__trial__summarised_at=None, ends_at__lte=at)


def _standing() -> "QuerySet[LicenceVersion]":
    return LicenceVersion.objects.filter(recorded_to=None, licence__trial__isnull=False)


@transaction.atomic
def give_notice(*, trial_id: int, at: datetime) -> None:
    """The customer and their account manager hear that the trial ends soon. Told once."""
    trial = Trial.objects.select_for_update(of=("self",)).select_related("lead", "licence").get(pk=trial_id)
    if not ending(at).filter(licence__trial=trial).exists():
        return
    Trial.objects.filter(pk=trial.pk).update(noticed_at=at)
    audit.record("trial.ending", by=SYSTEM, of=trial, at=at)
    if trial.lead is not None:
        _tell(trial, "trial_ending", trial.lead, at)
        leads.note(lead=trial.lead, text=_("The trial ends soon; the customer was told."), by=SYSTEM, at=at)


@transaction.atomic
def sum_up(*, trial_id: int, at: datetime) -> None:
    """The account manager is told what the trial was used for; it stands on the lead. Done once."""
    trial = Trial.objects.select_for_update(of=("self",)).select_related("lead__manager", "licence").get(pk=trial_id)
    if not ended(at).filter(licence__trial=trial).exists():
        return
    found = summary(trial)
    Trial.objects.filter(pk=trial.pk).update(summarised_at=at, summary=found)
    audit.record("trial.ended", by=SYSTEM, of=trial, at=at, facts={"stories": found["stories"]})
    manager = trial.lead.manager if trial.lead else None
    mail.post(
        key=f"trial-ended-{trial.pk}",
        to=manager.email if manager else assigning.sales_address(),
        kind="trial_ended",
        locale=manager.locale if manager else settings.LANGUAGE_CODE,
        context={
            "organisation": trial.organisation.name,
            "lead_url": _lead_url(trial),
            "stories": found["stories"],
            "people": found["people"],
            "desks": ", ".join(f"{each['desk']}: {each['stories']}" for each in found["desks"]),
        },
        at=at,
    )


def summary(trial: Trial) -> dict[str, Any]:
    """What the trial was used for: stories, people, uses, and the desks most read. Counts only, no texts."""
    used = Usage.objects.filter(licence_id=trial.licence_id)
    desks = used.values(name=F("release__desk__name")).annotate(stories=Count("item", distinct=True))
    counts = used.aggregate(stories=Count("item", distinct=True), people=Count("user", distinct=True), uses=Count("pk"))
    top = [{"desk": each["name"], "stories": each["stories"]} for each in desks.order_by("-stories", "name")[:TOP]]
    return {**counts, "desks": top}


def _tell(trial: Trial, kind: str, lead: Lead, at: datetime) -> None:
    mail.post(
        key=f"{kind}-{trial.pk}",
        to=lead.email,
        kind=kind,
        locale=lead.locale,
        context={
            "name": lead.name,
            "organisation": trial.organisation.name,
            "ends_at": ends_at(trial.licence),
            "password_url": f"{settings.BASE_URL}/account/password/reset/",
            "contact_url": f"{settings.BASE_URL}/contact/",
        },
        at=at,
    )


def _lead_url(trial: Trial) -> str:
    return f"{settings.BASE_URL}/desk/leads/{trial.lead_id}/" if trial.lead_id else f"{settings.BASE_URL}/desk/leads/"
