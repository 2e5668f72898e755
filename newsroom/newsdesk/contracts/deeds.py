"""What is done to a contract with a button, a form and a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages

from newsroom.core.clock import now
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.actions.renewing import next_period
from newsroom.licensing.contracts.book import Book
from newsroom.licensing.contracts.rules import MAY_FOLLOW, ContractRefused, Happening, Side
from newsroom.licensing.models import Contract, DeletionDuty
from newsroom.newsdesk.contracts import forms as asked_for
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

H = Happening


@dataclass(frozen=True, slots=True)
class Deed:
    """`happening`: what the table must allow; `when`: what else must hold, of the contract's book."""

    name: str
    happening: Happening
    form: type[forms.Form]
    run: Callable[..., Any]
    label: Any
    done: Any
    when: Callable[[Book, datetime], bool] = lambda book, at: True
    serious: bool = False
    arguments: Callable[[Book, dict[str, Any]], dict[str, Any]] = lambda book, asked: {}


def _notice(book: Book, asked: dict[str, Any]) -> dict[str, Any]:
    return {"side": Side(asked["side"]), "until": next_period(book.last)["period_to"] if asked["late"] else None}


def _renewal(book: Book, asked: dict[str, Any]) -> dict[str, Any]:
    index = asked["index"]
    return {"period_to": book.last.period_to, "index": None if index is None else int(index * 100)}


def _amended(book: Book, at: datetime) -> bool:
    last = book.latest(H.AMENDED)
    return last is not None and last.effective > at and book.still_stands(last.facts)


def _owing(book: Book, at: datetime) -> bool:
    return DeletionDuty.objects.open().filter(contract=book.contract).exists()


DEEDS = (
    Deed("suspend", H.SUSPENDED, asked_for.WhyForm, actions.suspend, _("Suspend"), _("The contract is suspended.")),
    Deed("resume", H.RESUMED, asked_for.WhyForm, actions.resume, _("Resume"), _("The contract is in force again.")),
    Deed(
        "renew",
        H.RENEWED,
        asked_for.RenewForm,
        actions.renew,
        _("Renew"),
        _("The contract is renewed."),
        when=lambda book, at: book.notice is None and book.last.valid_from <= at,
        arguments=_renewal,
    ),
    Deed(
        "notice",
        H.NOTICE_GIVEN,
        asked_for.NoticeForm,
        actions.give_notice,
        _("Note a notice"),
        _("The notice is noted."),
        when=lambda book, at: book.notice is None and book.last.auto_renew,
        arguments=_notice,
    ),
    Deed(
        "withdraw-notice",
        H.NOTICE_WITHDRAWN,
        asked_for.WhyForm,
        actions.withdraw_notice,
        _("Withdraw the notice"),
        _("The contract goes on."),
        when=lambda book, at: book.notice is not None,
    ),
    Deed(
        "withdraw-amendment",
        H.AMENDMENT_WITHDRAWN,
        asked_for.WhyForm,
        actions.withdraw_amendment,
        _("Withdraw the change to come"),
        _("The change is withdrawn."),
        when=_amended,
    ),
    Deed(
        "assign",
        H.ASSIGNED,
        asked_for.AssignForm,
        actions.assign,
        _("Change the manager"),
        _("The contract has another manager."),
        arguments=lambda book, asked: {"manager": asked["manager"]},
    ),
    Deed(
        "terminate",
        H.TERMINATED,
        asked_for.TerminateForm,
        actions.terminate,
        _("Terminate"),
        _("The contract is terminated."),
        serious=True,
        arguments=lambda book, asked: {"on": asked["on"]},
    ),
    Deed(
        "withdraw-termination",
        H.TERMINATION_WITHDRAWN,
        asked_for.WhyForm,
        actions.withdraw_termination,
        _("Withdraw the termination"),
        _("The contract goes on."),
    ),
    Deed(
        "waive",
        H.DELETION_WAIVED,
        asked_for.WhyForm,
        actions.waive,
        _("Ask for no attestation"),
        _("Nobody has to attest."),
        when=_owing,
    ),
)
BY_NAME = {each.name: each for each in DEEDS}


def open_to(contract: Contract, at: datetime) -> list[Deed]:
    """What can be done to it now."""
    book = Book.of(contract)
    return [each for each in DEEDS if each.happening in MAY_FOLLOW[book.state] and each.when(book, at)]


class Change(Page, FormView):
    """One deed, with its reason. What the contract refuses is said on the field."""

    permission_required = "licensing.change_contract"
    header_icon = "doc-full-inverse"
    template_name = "newsdesk/form.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.contract = get_object_or_404(Contract, pk=kwargs["pk"])
        if kwargs["deed"] not in BY_NAME:
            raise Http404
        self.deed = BY_NAME[kwargs["deed"]]
        self.form_class = self.deed.form
        self.extra_context = {"button": self.deed.label}
        self.trail = (
            {"url": reverse("newsdesk:contracts"), "label": _("Contracts")},
            {"url": reverse("newsdesk:contract", args=[self.contract.pk]), "label": self.contract.number},
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return self.deed.label

    def form_valid(self, form: forms.Form) -> HttpResponse:
        asked = form.cleaned_data
        facts = self.deed.arguments(Book.of(self.contract), asked)
        by = person(self.request).actor
        try:
            self.deed.run(contract=self.contract, by=by, at=now(), why=asked["why"], **facts)
        except ContractRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.deed.done)
        return redirect(reverse("newsdesk:contract", args=[self.contract.pk]))
