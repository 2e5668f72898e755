"""What the desk hears."""

from typing import Any

from newsroom.content import actions


def after_migrate(**_: Any) -> None:
    """A database that was just migrated has the desk's review."""
    actions.ensure_review()
