"""An organisation's networks."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Network, Organisation
from newsroom.accounts.rules import BadNetwork, network_of
from newsroom.accounts.signals import places_changed
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.jobs import announce


@transaction.atomic
def add_network(
    *, organisation: Organisation, cidr: str, by: Actor, at: datetime, note: str = "", why: str = ""
) -> Network:
    """Requests from these addresses are this organisation's. Raises `BadNetwork`."""
    wanted = network_of(cidr)
    other = Network.objects.open().overlapping(str(wanted)).select_related("organisation").first()
    if other is not None:
        raise BadNetwork("cidr", _taken(other, organisation))
    try:
        with transaction.atomic():
            made = Network.objects.create(
                organisation=organisation, cidr=str(wanted), note=note.strip()[:200], valid_from=at
            )
    except IntegrityError:  # somebody else was faster; the database refuses two networks that overlap
        raise BadNetwork("cidr", _("These addresses belong to another organisation.")) from None
    audit.record("organisation.network_added", by=by, of=organisation, at=at, why=why, facts={"network": made.cidr})
    announce(places_changed, organisation_id=organisation.pk)
    return made


def _taken(other: Network, organisation: Organisation) -> str:
    """Another's name is not told."""
    if other.organisation_id == organisation.pk:
        return _("Your network %(network)s holds these addresses already.") % {"network": other.cidr}
    return _("These addresses belong to another organisation.")


@transaction.atomic
def end_network(*, network: Network, by: Actor, at: datetime, why: str = "") -> None:
    """It opens nothing from now on."""
    network = Network.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=network.pk)
    if network.valid_to is not None and network.valid_to <= at:
        return
    network.valid_to = max(at, network.valid_from)
    network.save(update_fields=["valid_to"])
    facts = {"network": network.cidr}
    audit.record("organisation.network_ended", by=by, of=network.organisation, at=at, why=why, facts=facts)
    announce(places_changed, organisation_id=network.organisation_id)
