"""What an organisation agreed to: its contracts, its documents, notice, and the attestation at the end.

For owners, admins and those who pay. To everybody else these pages do not exist.
"""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from newsroom.accounts.models import Membership, User
from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.licensing.contracts import actions, links
from newsroom.licensing.contracts.dates import last_day
from newsroom.licensing.contracts.papers import documents_of
from newsroom.licensing.contracts.rules import ContractRefused, LinkSpent, Side, State, TooLate
from newsroom.licensing.contracts.shown import shown
from newsroom.licensing.documents.typeset import pdf
from newsroom.licensing.models import Contract, DeletionDuty
from newsroom.licensing.organisations.roles import Deed
from newsroom.portal.views.organisations.doors import Place, place_of

Role = Membership.Role
PER_PAGE = 25
WORDS = gettext_lazy(
    "Every copy of texts and pictures received under this contract, and of what was made from them, is deleted from "
    "our systems, archives and backups, except what the contract lets us keep."
)


class NoticeForm(forms.Form):
    """That the contract is not to be renewed."""

    why = forms.CharField(
        label=gettext_lazy("Why do you leave?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(label=gettext_lazy("We do not want this contract to be renewed."))
    late = forms.BooleanField(label=gettext_lazy("End it with the period after, then."), required=False)

    def __init__(self, *args: Any, too_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not too_late:
            del self.fields["late"]


class AttestForm(forms.Form):
    """In whose name it is said that the copies are deleted."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    sure = forms.BooleanField(label=WORDS)


def _posted(request: HttpRequest) -> Any:
    """What a form was sent with, even if that is nothing; None where none was sent."""
    return request.POST if request.method == "POST" else None


def _place(request: HttpRequest, slug: str) -> Place:
    """An organisation of the asker's own, in which they may see contracts. Else it does not exist."""
    place = place_of(request, slug)
    if not place.may(Deed.CONTRACTS):
        raise Http404
    return place


def _contract(place: Place, number: str) -> Contract:
    contracts = Contract.objects.select_related("organisation", "manager")
    return get_object_or_404(contracts, organisation=place.organisation, number=number)


@require_safe
@login_required
def contracts(request: HttpRequest, slug: str) -> HttpResponse:
    place = _place(request, slug)
    found = Contract.objects.filter(organisation=place.organisation).with_state(now()).with_terms().order_by("-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, State(each.state), last_day(each.period_to)) for each in page]
    return render(request, "portal/contracts/list.html", place.context(request, rows=rows, page=page))


@require_safe
@login_required
def contract(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    place = _place(request, slug)
    found = _contract(place, number)
    facts = {
        "shown": shown(found, now()),
        "documents": documents_of(found),
        "may_leave": place.membership.role == Role.OWNER,
    }
    return render(request, "portal/contracts/contract.html", place.context(request, **facts))


@login_required
def notice(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """An owner says that the contract is not to be renewed. Too late: told for when it counts, and asked again."""
    place = _place(request, slug)
    if place.membership.role != Role.OWNER:
        raise Http404
    found = _contract(place, number)
    form = NoticeForm(_posted(request), too_late="late" in request.POST)
    ends = _give(request, found, form) if request.method == "POST" and form.is_valid() else None
    if ends is not None:
        day = date_format(last_day(ends), "j F Y")
        messages.success(request, _("The contract ends with %(day)s. You can still change your mind.") % {"day": day})
        return redirect("organisation_contract", slug, number)
    context = place.context(request, shown=shown(found, now()), form=form)
    return render(request, "portal/contracts/notice.html", context, status=400 if form.errors else 200)


def _give(request: HttpRequest, contract: Contract, form: NoticeForm) -> date | None:
    facts: dict[str, Any] = {"contract": contract, "side": Side.CUSTOMER, "why": form.cleaned_data["why"]}
    facts |= {"by": cast(User, request.user).actor, "at": now()}
    try:
        return actions.give_notice(**facts)
    except TooLate as refusal:
        if form.cleaned_data.get("late"):
            return actions.give_notice(**facts, until=refusal.earliest)
        form.fields["late"] = NoticeForm.base_fields["late"]
        form.add_error("late", str(refusal))
    except ContractRefused as refusal:
        form.add_error(None, str(refusal))
    return None


@login_required
def attest(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    found = _contract(_place(request, slug), number)
    duty = get_object_or_404(DeletionDuty, contract=found, withdrawn_at=None)
    return _attest(request, duty, cast(User, request.user))


def attest_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a mail, without signing in: the link says whose name it is in."""
    try:
        duty, user_id = links.read(token)
    except LinkSpent as refusal:
        return render(request, "portal/contracts/spent.html", {"why": str(refusal)}, status=410)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Http404
    return _attest(request, duty, user)


def _attest(request: HttpRequest, duty: DeletionDuty, user: User) -> HttpResponse:
    form = AttestForm(_posted(request), initial={"name": user.name})
    if request.method == "POST" and duty.attested_at is None and form.is_valid():
        try:
            duty = actions.attest(
                duty=duty,
                name=form.cleaned_data["name"],
                user=user,
                by=Actor(user.pk, form.cleaned_data["name"]),
                at=now(),
                words=str(WORDS),
            )
        except ContractRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    facts = {"duty": duty, "contract": duty.contract, "form": form}
    response = render(request, "portal/contracts/attest.html", facts, status=400 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # a browser posts from a page without any as from nowhere
    return response


@require_safe
@login_required
def document(request: HttpRequest, slug: str, number: str, document: str) -> HttpResponse:
    """One of the contract's documents as PDF."""
    for each in documents_of(_contract(_place(request, slug), number)):
        if each.number == document:
            response = HttpResponse(pdf(each), content_type="application/pdf")
            response.headers["Content-Disposition"] = f'inline; filename="{each.number}.pdf"'
            response.headers["Cache-Control"] = "private, no-store"
            return response
    raise Http404
