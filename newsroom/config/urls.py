"""Every address of the site. Rooms bring their own list; this file only says where each hangs."""

from django.urls import include, path

urlpatterns = [
    path("", include("newsroom.core.urls")),
    path("feeds/", include("newsroom.delivery.feeds.urls")),
    path("", include("newsroom.billing.urls")),
    path("", include("newsroom.portal.billing_urls")),
    path("", include("newsroom.portal.urls")),
]
