"""An organisation's usage, and what a person may ask about their own data."""

from django.urls import path

from newsroom.portal.views import personal, usage

urlpatterns = [
    path("organisation/<slug:slug>/usage/report/", usage.report, name="organisation_usage_report"),
    path("organisation/<slug:slug>/usage.csv", usage.file, name="organisation_usage_file"),
    path("account/data/", personal.page, name="personal_data"),
    path("account/data/<str:token>/", personal.download, name="personal_data_file"),
]
