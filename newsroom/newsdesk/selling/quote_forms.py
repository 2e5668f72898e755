"""The terms of a quote."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from newsroom.accounts.models import Organisation
from newsroom.licensing.models import Indexation, Interval, Quote
from newsroom.newsdesk.selling.amounts import Percent, basis_points_of
from newsroom.newsdesk.selling.choices import currency_choices, one_country


class QuoteFilter(forms.Form):
    """Which quotes to list."""

    words = forms.CharField(label=_("Customer or number"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Every state")), *Quote.State.choices])
    mine = forms.BooleanField(label=_("Mine"), required=False)


class TermsForm(forms.Form):
    """For whom, from when, for how long, and how it is paid, renewed and ended."""

    customer = forms.CharField(label=_("Customer"), max_length=200, help_text=_("The legal name, as on the contract."))
    contact_name = forms.CharField(label=_("Contact"), max_length=150)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("The offer is sent here."))
    address = forms.CharField(
        label=_("Postal address"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    country = forms.ChoiceField(label=_("Country"), choices=one_country)
    locale = forms.ChoiceField(label=_("Language of the offer"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    starts_on = forms.DateField(label=_("Start"), widget=AdminDateInput)
    term_months = forms.IntegerField(label=_("Term in months"), initial=12, min_value=1)
    billing_interval = forms.ChoiceField(label=_("Billed"), choices=Interval.choices, initial=Interval.YEAR)
    payment_days = forms.IntegerField(label=_("Days to pay"), initial=30, min_value=0)
    notice_days = forms.IntegerField(label=_("Notice in days"), initial=90, min_value=0)
    auto_renew = forms.BooleanField(label=_("Renews by itself"), required=False, initial=True)
    indexation = forms.ChoiceField(
        label=_("At a renewal"), choices=Indexation.choices, initial=Indexation.NONE, widget=forms.RadioSelect
    )
    indexation_rate = Percent(label=_("Indexation in percent"), initial=0)
    valid_until = forms.DateTimeField(label=_("Offer valid until"), widget=AdminDateTimeInput)
    intro = forms.CharField(
        label=_("Words to the customer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_indexation_rate(self) -> int:
        return basis_points_of(self.cleaned_data["indexation_rate"])


class NewQuoteForm(TermsForm):
    """A quote for an organisation, or for the lead it is written from."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        required=False,
        queryset=Organisation.objects.order_by("name"),
        help_text=_("A quote without a lead is for an organisation."),
    )
    field_order = ["organisation"]


class ReviseForm(forms.Form):
    valid_until = forms.DateTimeField(label=_("Offer valid until"), widget=AdminDateTimeInput)


def initial_of(quote: Quote) -> dict[str, Any]:
    """The terms as the form shows them."""
    found = {name: getattr(quote, name) for name in TermsForm.base_fields}
    return found | {"indexation_rate": Decimal(quote.indexation_rate).scaleb(-2)}
