"""What the desk's pages hear."""

from typing import Any

from newsroom.newsdesk import actions


def after_migrate(**_: Any) -> None:
    """A database that was just migrated has the groups of staff."""
    actions.ensure_groups()
