"""What we asked of Stripe: unknown outcomes, refused, given up; asked again or settled with a reason."""

import json
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.billing import outbox
from newsroom.billing.models import OutboxCall
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.pages import INDEX, FilteredList, SettleView

LIST = {"url": reverse_lazy("newsdesk:stripe_calls"), "label": _("Calls to Stripe")}
STATES = {
    "unknown": (_("outcome unknown"), Q(state="queued", attempts__gt=0)),
    "waiting": (_("not asked yet"), Q(state="queued", attempts=0)),
    "dead": (_("given up, to be settled"), Q(state="dead", settled_at=None)),
    "declined": (_("refused by Stripe"), Q(state="declined")),
    "settled": (_("settled"), Q(settled_at__isnull=False)),
    "done": (_("done"), Q(state="done")),
}


class CallFilter(forms.Form):
    """Which calls to show."""

    choices = [("", _("any")), *((name, label) for name, (label, _rule) in STATES.items())]
    state = forms.ChoiceField(label=_("State"), required=False, choices=choices)
    operation = forms.CharField(label=_("Operation begins with"), required=False, max_length=60)
    customer = forms.CharField(label=_("Customer at Stripe"), required=False, max_length=255)


class Calls(FilteredList):
    """Every call, newest first."""

    permission_required = "billing.view_outboxcall"
    template_name = "newsdesk/money/calls.html"
    page_title = _("Calls to Stripe")
    form_class = CallFilter

    def get_queryset(self) -> QuerySet[OutboxCall]:
        asked = self.asked()
        found = OutboxCall.objects.select_related("account__user", "account__organisation")
        if "state" in asked:
            found = found.filter(STATES[asked["state"]][1])
        if "operation" in asked:
            found = found.filter(operation__startswith=asked["operation"].strip())
        if "customer" in asked:
            found = found.filter(account__stripe_customer_id=asked["customer"].strip())
        return found.order_by("-created_at", "-pk")


class CallPage(Page, TemplateView):
    """One call: what was asked, what came of it, and what may be done now."""

    permission_required = "billing.view_outboxcall"
    template_name = "newsdesk/money/call.html"
    header_icon = "tasks"
    trail = (INDEX, LIST)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.call = get_object_or_404(OutboxCall.objects.select_related("account__user"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.call)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject = {"subject_kind": "billing.outboxcall", "subject_id": str(self.call.pk)}
        open_ = self.call.state != OutboxCall.State.DONE and self.call.settled_at is None
        return super().get_context_data(**kwargs) | {
            "call": self.call,
            "params": json.dumps(self.call.params, indent=2, ensure_ascii=False),
            "key_holds": now() - self.call.created_at < outbox.KEYS_REMEMBERED,
            "may_settle": open_ and self.request.user.has_perm("billing.change_outboxcall"),
            "audit": AuditEntry.objects.filter(**subject).order_by("-at")[:50],
        }


class Settle(SettleView):
    """Ask again, or give it up."""

    permission_required = "billing.change_outboxcall"
    model = OutboxCall
    back = "newsdesk:stripe_call"
    deeds = {
        "again": (
            _("Ask Stripe again"),
            lambda row, **facts: outbox.ask_again(call=row, **facts),
            _("Stripe is asked again."),
        ),
        "give-up": (
            _("Give it up"),
            lambda row, **facts: outbox.give_up(call=row, **facts),
            _("The call is settled."),
        ),
    }
