"""An organisation's invoices: what is due, what was paid, their PDF, and what proves uses above a quota.

For owners and those who pay. To everybody else these pages do not exist.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.models import Organisation
from newsroom.billing import actions
from newsroom.billing.invoicing import overage
from newsroom.billing.models import CreditNote, Invoice, InvoicePlan
from newsroom.licensing.organisations.roles import Deed
from newsroom.portal.views.organisations.doors import Place, place_of

PER_PAGE = 25


def _place(request: HttpRequest, slug: str) -> Place:
    """An organisation of the asker's own, whose invoices they may see. Else it does not exist."""
    place = place_of(request, slug)
    if not place.may(Deed.INVOICES):
        raise Http404
    return place


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    return _place(request, slug).organisation


@require_safe
@login_required
def invoices(request: HttpRequest, slug: str) -> HttpResponse:
    place = _place(request, slug)
    organisation, at = place.organisation, place.at
    found = Invoice.objects.filter(account__organisation=organisation).issued().newest_first().defer("raw")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    numbers = dict(found.values_list("stripe_id", "number"))
    notes = CreditNote.objects.filter(account__organisation=organisation).order_by("-created_at").defer("raw")
    facts: dict[str, Any] = {
        "rows": [(each, each.overdue(at)) for each in page],
        "page": page,
        "due": found.filter(status="open").order_by("due_at", "pk"),
        "notes": [(each, numbers.get(each.invoice_ref, "")) for each in notes[:PER_PAGE]],
        "overages": _overages(organisation),
    }
    return render(request, "portal/organisation_money/invoices.html", place.context(request, **facts))


def _overages(organisation: Organisation) -> Any:
    found = InvoicePlan.objects.filter(contract__organisation=organisation, kind=InvoicePlan.Kind.OVERAGE)
    return found.select_related("contract").order_by("-on", "-pk")[:PER_PAGE]


@require_POST
@login_required
def invoice(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """To the invoice where it is paid, or its PDF."""
    own = Invoice.objects.filter(account__organisation=_organisation(request, slug)).issued()
    address = actions.address_of(invoice=get_object_or_404(own, pk=pk), pdf=request.POST.get("as") == "pdf")
    if not address:
        messages.error(request, _("This invoice cannot be shown just now. Please try again later."))
        return redirect("organisation_invoices", slug)
    return redirect(address)


@require_safe
@login_required
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The uses that a line above the quota bills, as CSV: what its hash is of."""
    own = InvoicePlan.objects.filter(contract__organisation=_organisation(request, slug))
    found = get_object_or_404(own, pk=pk, kind=InvoicePlan.Kind.OVERAGE)
    response = HttpResponse(overage.evidence_of(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="uses-{found.on:%Y-%m}-{found.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
