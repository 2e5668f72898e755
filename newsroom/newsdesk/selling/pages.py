"""What the pages of selling share: a form whose answer is one deed, and the timeline of a lead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages

from newsroom.core.errors import Refused
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Lead
from newsroom.newsdesk.licences.views import Page

WORDS = {
    "lead.opened": _("Enquiry came in"),
    "lead.assigned": _("Account manager"),
    "lead.planned": _("Next step"),
    "lead.talking": _("Talking"),
    "lead.trial": _("Trial"),
    "lead.quoted": _("Quoted"),
    "lead.won": _("Won"),
    "lead.lost": _("Lost"),
    "trial.ending": _("The end of the trial was announced"),
    "trial.ended": _("The trial is over"),
    "quote.drafted": _("Quote drafted"),
    "quote.changed": _("Quote: terms changed"),
    "quote.line_added": _("Quote: line added"),
    "quote.line_changed": _("Quote: line changed"),
    "quote.line_removed": _("Quote: line removed"),
    "quote.submitted": _("Quote submitted"),
    "quote.approved": _("Quote approved"),
    "quote.sent_back": _("Quote sent back"),
    "quote.sent": _("Quote sent"),
    "quote.link_renewed": _("Quote: new link sent"),
    "quote.revised": _("Quote: new revision"),
    "quote.withdrawn": _("Quote withdrawn"),
    "quote.accepted": _("Quote accepted"),
    "quote.declined": _("Quote declined"),
}
"""What happened, in words. What is not here is not on the timeline."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline."""

    at: datetime
    who: str
    what: Any
    words: str


def timeline(lead: Lead) -> list[Event]:
    """What happened to a lead, its trial and its quotes, and what was noted; newest first. Two queries and two of ids."""
    quotes = [str(pk) for pk in lead.quotes.values_list("pk", flat=True)]
    trials = [str(pk) for pk in lead.trials.values_list("pk", flat=True)]
    about = Q(subject_kind="licensing.lead", subject_id=str(lead.pk))
    about |= Q(subject_kind="licensing.quote", subject_id__in=quotes)
    about |= Q(subject_kind="licensing.trial", subject_id__in=trials)
    found = AuditEntry.objects.filter(about, action__in=WORDS).order_by("-at", "-pk")[:200]
    events = [Event(each.at, each.actor_label, WORDS[each.action], each.why) for each in found]
    events += [Event(each.at, each.author, _("Note"), each.text) for each in lead.notes.all()]
    return sorted(events, key=lambda each: each.at, reverse=True)


class DeedPage(Page, FormView):
    """A form whose answer is one deed; what the deed refuses is said at its field."""

    template_name = "newsdesk/form.html"
    header_icon = "group"
    button: Any = _("Save")
    done: Any = _("Saved.")
    names: dict[str, str] = {}
    """Field of a refusal → field of the form, where they differ."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"button": self.button}

    def deed(self, asked: dict[str, Any]) -> str:
        """Do it; answers where to go then."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            where = self.deed(form.cleaned_data)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            field = self.names.get(field, field) if field else None
            form.add_error(field if field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(where)
