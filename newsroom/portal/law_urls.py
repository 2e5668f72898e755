"""The addresses of what consumers declare. They need no sign-in."""

from django.urls import path, re_path

from newsroom.portal.views import law

urlpatterns = [
    path("withdraw/", law.declare, {"kind": "withdraw"}, name="withdraw"),
    path("withdraw/received/", law.received, {"kind": "withdraw"}, name="withdraw_received"),
    path("cancel/", law.declare, {"kind": "cancel"}, name="cancel_contract"),
    path("cancel/received/", law.received, {"kind": "cancel"}, name="cancel_received"),
    re_path(r"^declaration/(?P<token>[-\w]{1,100})/$", law.confirm, name="declaration_confirm"),
]
