"""The demo's mailbox: every mail that was written, for whoever looks. Its addresses exist in demo and test only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsroom.core.models import Message

NEWEST = 100
# Mail carries styles of its own. It is shown as a document that runs nothing and loads nothing.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox allow-popups allow-top-navigation"
)


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, perhaps of one address."""
    to = request.GET.get("to", "").strip()[:254]
    found = Message.objects.order_by("-created_at", "-pk")
    if to:
        found = found.filter(to__iexact=to)
    return render(request, "core/mailbox.html", {"found": found[:NEWEST], "to": to})


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as text, its links to follow."""
    return render(request, "core/message.html", {"mail": get_object_or_404(Message, pk=pk)})


@require_safe
def as_html(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as a mail program draws it."""
    response = HttpResponse(get_object_or_404(Message, pk=pk).html)
    response.headers["Content-Security-Policy"] = POLICY
    return response
