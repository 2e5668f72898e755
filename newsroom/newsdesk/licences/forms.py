"""Granting and ending rights."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source, Use
from newsroom.newsdesk.licences.limits import LimitsForm
from newsroom.wire.models import Product

BY_HAND = [(each.value, each.label) for each in (Source.CONTRACT, Source.COMP)]
STATES = {
    "": _("Every state"),
    "in_force": _("In force"),
    "suspended": _("Suspended"),
    "ended": _("Ended"),
    "to_come": _("To come"),
}


class LicenceFilter(forms.Form):
    """Which licences to list."""

    words = forms.CharField(label=_("Holder or reference"), required=False, max_length=200)
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("Every source")), *Source.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=list(STATES.items()))


class GrantForm(LimitsForm):
    """A right given by hand: by contract, or complimentary. Who, what and until when first, then the limits."""

    field_order = (
        "person",
        "organisation",
        "source",
        "source_ref",
        "uses",
        "all_products",
        "products",
        "starts_at",
        "ends_at",
        "clause",
        "why",
    )

    person = forms.EmailField(
        label=_("Person"),
        required=False,
        help_text=_("The e-mail address they sign in with. Or choose an organisation."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), required=False, queryset=Organisation.objects.order_by("name")
    )
    source = forms.ChoiceField(label=_("Source"), choices=BY_HAND)
    source_ref = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=200,
        help_text=_("The contract's number. Empty: a number is made."),
    )
    uses = forms.MultipleChoiceField(
        label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple, initial=[Use.READ]
    )
    all_products = forms.BooleanField(label=_("Every product, also those to come"), required=False)
    products = forms.ModelMultipleChoiceField(
        label=_("Products"),
        required=False,
        queryset=Product.objects.offered().order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )
    starts_at = forms.DateTimeField(label=_("From"), widget=AdminDateTimeInput)
    ends_at = forms.DateTimeField(
        label=_("Until"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: until it is ended.")
    )
    clause = forms.CharField(
        label=_("Clause"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The words of the agreement. Every decision that rests on this licence cites them."),
    )
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_person(self) -> User | None:
        address = self.cleaned_data["person"].strip().lower()
        if not address:
            return None
        found = User.objects.filter(email=address, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody signs in with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("person")) == bool(cleaned.get("organisation")) and "person" not in self.errors:
            self.add_error("person", gettext("Name a person or an organisation: one of them."))
        if bool(cleaned.get("all_products")) == bool(cleaned.get("products")):
            self.add_error("products", gettext("Choose products, or every product."))
        cleaned["source_ref"] = cleaned.get("source_ref", "").strip() or f"desk-{secrets.token_hex(6)}"
        if Licence.objects.filter(source=cleaned.get("source"), source_ref=cleaned["source_ref"]).exists():
            self.add_error("source_ref", gettext("There is a licence with this reference already."))
        return cleaned


class TermsForm(LimitsForm):
    """Other limits for a licence that was given by hand, and why."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ExtendForm(forms.Form):
    """A later (or an earlier) end, and why."""

    ends_at = forms.DateTimeField(
        label=_("Until"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: until it is ended.")
    )
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class SeatsForm(forms.Form):
    """How many may sit, and why."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000)
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why a licence is suspended, resumed or ended."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
