"""The guided forms for correcting, withholding and killing. Each wants a note, and says what will happen."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from newsroom.content import actions
from newsroom.content.models import Story
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.newsdesk.home import edit_url
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.stories.menu import may
from newsroom.wire.rules import Signal

WORDS = {
    Signal.CORRECTION: {
        "title": _("Correct"),
        "what": _(
            "The latest draft is released as a correction. Everybody who received the story is sent it, marked as "
            "corrected, with this note."
        ),
        "label": _("What was wrong, and what is right?"),
        "button": _("Release the correction"),
        "done": _("The correction is on the wire."),
    },
    Signal.WITHHOLD: {
        "title": _("Withhold"),
        "what": _(
            "The story leaves every page and feed until it is published again. Its address shows this note. Those "
            "who received it are told to hold it back."
        ),
        "label": _("Why is it held back? (public)"),
        "button": _("Withhold the story"),
        "done": _("The story is withheld."),
    },
    Signal.KILL: {
        "title": _("Kill"),
        "what": _(
            "The story is withdrawn everywhere, for good. Its address shows this note. Everybody who ever received "
            "any version is told to remove it. This cannot be undone."
        ),
        "label": _("Why is it withdrawn? (public)"),
        "button": _("Kill the story for good"),
        "done": _("The story is killed."),
    },
}


class NoteForm(forms.Form):
    """The public note; for a kill, also the sign that it is meant."""

    note = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, signal: Signal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = WORDS[signal]["label"]
        if signal == Signal.KILL:
            self.fields["sure"] = forms.BooleanField(label=_("I know that a kill is final."))


class DeedView(WagtailAdminTemplateMixin, FormView):
    """One deed on one story."""

    form_class = NoteForm
    template_name = "newsdesk/deed.html"
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.signal = Signal(kwargs["signal"])
            self.words = WORDS[self.signal]
        except (ValueError, KeyError):
            raise Http404 from None
        self.story = get_object_or_404(Story.objects.select_related("item", "desk"), pk=kwargs["pk"])
        if not may(request.user, self.signal, self.story):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return self.words["title"]

    def get_page_subtitle(self) -> str:
        return self.story.headline

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": edit_url(self.story.pk), "label": self.story.headline},
            {"url": "", "label": self.words["title"]},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"signal": self.signal}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "words": self.words,
            "story": self.story,
            "back": edit_url(self.story.pk),
            "final": self.signal == Signal.KILL,
        }

    def form_valid(self, form: NoteForm) -> HttpResponse:
        deed = {Signal.CORRECTION: actions.correct, Signal.WITHHOLD: actions.withhold, Signal.KILL: actions.kill}
        try:
            deed[self.signal](story=self.story, by=person(self.request), note=form.cleaned_data["note"], at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.words["done"])
        return redirect(edit_url(self.story.pk))
