"""Every address of the site. Rooms bring their own list; this file only says where each hangs."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("newsroom.portal.story_urls")),
    path("", include("newsroom.core.urls")),
    path("desk/", include("newsroom.newsdesk.urls")),
    path("api/v1/", include("newsroom.delivery.api.urls")),
    path("api/", include("newsroom.delivery.api.docs")),
    path("", include("newsroom.delivery.api.wellknown")),
    path("feeds/", include("newsroom.delivery.feeds.urls")),
    path("", include("newsroom.billing.urls")),
    path("", include("newsroom.portal.key_urls")),
    path("", include("newsroom.portal.billing_urls")),
    path("", include("newsroom.portal.law_urls")),
    path("", include("newsroom.portal.proof_urls")),
    path("", include("newsroom.portal.contract_urls")),
    path("", include("newsroom.portal.organisation_money_urls")),
    path("", include("newsroom.portal.organisation_urls")),
    path("", include("newsroom.portal.selling_urls")),
    path("", include("newsroom.portal.urls")),
]
if settings.BILLING_MODE == "sandbox":
    urlpatterns.append(path("sandbox/", include("newsroom.sandbox.urls")))
