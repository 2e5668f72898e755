"""Doors for machines."""

from django.http import HttpRequest, JsonResponse

from newsroom.core import readiness


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; asks nobody else."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Everything this process needs is there; if not, what is missing."""
    missing = readiness.missing()
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)
