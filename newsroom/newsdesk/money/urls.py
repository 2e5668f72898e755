"""The desk's addresses of money."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.money import calls, compared, events, index, story

patterns = [
    path("money/", require_admin_access(index.Money.as_view()), name="money"),
    path("money/events/", require_admin_access(events.Events.as_view()), name="stripe_events"),
    path("money/events/<int:pk>/", require_admin_access(events.EventPage.as_view()), name="stripe_event"),
    path("money/events/<int:pk>/<slug:deed>/", require_admin_access(events.Settle.as_view()), name="settle_event"),
    path("money/calls/", require_admin_access(calls.Calls.as_view()), name="stripe_calls"),
    path("money/calls/<int:pk>/", require_admin_access(calls.CallPage.as_view()), name="stripe_call"),
    path("money/calls/<int:pk>/<slug:deed>/", require_admin_access(calls.Settle.as_view()), name="settle_call"),
    path("money/compared/", require_admin_access(compared.Comparisons.as_view()), name="comparisons"),
    path("money/compared/<int:pk>/", require_admin_access(compared.Comparison.as_view()), name="comparison"),
    path("money/accounts/<int:pk>/", require_admin_access(story.Story.as_view()), name="money_of"),
]
