from django.apps import AppConfig


class WireConfig(AppConfig):
    name = "newsroom.wire"
    label = "wire"

    def ready(self) -> None:
        from newsroom.wire import receivers  # noqa: F401  # connects them
