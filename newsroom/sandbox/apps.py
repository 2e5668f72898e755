from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "newsroom.sandbox"
    label = "sandbox"
