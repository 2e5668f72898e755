"""Moving in from files: try them, take them in, take them back."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View
from wagtail.admin import messages

from newsroom.core import sheets
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.core.jobs import enqueue
from newsroom.licensing.models import MoveIn, MoveInRow
from newsroom.licensing.move_in import actions
from newsroom.licensing.move_in.actions import Trial
from newsroom.licensing.move_in.reading import BadFile
from newsroom.licensing.move_in.tables import SHEETS
from newsroom.newsdesk.licences.forms import ReasonForm
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.reports.usage import A_PAGE, INDEX

LIST = {"url": reverse_lazy("newsdesk:move_in"), "label": _("Moving in")}
SHOWN = 200


class FilesForm(forms.Form):
    """A file of each kind, as many kinds as there are."""

    organisations = forms.FileField(label=_("Organisations"), required=False)
    people = forms.FileField(label=_("People"), required=False)
    contracts = forms.FileField(label=_("Contracts"), required=False)
    licences = forms.FileField(label=_("Licences"), required=False)
    skip_bad = forms.BooleanField(label=_("Leave rows with an error out"), required=False)

    def contents(self) -> dict[str, bytes]:
        chosen = {kind: self.cleaned_data.get(kind) for kind in SHEETS}
        return {f"{kind}.csv": file.read() for kind, file in chosen.items() if file}


class Moving(Page, FormView):
    """Try files, or take them in; and the batches that were."""

    permission_required = "licensing.add_movein"
    template_name = "newsdesk/reports/move_in.html"
    page_title = _("Moving in")
    header_icon = "download"
    form_class = FilesForm
    trail = (INDEX,)

    def form_valid(self, form: FilesForm) -> HttpResponse:
        files, by = form.contents(), person(self.request).actor
        try:
            trial = actions.simulate(files)
            if "begin" not in self.request.POST:
                return self.render_to_response(self.get_context_data(form=form, trial=trial, faults=_faults(trial)))
            name = ", ".join(sorted(file.name for kind in SHEETS if (file := form.cleaned_data.get(kind))))
            skip = form.cleaned_data["skip_bad"]
            batch = actions.prepare(files=files, name=name, skip_bad=skip, by=by, at=now())
        except BadFile as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        except Refused as refusal:
            form.add_error("skip_bad", str(refusal))
            return self.form_invalid(form)
        enqueue("licensing.move_in", batch_id=batch.pk)
        return redirect(reverse("newsdesk:move_in_batch", args=[batch.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(MoveIn.objects.order_by("-pk"), A_PAGE).get_page(self.request.GET.get("page"))
        listed = {"batches": page.object_list, "page_obj": page, "query": "list=1", "kinds": list(SHEETS)}
        return super().get_context_data(**kwargs) | listed


def _faults(trial: Trial) -> list[tuple[str, int, str, str]]:
    """The first of them, for the page; the command writes all into a column of the file."""
    every = [(*where, *fault) for where, found in trial.problems.items() for fault in found]
    return every[:SHOWN]


class Template(Page, View):
    """An empty file with the columns and an example."""

    permission_required = "licensing.add_movein"

    def get(self, request: HttpRequest, kind: str) -> Any:
        if kind not in SHEETS:
            raise Http404
        return sheets.download(kind, SHEETS[kind].columns, [SHEETS[kind].example])


class Batch(Page, TemplateView):
    """One batch: how far it is."""

    permission_required = "licensing.view_movein"
    template_name = "newsdesk/reports/move_in_batch.html"
    header_icon = "download"
    trail = (INDEX, LIST)

    def get_page_title(self) -> str:
        return str(self.batch)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.batch = get_object_or_404(MoveIn, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = MoveInRow.objects.filter(batch=self.batch).count()
        return super().get_context_data(**kwargs) | {
            "batch": self.batch,
            "done": done,
            "good": self.batch.rows - self.batch.bad,
            "may_undo": self.batch.state in {"done", "running"}
            and self.request.user.has_perm("licensing.change_movein"),
        }


class Undo(Page, FormView):
    """Take a batch back, as long as nobody has used what it brought."""

    permission_required = "licensing.change_movein"
    template_name = "newsdesk/form.html"
    page_title = _("Take the move-in back")
    form_class = ReasonForm
    extra_context = {"button": _("Take it back")}

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        batch = get_object_or_404(MoveIn, pk=self.kwargs["pk"])
        try:
            stayed = actions.undo(batch=batch, by=person(self.request).actor, at=now(), why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, _now("Taken back. Had to stay, without rights: %(number)d.") % {"number": len(stayed)}
        )
        return redirect(reverse("newsdesk:move_in_batch", args=[batch.pk]))
