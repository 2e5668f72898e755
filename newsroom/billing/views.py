"""Stripe's door."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsroom.billing import inbox
from newsroom.core.clock import now


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store what Stripe says and answer 200. Only a failure to store answers 5xx, and Stripe sends it again."""
    body = request.read(inbox.LARGEST + 1)
    try:
        inbox.receive(body=body, signature=request.headers.get("Stripe-Signature", ""), at=now())
    except inbox.BadEvent as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    return JsonResponse({"received": True})
