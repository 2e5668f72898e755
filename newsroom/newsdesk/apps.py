from django.apps import AppConfig


class NewsdeskConfig(AppConfig):
    name = "newsroom.newsdesk"
    label = "newsdesk"
