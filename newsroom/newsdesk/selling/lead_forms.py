"""What is asked about leads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from newsroom.accounts.models import Organisation
from newsroom.licensing.models import Lead
from newsroom.licensing.rules import Use
from newsroom.licensing.selling import assigning, trials
from newsroom.newsdesk.selling.choices import any_country, one_country
from newsroom.wire.models import Product


class LeadFilter(forms.Form):
    """Which leads to list."""

    words = forms.CharField(label=_("Name, organisation or e-mail"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Every open state")), ("all", _("All")), *Lead.State.choices]
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=any_country)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    overdue = forms.BooleanField(label=_("Overdue"), required=False)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class PlanForm(forms.Form):
    step = forms.CharField(label=_("Next step"), max_length=200, required=False, help_text=_("Empty: nothing is next."))
    next_on = forms.DateField(label=_("On"), required=False, widget=AdminDateInput)


class AssignForm(forms.Form):
    manager = forms.ModelChoiceField(label=_("Account manager"), queryset=assigning.sellers().order_by("name", "email"))


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class NoQuestion(forms.Form):
    """Nothing to fill in: the button is the answer."""


class TrialForm(forms.Form):
    """What the organisation may try, and for how long."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        required=False,
        queryset=Organisation.objects.order_by("name"),
        help_text=_("Empty: one is made from the enquiry. Its contact becomes the owner."),
    )
    days = forms.IntegerField(label=_("Days"), initial=trials.DAYS, min_value=1, max_value=trials.LONGEST)
    uses = forms.MultipleChoiceField(
        label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple, initial=[Use.READ]
    )
    all_products = forms.BooleanField(label=_("Every product"), required=False, initial=True)
    products = forms.ModelMultipleChoiceField(
        label=_("Products"),
        required=False,
        queryset=Product.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("all_products")) == bool(cleaned.get("products")):
            self.add_error("products", _("Choose products, or every product."))
        return cleaned


class SalesCountryForm(forms.Form):
    """Which account manager has a country."""

    country = forms.ChoiceField(label=_("Country"), choices=one_country)
    manager = forms.ModelChoiceField(
        label=_("Account manager"),
        queryset=assigning.sellers().order_by("name", "email"),
        required=False,
        empty_label=_("nobody in particular: in turn"),
    )
