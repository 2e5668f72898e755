"""Every address of the site. Rooms bring their own list; this file only says where each hangs."""

from django.urls import include, path

urlpatterns = [
    path("", include("newsroom.core.urls")),
    path("desk/", include("newsroom.newsdesk.urls")),
    path("feeds/", include("newsroom.delivery.feeds.urls")),
    path("", include("newsroom.portal.urls")),
]
