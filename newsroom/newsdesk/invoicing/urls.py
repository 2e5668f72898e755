"""The desk's addresses of invoices to organisations."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.invoicing import views

patterns = [
    path("contracts/<int:pk>/money/", require_admin_access(views.ContractMoney.as_view()), name="contract_money"),
    path(
        "contracts/<int:pk>/money/settings/",
        require_admin_access(views.Settings.as_view()),
        name="contract_money_settings",
    ),
    path("invoicing/", require_admin_access(views.Run.as_view()), name="invoicing"),
    path("invoicing/receivables/", require_admin_access(views.Receivables.as_view()), name="receivables"),
    path("invoicing/transfer/", require_admin_access(views.Transfer.as_view()), name="transfer"),
    path("invoicing/transfer/<int:pk>/undo/", require_admin_access(views.Undo.as_view()), name="undo_transfer"),
]
