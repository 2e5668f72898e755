"""Tags of the pages about contracts."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at_key(numbers: Mapping[int, int] | None, key: int) -> int | None:
    """What stands under this key."""
    return numbers.get(key) if numbers else None
