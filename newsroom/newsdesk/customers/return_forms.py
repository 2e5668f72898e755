"""What finance is asked before money goes back."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models import Matter
from newsroom.core.money import Money
from newsroom.newsdesk.selling.amounts import Price, minor_of, shown

REASONS = [
    ("requested_by_customer", _("the customer asked for it")),
    ("duplicate", _("it was paid twice")),
    ("fraudulent", _("the card was used by somebody else")),
]
WAYS = [
    ("refund", _("back to the card")),
    ("credit", _("onto their balance, for the next invoice")),
    ("out_of_band", _("by bank transfer, made by hand")),
]
DECISIONS = [
    (Matter.Decision.KEEP, _("Nothing changes")),
    (Matter.Decision.PERIOD_END, _("The subscription ends with its period")),
    (Matter.Decision.NOW, _("The subscription ends at once")),
]


class ReturnForm(forms.Form):
    """What each has: the reason for the audit, and a name for this press of the button."""

    why = forms.CharField(label=_("Reason (for the audit)"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"once": uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class AmountForm(ReturnForm):
    """With an amount of at most what is left."""

    amount = Price(label=_("Amount"))
    field_order = ("amount", "reason", "to", "memo", "why")

    def __init__(self, *args: Any, left: Money, **kwargs: Any) -> None:
        kwargs["initial"] = {"amount": shown(left)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.left = left
        self.fields["amount"].help_text = _("At most %(left)s.") % {"left": left}

    def clean_amount(self) -> Money:
        amount = Money(minor_of(self.cleaned_data["amount"], self.left.currency), self.left.currency)
        if not 0 < amount.minor <= self.left.minor:
            raise ValidationError(_("At most %(left)s can go back, and something must.") % {"left": self.left})
        return amount


class RefundForm(AmountForm):
    """A payment, or a part of it, goes back to the card."""

    reason = forms.ChoiceField(label=_("Why does it go back?"), choices=REASONS)


class CreditForm(AmountForm):
    """A part of an invoice is taken back."""

    to = forms.ChoiceField(
        label=_("What was paid already goes"), choices=WAYS, help_text=_("What is not paid yet is simply owed no more.")
    )
    memo = forms.CharField(label=_("Words on the credit note"), max_length=500, required=False)


class AnswerForm(ReturnForm):
    """What the bank is told."""

    product_description = forms.CharField(
        label=_("What was sold"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    access_activity_log = forms.CharField(
        label=_("How it was used"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Days and hours at which they read, from the ledger."),
    )
    cancellation_rebuttal = forms.CharField(
        label=_("Why it was not cancelled"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    uncategorized_text = forms.CharField(
        label=_("Anything else"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("product_description", "access_activity_log", "cancellation_rebuttal", "uncategorized_text", "why")


class DecisionForm(ReturnForm):
    """What becomes of the subscription."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    field_order = ("decision", "why")


class SettleForm(ReturnForm):
    """It is done, by hand."""
