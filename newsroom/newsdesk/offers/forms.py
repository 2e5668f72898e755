"""Setting the meter; giving a day pass or a single story by hand."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.rules import Channel, Use
from newsroom.newsdesk.licences.limits import LimitsForm
from newsroom.wire.models import Item, Product

MOST = 1_000_000
WHY: dict[str, Any] = {"max_length": 1000, "widget": forms.Textarea(attrs={"rows": 2})}


def person_at(address: str) -> User | None:
    """Who signs in with this address; None for an empty one. Raises `ValidationError`."""
    address = address.strip().lower()
    found = User.objects.filter(email=address, is_active=True).first() if address else None
    if address and found is None:
        raise forms.ValidationError(gettext("Nobody signs in with this address."))
    return found


class Covering(forms.Form):
    """Which products: some, or all."""

    all_products = forms.BooleanField(label=_("Every product, also those to come"), required=False, initial=True)
    products = forms.ModelMultipleChoiceField(
        label=_("Products"),
        required=False,
        queryset=Product.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("all_products")) == bool(cleaned.get("products")):
            self.add_error("products", gettext("Choose products, or every product."))
        return cleaned

    @property
    def covered(self) -> Any:
        """None for every product."""
        return None if self.cleaned_data["all_products"] else self.cleaned_data["products"]


class MeterForm(Covering):
    """How many stories a month."""

    anonymous = forms.IntegerField(
        label=_("Stories a month for strangers"),
        min_value=0,
        max_value=MOST,
        help_text=_("0: the meter is off for them."),
    )
    registered = forms.IntegerField(
        label=_("Stories a month for registered readers"),
        min_value=0,
        max_value=MOST,
        help_text=_("At least as many as for strangers. What they read as strangers counts too."),
    )
    budget = forms.IntegerField(
        label=_("Stories a month for the strangers of one address range together"),
        min_value=0,
        max_value=MOST,
        help_text=_(
            "So that throwing cookies away gains little. A school or a café shares one: ten times the number above is a good start."
        ),
    )
    why = forms.CharField(label=_("Reason"), **WHY)
    field_order = ("anonymous", "registered", "budget", "all_products", "products", "why")


class DayPassForm(Covering):
    """A day for one person."""

    person = forms.EmailField(label=_("Person"), help_text=_("The e-mail address they sign in with."))
    why = forms.CharField(label=_("Reason"), **WHY)
    field_order = ("person", "all_products", "products", "why")

    def clean_person(self) -> User | None:
        return person_at(self.cleaned_data["person"])


class StoryForm(forms.Form):
    """One story for one holder."""

    person = forms.EmailField(
        label=_("Person"),
        required=False,
        help_text=_("The e-mail address they sign in with. Or choose an organisation."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), required=False, queryset=Organisation.objects.order_by("name")
    )
    item = forms.CharField(label=_("Story"), max_length=600, help_text=_("Its address on the site, or its URI."))
    uses = forms.MultipleChoiceField(
        label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple, initial=[Use.READ, Use.PUBLISH]
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the customer publishes. None chosen: everywhere."),
    )
    territories = LimitsForm.base_fields["territories"]
    circulation = forms.CharField(
        label=_("Circulation"),
        required=False,
        max_length=500,
        help_text=_("In words, as in the certificate: a print run of at most 20,000. Nobody counts it."),
    )
    duration = forms.IntegerField(
        label=_("Days"), required=False, max_value=36_525, help_text=_("From now on. Empty: for good.")
    )
    clause = forms.CharField(label=_("Clause"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    why = forms.CharField(label=_("Reason"), **WHY)

    clean_territories = LimitsForm.clean_territories

    def clean_person(self) -> User | None:
        return person_at(self.cleaned_data["person"])

    def clean_item(self) -> Item:
        asked = self.cleaned_data["item"].strip()
        slug = asked.rstrip("/").rpartition("/story/")[2]
        found = Item.objects.filter(uri=asked).first() or Item.objects.filter(slug=slug).first()
        if found is None or found.head_id is None:
            raise forms.ValidationError(gettext("There is no such story on the wire."))
        return found

    def clean_duration(self) -> timedelta | None:
        days = self.cleaned_data["duration"]
        return None if days is None else timedelta(days=days)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("person")) == bool(cleaned.get("organisation")) and "person" not in self.errors:
            self.add_error("person", gettext("Name a person or an organisation: one of them."))
        return cleaned
