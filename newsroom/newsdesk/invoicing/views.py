"""What a contract is invoiced, the run that does it, what is owed, and transfers that came in."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from newsroom.billing.invoicing import accounts, owing, runs, transfers
from newsroom.billing.invoicing.refusals import BillingRefused
from newsroom.billing.models import BankPayment, BillingDetails, ContractBilling, Invoice, InvoiceOrder, InvoiceRun
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.models import Contract
from newsroom.newsdesk.invoicing.forms import DETAILS, SETTINGS, SettingsForm, TransferForm, WhyForm
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

NEWEST = 50
RUN = {"url": reverse_lazy("newsdesk:invoicing"), "label": _("Invoicing")}


class MoneyPage(Page):
    """A page of invoices to organisations, for those with the right to it."""

    header_icon = "table"
    permission_required = "billing.view_contractbilling"


class OfContract(MoneyPage):
    """A page about one contract's money."""

    contract: Contract

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.contract = get_object_or_404(Contract.objects.select_related("organisation"), pk=kwargs["pk"])
        self.trail = (
            {"url": reverse("newsdesk:contracts"), "label": _("Contracts")},
            {"url": reverse("newsdesk:contract", args=[self.contract.pk]), "label": self.contract.number},
        )
        return super().dispatch(request, *args, **kwargs)


