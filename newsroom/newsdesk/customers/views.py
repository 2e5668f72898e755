"""The customers' pages for staff: found by anything, known at a glance, helped with a reason."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from newsroom.accounts import viewing
from newsroom.accounts.models import Organisation, User
from newsroom.billing.models import Invoice, Subscription
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.newsdesk.customers import known, notes
from newsroom.newsdesk.customers.find import customers
from newsroom.newsdesk.customers.forms import NoteForm, ViewAsForm, Words
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.lines import money_url
from newsroom.newsdesk.policy import person

LIST = {"url": reverse_lazy("newsdesk:customers"), "label": _("Customers")}
LINES = 30


class Customers(Page, TemplateView):
    """Find a customer by anything."""

    template_name = "newsdesk/customers/customers.html"
    page_title = _("Customers")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = Words(self.request.GET)
        words = form.cleaned_data["words"] if form.is_valid() else ""
        newest = Organisation.objects.order_by("-created_at", "-pk")[:10] if not words else []
        found = customers(words, now()) if words else []
        return super().get_context_data(**kwargs) | {"form": form, "words": words, "found": found, "newest": newest}


class Customer(Page, TemplateView):
    """One customer: what they hold, who they are, what happened, what colleagues wrote down."""

    model: type[Organisation] | type[User]
    customer: Any  # an Organisation or a User, by `model`
    header_icon = "group"
    trail = (LIST,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind: Any = self.model
        self.customer = get_object_or_404(kind, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = now()
        lines = Paginator(known.timeline(self.customer), LINES).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "customer": self.customer,
            "licences": known.licences(self.customer, at),
            "usage": known.usage(self.customer, at),
            "days": known.DAYS,
            "page_obj": lines,
            "is_paginated": lines.paginator.num_pages > 1,
            "query": "",
            "notes": notes.about(self.customer),
            "note_form": NoteForm(),
            **known.returns(self.customer, self.request.user),
            "money_url": money_url(self.customer) if self.request.user.has_perm("billing.view_account") else "",
            "may_grant": self.request.user.has_perm("licensing.add_licence"),
            "may_change": self.request.user.has_perm("licensing.change_licence"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A note. An empty one is refused on its field."""
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data() | {"note_form": form})
        notes.write(customer=self.customer, text=form.cleaned_data["text"], by=person(request), at=now())
        messages.success(request, _("The note is kept."))
        return redirect(request.path)


class OrganisationPage(Customer):
    """A customer organisation."""

    model = Organisation
    template_name = "newsdesk/customers/organisation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = now()
        people = known.people(self.customer, at)
        return super().get_context_data(**kwargs) | {
            "people": people[:LINES],
            "people_count": people.count(),
            "domains": self.customer.domains.valid(at),
            "networks": self.customer.networks.valid(at),
        }


class PersonPage(Customer):
    """A reader or a customer's employee."""

    model = User
    template_name = "newsdesk/customers/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = now()
        return super().get_context_data(**kwargs) | {
            "memberships": self.customer.memberships.valid(at).select_related("organisation"),
            "subscriptions": Subscription.objects.filter(account__user=self.customer).order_by("-started_at"),
            "invoices": Invoice.objects.filter(account__user=self.customer).order_by("-created_at")[:10],
            "may_view_as": self.request.user.has_perm(viewing.PERMISSION) and not self.customer.is_staff,
        }


@require_POST
def stop_viewing(request: HttpRequest) -> HttpResponse:
    """The button of the banner: staff read as themselves again."""
    kept = request.session.get(viewing.KEY)
    viewing.end(session=request.session, by=person(request), at=now())
    return redirect("newsdesk:person", kept["reader"]) if kept else redirect("newsdesk:customers")


class ViewAs(Page, FormView):
    """Look at the site with a reader's eyes, for a while, with a reason, changing nothing."""

    permission_required = viewing.PERMISSION
    template_name = "newsdesk/form.html"
    form_class = ViewAsForm
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.reader = get_object_or_404(User, pk=kwargs["pk"])
        self.trail = (LIST, {"url": reverse("newsdesk:person", args=[self.reader.pk]), "label": str(self.reader)})
        self.extra_context = {"button": _("See what they see")}
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(_("View the site as %(name)s") % {"name": self.reader})

    def form_valid(self, form: ViewAsForm) -> HttpResponse:
        try:
            viewing.begin(
                session=self.request.session,
                reader=self.reader,
                why=form.cleaned_data["why"],
                by=person(self.request),
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("/")
