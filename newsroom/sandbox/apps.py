from celery import current_app
from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SandboxConfig(AppConfig):
    name = "newsroom.sandbox"
    label = "sandbox"

    def ready(self) -> None:
        """Refuses to stand in for Stripe where money is real; else time passes for it, too."""
        if settings.MODE == "production":
            raise ImproperlyConfigured("The billing sandbox is refused when NEWSROOM_MODE=production.")
        if settings.STRIPE_SECRET_KEY:
            raise ImproperlyConfigured("The billing sandbox is refused while STRIPE_SECRET_KEY is set.")
        current_app.conf.beat_schedule["sandbox.sweep"] = {"task": "sandbox.sweep", "schedule": 10.0}
