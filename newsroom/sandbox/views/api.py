"""The stand-in's API for tools outside this process."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from newsroom.sandbox.actions import NoAnswer
from newsroom.sandbox.transport import asked


@csrf_exempt
def api(request: HttpRequest, path: str) -> HttpResponse:
    """Any method and address: what there is not, the engine answers with Stripe's 404."""
    headers = dict(request.headers) | {"Authorization": _bearer(request.headers.get("Authorization", ""))}
    query = request.META.get("QUERY_STRING", "")
    try:
        answer = asked(request.method or "", f"/v1/{path}?{query}", headers, request.body)
    except NoAnswer:
        return HttpResponse(status=504)
    response = JsonResponse(answer.body, status=answer.status, json_dumps_params={"indent": 2})
    for name, value in answer.headers.items():
        response[name] = value
    return response


def _bearer(header: str) -> str:
    """Stripe takes the key as the user of Basic authentication, too."""
    if not header.startswith("Basic "):
        return header
    try:
        user = base64.b64decode(header.removeprefix("Basic "), validate=True).decode().split(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return f"Bearer {user}"
