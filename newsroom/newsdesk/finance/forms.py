"""What a finance report is asked for."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import between, day_of, first_of, previous_month
from newsroom.billing.finance.reports import Asked, Report
from newsroom.billing.models import Account
from newsroom.core.clock import now
from newsroom.core.countries import countries
from newsroom.licensing.models import Contract

USUAL = 12
MOST = 120


def this_month() -> date:
    return first_of(day_of(now()))


class MonthField(forms.CharField):
    """A month as browsers write it, "2026-03"; its first day."""

    widget = forms.TextInput(attrs={"type": "month", "size": 8})

    def to_python(self, value: Any) -> Any:
        words = str(value or "").strip()
        if not words:
            return None
        try:
            found = date.fromisoformat(f"{words}-01")
        except ValueError:
            raise forms.ValidationError(_now("Write a month like 2026-03.")) from None
        if not 2000 <= found.year <= 2200:
            raise forms.ValidationError(_now("Write a month like 2026-03."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(_now("Write a month like 2026-03."))

    def run_validators(self, value: Any) -> None:
        """A date needs none of the validators of words."""


class AskForm(forms.Form):
    """The filters of one report. Months left empty: the last twelve."""

    first = MonthField(label=_("First month"), required=False)
    last = MonthField(label=_("Last month"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    product = forms.CharField(label=_("Plan or contract line"), required=False, max_length=100)
    a_year = forms.ChoiceField(
        label=_("Counted"), required=False, choices=[("", _("in a month (MRR)")), ("1", _("in a year (ARR)"))]
    )

    def __init__(self, report: Report, given: QueryDict, **kwargs: Any) -> None:
        super().__init__(with_usual_months(given), **kwargs)
        for name in set(self.fields) - set(report.filters):
            del self.fields[name]
        if "first" not in self.fields and "last" in self.fields:
            self.fields["last"].label = _now("Month")
        if "currency" in self.fields:
            self.fields["currency"].choices = [("", _now("all")), *currencies()]  # type: ignore[attr-defined]
        if "country" in self.fields:
            self.fields["country"].choices = [("", _now("all")), *countries(get_language() or "en").items()]  # type: ignore[attr-defined]
        self.asked: Asked | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        last = cleaned.get("last") or this_month()
        first = cleaned.get("first") or (last if "first" not in self.fields else months_before(last, USUAL - 1))
        if first > last:
            self.add_error("last", _now("The last month lies before the first."))
        elif between(first, last) >= MOST:
            self.add_error("first", _now("A period is at most ten years."))
        else:
            self.asked = Asked(
                first=first,
                last=last,
                at=now(),
                currency=cleaned.get("currency", ""),
                country=cleaned.get("country", ""),
                product=cleaned.get("product", "").strip(),
                a_year=bool(cleaned.get("a_year")),
            )
        return cleaned


def with_usual_months(given: QueryDict) -> QueryDict:
    """What was asked, with the months that are meant where none were named."""
    data = given.copy()
    if not data.get("last"):
        data["last"] = f"{this_month():%Y-%m}"
    if not data.get("first"):
        try:
            last = date.fromisoformat(f"{data['last']}-01")
        except ValueError:
            return data  # its field says what is wrong
        data["first"] = f"{months_before(last, USUAL - 1):%Y-%m}" if last.year > 1 else ""
    return data


def months_before(month: date, number: int) -> date:
    for _each in range(number):
        month = previous_month(month)
    return month


def currencies() -> list[tuple[str, str]]:
    """Those somebody pays in."""
    found = set(Account.objects.exclude(currency="").values_list("currency", flat=True).distinct())
    found |= set(Contract.objects.values_list("currency", flat=True).distinct())
    return [(each, each.upper()) for each in sorted(found)]


def query_of(asked: Asked, **also: str) -> str:
    """The same question as an address says it."""
    parts = {
        "first": f"{asked.first:%Y-%m}",
        "last": f"{asked.last:%Y-%m}",
        "currency": asked.currency,
        "country": asked.country,
        "product": asked.product,
        "a_year": "1" if asked.a_year else "",
    }
    return urlencode({name: value for name, value in (parts | also).items() if value or name in also})


class CloseForm(forms.Form):
    """A word for the file."""

    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ChartForm(forms.Form):
    """Number and name of each account of the ledger."""

    def __init__(self, accounts: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts
        for role, account in accounts.items():
            what = account.get_role_display()
            self.fields[f"{role}_code"] = forms.CharField(
                label=_now("Number: %(what)s") % {"what": what}, max_length=20, initial=account.code
            )
            self.fields[f"{role}_name"] = forms.CharField(
                label=_now("Name: %(what)s") % {"what": what}, max_length=80, initial=account.name
            )

    def wanted(self) -> dict[str, tuple[str, str]]:
        given = self.cleaned_data
        return {role: (given[f"{role}_code"], given[f"{role}_name"]) for role in self.accounts}
