"""The addresses of money that goes back."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.customers import returning

urlpatterns = [
    path("money-back/", require_admin_access(returning.MoneyBack.as_view()), name="money_back"),
    path("money-back/payments/<int:pk>/", require_admin_access(returning.Refund.as_view()), name="refund"),
    path("money-back/invoices/<int:pk>/", require_admin_access(returning.Credit.as_view()), name="credit"),
    path("money-back/disputes/<int:pk>/", require_admin_access(returning.Answer.as_view()), name="answer_dispute"),
    path(
        "money-back/disputes/<int:pk>/accept/", require_admin_access(returning.Accept.as_view()), name="accept_dispute"
    ),
    path("money-back/matters/<int:pk>/", require_admin_access(returning.Decide.as_view()), name="decide_matter"),
]
