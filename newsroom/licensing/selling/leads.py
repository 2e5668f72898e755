"""What becomes of a lead: who looks after it, what was said, what is next, how it ended."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM, Actor
from newsroom.core.countries import is_country
from newsroom.licensing.models import Lead, LeadNote
from newsroom.licensing.rules import Use
from newsroom.licensing.selling import assigning
from newsroom.licensing.selling.errors import BadOffer, NotNow
from newsroom.wire.models import Item, Product
from newsroom.wire.sanitise import clean_line, clean_text

NEXT = {
    Lead.State.NEW: {Lead.State.TALKING, Lead.State.TRIAL, Lead.State.QUOTED, Lead.State.WON, Lead.State.LOST},
    Lead.State.TALKING: {Lead.State.TRIAL, Lead.State.QUOTED, Lead.State.WON, Lead.State.LOST},
    Lead.State.TRIAL: {Lead.State.TALKING, Lead.State.QUOTED, Lead.State.WON, Lead.State.LOST},
    Lead.State.QUOTED: {Lead.State.TALKING, Lead.State.TRIAL, Lead.State.WON, Lead.State.LOST},
    Lead.State.WON: set(),
    Lead.State.LOST: {Lead.State.TALKING, Lead.State.QUOTED, Lead.State.WON},
}
"""Which state may follow which. A lost lead may be taken up again."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What somebody wrote into the form."""

    name: str
    email: str
    organisation: str
    country: str
    consent: bool
    locale: str
    products: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    audience: int | None = None
    message: str = ""
    item: Item | None = None


@transaction.atomic
def enquire(*, enquiry: Enquiry, at: datetime) -> Lead:
    """An enquiry came in: a lead with an account manager; the person and sales hear of it. Raises `BadOffer`."""
    _check(enquiry)
    lead = Lead.objects.create(
        name=clean_line(enquiry.name)[:150],
        email=enquiry.email.strip().lower(),
        organisation_name=clean_line(enquiry.organisation)[:200],
        country=enquiry.country,
        products=sorted(set(enquiry.products)),
        uses=sorted(set(enquiry.uses)),
        audience=enquiry.audience,
        message=clean_text(enquiry.message),
        item=enquiry.item,
        locale=enquiry.locale,
        consent_at=at,
        created_at=at,
    )
    audit.record("lead.opened", by=SYSTEM, of=lead, at=at)
    manager = assigning.choose(country=lead.country)
    if manager is not None:
        assign(lead=lead, manager=manager, by=SYSTEM, at=at)
    _tell(lead, manager, at)
    return lead


def _check(enquiry: Enquiry) -> None:
    if not enquiry.consent:
        raise BadOffer("consent", _("We may only keep what you write if you agree."))
    if not clean_line(enquiry.name):
        raise BadOffer("name", _("Tell us your name."))
    if not clean_line(enquiry.organisation):
        raise BadOffer("organisation", _("Tell us for whom you ask."))
    if not is_country(enquiry.country):
        raise BadOffer("country", _("Choose a country."))
    if set(enquiry.uses) - set(Use.values):
        raise BadOffer("uses", _("There is no such use."))
    if Product.objects.filter(code__in=enquiry.products).count() < len(set(enquiry.products)):
        raise BadOffer("products", _("There is no such product."))
    if enquiry.audience is not None and enquiry.audience < 0:
        raise BadOffer("audience", _("An audience cannot be negative."))


def _tell(lead: Lead, manager: User | None, at: datetime) -> None:
    mail.post(
        key=f"enquiry-received-{lead.pk}",
        to=lead.email,
        kind="enquiry_received",
        locale=lead.locale,
        context={"name": lead.name, "organisation": lead.organisation_name},
        at=at,
    )
    mail.post(
        key=f"enquiry-new-{lead.pk}",
        to=manager.email if manager else assigning.sales_address(),
        kind="enquiry_new",
        locale=manager.locale if manager else settings.LANGUAGE_CODE,
        context=_for_sales(lead),
        at=at,
    )


def _for_sales(lead: Lead) -> dict[str, str]:
    return {
        "name": lead.name,
        "organisation": lead.organisation_name,
        "country": lead.country,
        "email": lead.email,
        "message": lead.message,
        "lead_url": f"{settings.BASE_URL}/desk/leads/{lead.pk}/",
    }


@transaction.atomic
def assign(*, lead: Lead, manager: User, by: Actor, at: datetime) -> None:
    """From now on this person looks after the lead. Raises `BadOffer`."""
    if not assigning.sellers().filter(pk=manager.pk).exists():
        raise BadOffer("manager", _("This person does not sell."))
    Lead.objects.filter(pk=lead.pk).update(manager=manager, assigned_at=at)
    lead.manager, lead.assigned_at = manager, at
    audit.record("lead.assigned", by=by, of=lead, at=at, why=str(manager))


@transaction.atomic
def note(*, lead: Lead, text: str, by: Actor, at: datetime) -> LeadNote:
    """Write something down. Raises `BadOffer`."""
    if not clean_text(text):
        raise BadOffer("text", _("Write something."))
    written = LeadNote.objects.create(lead=lead, author=by.label, text=clean_text(text), at=at)
    audit.record("lead.noted", by=by, of=lead, at=at)
    return written


@transaction.atomic
def plan(*, lead: Lead, step: str, on: date | None, by: Actor, at: datetime) -> None:
    """What is next, and when; an empty step: nothing is. Raises `BadOffer`."""
    step = clean_line(step)[:200]
    if step and on is None:
        raise BadOffer("next_on", _("Say on which day."))
    Lead.objects.filter(pk=lead.pk).update(next_step=step, next_on=on if step else None)
    audit.record("lead.planned", by=by, of=lead, at=at, why=step)


@transaction.atomic
def move(*, lead: Lead, to: Lead.State, by: Actor, at: datetime, why: str = "") -> None:
    """Take the lead to another state. The same state again changes nothing. Raises `NotNow` and `BadOffer`."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.state == to:
        return
    if to not in NEXT[Lead.State(lead.state)]:
        raise NotNow(_("A lead that is %(from)s cannot become %(to)s.") % _names(lead.state, to))
    if to == Lead.State.LOST and not why.strip():
        raise BadOffer("why", _("Say why the lead is lost."))
    Lead.objects.filter(pk=lead.pk).update(state=to, lost_reason=why.strip() if to == Lead.State.LOST else "")
    audit.record(f"lead.{to}", by=by, of=lead, at=at, why=why.strip())


def _names(before: str, after: str) -> dict[str, str]:
    return {"from": str(Lead.State(before).label), "to": str(Lead.State(after).label)}
