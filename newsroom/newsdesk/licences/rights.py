"""A licence in the rights language, as a file for the customer's machines."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.rights.lookup import granted_of
from newsroom.licensing.rights.odrl import write_granted


class Odrl(PermissionRequiredMixin, View):
    """The licence as it stands, or as a former version said (`?version=2`), as ODRL in JSON-LD."""

    raise_exception = True
    permission_required = "licensing.view_licence"

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        versions = LicenceVersion.objects.filter(licence=pk).select_related("licence__user", "licence__organisation")
        asked: dict[str, Any] = {"recorded_to": None}
        if number := request.GET.get("version", ""):
            asked = {"number": int(number) if number.isdecimal() and len(number) < 9 else 0}
        version = get_object_or_404(versions, **asked)
        name = f"licence-{pk}-{version.number}.odrl.jsonld"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return JsonResponse(
            write_granted(granted_of(version)),
            content_type="application/ld+json",
            headers=headers,
            json_dumps_params={"ensure_ascii": False, "indent": 2},
        )
