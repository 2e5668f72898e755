"""The addresses of gift links."""

from django.urls import path, re_path

from newsroom.portal.views import gifts

urlpatterns = [
    re_path(r"^gift/(?P<token>[-\w]{1,64})/$", gifts.open_gift, name="gift"),
    path("account/gifts/", gifts.mine, name="gifts"),
    path("account/gifts/new/", gifts.new, name="gift_new"),
    path("account/gifts/<int:pk>/revoke/", gifts.revoke, name="gift_revoke"),
]
