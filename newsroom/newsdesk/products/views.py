"""Products for those who sell them: the list, one of them, and its rule, looked at before it is saved."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView, TemplateView
from wagtail.admin import messages

from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import LicenceVersion
from newsroom.newsdesk.licences.views import Page, state_of
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.products import previews
from newsroom.newsdesk.products.forms import NewProductForm, RuleForm
from newsroom.newsdesk.products.labels import Labels
from newsroom.wire import products
from newsroom.wire.models import Product, ProductVersion

LIST = {"url": reverse_lazy("newsdesk:products"), "label": gettext_lazy("Products")}
LICENCES_SHOWN = 50


class ProductPage(Page):
    """A page of products, for those with the right to it."""

    header_icon = "tag"
    permission_required = "wire.view_product"


class ProductList(ProductPage, ListView):
    """The slices of the wire that are sold, with the rule in force."""

    template_name = "newsdesk/products.html"
    page_title = gettext_lazy("Products")
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Product]:
        current = Prefetch("versions", ProductVersion.objects.filter(valid_to=None), to_attr="current")
        return Product.objects.prefetch_related(current).order_by("retired_at", "name")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        pairs = [(each, next(iter(each.current), None)) for each in context["object_list"]]
        labels = Labels(version.rule for _product, version in pairs if version)
        rows = [(each, version, labels.lines(version.rule) if version else []) for each, version in pairs]
        return context | {"rows": rows, "may_add": self.request.user.has_perm("wire.add_product")}


class ProductDetail(ProductPage, TemplateView):
    """One product: its rule and former rules in words, how far its stamping is, its numbers, and who holds it."""

    template_name = "newsdesk/product.html"
    trail = (LIST,)

    def get_page_title(self) -> str:
        return str(self.product)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.product = get_object_or_404(Product, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at, user, product = now(), self.request.user, self.product
        versions = list(product.versions.order_by("-number"))
        labels = Labels(each.rule for each in versions)
        current = versions[0] if versions else None
        naming = LicenceVersion.objects.filter(recorded_to=None, product_ids__contains=[product.pk])
        licences = naming.select_related("licence__user", "licence__organisation").order_by("-licence_id")
        audit = AuditEntry.objects.filter(subject_kind="wire.product", subject_id=str(product.pk))
        return super().get_context_data(**kwargs) | {
            "product": product,
            "current": current,
            "effective": next((each for each in versions if each.effective), None),
            "versions": [(each, labels.lines(each.rule)) for each in versions],
            "lines": labels.lines(current.rule) if current else [],
            "held": previews.held(product),
            "recent": previews.preview(current.rule if current else None, at),
            "licences": [(each, state_of(each, at)) for each in licences[:LICENCES_SHOWN]],
            "licence_count": previews.counted(naming),
            "audit": audit.order_by("-at", "-pk")[:50],
            "may_change": user.has_perm("wire.change_product"),
            "may_delete": user.has_perm("wire.delete_product"),
        }


class RuleView(ProductPage, FormView):
    """Write a rule, look at what it does, save it. The draft is carried by the page in between."""

    template_name = "newsdesk/product_rule.html"
    form_class: type[RuleForm] = RuleForm
    former: ProductVersion | None = None

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = self.get_form()
        if not form.is_valid() or request.POST.get("step") == "change":
            return self.form_invalid(form)
        if request.POST.get("step") != "save" or self._overtaken(form):
            return self._look(form)
        try:
            product = self.save(form)
        except Refused as refusal:
            form.refuse(refusal)
            return self.form_invalid(form)
        messages.success(request, _("The rule is saved."))
        return redirect(reverse("newsdesk:product", args=[product.pk]))

    def save(self, form: Any) -> Product:
        raise NotImplementedError

    def _overtaken(self, form: Any) -> bool:
        """Whether somebody changed the rule since it was compared with."""
        if self.former is None or form.cleaned_data["former"] == self.former.number:
            return False
        messages.warning(self.request, _("Somebody changed the rule meanwhile. Look at the comparison again."))
        return True

    def _look(self, form: Any) -> HttpResponse:
        at, rule = now(), form.rule
        context = self.get_context_data(form=form) | {
            "lines": Labels([rule]).lines(rule),
            "warnings": form.warnings,
            "preview": previews.preview(rule, at),
            "changes": self._changes(rule, at),
            "carried": self._carried(),
        }
        self.template_name = "newsdesk/product_preview.html"
        return self.render_to_response(context)

    def _changes(self, rule: Any, at: Any) -> list[tuple[str, previews.Slice]]:
        if self.former is None:
            return []
        gains, loses = previews.compare(rule, self.former.rule, at)
        return [(_("Gains"), gains), (_("Loses"), loses)]

    def _carried(self) -> list[tuple[str, str]]:
        """The draft as hidden fields, with the version it was compared with."""
        former = [("former", str(self.former.number))] if self.former else []
        kept = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "step", "former"}
            for value in values
        ]
        return kept + former


class NewProduct(RuleView):
    """A product to come."""

    permission_required = "wire.add_product"
    page_title = gettext_lazy("New product")
    form_class = NewProductForm
    trail = (LIST,)

    def save(self, form: Any) -> Product:
        said = form.cleaned_data
        return products.create(
            code=said["code"],
            name=said["name"],
            description=said["description"],
            rule=form.rule,
            by=person(self.request).actor,
            at=now(),
        )


class EditRule(RuleView):
    """Another rule for a product."""

    permission_required = "wire.change_product"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.product = get_object_or_404(Product, pk=kwargs["pk"])
        self.former = self.product.versions.filter(valid_to=None).first()
        self.trail = (LIST, {"url": reverse("newsdesk:product", args=[self.product.pk]), "label": str(self.product)})
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Rule of “%(product)s”") % {"product": self.product}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"rule": self.former.rule if self.former else None}

    def save(self, form: Any) -> Product:
        products.set_rule(product=self.product, rule=form.rule, by=person(self.request).actor, at=now())
        return self.product
