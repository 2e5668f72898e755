from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccessConfig(AppConfig):
    name = "newsroom.access"
    label = "access"

    def ready(self) -> None:
        changes = import_module("newsroom.access.changes")
        connection_created.connect(changes.watch, dispatch_uid="access.watch")
