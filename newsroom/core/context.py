"""What every template knows about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "mode": settings.MODE,
        "sandbox": settings.BILLING_MODE == "sandbox",
        "languages": [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES],
        "request_id": getattr(request, "request_id", ""),
    }
