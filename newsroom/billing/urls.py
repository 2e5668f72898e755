"""Where Stripe calls."""

from django.urls import path

from newsroom.billing import views

urlpatterns = [
    path("stripe/webhook/", views.webhook, name="stripe_webhook"),
]
