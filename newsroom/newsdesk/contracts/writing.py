"""Writing a contract by hand, and changing it line by line with a look at what that does."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from newsroom.billing.invoicing.planning import Wish
from newsroom.billing.invoicing.preview import preview as preview_bill
from newsroom.billing.models import ContractBilling
from newsroom.core.clock import now
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.actions.amending import numbered, preview
from newsroom.licensing.contracts.book import Book
from newsroom.licensing.contracts.changes import Change, Kind, total
from newsroom.licensing.contracts.rules import ContractRefused
from newsroom.licensing.contracts.words import line_in_words, price_in_words
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Contract
from newsroom.newsdesk.contracts.forms import AmendForm, LineForm, NewForm, TermsForm
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.wire.models import Product

BLANK = 2
LIST = {"url": reverse_lazy("newsdesk:contracts"), "label": _("Contracts")}
WORDS_OF_KIND = {
    Kind.ADDED: _("added"),
    Kind.CHANGED: _("changed"),
    Kind.ENDED: _("ended"),
    Kind.KEPT: _("stays as it is"),
}


class Writing(Page, TemplateView):
    """A form over the contract, and one for each of its lines."""

    header_icon = "doc-full-inverse"
    template_name = "newsdesk/contracts/write.html"
    trail: tuple[dict[str, Any], ...] = (LIST,)
    form: TermsForm
    former: Sequence[tuple[int, LineForm]] = ()
    blank: Sequence[LineForm] = ()
    preview: dict[str, Any] | None = None

    def blanks(self) -> list[LineForm]:
        data = self.request.POST if self.request.method == "POST" else None
        return [LineForm(data, prefix=f"new-{number}") for number in range(1, BLANK + 1)]

    def valid(self) -> bool:
        """Every form is looked at, so that every fault is shown at once."""
        forms = [each for _key, each in self.former if not each.ends]
        return all(
            [self.form.is_valid(), *(each.is_valid() for each in forms), *(each.is_valid() for each in self.blank)]
        )

    def refused(self, refusal: ContractRefused, fresh: int) -> None:
        """Say it on the field it is about: `line-3.seats` is in the form of line 3; `fresh`: the first new key."""
        line, _dot, field = refusal.field.partition(".")
        if line.startswith("line-") and field:
            key = int(line.removeprefix("line-"))
            filled = [each for each in self.blank if not each.empty]
            form = dict(self.former).get(key) or filled[key - fresh]
            form.refuse(field, str(refusal))
        else:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, str(refusal))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "former": self.former,
            "blank": self.blank,
            "preview": self.preview,
        }


class NewContract(Writing):
    """A contract that comes from no quote."""

    permission_required = "licensing.add_contract"
    page_title = _("Write a contract")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form, self.blank = NewForm(), self.blanks()
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form, self.blank = NewForm(request.POST), self.blanks()
        if self.valid() and (contract := self._write()) is not None:
            messages.success(request, _("The contract is in force."))
            return redirect(reverse("newsdesk:contract", args=[contract.pk]))
        return self.render_to_response(self.get_context_data())

    def _write(self) -> Contract | None:
        asked = self.form.cleaned_data
        try:
            return actions.activate(
                organisation=asked["organisation"],
                lines=[each.line(asked["currency"]) for each in self.blank if not each.empty],
                terms=self.form.terms(),
                starts_on=asked["starts_on"],
                currency=asked["currency"],
                manager=asked["manager"],
                why=asked["why"],
                by=person(self.request).actor,
                at=now(),
            )
        except ContractRefused as refusal:
            self.refused(refusal, fresh=1)
            return None


class Amend(Writing):
    """Lines are added, changed and ended from a day on. Looking at it changes nothing."""

    permission_required = "licensing.change_contract"
    page_title = _("Change the contract")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.contract = get_object_or_404(Contract.objects.select_related("organisation"), pk=kwargs["pk"])
        url = reverse("newsdesk:contract", args=[self.contract.pk])
        self.trail = (LIST, {"url": url, "label": self.contract.number})
        self.book = Book.of(self.contract)
        data = request.POST if request.method == "POST" else None
        self.form = AmendForm(data, initial=TermsForm.initial_of(self.book.last.terms))
        self.former = [
            (
                each.key,
                LineForm(data, prefix=f"line-{each.key}", former=each.line, initial=LineForm.initial_of(each.line)),
            )
            for each in self.book.last.agreed
        ]
        self.blank = self.blanks()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.valid():
            asked = self.form.cleaned_data
            facts = {"contract": self.contract, "since": asked["since"], "lines": self._lines(), "at": now()}
            facts |= {"terms": self.form.terms()}
            try:
                if "agree" not in request.POST:
                    self.preview = self._shown(preview(**facts))
                else:
                    actions.amend(**facts, by=person(request).actor, why=asked["why"])
                    messages.success(request, _("The change is agreed."))
                    return redirect(reverse("newsdesk:contract", args=[self.contract.pk]))
            except ContractRefused as refusal:
                self.refused(refusal, fresh=self.book.next_key)
        return self.render_to_response(self.get_context_data())

    def _lines(self) -> list[tuple[int | None, Line]]:
        currency = self.contract.currency
        kept: list[tuple[int | None, Line]] = [(key, each.line(currency)) for key, each in self.former if not each.ends]
        return kept + [(None, each.line(currency)) for each in self.blank if not each.empty]

    def _shown(self, changes: list[Change]) -> dict[str, Any]:
        names = dict(Product.objects.values_list("code", "name"))
        rows = [
            {
                "title": (each.after or each.before or changes[0].after).title,  # type: ignore[union-attr]  # one of them
                "kind": WORDS_OF_KIND[each.kind],
                "before": _words(each.before, names),
                "after": _words(each.after, names) if each.kind != Kind.KEPT else [],
                "year": each.year,
            }
            for each in changes
        ]
        return {
            "rows": rows,
            "total": total(changes, self.contract.currency),
            "since": self.form.cleaned_data["since"],
            "billed": self._billed(),
        }

    def _billed(self) -> list[Wish]:
        """What the change is invoiced and credited on its day, where we invoice this contract."""
        billing = ContractBilling.objects.select_related("contract").filter(contract=self.contract).first()
        if billing is None:
            return []
        since = self.form.cleaned_data["since"]
        lines = numbered(self.book, self._lines(), since)
        return preview_bill(billing, lines, since, self.form.terms().interval)


def _words(line: Line | None, names: dict[str, str]) -> list[str]:
    if line is None:
        return []
    return [*line_in_words(line, names), line.clause, price_in_words(line.price, line.interval)]
