from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class NewsdeskConfig(AppConfig):
    name = "newsroom.newsdesk"
    label = "newsdesk"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from newsroom.content.models import Story
        from newsroom.newsdesk import receivers
        from newsroom.newsdesk.policy import DeskPolicy

        register_permission_policy(Story, DeskPolicy(Story))
        # After the last app with permissions of its own: the groups are given some of them.
        last = apps.get_app_config("wagtailimages")
        post_migrate.connect(receivers.after_migrate, sender=last, dispatch_uid="newsdesk.after_migrate")
