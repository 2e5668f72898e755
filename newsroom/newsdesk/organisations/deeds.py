"""What staff may do to a customer's people and places: the form of each deed, and the action it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts import actions as places
from newsroom.accounts.models import Domain, JoinRule, Membership, Network, Organisation, User
from newsroom.core.audit import Actor
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, SeatRequest
from newsroom.licensing.organisations import invitations, members, requests
from newsroom.newsdesk.organisations import forms


@dataclass(frozen=True, slots=True)
class Asked:
    """One deed that staff asked for: on which organisation, on what of it, by whom, when and with which locale."""

    organisation: Organisation
    of: Any
    form: Any
    by: Actor
    at: datetime
    locale: str

    @property
    def facts(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at, "why": self.form.cleaned_data["why"]}


@dataclass(frozen=True, slots=True)
class Deed:
    """`of`: which of the organisation's rows it is done on; None: on the organisation itself."""

    title: Any
    form: type[forms.Reasoned]
    run: Callable[[Asked], object]
    of: Callable[[Organisation], "QuerySet[Any]"] | None = None


def _members(organisation: Organisation) -> "QuerySet[Membership]":
    return Membership.objects.open().filter(organisation=organisation).select_related("user", "organisation")


def _invitations(organisation: Organisation) -> "QuerySet[Invitation]":
    return Invitation.objects.open().filter(organisation=organisation).select_related("organisation")


def _requests(organisation: Organisation) -> "QuerySet[SeatRequest]":
    return SeatRequest.objects.open().filter(organisation=organisation).select_related("user")


def _domains(organisation: Organisation) -> "QuerySet[Domain]":
    return Domain.objects.open().filter(organisation=organisation)


def _networks(organisation: Organisation) -> "QuerySet[Network]":
    return Network.objects.open().filter(organisation=organisation)


def _invite(asked: Asked) -> None:
    said = asked.form.cleaned_data
    invitations.invite(
        organisation=asked.organisation,
        email=said["email"],
        role=said["role"],
        licence=asked.form.licence_of(),
        locale=asked.locale,
        **asked.facts,
    )


def _change_role(asked: Asked) -> None:
    members.change_role(membership=asked.of, role=asked.form.cleaned_data["role"], **asked.facts)


def _move(asked: Asked) -> None:
    to = User.objects.filter(email=asked.form.cleaned_data["user"].lower(), is_active=True).first()
    if to is None:
        raise seats.NotOfOrganisation("user", gettext("Nobody signs in with this address."))
    seats.move(licence=asked.form.licence_of(), user=asked.of.user, to=to, **asked.facts)


def _resend(asked: Asked) -> None:
    invitations.resend(invitation=asked.of, by=asked.by, at=asked.at, locale=asked.locale)


def _rule(asked: Asked) -> None:
    rule = JoinRule(asked.form.cleaned_data["join_rule"])
    places.set_join_rule(organisation=asked.organisation, rule=rule, **asked.facts)


def _domain(asked: Asked) -> None:
    places.add_domain(organisation=asked.organisation, name=asked.form.cleaned_data["name"], **asked.facts)


def _network(asked: Asked) -> None:
    said = asked.form.cleaned_data
    places.add_network(organisation=asked.organisation, cidr=said["cidr"], note=said["note"], **asked.facts)


def _give(asked: Asked) -> None:
    seats.give(licence=asked.form.licence_of(), user=asked.of.user, **asked.facts)


def _take(asked: Asked) -> None:
    seats.take_back(licence=asked.form.licence_of(), user=asked.of.user, **asked.facts)


def _decide(grant: bool) -> Callable[[Asked], None]:
    return lambda asked: requests.decide(request=asked.of, grant=grant, **asked.facts)


DEEDS: dict[str, Deed] = {
    "invite": Deed(_("Invite somebody"), forms.InviteForm, _invite),
    "rule": Deed(_("Change who may join"), forms.RuleForm, _rule),
    "domain": Deed(_("Confirm a mail domain"), forms.DomainForm, _domain),
    "network": Deed(_("Add a network"), forms.NetworkForm, _network),
    "role": Deed(_("Change the role"), forms.RoleForm, _change_role, _members),
    "remove": Deed(
        _("Remove from the organisation"),
        forms.Reasoned,
        lambda asked: members.remove(membership=asked.of, **asked.facts),
        _members,
    ),
    "give-seat": Deed(_("Give a seat"), forms.SeatForm, _give, _members),
    "take-seat": Deed(_("Take a seat back"), forms.SeatForm, _take, _members),
    "move-seat": Deed(_("Move a seat"), forms.MoveForm, _move, _members),
    "resend": Deed(_("Send the invitation again"), forms.Reasoned, _resend, _invitations),
    "revoke": Deed(
        _("Take the invitation back"),
        forms.Reasoned,
        lambda asked: invitations.revoke(invitation=asked.of, **asked.facts),
        _invitations,
    ),
    "grant": Deed(_("Grant the request"), forms.Reasoned, _decide(True), _requests),
    "refuse": Deed(_("Refuse the request"), forms.Reasoned, _decide(False), _requests),
    "end-domain": Deed(
        _("End the mail domain"),
        forms.Reasoned,
        lambda asked: places.end_domain(domain=asked.of, **asked.facts),
        _domains,
    ),
    "end-network": Deed(
        _("End the network"),
        forms.Reasoned,
        lambda asked: places.end_network(network=asked.of, **asked.facts),
        _networks,
    ),
}
