"""What a report is asked for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.core.clock import now
from newsroom.licensing.usage_reports.periods import BadPeriod, Days, last_days
from newsroom.licensing.usage_reports.usage import COLUMNS, LABELS, Asked

USUAL = 30
EACH = {name: _("For each %(what)s") % {"what": label} for name, label in LABELS.items()}


class PeriodForm(forms.Form):
    """Whole days in the desk's time zone; both belong to the period. Empty: the last thirty."""

    first = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    days: Days

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = last_days(USUAL, now(), timezone.get_current_timezone())
        self.fields["first"].initial, self.fields["last"].initial = self.usual.first, self.usual.last

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            last = cleaned.get("last") or self.usual.last
            first = cleaned.get("first") or min(last, self.usual.last) - timedelta(days=USUAL - 1)
            try:
                self.days = Days(first, last, self.usual.zone)
            except BadPeriod as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned


class UsageForm(PeriodForm):
    """A period, and by what the uses are counted."""

    by = forms.ChoiceField(label=_("Counted by"), required=False, choices=list(LABELS.items()))

    def asked(self, query: Any) -> Asked:
        """What the address asks for: the period, and each dimension it names."""
        return Asked(self.days, {name: query[name][:120] for name in COLUMNS if query.get(name)})


class StandingForm(forms.Form):
    """How many days without a use are too many."""

    days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=3650, initial=30)
