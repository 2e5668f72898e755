"""How an organisation is joined, and where its people come from."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.accounts import actions
from newsroom.accounts.models import Domain, DomainClaim, JoinRule, Network
from newsroom.accounts.rules import written
from newsroom.core.clock import now
from newsroom.licensing.organisations.roles import Deed
from newsroom.portal.views.organisations import forms
from newsroom.portal.views.organisations.doors import Place, done, inside, shown, tried


@inside(Deed.SETTINGS)
def settings(request: HttpRequest, place: Place) -> HttpResponse:
    """Three forms on one page; which one was sent its button says."""
    wanted = request.POST.get("form", "")
    sent = {name: request.POST if wanted == name else None for name in ("rule", "domain", "network")}
    rule = forms.RuleForm(sent["rule"], initial={"join_rule": place.organisation.join_rule})
    domain, network = forms.DomainForm(sent["domain"]), forms.NetworkForm(sent["network"])
    deeds = {"rule": (rule, _rule), "domain": (domain, _domain), "network": (network, _network)}
    if request.method == "POST" and wanted in deeds:
        form, deed = deeds[wanted]
        if done(form, lambda: deed(place, form)):
            messages.success(request, _("Your settings are saved."))
            return redirect("organisation_settings", place.organisation.slug)
    used = (rule, domain, network)
    return shown(request, place, "settings", used, rule=rule, domain=domain, network=network, **_present(place))


def _present(place: Place) -> dict[str, object]:
    at = now()
    domains = Domain.objects.valid(at).filter(organisation=place.organisation).order_by("name")
    claims = DomainClaim.objects.filter(organisation=place.organisation, closed_at=None).order_by("name")
    networks = Network.objects.valid(at).filter(organisation=place.organisation).order_by("cidr")
    return {
        "domains": [(each, written(each.name)) for each in domains],
        "claims": [(each, written(each.name), actions.record_name(each.name)) for each in claims],
        "networks": networks,
    }


def _rule(place: Place, form: django_forms.Form) -> None:
    rule = JoinRule(form.cleaned_data["join_rule"])
    actions.set_join_rule(organisation=place.organisation, rule=rule, by=place.user.actor, at=place.at)


def _domain(place: Place, form: django_forms.Form) -> None:
    name = form.cleaned_data["name"]
    actions.claim_domain(organisation=place.organisation, name=name, by=place.user.actor, at=place.at)


def _network(place: Place, form: django_forms.Form) -> None:
    facts: dict[str, Any] = {"cidr": form.cleaned_data["cidr"], "note": form.cleaned_data["note"]}
    actions.add_network(organisation=place.organisation, by=place.user.actor, at=place.at, **facts)


@require_POST
@inside(Deed.SETTINGS)
def claim(request: HttpRequest, place: Place, pk: int, deed: str) -> HttpResponse:
    """Look for the record of a claimed domain, or give the claim up."""
    claims = DomainClaim.objects.filter(organisation=place.organisation, closed_at=None)
    found = get_object_or_404(claims.select_related("organisation"), pk=pk)
    if deed == "check":
        tried(request, lambda: _check(place, found), _("The domain is proven."))
    else:
        tried(
            request,
            lambda: actions.withdraw_claim(claim=found, by=place.user.actor, at=place.at),
            _("The domain is no longer claimed."),
        )
    return redirect("organisation_settings", place.organisation.slug)


def _check(place: Place, found: DomainClaim) -> None:
    try:
        actions.check_claim(claim=found, by=place.user.actor, at=place.at)
    except actions.Unresolved:
        raise actions.NotProven("name", _("Nobody answered for this domain. Please try again in a moment.")) from None


@require_POST
@inside(Deed.SETTINGS)
def end(request: HttpRequest, place: Place, kind: str, pk: int) -> HttpResponse:
    """A domain or a network opens nothing from now on."""
    facts: dict[str, Any] = {"by": place.user.actor, "at": place.at}
    if kind == "domains":
        domain = get_object_or_404(Domain.objects.open().filter(organisation=place.organisation), pk=pk)
        tried(request, lambda: actions.end_domain(domain=domain, **facts), _("The domain is removed."))
    else:
        network = get_object_or_404(Network.objects.open().filter(organisation=place.organisation), pk=pk)
        tried(request, lambda: actions.end_network(network=network, **facts), _("The network is removed."))
    return redirect("organisation_settings", place.organisation.slug)
