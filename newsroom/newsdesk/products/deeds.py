"""What is done to a product besides its rule: named, retired, offered again, deleted."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages

from newsroom.billing.catalogue import catalogue
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing import products as licensed
from newsroom.newsdesk.licences.forms import ReasonForm
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.products.forms import DescribeForm
from newsroom.newsdesk.products.views import LIST, ProductPage
from newsroom.wire import products
from newsroom.wire.models import Product

CHANGES: dict[str, tuple[Any, Any, Any]] = {
    "retire": (products.retire, _("Retire the product"), _("The product is retired. Who holds it keeps it.")),
    "offer": (products.offer_again, _("Offer the product again"), _("The product is offered again.")),
    "delete": (licensed.delete, _("Delete the product"), _("The product is deleted.")),
}


class OfOne(ProductPage, FormView):
    """A form about one product."""

    permission_required = "wire.change_product"
    template_name = "newsdesk/form.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.product = get_object_or_404(Product, pk=kwargs["pk"])
        self.trail = (LIST, {"url": reverse("newsdesk:product", args=[self.product.pk]), "label": str(self.product)})
        return super().dispatch(request, *args, **kwargs)


class Describe(OfOne):
    """Say what a product is called."""

    form_class = DescribeForm
    page_title = _("Name and description")
    extra_context = {"button": _("Save")}

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.product.name, "description": self.product.description}

    def form_valid(self, form: DescribeForm) -> HttpResponse:
        products.describe(product=self.product, by=person(self.request).actor, at=now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(reverse("newsdesk:product", args=[self.product.pk]))


class Change(OfOne):
    """Retire, offer again or delete, with a reason."""

    form_class = ReasonForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["change"] not in CHANGES:
            raise Http404
        self.deleting = kwargs["change"] == "delete"
        self.deed, self.label, self.done = CHANGES[kwargs["change"]]
        self.extra_context = {"button": self.label}
        return super().dispatch(request, *args, **kwargs)

    def get_permission_required(self) -> tuple[str]:
        return ("wire.delete_product" if self.deleting else "wire.change_product",)

    def get_page_title(self) -> Any:
        return self.label

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        selling = [plan for plan in catalogue().plans if self.deleting and self.product.code in (plan.products or ())]
        if selling:
            form.add_error(None, _("A plan sells this product. Retire it instead."))
            return self.form_invalid(form)
        try:
            self.deed(product=self.product, by=person(self.request).actor, at=now(), why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        kept = [] if self.deleting else [self.product.pk]
        return redirect(reverse("newsdesk:product" if kept else "newsdesk:products", args=kept))
