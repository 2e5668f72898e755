"""Rate cards: the list, a card with its rows as of a day, and what can be done."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from newsroom.core.clock import now
from newsroom.licensing.models import Interval, Rate, RateCard
from newsroom.licensing.rules import Use
from newsroom.licensing.selling import rates
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.selling.amounts import Price, minor_of
from newsroom.newsdesk.selling.choices import any_language, country_choices, currency_choices
from newsroom.newsdesk.selling.pages import DeedPage
from newsroom.wire.models import Product

LIST = {"url": reverse_lazy("newsdesk:rate_cards"), "label": _("Rate cards")}


class CardForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)


class AsOfForm(forms.Form):
    """On which day the card is looked at."""

    day = forms.DateField(label=_("As of"), required=False, widget=AdminDateInput)


class RateForm(forms.Form):
    """A row of a card."""

    product = forms.ModelChoiceField(
        label=_("Product"), required=False, queryset=Product.objects.order_by("name"), empty_label=_("every product")
    )
    uses = forms.MultipleChoiceField(label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple)
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        required=False,
        choices=country_choices,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("None: everywhere. Several are a region, which needs a name."),
    )
    region = forms.CharField(label=_("Region"), required=False, max_length=80)
    audience_from = forms.IntegerField(label=_("Audience from"), min_value=0, initial=0)
    audience_to = forms.IntegerField(
        label=_("Audience below"), required=False, min_value=1, help_text=_("Empty: without bound.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=any_language)
    price = Price(label=_("Price"))
    interval = forms.ChoiceField(label=_("for"), choices=Interval.choices, initial=Interval.YEAR)
    valid_from = forms.DateTimeField(label=_("Valid from"), widget=AdminDateTimeInput)
    valid_to = forms.DateTimeField(
        label=_("Valid until"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: until it is ended.")
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["price"].help_text = currency.upper()

    def clean_price(self) -> int:
        return minor_of(self.cleaned_data["price"], self.currency)


class EndForm(forms.Form):
    valid_to = forms.DateTimeField(label=_("Valid until"), widget=AdminDateTimeInput)


class CardList(Page, ListView):
    """Every rate card."""

    permission_required = "licensing.view_ratecard"
    template_name = "newsdesk/selling/rate_cards.html"
    page_title = _("Rate cards")
    header_icon = "list-ul"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[RateCard]:
        return RateCard.objects.annotate(rows=Count("rates")).order_by("name")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = self.request.user.has_perm("licensing.change_ratecard")
        return super().get_context_data(**kwargs) | {"may_change": may}


class CardDetail(Page, TemplateView):
    """A card as it is valid on a day."""

    permission_required = "licensing.view_ratecard"
    template_name = "newsdesk/selling/rate_card.html"
    header_icon = "list-ul"
    trail = (LIST,)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.card = get_object_or_404(RateCard, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.card)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, at = AsOfForm(self.request.GET), now()
        if form.is_valid() and form.cleaned_data["day"]:
            at = timezone.make_aware(datetime.combine(form.cleaned_data["day"], time(12)))
        names = dict(country_choices())
        valid = self.card.rates.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)
        rows = valid.select_related("product", "card").order_by("product__name", "region", "audience_from", "pk")
        return super().get_context_data(**kwargs) | {
            "card": self.card,
            "form": form,
            "rows": [(each, where(each, names), [Use(use).label for use in each.uses]) for each in rows],
            "to_come": self.card.rates.filter(valid_from__gt=at).count(),
            "may_change": self.request.user.has_perm("licensing.change_ratecard"),
        }


def where(rate: Rate, names: dict[str, str]) -> str:
    """The region, the country, or everywhere."""
    if rate.region:
        return rate.region
    return ", ".join(names.get(each, each) for each in rate.countries) or str(_("everywhere"))


class OpenCard(DeedPage):
    permission_required = "licensing.change_ratecard"
    page_title = _("Open a rate card")
    button = _("Open the card")
    form_class = CardForm
    trail = (LIST,)

    def deed(self, asked: dict[str, Any]) -> str:
        card = rates.open_card(**asked, by=person(self.request).actor, at=now())
        return reverse("newsdesk:rate_card", args=[card.pk])


class AddRate(DeedPage):
    permission_required = "licensing.change_ratecard"
    page_title = _("Add a row")
    button = _("Add the row")
    form_class = RateForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.card = get_object_or_404(RateCard, pk=kwargs["pk"])
        self.trail = (LIST, {"url": reverse("newsdesk:rate_card", args=[self.card.pk]), "label": str(self.card)})
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"currency": self.card.currency}

    def get_initial(self) -> dict[str, Any]:
        return {"valid_from": now()}

    def deed(self, asked: dict[str, Any]) -> str:
        minor = asked.pop("price")
        rates.add(card=self.card, minor=minor, by=person(self.request).actor, at=now(), **asked)
        return reverse("newsdesk:rate_card", args=[self.card.pk])


class EndRate(DeedPage):
    permission_required = "licensing.change_ratecard"
    page_title = _("End a row")
    button = _("End the row")
    form_class = EndForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.rate = get_object_or_404(Rate.objects.select_related("card"), pk=kwargs["pk"])
        card = self.rate.card
        self.trail = (LIST, {"url": reverse("newsdesk:rate_card", args=[card.pk]), "label": str(card)})
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"valid_to": now()}

    def deed(self, asked: dict[str, Any]) -> str:
        rates.end(rate=self.rate, valid_to=asked["valid_to"], by=person(self.request).actor, at=now())
        return reverse("newsdesk:rate_card", args=[self.rate.card_id])
