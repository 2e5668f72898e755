"""How a cell of a report is shown."""

from datetime import datetime
from typing import Any

from django import template

from newsroom.core.templatetags.components import day

register = template.Library()


@register.filter
def shown(value: Any) -> Any:
    """A moment as its day, nothing as nothing, all else as it is."""
    return "" if value is None else day(value) if isinstance(value, datetime) else value
