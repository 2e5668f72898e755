"""Whom invoices are for: company, address, VAT id, order number."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale
from django.views.decorators.http import require_http_methods

from newsroom.accounts.models import User
from newsroom.billing import companies
from newsroom.billing.models import Account, Company
from newsroom.billing.vat import BadVatId, vat_id
from newsroom.core.clock import now
from newsroom.core.countries import countries
from newsroom.core.errors import Refused, TryAgain
from newsroom.portal.views.asking import locale
from newsroom.portal.views.paying import plainly

SHORT = {"dir": "auto"}


class CompanyForm(forms.Form):
    """What stands on the invoice."""

    name = forms.CharField(
        label=_("Company"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization", **SHORT})
    )
    line1 = forms.CharField(
        label=_("Address"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "address-line1", **SHORT})
    )
    line2 = forms.CharField(
        label=_("Address, second line"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2", **SHORT}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "dir": "ltr"}),
    )
    city = forms.CharField(
        label=_("City"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "address-level2", **SHORT})
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"}))
    vat_id = forms.CharField(
        label=_("VAT ID"),
        max_length=40,
        required=False,
        help_text=_("With its country's letters, such as DE123456789. It is checked with the register."),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    po_number = forms.CharField(
        label=_("Your order number"),
        max_length=30,
        required=False,
        help_text=_("It is printed on each invoice."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _now("Choose a country")), *countries(to_locale(locale())).items()]
        self.fields["country"].choices = named  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("vat_id") and given.get("country"):
            try:
                vat_id(given["country"], given["vat_id"])
            except BadVatId as refusal:
                self.add_error("vat_id", str(refusal))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def company(request: HttpRequest) -> HttpResponse:
    """The form, with what the register says of the VAT id."""
    user = cast(User, request.user)
    held = Company.objects.filter(account__in=Account.objects.of_user(user.pk)).first()
    if request.method != "POST":
        return _page(request, CompanyForm(initial=_initial(held)), held)
    form = CompanyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, held, status=400)
    try:
        companies.save(user=user, given=companies.Given(**form.cleaned_data), by=user.actor, at=now())
    except BadVatId as refusal:
        form.add_error("vat_id", str(refusal))
        return _page(request, form, held, status=400)
    except (Refused, TryAgain) as error:
        form.add_error(None, plainly(error))
        return _page(request, form, held, status=409)
    messages.success(request, _now("Your company data is saved. Invoices from now on carry it."))
    return redirect("company")


def _initial(held: Company | None) -> dict[str, Any]:
    return {name: getattr(held, name) for name in CompanyForm.base_fields} if held else {}


def _page(request: HttpRequest, form: CompanyForm, held: Company | None, status: int = 200) -> HttpResponse:
    return render(request, "portal/purchases/company.html", {"form": form, "company": held}, status=status)
