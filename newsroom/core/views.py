"""Doors for machines, and the way out of optional mail."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from newsroom.core import mail, readiness
from newsroom.core.clock import now
from newsroom.core.models import Message


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; asks nobody else."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Everything this process needs is there; if not, what is missing."""
    missing = readiness.missing()
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET (mail scanners follow links), acts on POST, which mail programs send themselves (RFC 8058)."""
    message = Message.objects.filter(unsubscribe_token=token).first()
    if message is None:
        raise Http404
    done = request.method == "POST" and mail.unsubscribe(token=token, at=now()) is not None
    return render(request, "core/unsubscribe.html", {"kind": message.kind, "done": done})
