"""The addresses under /desk/finance/."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.finance import closing, pages

urlpatterns = [
    path("", require_admin_access(pages.Index.as_view()), name="finance"),
    path("months/", require_admin_access(closing.Months.as_view()), name="finance_months"),
    path("months/<int:number>/close/", require_admin_access(closing.Close.as_view()), name="close_month"),
    path("months/<int:number>/journal.csv", require_admin_access(closing.Export.as_view()), name="journal_file"),
    path("chart/", require_admin_access(closing.Chart.as_view()), name="finance_chart"),
    path("<slug:report>/", require_admin_access(pages.Figures.as_view()), name="finance_report"),
    path("<slug:report>/rows/", require_admin_access(pages.Rows.as_view()), name="finance_rows"),
]
