"""Money that goes back, for finance: what waits, refunds, credit notes, answers to disputes, decisions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from newsroom.accounts.models import User
from newsroom.billing import returning
from newsroom.billing.models import Account, Dispute, Invoice, Matter, Payment
from newsroom.billing.returning import NotReturned, Wish
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.newsdesk.customers.return_forms import (
    AnswerForm,
    CreditForm,
    DecisionForm,
    RefundForm,
    ReturnForm,
    SettleForm,
)
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

MAY = "billing.give_money_back"
LIST = {"url": reverse_lazy("newsdesk:money_back"), "label": _("Money that goes back")}
SHOWN = 100


def address_of(account: Account) -> str:
    """The customer's page."""
    if isinstance(account.holder, User):
        return reverse("newsdesk:person", args=[account.user_id])
    return reverse("newsdesk:organisation", args=[account.organisation_id])


class MoneyBack(Page, TemplateView):
    """What waits for a decision, the most urgent first; and what was decided last."""

    permission_required = MAY
    template_name = "newsdesk/customers/money_back.html"
    page_title = _("Money that goes back")
    header_icon = "undo"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Matter.objects.select_related("account__user", "account__organisation", "settled_by")
        waiting = rows.filter(settled_at=None).order_by("due_at", "opened_at", "pk")[:SHOWN]
        disputes = dict(Dispute.objects.values_list("stripe_id", "pk"))
        lines = [(each, disputes.get(each.ref), address_of(each.account)) for each in waiting]
        settled = rows.exclude(settled_at=None).order_by("-settled_at", "-pk")[:20]
        return super().get_context_data(**kwargs) | {"waiting": lines, "settled": settled, "at": now()}


class Returning(Page, FormView[ReturnForm]):
    """One form about one payment, invoice, dispute or matter."""

    permission_required = MAY
    template_name = "newsdesk/customers/return.html"
    header_icon = "undo"
    model: type[Payment] | type[Invoice] | type[Dispute] | type[Matter]
    button: Any = ""
    done: Any = ""
    about: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows: Any = self.model._default_manager.select_related("account__user", "account__organisation")
        self.about = get_object_or_404(rows, pk=kwargs["pk"])
        customer = {"url": address_of(self.about.account), "label": str(self.about.account)}
        self.trail = (LIST, customer)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"about": self.about, "button": self.button, "facts": self.facts()}

    def facts(self) -> list[tuple[Any, Any]]:
        """What there is to know before deciding."""
        return [(_("Customer"), self.about.account), (_("Amount"), self.about.amount)]

    def form_valid(self, form: ReturnForm) -> HttpResponse:
        given = form.cleaned_data
        wish = Wish(once=str(given["once"]), why=given["why"], by=person(self.request))
        try:
            self.do(given, wish)
        except NotReturned as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        except TryAgain:
            messages.warning(self.request, _("Stripe has not answered yet. It is asked again, once only."))
        else:
            messages.success(self.request, self.done)
        return redirect(address_of(self.about.account))

    def form_invalid(self, form: ReturnForm) -> HttpResponse:
        """A second press finds less left than it asks for, and is the first one's all the same."""
        once = form.data.get("once", "")
        if once and returning.pressed(self.about.account, once):
            messages.success(self.request, self.done)
            return redirect(address_of(self.about.account))
        return super().form_invalid(form)

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        """The deed."""
        raise NotImplementedError


class Refund(Returning):
    """A payment goes back, or a part of it."""

    model = Payment
    form_class = RefundForm
    page_title = _("Refund a payment")
    button = _("Give it back")
    done = _("The money is on its way back.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"left": returning.left_of(self.about)}

    def facts(self) -> list[tuple[Any, Any]]:
        back = Money(self.about.refunded_minor, self.about.currency)
        paid = [(_("Paid"), self.about.amount), (_("On"), self.about.created_at), (_("With"), self.about.card)]
        return [(_("Customer"), self.about.account), *paid, (_("Went back already"), back)]

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        returning.refund(payment=self.about, amount=given["amount"], reason=given["reason"], wish=wish, at=now())


class Credit(Returning):
    """An invoice is taken back in part."""

    model = Invoice
    form_class = CreditForm
    page_title = _("Write a credit note")
    button = _("Write the credit note")
    done = _("The credit note is written.")

    def get_form_kwargs(self) -> dict[str, Any]:
        left = self.about.total_minor - self.about.credited_minor
        return super().get_form_kwargs() | {"left": Money(max(left, 0), self.about.currency)}

    def facts(self) -> list[tuple[Any, Any]]:
        owed = [(_("Total"), self.about.total), (_("Still to pay"), self.about.remaining)]
        credited = Money(self.about.credited_minor, self.about.currency)
        whose = [(_("Customer"), self.about.account), (_("Invoice"), self.about)]
        return [*whose, *owed, (_("Credited already"), credited)]

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        returning.credit(
            invoice=self.about, amount=given["amount"], to=given["to"], memo=given["memo"], wish=wish, at=now()
        )


class Answer(Returning):
    """The bank is told why the money is ours."""

    model = Dispute
    form_class = AnswerForm
    page_title = _("Answer a dispute")
    button = _("Send it to the bank")
    done = _("The answer is with the bank.")

    def facts(self) -> list[tuple[Any, Any]]:
        words = [(_("Reason given"), self.about.reason), (_("State"), self.about.status)]
        return [*super().facts(), *words, (_("Answer by"), self.about.respond_by)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"accept": reverse("newsdesk:accept_dispute", args=[self.about.pk])}

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        evidence = {name: given[name] for name in returning.EVIDENCE}
        returning.answer(dispute=self.about, evidence=evidence, wish=wish, at=now())


class Accept(Returning):
    """There is nothing to say: the money is theirs."""

    model = Dispute
    form_class = SettleForm
    page_title = _("Accept a dispute")
    button = _("Accept it: the money is lost")
    done = _("The dispute is accepted.")

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        returning.accept(dispute=self.about, wish=wish, at=now())


class Decide(Returning):
    """What becomes of a right after a part of its money went back; or that a matter is done."""

    model = Matter
    page_title = _("Decide")
    button = _("Decide")
    done = _("It is decided.")

    def get_form_class(self) -> type[Any]:
        return DecisionForm if self.about.kind == Matter.Kind.PARTIAL_REFUND else SettleForm

    def facts(self) -> list[tuple[Any, Any]]:
        whose = [(_("Customer"), self.about.account), (_("What"), self.about.get_kind_display())]
        return [*whose, (_("Amount"), self.about.amount or ""), (_("Since"), self.about.opened_at)]

    def do(self, given: dict[str, Any], wish: Wish) -> None:
        decision = given.get("decision", Matter.Decision.DONE)
        returning.decide(matter=self.about, decision=decision, wish=wish, at=now())
