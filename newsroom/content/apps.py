from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "newsroom.content"
    label = "content"

    def ready(self) -> None:
        from newsroom.content import receivers  # models exist only now

        post_migrate.connect(receivers.after_migrate, sender=self, dispatch_uid="content.after_migrate")
