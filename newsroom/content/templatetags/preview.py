"""The one place where the desk's preview writes HTML of a story."""

from django import template
from django.utils.safestring import SafeString

from newsroom.wire.views import FullText

register = template.Library()


@register.simple_tag
def body(full: FullText) -> SafeString:
    """The body. The type is the proof: `preview.full_text_of` cleans it as a release does."""
    if not isinstance(full, FullText):
        raise TypeError("only a FullText has a body")
    return SafeString(full.body_html)
