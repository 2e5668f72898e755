"""Structured data about a story, from its summary alone. Never the text: schema.org's articleBody stays out.

https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from newsroom.wire.rules import Tier
from newsroom.wire.views import Summary

ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
BODY_SELECTOR = ".story__body"


def article(story: Summary, *, site_name: str, base_url: str, with_body: bool) -> dict[str, Any]:
    """A NewsArticle. `with_body`: the page holds the node that the selector names."""
    address = base_url + story.url_path
    free = story.public_tier == Tier.FULL
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline[:110],
        "description": story.summary or story.headline,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": story.language,
        "articleSection": story.desk_label,
        "datePublished": story.first_released_at.isoformat(),
        "dateModified": story.released_at.isoformat(),
        "publisher": {"@type": "NewsMediaOrganization", "name": site_name, "url": base_url},
        "author": {"@type": "Organization", "name": story.byline or site_name},
        "isAccessibleForFree": free,
    }
    if story.picture:
        found["image"] = [f"{base_url}/pictures/{image.token}/web" for image in story.pictures]
    if with_body and not free:
        found["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": BODY_SELECTOR}
    return found


def written(data: dict[str, Any]) -> SafeString:
    """JSON that cannot end the `<script>` it stands in."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPED))  # noqa: S308  # <, > and & are escaped
