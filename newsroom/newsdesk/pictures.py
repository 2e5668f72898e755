"""The desk's own picture files, for the desk's own screens."""

import mimetypes

from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from wagtail.permissions import policy_registry

from newsroom.content.models import Picture
from newsroom.content.models.picture import desk_storage

SHOWN = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}


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
