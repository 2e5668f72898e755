from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "newsroom.content"
    label = "content"

    def ready(self) -> None:
        from newsroom.content import receivers, shredding  # models exist only now
        from newsroom.core import letting_go

        letting_go.register("content", shredding.shred)

        post_migrate.connect(receivers.after_migrate, sender=self, dispatch_uid="content.after_migrate")
