"""The contact page: where an organisation asks for a licence."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.access.decide import find
from newsroom.accounts.origin import text_of
from newsroom.core.clock import now
from newsroom.core.countries import countries
from newsroom.core.pace import too_often
from newsroom.licensing.rules import Use
from newsroom.licensing.selling.errors import BadOffer
from newsroom.licensing.selling.leads import Enquiry, enquire
from newsroom.portal.views.asking import locale
from newsroom.portal.views.site import addresses
from newsroom.wire.models import Product

MOST, SECONDS = 5, 3600
"""How many enquiries one address sends within an hour."""
ASKED_FOR = [(use.value, use.label) for use in Use if use is not Use.DOWNLOAD]


class EnquiryForm(forms.Form):
    """Who asks, for whom, and for what."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Work e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"}))
    products = forms.MultipleChoiceField(
        label=_("What are you interested in?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    uses = forms.MultipleChoiceField(
        label=_("What do you want to do with our stories?"),
        required=False,
        choices=ASKED_FOR,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.IntegerField(
        label=_("Size of your audience"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text=_("Readers, viewers or users in a month, roughly."),
    )
    message = forms.CharField(
        label=_("Message"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    consent = forms.BooleanField(label=_("You may keep what I write here, to answer me and to make me an offer."))
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    story = forms.SlugField(required=False, max_length=300, allow_unicode=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _now("Choose a country")), *countries(to_locale(locale())).items()]
        self.fields["country"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        found = list(Product.objects.order_by("name").values_list("code", "name"))
        self.fields["products"].choices = found  # type: ignore[attr-defined]  # as above
        for name in ("name", "organisation", "message"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def enquiry(self) -> Enquiry:
        asked = self.cleaned_data
        return Enquiry(
            name=asked["name"],
            email=asked["email"],
            organisation=asked["organisation"],
            country=asked["country"],
            consent=asked["consent"],
            locale=locale(),
            products=tuple(asked["products"]),
            uses=tuple(asked["uses"]),
            audience=asked["audience"],
            message=asked["message"],
            item=find(slug=asked["story"]) if asked["story"] else None,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form. What fills in the field that people do not see is thanked and forgotten."""
    if request.method != "POST":
        return _page(request, EnquiryForm(initial={"story": request.GET.get("story", "")[:300]}))
    form = EnquiryForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    if form.cleaned_data["website"]:
        return redirect("contact_sent")
    if too_often(what="enquiry", who=text_of(request), most=MOST, seconds=SECONDS):
        form.add_error(None, _now("You have written to us several times. Please wait an hour, or send a mail."))
        return _page(request, form, status=429)
    try:
        enquire(enquiry=form.enquiry(), at=now())
    except BadOffer as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, form, status=400)
    return redirect("contact_sent")


def _page(request: HttpRequest, form: EnquiryForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/contact.html", {"form": form, "contact": addresses()}, status=status)


@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "portal/selling/contact_sent.html")
