"""The stand-in's addresses, under /sandbox/."""

from django.urls import path

from newsroom.sandbox.views import api, checkout, control, invoice, portal

app_name = "sandbox"
urlpatterns = [
    path("v1/<path:path>", api.api, name="api"),
    path("checkout/<str:session>/", checkout.checkout, name="checkout"),
    path("checkout/<str:session>/bank/", checkout.bank, name="checkout-bank"),
    path("portal/<str:session>/", portal.portal, name="portal"),
    path("portal/<str:session>/card/", portal.card, name="portal-card"),
    path("portal/<str:session>/bank/", portal.bank, name="portal-bank"),
    path("portal/<str:session>/cancel/<str:subscription>/", portal.cancel, name="portal-cancel"),
    path("portal/<str:session>/resume/<str:subscription>/", portal.resume, name="portal-resume"),
    path("portal/<str:session>/pay/<str:invoice>/", portal.pay, name="portal-pay"),
    path("invoice/<str:invoice>/", invoice.invoice, name="invoice"),
    path("invoice/<str:invoice>/bank/", invoice.bank, name="invoice-bank"),
    path("invoice/<str:invoice>/pdf/", invoice.pdf, name="invoice-pdf"),
    path("control/", control.control, name="control"),
    path("control/advance/", control.advance, name="advance"),
    path("control/renewal/", control.advance_to_renewal, name="advance-to-renewal"),
    path("control/steer/", control.steer, name="steer"),
    path("control/resend/<str:event>/", control.resend, name="resend"),
    path("control/deliver/", control.deliver, name="deliver"),
    path("control/card/<str:method>/", control.fail_card, name="fail-card"),
]
