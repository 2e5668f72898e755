"""The addresses of customers' people and places."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.organisations import views

PEOPLE = "organisations/<int:pk>/people"

urlpatterns = [
    path(f"{PEOPLE}/", require_admin_access(views.People.as_view()), name="organisation_people"),
    path(f"{PEOPLE}/<slug:deed>/", require_admin_access(views.DoDeed.as_view()), name="organisation_deed"),
    path(f"{PEOPLE}/<slug:deed>/<int:of>/", require_admin_access(views.DoDeed.as_view()), name="organisation_deed_of"),
    path("people/mergers/", require_admin_access(views.Mergers.as_view()), name="mergers"),
    path("people/merge/", require_admin_access(views.Merge.as_view()), name="merge_people"),
    path("people/mergers/<int:pk>/undo/", require_admin_access(views.Undo.as_view()), name="undo_merger"),
]
