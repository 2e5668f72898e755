"""The addresses of organisations' own pages."""

from django.urls import path, re_path

from newsroom.portal.views.organisations import inviting, joining, people, settings

ONE = "organisation/<slug:slug>"

urlpatterns = [
    path("organisation/", people.index, name="organisations"),
    path("organisation/invitation/<str:token>/", joining.invitation, name="invitation"),
    path(f"{ONE}/", people.people, name="organisation"),
    path(f"{ONE}/choose/", people.choose, name="organisation_choose"),
    path(f"{ONE}/join/", joining.join, name="organisation_join"),
    path(f"{ONE}/leave/", people.leave, name="organisation_leave"),
    path(f"{ONE}/ask/", people.ask, name="organisation_ask"),
    path(f"{ONE}/people/<int:pk>/", people.person, name="organisation_person"),
    path(f"{ONE}/invitations/", inviting.sent, name="organisation_invitations"),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/invitations/(?P<pk>[0-9]{1,18})/(?P<deed>again|revoke)/$",
        inviting.change,
        name="organisation_invitation_change",
    ),
    path(f"{ONE}/requests/", inviting.asked, name="organisation_requests"),
    path(f"{ONE}/requests/<int:pk>/", inviting.decide, name="organisation_request"),
    path(f"{ONE}/usage/", inviting.usage, name="organisation_usage"),
    path(f"{ONE}/settings/", settings.settings, name="organisation_settings"),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/settings/claims/(?P<pk>[0-9]{1,18})/(?P<deed>check|withdraw)/$",
        settings.claim,
        name="organisation_claim",
    ),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/settings/(?P<kind>domains|networks)/(?P<pk>[0-9]{1,18})/end/$",
        settings.end,
        name="organisation_place_end",
    ),
    path("account/merge/", joining.merge, name="merge"),
    path("account/merge/<str:token>/", joining.merger, name="merger"),
]
