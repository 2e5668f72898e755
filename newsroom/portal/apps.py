from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "newsroom.portal"
    label = "portal"
