"""One customer's money, from the first Checkout to the last mail."""

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from newsroom.billing.models import Account
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.lines import lines
from newsroom.newsdesk.money.pages import INDEX

A_PAGE = 60


class Story(Page, TemplateView):
    """Everything that happened, newest first."""

    permission_required = "billing.view_account"
    template_name = "newsdesk/money/story.html"
    header_icon = "tasks"
    trail = (INDEX,)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.account = get_object_or_404(Account.objects.select_related("user", "organisation"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.account)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(lines(self.account, now()), A_PAGE).get_page(self.request.GET.get("page"))
        whose = "person" if self.account.user_id else "organisation"
        credit = Money(self.account.credit_minor, self.account.currency) if self.account.credit_minor else None
        return super().get_context_data(**kwargs) | {
            "account": self.account,
            "credit": credit,
            "customer_url": reverse(f"newsdesk:{whose}", args=[self.account.holder.pk]),
            "lines": page.object_list,
            "page_obj": page,
            "paginator": page.paginator,
            "is_paginated": page.paginator.num_pages > 1,
            "query": "",
        }
