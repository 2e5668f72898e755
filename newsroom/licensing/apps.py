from importlib import import_module

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "newsroom.licensing"
    label = "licensing"

    def ready(self) -> None:
        for room in ("erasure", "move_in"):
            import_module(f"newsroom.licensing.{room}.tasks")  # `tasks.py` of the app itself is found by name
        import_module("newsroom.licensing.contracts.receivers")
        import_module("newsroom.licensing.contracts.tasks")
        import_module("newsroom.licensing.erasure.tasks")  # `tasks.py` of the app itself is found by name
