from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "newsroom.core"
    label = "core"

    def ready(self) -> None:
        """Load every room's tasks, so that `enqueue` finds a name, or fails on it, in any process."""
        autodiscover_modules("tasks")
