"""What is asked where organisations are invoiced."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from newsroom.billing.models import BillingDetails, ContractBilling
from newsroom.core.countries import countries
from newsroom.core.money import Money, exponent

DETAILS = ("name", "line1", "line2", "city", "postal_code", "country", "vat_id")
SETTINGS = (
    "billed_from",
    "arrears",
    "held",
    "po_number",
    "recipients",
    "reminder_1",
    "reminder_2",
    "reminder_3",
    "grace_days",
)
NONE = _("Empty: this step is left out.")


def _choices() -> list[tuple[str, str]]:
    return sorted(countries("en").items(), key=lambda each: each[1])


class SettingsForm(forms.Form):
    """The organisation as it stands on invoices, and how this contract is invoiced."""

    name = forms.CharField(label=_("Name on the invoice"), max_length=200)
    line1 = forms.CharField(label=_("Street"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Second line"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_choices)
    vat_id = forms.CharField(label=_("VAT id"), max_length=30, required=False)
    po_number = forms.CharField(label=_("Purchase order"), max_length=140, required=False)
    recipients = forms.CharField(
        label=_("Sent to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One address a line. Empty: the organisation's owners and those who pay."),
    )
    billed_from = forms.DateField(
        label=_("Invoiced from"), widget=AdminDateInput, help_text=_("Days before are invoiced elsewhere.")
    )
    arrears = forms.BooleanField(label=_("In arrears"), required=False, help_text=_("When the days are over."))
    held = forms.BooleanField(label=_("On hold"), required=False, help_text=_("Nothing is invoiced meanwhile."))
    reminder_1 = forms.IntegerField(label=_("First reminder, days after"), required=False, min_value=0, help_text=NONE)
    reminder_2 = forms.IntegerField(label=_("Second reminder, days after"), required=False, min_value=0)
    reminder_3 = forms.IntegerField(label=_("Last reminder, days after"), required=False, min_value=0)
    grace_days = forms.IntegerField(
        label=_("Licences rest, days after"), required=False, min_value=0, max_value=730, help_text=NONE
    )

    def clean_recipients(self) -> list[str]:
        found = [each.strip() for each in self.cleaned_data["recipients"].splitlines() if each.strip()]
        for each in found:
            validate_email(each)
        return found

    @staticmethod
    def initial_of(details: BillingDetails | None, billing: ContractBilling | None) -> dict[str, Any]:
        found = {name: getattr(details, name) for name in DETAILS} if details else {}
        if billing is None:
            usual = ContractBilling()
            names = ("reminder_1", "reminder_2", "reminder_3", "grace_days")
            return found | {name: getattr(usual, name) for name in names}
        found |= {name: getattr(billing, name) for name in SETTINGS}
        return found | {"recipients": "\n".join(billing.recipients)}


class TransferForm(forms.Form):
    """Money that came to the bank: for which invoice, and how much."""

    number = forms.CharField(label=_("Invoice number"), max_length=100)
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(each, each.upper()) for each in ("eur", "usd", "gbp", "try", "jpy", "kwd")]
    )
    received_on = forms.DateField(label=_("Received on"), widget=AdminDateInput)
    reference = forms.CharField(label=_("Reference of the bank"), max_length=140)

    def money(self) -> Money:
        """Raises ValueError where the currency has no such small coins."""
        asked = self.cleaned_data
        minor = asked["amount"].scaleb(exponent(asked["currency"]))
        if minor != int(minor):
            raise ValueError(asked["currency"])
        return Money(int(minor), asked["currency"])


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
