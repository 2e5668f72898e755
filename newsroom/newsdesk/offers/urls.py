"""The addresses of what readers get without a contract."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.offers import views

urlpatterns = [
    path("", require_admin_access(views.Offers.as_view()), name="offers"),
    path("meter/", require_admin_access(views.SetMeter.as_view()), name="set_meter"),
    path("day-pass/", require_admin_access(views.DayPass.as_view()), name="day_pass"),
    path("story/", require_admin_access(views.SingleStory.as_view()), name="single_story"),
]
