"""The desk's own picture files, for the desk's own screens."""

import mimetypes
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.images.views.images import DeleteView
from wagtail.permissions import policy_registry

from newsroom.content.models import Picture, StoryPicture
from newsroom.content.models.picture import desk_storage

SHOWN = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}


class Delete(DeleteView):
    """A picture goes, unless it is in a story. What was released has its own copy in the vault."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if StoryPicture.objects.filter(image=self.object).exists():
            messages.error(request, _("This picture is in a story and cannot be deleted."))
            return redirect("wagtailimages:edit", self.object.pk)
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found


def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """An original or a small copy, to staff who may choose pictures. No cache but the browser's own keeps it."""
    policy = policy_registry.get_by_type(Picture)
    if not policy.user_has_any_permission(request.user, ["choose", "add", "change"]):
        raise PermissionDenied
    try:
        opened = desk_storage().open(name)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation):
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or ""
    response = FileResponse(
        opened, content_type=kind if kind in SHOWN else "application/octet-stream", as_attachment=kind not in SHOWN
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
