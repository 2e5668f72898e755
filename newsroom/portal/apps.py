from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "newsroom.portal"
    label = "portal"

    def ready(self) -> None:
        import_module("newsroom.portal.receivers")
