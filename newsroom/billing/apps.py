from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "newsroom.billing"
    label = "billing"
