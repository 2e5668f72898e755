"""The certificate of a licence for single stories, issued at the desk."""

from typing import Any

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.core.clock import now
from newsroom.licensing.models import Licence
from newsroom.licensing.selling import certificates
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.selling.pages import DeedPage
from newsroom.wire.models import Release


class CertificateForm(forms.Form):
    """Which version of which story of the licence, and for what circulation."""

    release = forms.ModelChoiceField(label=_("Story and version"), queryset=Release.objects.none())
    holder = forms.CharField(label=_("Holder"), max_length=200, help_text=_("The name, as it is printed."))
    circulation = forms.CharField(
        label=_("Circulation"), required=False, max_length=200, help_text=_("Such as a print run of 5,000.")
    )
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class Certify(DeedPage):
    """Issue a certificate; the one before it holds no longer."""

    permission_required = "licensing.change_licence"
    page_title = _("Issue a certificate")
    button = _("Issue the certificate")
    done = _("The certificate is issued.")
    header_icon = "key"
    form_class = CertificateForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.licence = get_object_or_404(Licence.objects.select_related("user", "organisation"), pk=kwargs["pk"])
        self.trail = ({"url": reverse("newsdesk:licence", args=[self.licence.pk]), "label": str(self.licence)},)
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        items = self.licence.versions.get(recorded_to=None).item_ids
        form.fields["release"].queryset = Release.objects.filter(item_id__in=items).order_by("-sequence")
        form.fields["release"].label_from_instance = lambda each: f"{each.headline} ({each.version})"
        return form

    def get_initial(self) -> dict[str, Any]:
        return {"holder": str(self.licence.holder)}

    def deed(self, asked: dict[str, Any]) -> str:
        document = certificates.issue(licence=self.licence, by=person(self.request).actor, at=now(), **asked)
        return reverse("newsdesk:paper", args=[document.number])
