"""Stories as the desk's forms post them."""

from typing import Any

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

LIST = "/desk/snippets/content/story/"


def url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_content_story:{name}", args=args)


def a_form(of_desk, **facts: Any) -> dict[str, Any]:
    values = {
        "desk": of_desk.pk,
        "language": "en",
        "urgency": "4",
        "headline": "Bridge opens",
        "summary": "A new bridge is open.",
        "body": rich_text("<p>The bridge opened at noon.</p>"),
        "slugline": "",
        "genre": "",
        "byline": "",
        "dateline": "",
        "place": "",
        "note": "",
        "internal_note": "",
        "public_tier": "1",
        "embargo_until": "",
        "usage_terms": "",
        "go_live_at": "",
        "pictures": inline_formset([]),
        "story_topics": inline_formset([]),
    }
    return nested_form_data(values | facts)


def said(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]
