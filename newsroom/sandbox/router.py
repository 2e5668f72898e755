"""Sends the sandbox to its own connection, so that what it did does not roll back with us."""

from typing import Any

from django.db import models


class SandboxRouter:
    """Reads and writes of the sandbox go to `sandbox`; its tables are made on `default`, the same database."""

    def db_for_read(self, model: type[models.Model], **_: Any) -> str | None:
        return "sandbox" if model._meta.app_label == "sandbox" else None

    def db_for_write(self, model: type[models.Model], **_: Any) -> str | None:
        return "sandbox" if model._meta.app_label == "sandbox" else None

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool | None:
        return db == "default"
