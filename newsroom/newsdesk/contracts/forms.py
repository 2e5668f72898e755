"""What a contract is asked for: its terms, its lines, what is done to it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from newsroom.accounts.models import Organisation, User
from newsroom.core.money import Money, exponent
from newsroom.licensing.contracts.rules import Pause, Side, State
from newsroom.licensing.contracts.terms import TERM_NAMES, Terms
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import Use
from newsroom.newsdesk.licences.limits import CURRENCIES, LimitsForm, initial_of
from newsroom.wire.models import Product

INTERVALS = [("month", _("a month")), ("quarter", _("a quarter")), ("year", _("a year"))]
DUE_WITHIN = [
    ("", _("At any time")),
    ("30", _("Within 30 days")),
    ("60", _("Within 60 days")),
    ("90", _("Within 90 days")),
]
STATES = [("", _("Every state")), *((each.value, each.label) for each in State if each.value)]
FIELD_OF_LINE = {"delay": "delay_minutes", "archive": "archive_days", "quotas": "quota_1_use"}


def managers() -> QuerySet[User]:
    """Who may keep a contract: the agency's own people."""
    return User.objects.filter(is_staff=True, is_active=True).order_by("name", "email")


class ContractFilter(forms.Form):
    """Which contracts to list."""

    words = forms.CharField(label=_("Customer or number"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    due = forms.ChoiceField(label=_("Period ends"), required=False, choices=DUE_WITHIN)
    manager = forms.ModelChoiceField(
        label=_("Account manager"), required=False, queryset=managers(), empty_label=_("Everybody")
    )


class TermsForm(forms.Form):
    """What a contract says besides its lines. Percents are of the price."""

    term_months = forms.IntegerField(label=_("Term, in months"), initial=12)
    notice_days = forms.IntegerField(label=_("Notice, in days before the end"), initial=90)
    auto_renew = forms.BooleanField(label=_("Renews by itself"), required=False, initial=True)
    indexation = forms.DecimalField(
        label=_("Prices rise at each renewal, in percent"),
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text=_("Empty: they stay. 0 with a cap: by the index that is named at the renewal."),
    )
    cap = forms.DecimalField(label=_("At most, in percent"), required=False, max_digits=5, decimal_places=2)
    interval = forms.ChoiceField(label=_("An invoice"), choices=INTERVALS, initial="year")
    payment_days = forms.IntegerField(label=_("Days to pay"), initial=30)
    pause = forms.ChoiceField(label=_("If it is suspended"), choices=Pause.choices, initial=Pause.CREDIT)

    def terms(self) -> Terms:
        asked = self.cleaned_data
        facts: dict[str, Any] = {name: asked[name] for name in TERM_NAMES}
        for name in ("indexation", "cap"):
            facts[name] = None if facts[name] is None else int(facts[name] * 100)
        return Terms(**facts)

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        found = terms.as_columns()
        for name in ("indexation", "cap"):
            found[name] = None if found[name] is None else Decimal(found[name]).scaleb(-2)
        return found


class NewForm(TermsForm):
    """A contract that is written by hand."""

    field_order = ("organisation", "manager", "currency", "starts_on")

    organisation = forms.ModelChoiceField(label=_("Customer"), queryset=Organisation.objects.order_by("name"))
    manager = forms.ModelChoiceField(label=_("Account manager"), required=False, queryset=managers())
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES[1:])
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput)
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AmendForm(TermsForm):
    """From when on the contract says something else, and why."""

    field_order = ("since", "why")

    since = forms.DateField(
        label=_("From"),
        widget=AdminDateInput,
        help_text=_("The first day on which the change holds. Today: from now on."),
    )
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class LineForm(LimitsForm):
    """One line: what is licensed, at which price, and every limit."""

    field_order = ("drop", "title", "uses", "all_products", "products", "clause", "price", "per")

    drop = forms.BooleanField(label=_("End this line"), required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    uses = forms.MultipleChoiceField(
        label=_("Uses"), choices=Use.choices, widget=forms.CheckboxSelectMultiple, initial=[Use.READ]
    )
    all_products = forms.BooleanField(label=_("Every product, also those to come"), required=False)
    products = forms.ModelMultipleChoiceField(
        label=_("Products"),
        required=False,
        queryset=Product.objects.order_by("name"),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    clause = forms.CharField(label=_("Clause"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=14, decimal_places=3)
    per = forms.ChoiceField(label=_("For"), choices=[*INTERVALS, ("once", _("once"))], initial="year")

    def __init__(self, *args: Any, former: Line | None = None, **kwargs: Any) -> None:
        self.former = former
        super().__init__(*args, **kwargs, empty_permitted=former is None, use_required_attribute=False)
        if former is None:
            del self.fields["drop"]
            self.initial = {}

    @property
    def ends(self) -> bool:
        return self.former is not None and bool(self.data.get(self.add_prefix("drop")))

    @property
    def empty(self) -> bool:
        """A line nobody filled in."""
        return self.former is None and not self.has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.empty and bool(cleaned.get("all_products")) == bool(cleaned.get("products")):
            self.add_error("products", gettext("Choose products, or every product."))
        return cleaned

    def line(self, currency: str) -> Line:
        """What was asked for, of a form that is valid. What was not touched is as it was, to the last word."""
        if self.former is not None and not self.has_changed():
            return self.former
        asked = self.cleaned_data
        price = Money(int(asked["price"].scaleb(exponent(currency))), currency)
        kept = self.former is not None and self.former.price == price
        return Line(
            title=asked["title"],
            products=() if asked["all_products"] else tuple(each.code for each in asked["products"]),
            uses=tuple(asked["uses"]),
            limits=self.limits(),
            clause=asked["clause"],
            price=price,
            interval=asked["per"],
            discount=self.former.discount if self.former is not None and kept else 0,
        )

    def refuse(self, field: str, message: str) -> None:
        name = FIELD_OF_LINE.get(field, "per" if field == "interval" else field)
        self.add_error(name if name in self.fields else None, message)

    @staticmethod
    def initial_of(line: Line) -> dict[str, Any]:
        return initial_of(line.limits) | {
            "title": line.title,
            "uses": list(line.uses),
            "all_products": not line.products,
            "products": list(line.products),
            "clause": line.clause,
            "price": line.price.amount,
            "per": line.interval,
        }


class WhyForm(forms.Form):
    """The reason alone."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class NoticeForm(WhyForm):
    """Who gives notice, and for which end."""

    field_order = ("side", "late", "why")

    side = forms.ChoiceField(label=_("Given by"), choices=Side.choices)
    late = forms.BooleanField(
        label=_("For the end of the next period"),
        required=False,
        help_text=_("When it is too late for this one, it counts for the next."),
    )


class RenewForm(WhyForm):
    """Another period, at the agreed rise or by an index."""

    field_order = ("index", "why")

    index = forms.DecimalField(
        label=_("Index, in percent"),
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text=_("Empty: the agreed rise. A cap holds in any case; where no rise is agreed, nothing rises."),
    )


class TerminateForm(WhyForm):
    """From which day on nothing of it holds."""

    field_order = ("on", "why")

    on = forms.DateField(label=_("Holds no longer from"), widget=AdminDateInput, help_text=_("Today: from now on."))


class AssignForm(WhyForm):
    """Who keeps the contract from now on."""

    field_order = ("manager", "why")

    manager = forms.ModelChoiceField(label=_("Account manager"), required=False, queryset=managers())


class HeldForm(forms.Form):
    """The moment, and by whose knowledge."""

    at = forms.DateTimeField(label=_("At"), widget=AdminDateTimeInput, required=False)
    known = forms.ChoiceField(
        label=_("As"),
        required=False,
        choices=[("then", _("we knew it then")), ("now", _("we know now that it was"))],
    )
