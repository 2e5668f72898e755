"""Every address of the site. Rooms bring their own list; this file only says where each hangs."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("newsroom.core.urls")),
    path("desk/", include("newsroom.newsdesk.urls")),
    path("feeds/", include("newsroom.delivery.feeds.urls")),
    path("", include("newsroom.billing.urls")),
    path("", include("newsroom.portal.billing_urls")),
    path("", include("newsroom.portal.urls")),
]
if settings.BILLING_MODE == "sandbox":
    urlpatterns.append(path("sandbox/", include("newsroom.sandbox.urls")))
