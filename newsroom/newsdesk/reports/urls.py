"""The addresses under /desk/reports/."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.reports import evidence, index, moving, requests, standing, takedowns, usage

urlpatterns = [
    path("", require_admin_access(index.Index.as_view()), name="reports"),
    path("usage/", require_admin_access(usage.UsageReport.as_view()), name="usage"),
    path("usage/figures.csv", require_admin_access(usage.UsageFile.as_view()), name="usage_file"),
    path("usage/rows/", require_admin_access(usage.UsageRows.as_view()), name="usage_rows"),
    path("usage/rows.csv", require_admin_access(usage.RowsFile.as_view()), name="rows_file"),
    path("never-used/", require_admin_access(standing.NeverUsed.as_view()), name="never_used"),
    path("over-entitled/", require_admin_access(standing.OverEntitled.as_view()), name="over_entitled"),
    path("evidence/", require_admin_access(evidence.Evidence.as_view()), name="evidence"),
    path("evidence/<int:pk>/<slug:kind>/", require_admin_access(evidence.Handed.as_view()), name="evidence_file"),
    path("move-in/", require_admin_access(moving.Moving.as_view()), name="move_in"),
    path("move-in/<slug:kind>.csv", require_admin_access(moving.Template.as_view()), name="move_in_template"),
    path("move-in/<int:pk>/", require_admin_access(moving.Batch.as_view()), name="move_in_batch"),
    path("move-in/<int:pk>/undo/", require_admin_access(moving.Undo.as_view()), name="move_in_undo"),
    path("takedowns/", require_admin_access(takedowns.Takedowns.as_view()), name="takedowns"),
    path("takedowns/order/", require_admin_access(takedowns.Order.as_view()), name="takedown_order"),
    path("takedowns/<int:pk>/", require_admin_access(takedowns.Settle.as_view()), name="takedown"),
    path("personal-data/", require_admin_access(requests.Requests.as_view()), name="requests"),
    path("personal-data/<int:pk>/", require_admin_access(requests.Request.as_view()), name="request"),
    path("renewals/", require_admin_access(standing.Renewals.as_view()), name="renewals_due"),
]
