"""What machines ask: is this process alive, and can it serve; the link at the foot of optional mail; the demo's mailbox."""

from django.conf import settings
from django.urls import path

from newsroom.core import mailbox, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
if settings.MODE in {"demo", "test"}:
    urlpatterns += [
        path("demo/mailbox/", mailbox.mailbox, name="mailbox"),
        path("demo/mailbox/<int:pk>/", mailbox.message, name="mailbox_message"),
        path("demo/mailbox/<int:pk>/html/", mailbox.as_html, name="mailbox_html"),
    ]
