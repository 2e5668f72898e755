"""The addresses of an organisation's keys."""

from django.urls import path

from newsroom.portal.views import keys

urlpatterns = [
    path("organisation/<slug:slug>/keys/", keys.index, name="organisation_keys"),
    path("organisation/<slug:slug>/keys/<int:pk>/revoke/", keys.revoke, name="organisation_key_revoke"),
]
