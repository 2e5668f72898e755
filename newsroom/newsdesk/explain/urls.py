"""Where explain access hangs: under /desk/explain/."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.explain.views import Explain

urlpatterns = [path("", require_admin_access(Explain.as_view()), name="explain")]
