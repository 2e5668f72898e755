"""Money at a glance, and the way to one customer's story."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.billing.models import Account, Invoice, OutboxCall, Reconcile, StripeEvent
from newsroom.core.clock import now
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.alarms import alarms, drift
from newsroom.newsdesk.policy import person

MOST = 20


class WhoseForm(forms.Form):
    """Whose money."""

    words = forms.CharField(label=_("Customer, e-mail address or invoice"), required=False, max_length=200)


class Money(Page, TemplateView):
    """How many events and calls wait, are unknown or dead; when we were last compared."""

    permission_required = "billing.view_stripeevent"
    template_name = "newsdesk/money/index.html"
    page_title = _("Money")
    header_icon = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = WhoseForm(self.request.GET)
        words = form.cleaned_data["words"].strip() if form.is_valid() else ""
        calls = OutboxCall.objects.unanswered()
        return super().get_context_data(**kwargs) | {
            "form": form,
            "words": words,
            "found": whose(words) if words else [],
            "alarms": alarms(person(self.request)),
            "waiting": StripeEvent.objects.filter(state__in=["received", "processing", "failed"]).count(),
            "late": StripeEvent.objects.due(now()).count(),
            "unknown": calls.filter(attempts__gt=0).count(),
            "drift": drift(),
            "last": Reconcile.objects.defer("facts").order_by("-at").first(),
        }


def whose(words: str) -> list[Account]:
    """The accounts these words name: an address, a customer at Stripe, an organisation, or an invoice's number."""
    by_invoice = Invoice.objects.filter(Q(number=words) | Q(stripe_id=words)).values("account")
    named = (
        Q(user__email__iexact=words)
        | Q(user__name__icontains=words)
        | Q(organisation__name__icontains=words)
        | Q(stripe_customer_id=words)
        | Q(pk__in=by_invoice)
    )
    return list(Account.objects.filter(named).select_related("user", "organisation").defer("raw").order_by("pk")[:MOST])
