"""What is done to a quote: its lines, its approval, its sending."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.licensing.documents import typeset
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Document, QuoteLine
from newsroom.licensing.selling import approval, quotes, rates, sending
from newsroom.licensing.selling.errors import BadOffer
from newsroom.licensing.selling.pricing import For, Priced
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.selling.lead_forms import NoQuestion, ReasonForm
from newsroom.newsdesk.selling.line_form import LineForm, initial_of
from newsroom.newsdesk.selling.quote_forms import ReviseForm
from newsroom.newsdesk.selling.quotes import VALID, QuoteDeed


class LinePage(QuoteDeed):
    """A line that is written."""

    form_class = LineForm
    names = {"price": "list_price", "quotas": "quota1_use"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"quote": self.quote}

    def written(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The line, and what its price rests on. Raises `BadOffer` when the card has none."""
        form = self.get_form()
        form.full_clean()
        priced = self._priced(form.line(Money(0, self.quote.currency)), asked)
        listed = priced.price if priced else Money(asked["list_price"], self.quote.currency)
        return {"line": form.line(listed), "priced": priced, "listed": listed}

    def _priced(self, line: Line, asked: dict[str, Any]) -> Priced | None:
        if not asked["card"]:
            return None
        whom = For(self.quote.country, asked["audience"], asked["language"])
        found = rates.price(line=line, card=asked["card"], whom=whom, at=now())
        if found is None:
            raise BadOffer("card", _now("This card has no price for these products, uses and this customer."))
        return found


class AddLine(LinePage):
    page_title = _("Add a line")
    button = _("Add the line")

    def deed(self, asked: dict[str, Any]) -> str:
        quotes.add_line(quote=self.quote, **self.written(asked), **self.who)
        return self.back


class ChangeLine(LinePage):
    page_title = _("Change a line")
    button = _("Save the line")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.row = get_object_or_404(QuoteLine.objects.select_related("quote"), pk=kwargs["line"], quote=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.row)

    def deed(self, asked: dict[str, Any]) -> str:
        quotes.change_line(row=self.row, **self.written(asked), **self.who)
        return self.back


class RemoveLine(QuoteDeed):
    page_title = _("Remove a line")
    button = _("Remove the line")
    done = _("The line is removed.")
    form_class = NoQuestion

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.row = get_object_or_404(QuoteLine.objects.select_related("quote"), pk=kwargs["line"], quote=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"{self.page_title}: {self.row}"

    def deed(self, asked: dict[str, Any]) -> str:
        quotes.remove_line(row=self.row, **self.who)
        return self.back


class Revise(QuoteDeed):
    page_title = _("New revision")
    button = _("Make the revision")
    form_class = ReviseForm

    def get_initial(self) -> dict[str, Any]:
        return {"valid_until": timezone.localtime(now()) + VALID}

    def deed(self, asked: dict[str, Any]) -> str:
        made = quotes.revise(quote=self.quote, valid_until=asked["valid_until"], **self.who)
        return reverse("newsdesk:quote", args=[made.pk])


class Withdraw(QuoteDeed):
    page_title = _("Withdraw the quote")
    button = _("Withdraw")
    done = _("The quote is withdrawn.")
    form_class = ReasonForm

    def deed(self, asked: dict[str, Any]) -> str:
        sending.withdraw(quote=self.quote, why=asked["why"], **self.who)
        return self.back


class SendBack(QuoteDeed):
    permission_required = approval.RIGHT
    page_title = _("Send the quote back")
    button = _("Send back")
    done = _("The quote is a draft again.")
    form_class = ReasonForm

    def deed(self, asked: dict[str, Any]) -> str:
        approval.send_back(quote=self.quote, approver=person(self.request), why=asked["why"], at=now())
        return self.back


def submit(page: "Step") -> None:
    approval.submit(quote=page.quote, seller=person(page.request), at=now())


def approve(page: "Step") -> None:
    approval.approve(quote=page.quote, approver=person(page.request), at=now())


def send(page: "Step") -> None:
    sending.send(quote=page.quote, **page.who)


def renew_link(page: "Step") -> None:
    sending.renew_link(quote=page.quote, **page.who)


STEPS = {
    "submit": (submit, "licensing.change_quote", _("Submit the quote"), _("The quote is submitted.")),
    "approve": (approve, approval.RIGHT, _("Approve the quote"), _("The quote is approved.")),
    "send": (send, "licensing.change_quote", _("Send the offer"), _("The offer is sent.")),
    "resend": (renew_link, "licensing.change_quote", _("Send a new link"), _("A new link is sent.")),
}


class Step(QuoteDeed):
    """What needs no more than a button."""

    form_class = NoQuestion

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["step"] not in STEPS:
            raise Http404
        self.act, self.permission_required, self.button, self.done = STEPS[kwargs["step"]]
        self.page_title = self.button
        return super().dispatch(request, *args, **kwargs)

    def deed(self, asked: dict[str, Any]) -> str:
        self.act(self)
        return self.back


class Paper(Page, View):
    """The PDF of a document."""

    permission_required = "licensing.view_document"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        document = get_object_or_404(Document, number=number)
        return pdf_response(typeset.pdf(document), document.number)


def pdf_response(body: bytes, name: str) -> HttpResponse:
    """A PDF that nobody on the way may keep."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
