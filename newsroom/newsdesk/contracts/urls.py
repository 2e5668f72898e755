"""The desk's addresses of contracts."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.contracts import deeds, held, views, writing

patterns = [
    path("contracts/", require_admin_access(views.ContractList.as_view()), name="contracts"),
    path("contracts/new/", require_admin_access(writing.NewContract.as_view()), name="new_contract"),
    path("contracts/<int:pk>/", require_admin_access(views.ContractDetail.as_view()), name="contract"),
    path("contracts/<int:pk>/amend/", require_admin_access(writing.Amend.as_view()), name="amend_contract"),
    path(
        "contracts/<int:pk>/documents/<slug:document>.pdf",
        require_admin_access(views.document),
        name="contract_document",
    ),
    path("contracts/<int:pk>/<slug:deed>/", require_admin_access(deeds.Change.as_view()), name="change_contract"),
    path("organisations/<int:pk>/held/", require_admin_access(held.HeldThen.as_view()), name="held"),
]
