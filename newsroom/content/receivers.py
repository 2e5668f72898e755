"""What the desk hears."""

from typing import Any

from django.db import connections

from newsroom.content import actions
from newsroom.content.models import Story


def after_migrate(*, using: str, **_: Any) -> None:
    """A database that was migrated as far as the desk has the desk's review."""
    if Story._meta.db_table in connections[using].introspection.table_names():
        actions.ensure_review()
