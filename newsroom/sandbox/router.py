"""The stand-in's tables are reached over a connection of its own, so that nothing of it rolls back with our transactions."""

from typing import Any

from django.db import models

ALIAS = "sandbox"


class SandboxRouter:
    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == "sandbox" else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == "sandbox" else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """It is the same database: tables are made once, over the default connection."""
        return False if db == ALIAS else None
