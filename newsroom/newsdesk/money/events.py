"""What Stripe told us: found by kind, state, customer and time; its body; looked at again or set aside."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.billing import inbox
from newsroom.billing.models import Account, StripeEvent
from newsroom.core.models import AuditEntry
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.pages import INDEX, DayField, FilteredList, SettleView

LIST = {"url": reverse_lazy("newsdesk:stripe_events"), "label": _("Events from Stripe")}
MOST_SHOWN = 200_000  # characters of a body


class EventFilter(forms.Form):
    """Which events to show."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *StripeEvent.State.choices])
    kind = forms.CharField(label=_("Kind begins with"), required=False, max_length=120)
    customer = forms.CharField(label=_("Customer at Stripe"), required=False, max_length=255)
    name = forms.CharField(label=_("Event"), required=False, max_length=255)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)


class Events(FilteredList):
    """Every event, newest first."""

    permission_required = "billing.view_stripeevent"
    template_name = "newsdesk/money/events.html"
    page_title = _("Events from Stripe")
    form_class = EventFilter

    def get_queryset(self) -> QuerySet[StripeEvent]:
        asked = self.asked()
        found = StripeEvent.objects.defer("payload").order_by("-received_at", "-pk")
        for name, column in (
            ("state", "state"),
            ("kind", "kind__startswith"),
            ("customer", "customer"),
            ("name", "event_id"),
        ):
            if name in asked:
                found = found.filter(**{column: asked[name].strip()})
        if "since" in asked:
            found = found.filter(received_at__gte=_midnight(asked["since"]))
        if "until" in asked:
            found = found.filter(received_at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return found


class EventPage(Page, TemplateView):
    """One event: what came, what became of it, who had it looked at again."""

    permission_required = "billing.view_stripeevent"
    template_name = "newsdesk/money/event.html"
    header_icon = "tasks"
    trail = (INDEX, LIST)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.event = get_object_or_404(StripeEvent, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.event.event_id

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject = {"subject_kind": "billing.stripeevent", "subject_id": str(self.event.pk)}
        accounts = Account.objects.filter(stripe_customer_id=self.event.customer) if self.event.customer else None
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "body": _shown(self.event.payload),
            "account": accounts.select_related("user", "organisation").first() if accounts is not None else None,
            "audit": AuditEntry.objects.filter(**subject).order_by("-at")[:50],
            "may_settle": self.request.user.has_perm("billing.change_stripeevent"),
        }


def _midnight(day: date) -> datetime:
    """Where this day begins at the desk."""
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _shown(payload: str) -> str:
    """As it came, indented where it is JSON."""
    try:
        text = json.dumps(json.loads(payload), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = payload
    return text[:MOST_SHOWN]


class Settle(SettleView):
    """Have an event looked at again, or set it aside."""

    permission_required = "billing.change_stripeevent"
    model = StripeEvent
    back = "newsdesk:stripe_event"
    deeds = {
        "replay": (
            _("Look at it again"),
            lambda row, **facts: inbox.replay(event=row, **facts),
            _("The event is looked at again."),
        ),
        "set-aside": (
            _("Set it aside"),
            lambda row, **facts: inbox.set_aside(event=row, **facts),
            _("The event is set aside."),
        ),
    }
