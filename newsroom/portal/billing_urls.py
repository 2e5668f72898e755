"""The addresses of what a reader pays."""

from django.urls import path, re_path

from newsroom.portal.views import billing, changing

urlpatterns = [
    path("pricing/", billing.pricing, name="pricing"),
    path("checkout/success/", billing.checkout_success, name="checkout_success"),
    path("checkout/cancelled/", billing.checkout_cancelled, name="checkout_cancelled"),
    re_path(r"^checkout/(?P<lookup_key>[a-z0-9_]{1,120})/$", billing.checkout, name="checkout"),
    path("account/subscription/", billing.subscription, name="subscription"),
    path("account/subscription/cancel/", changing.leave, name="subscription_cancel"),
    path("account/subscription/change/", changing.change, name="subscription_change"),
    path("account/subscription/change/confirm/", changing.confirm, name="subscription_confirm"),
    path("account/subscription/change/undo/", changing.undo, name="subscription_undo"),
    path("account/subscription/change/drop/", changing.drop, name="subscription_drop"),
    path("account/subscription/pause/", changing.pause, name="subscription_pause"),
    path("account/subscription/go-on/", changing.go_on, name="subscription_go_on"),
    path("account/subscription/code/", changing.code, name="subscription_code"),
    path("account/subscription/come-back/", changing.come_back, name="subscription_come_back"),
    path("account/subscription/resume/", billing.resume, name="subscription_resume"),
    path("account/subscription/card/", billing.card, name="subscription_card"),
    path("account/subscription/back/", billing.subscription_return, name="subscription_return"),
    path("account/invoices/", billing.invoices, name="invoices"),
    path("account/invoices/<int:pk>/", billing.invoice, name="invoice"),
]
