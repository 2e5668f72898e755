"""What is filled in on the hosted pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.models import SandboxControls

FURTHEST = 800


class CardForm(forms.Form):
    number = forms.CharField(
        label=_("Card number"),
        max_length=30,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "list": "test-cards",
                "dir": "ltr",
                "placeholder": "4242 4242 4242 4242",
            }
        ),
    )
    expiry = forms.RegexField(
        label=_("Expiry"),
        regex=r"^(0[1-9]|1[0-2])\s*/\s*\d\d$",
        initial="12 / 34",
        error_messages={"invalid": _("Write the month and the year: 12 / 34.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )
    cvc = forms.RegexField(
        label=_("Security code"),
        regex=r"^\d{3,4}$",
        initial="123",
        error_messages={"invalid": _("Three or four digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
    )

    def clean_number(self) -> str:
        """Digits only, as the engine knows cards."""
        number = "".join(str(self.cleaned_data["number"]).split()).replace("-", "")
        if not number.isdigit():
            raise forms.ValidationError(_("A card number has digits only."))
        return number


class CheckoutForm(CardForm):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"})
    )
    holder = forms.CharField(
        label=_("Name on the card"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "cc-name", "dir": "auto"}),
    )
    field_order = ["email", "number", "expiry", "cvc", "holder"]

    def __init__(self, *args: Any, known_email: str = "", session: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known_email:
            self.fields["email"].disabled = True
            self.fields["email"].initial = known_email
        self.asked = _asked(session or {})
        self.fields |= self.asked

    @property
    def more(self) -> list[Any]:
        """The fields beside the card's."""
        return [self[name] for name in self.asked]

    @property
    def details(self) -> dict[str, str]:
        """What was typed into them."""
        return {name: self.cleaned_data[name] for name in self.asked if self.cleaned_data.get(name)}


TAX_IDS = [("eu_vat", "EU VAT"), ("gb_vat", "GB VAT"), ("tr_tin", "TR TIN"), ("ch_vat", "CH VAT"), ("no_vat", "NO VAT")]


def _asked(session: dict[str, Any]) -> dict[str, forms.Field]:
    """What this Checkout asks beside the card."""
    found: dict[str, forms.Field] = {}
    if session.get("mode") == "payment" and session.get("billing_address_collection") == "required":
        found["country"] = forms.RegexField(
            label=_("Country, two letters"),
            regex=r"^[A-Z]{2}$",
            widget=forms.TextInput(attrs={"autocomplete": "country", "dir": "ltr"}),
        )
    if (session.get("tax_id_collection") or {}).get("enabled"):
        found["business_name"] = forms.CharField(label=_("Business name (optional)"), max_length=150, required=False)
        found["tax_id_type"] = forms.ChoiceField(label=_("Kind of tax ID"), choices=TAX_IDS, required=False)
        found["tax_id"] = forms.CharField(
            label=_("Tax ID (optional)"), max_length=40, required=False, widget=forms.TextInput(attrs={"dir": "ltr"})
        )
    for each in session.get("custom_fields") or ():
        found[each["key"]] = forms.CharField(
            label=each["label"]["custom"], max_length=255, required=not each["optional"]
        )
    return found


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Promotion code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )


class AdvanceForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=FURTHEST, initial=1)
    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=23, initial=0, required=False)


class ControlsForm(forms.ModelForm[SandboxControls]):
    """How many is empty: one."""

    fated = forms.IntegerField(label=_("How many webhooks"), min_value=1, max_value=100, required=False)
    answers = forms.IntegerField(label=_("How many answers"), min_value=1, max_value=100, required=False)

    class Meta:
        model = SandboxControls
        fields = ["next_webhook", "fated", "next_answer", "answers", "after_retries"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_answer"].required = False

    def clean_fated(self) -> int:
        return self.cleaned_data["fated"] or 1

    def clean_answers(self) -> int:
        return self.cleaned_data["answers"] or 1

    def clean_next_answer(self) -> str:
        return self.cleaned_data["next_answer"] or SandboxControls.Answer.USUAL


TEST_CARDS = [
    ("4242424242424242", _("pays")),
    ("5555555555554444", _("pays (Mastercard)")),
    ("4000002500003155", _("asks for 3-D Secure, then pays")),
    ("4000000000000341", _("may be saved, and is then declined")),
    ("4000000000000002", _("is declined")),
    ("4000000000009995", _("has insufficient funds")),
    ("4000000000000069", _("has expired")),
    ("4000000000000127", _("has a wrong security code")),
    ("4000000000000119", _("meets an error at the bank")),
    ("4000000000009987", _("is reported lost")),
    ("4000008260003178", _("asks for 3-D Secure, then has insufficient funds")),
]


def shown(number: str) -> str:
    """The number in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def test_cards() -> list[tuple[str, Any]]:
    return [(shown(number), what) for number, what in TEST_CARDS if number in BY_NUMBER]
