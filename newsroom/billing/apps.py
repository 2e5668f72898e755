from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "newsroom.billing"
    label = "billing"

    def ready(self) -> None:
        import_module("newsroom.billing.invoicing.tasks")  # `tasks.py` of the app itself is found by name
