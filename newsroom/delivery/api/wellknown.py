"""What stands at addresses that standards fix."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from newsroom.core.clock import now
from newsroom.delivery.api import signing


@require_safe
def jwks(request: HttpRequest) -> JsonResponse:
    """The public keys of our tokens (RFC 7517). Kept by edges for five minutes."""
    seconds = int(signing.KEPT_BY_EDGES.total_seconds())
    headers = {"Cache-Control": f"public, max-age={seconds}"}
    return JsonResponse({"keys": signing.published(now())}, headers=headers, content_type="application/jwk-set+json")


urlpatterns = [path(".well-known/jwks.json", jwks, name="jwks")]
