from celery import current_app
from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "newsroom.core"
    label = "core"

    def ready(self) -> None:
        """Load every room's tasks, so that `enqueue` finds a name, or fails on it, in any process."""
        current_app.loader.import_default_modules()
