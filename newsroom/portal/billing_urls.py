"""The addresses of what a reader pays."""

from django.urls import path, re_path

from newsroom.portal.views import billing

urlpatterns = [
    path("pricing/", billing.pricing, name="pricing"),
    path("checkout/success/", billing.checkout_success, name="checkout_success"),
    path("checkout/cancelled/", billing.checkout_cancelled, name="checkout_cancelled"),
    re_path(r"^checkout/(?P<lookup_key>[a-z0-9_]{1,120})/$", billing.checkout, name="checkout"),
    path("account/subscription/", billing.subscription, name="subscription"),
    path("account/subscription/cancel/", billing.cancel, name="subscription_cancel"),
    path("account/subscription/resume/", billing.resume, name="subscription_resume"),
    path("account/subscription/card/", billing.card, name="subscription_card"),
    path("account/subscription/back/", billing.subscription_return, name="subscription_return"),
    path("account/invoices/", billing.invoices, name="invoices"),
    path("account/invoices/<int:pk>/", billing.invoice, name="invoice"),
]
