from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "newsroom.licensing"
    label = "licensing"