class ContractMoney(OfContract, TemplateView):
    """What comes next, what was planned, written, dunned and paid."""

    template_name = "newsdesk/invoicing/contract.html"
    page_title = _("Invoices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        billing = ContractBilling.objects.select_related("contract").filter(contract=self.contract).first()
        at, has = now(), self.request.user.has_perm
        view = runs.outlook(billing, today(at)) if billing else None
        mine = Invoice.objects.filter(contract_ref=self.contract.number).newest_first().defer("raw")
        return super().get_context_data(**kwargs) | {
            "contract": self.contract,
            "billing": billing,
            "details": BillingDetails.objects.filter(account__organisation=self.contract.organisation).first(),
            "next": [(True, each) for each in view.now] + [(False, each) for each in view.later] if view else [],
            "resting": view.resting if view else False,
            "plans": self.contract.plans.select_related("order").order_by("-pk")[:NEWEST],
            "orders": self.contract.orders.exclude(state=InvoiceOrder.State.DONE).order_by("pk"),
            "invoices": [(each, each.overdue(at)) for each in mine[:NEWEST]],
            "steps": self.contract.dunning.order_by("-pk")[:NEWEST],
            "may_change": has("billing.change_contractbilling"),
            "may_run": has("billing.run_invoices"),
        }


class Settings(OfContract, FormView):
    """To whom, what with, and what follows when it is not paid."""

    permission_required = "billing.change_contractbilling"
    template_name = "newsdesk/form.html"
    page_title = _("How it is invoiced")
    form_class = SettingsForm
    extra_context = {"button": _("Save")}

    def get_initial(self) -> dict[str, Any]:
        details = BillingDetails.objects.filter(account__organisation=self.contract.organisation).first()
        billing = ContractBilling.objects.filter(contract=self.contract).first()
        organisation = self.contract.organisation
        usual: dict[str, Any] = {"name": organisation.name, "country": organisation.country}
        usual["billed_from"] = Book.of(self.contract).versions[0].period_from
        return usual | SettingsForm.initial_of(details, billing)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        asked, by, at = form.cleaned_data, person(self.request).actor, now()
        account = accounts.account_of(self.contract.organisation, at)
        try:
            accounts.check(asked)
            facts = {name: asked[name] for name in DETAILS} | {"locale": self.contract.locale}
            accounts.describe(account=account, by=by, at=at, **facts)
            accounts.set_up(contract=self.contract, by=by, at=at, **{name: asked[name] for name in SETTINGS})
        except BillingRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The contract is invoiced like this from now on."))
        return redirect("newsdesk:contract_money", self.contract.pk)


class Run(MoneyPage, TemplateView):
    """What is due today, what keeps contracts from being invoiced, and what former runs did. A button runs it."""

    template_name = "newsdesk/invoicing/run.html"
    page_title = _("Invoicing")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("billing.run_invoices"):
            return self.handle_no_permission()
        result = runs.run(by=person(request).actor, at=now())
        said = gettext("%(planned)s lines planned, %(sent)s documents sent.")
        messages.success(request, said % {"planned": result.planned, "sent": result.sent})
        if result.problems:
            messages.warning(request, gettext("Some contracts were not invoiced: see below."))
        return redirect("newsdesk:invoicing")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = today(now())
        billings = ContractBilling.objects.filter(held=False).select_related("contract__organisation").order_by("pk")
        due = [(each.contract, runs.outlook(each, day).now) for each in billings]
        numbers = dict(Contract.objects.values_list("pk", "number"))
        former = list(InvoiceRun.objects.exclude(planned=0, sent=0, problems=[]).order_by("-at")[:NEWEST])
        stuck = InvoiceOrder.objects.exclude(state=InvoiceOrder.State.DONE).select_related("contract__organisation")
        return super().get_context_data(**kwargs) | {
            "day": day,
            "due": [(contract, wishes, summed(wishes)) for contract, wishes in due if wishes],
            "problems": runs.problems(),
            "stuck": stuck.order_by("pk")[:NEWEST],
            "runs": [
                (each, [(numbers.get(p["contract"], "?"), p["contract"], p["why"]) for p in each.problems])
                for each in former
            ],
            "may_run": self.request.user.has_perm("billing.run_invoices"),
        }


def summed(wishes: list[Any]) -> Money:
    """Of one contract, and so of one currency."""
    return Money(sum(each.minor for each in wishes), wishes[0].span.share.whole.currency)


class Receivables(MoneyPage, TemplateView):
    """What each customer owes, by how late it is."""

    template_name = "newsdesk/invoicing/receivables.html"
    page_title = _("Receivables")
    trail = (RUN,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "ages": owing.AGES,
            "rows": owing.by_customer(now()),
            "transfers": self._transfers(),
            "may_book": self.request.user.has_perm("billing.reconcile_payments"),
        }

    def _transfers(self) -> list[tuple[BankPayment, Invoice | None]]:
        found: QuerySet[BankPayment] = BankPayment.objects.select_related("account__organisation").order_by("-pk")
        rows = list(found[:NEWEST])
        own = Invoice.objects.filter(stripe_id__in=[each.invoice_ref for each in rows]).defer("raw")
        known = {each.stripe_id: each for each in own}
        return [(each, known.get(each.invoice_ref)) for each in rows]


class Transfer(MoneyPage, FormView):
    """A transfer is booked on its invoice."""

    permission_required = "billing.reconcile_payments"
    template_name = "newsdesk/form.html"
    page_title = _("Book a transfer")
    form_class = TransferForm
    trail = (RUN,)
    extra_context = {"button": _("Book it")}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        return {
            "number": asked.get("number", ""),
            "currency": asked.get("currency", "eur"),
            "received_on": today(now()),
        }

    def form_valid(self, form: TransferForm) -> HttpResponse:
        asked = form.cleaned_data
        try:
            amount = form.money()
        except ValueError:
            form.add_error("amount", gettext("This currency has no such small coins."))
            return self.form_invalid(form)
        try:
            payment = transfers.record(
                invoice=transfers.by_number(asked["number"]),
                amount=amount,
                received_on=asked["received_on"],
                reference=asked["reference"],
                by=person(self.request),
                at=now(),
            )
        except (Refused, TryAgain) as refusal:
            form.add_error(getattr(refusal, "field", "") or None, str(refusal))
            return self.form_invalid(form)
        part = payment.state == BankPayment.State.PART
        said = _("Booked as a part: the rest is still awaited.") if part else _("Booked: the invoice is paid.")
        messages.success(self.request, said)
        return redirect("newsdesk:receivables")


class Undo(MoneyPage, FormView):
    """A transfer that was booked wrongly counts for nothing."""

    permission_required = "billing.reconcile_payments"
    template_name = "newsdesk/form.html"
    page_title = _("Undo a transfer")
    form_class = WhyForm
    trail = (RUN,)
    extra_context = {"button": _("Undo")}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.payment = get_object_or_404(BankPayment, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            transfers.undo(payment=self.payment, by=person(self.request), at=now(), why=form.cleaned_data["why"])
        except BillingRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The transfer counts for nothing any more."))
        return redirect("newsdesk:receivables")
