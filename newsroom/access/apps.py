from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "newsroom.access"
    label = "access"
