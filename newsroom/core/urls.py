"""What machines ask: is this process alive, and can it serve; and the link at the foot of optional mail."""

from django.urls import path

from newsroom.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("readyz", views.readyz, name="readyz"),
]
