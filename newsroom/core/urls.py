"""What machines ask: is this process alive, and can it serve."""

from django.urls import path

from newsroom.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
