"""What Wagtail's admin shows, and what it hides."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.snippets.models import register_snippet

from newsroom.content.models import Story
from newsroom.newsdesk.people import People
from newsroom.newsdesk.policy import DeskPolicy
from newsroom.newsdesk.reports.index import may_open
from newsroom.newsdesk.stories.menu import arrange
from newsroom.newsdesk.stories.viewset import StoryViewSet
from newsroom.newsdesk.topics import TopicChooser

HIDDEN = {"explorer", "documents", "reports", "settings", "help", "snippets"}

register_snippet(StoryViewSet)


class Permitted(MenuItem):
    """A menu item for those with one permission."""

    def __init__(self, label: Any, url: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_viewset")
def topics() -> TopicChooser:
    return TopicChooser("topic_chooser")


@hooks.register("register_admin_viewset")
def people() -> People:
    return People()


MENU = (
    (_("Leads"), "leads", "licensing.view_lead", "group", 380),
    (_("Quotes"), "quotes", "licensing.view_quote", "doc-full", 385),
    (_("Customers"), "customers", "licensing.view_licence", "group", 390),
    (_("Money that goes back"), "money_back", "billing.give_money_back", "rotate", 391),
    (_("Rate cards"), "rate_cards", "licensing.view_ratecard", "list-ul", 392),
    (_("Contracts"), "contracts", "licensing.view_contract", "doc-full-inverse", 395),
    (_("Invoicing"), "invoicing", "billing.view_contractbilling", "table", 397),
    (_("Licences"), "licences", "licensing.view_licence", "key", 400),
    (_("Meter and passes"), "offers", "licensing.view_licence", "tasks", 405),
    (_("Explain access"), "explain", "licensing.view_licence", "help", 407),
    (_("Products"), "products", "wire.view_product", "tag", 410),
    (_("Finance"), "finance", "billing.view_finance", "clipboard-list", 580),
    (_("Money"), "money", "billing.view_stripeevent", "tasks", 585),
    (_("Audit"), "audit", "core.view_auditentry", "history", 600),
)
"""The desk's menu for those who sell and keep: words, address, permission, icon, place."""


def _item(label: Any, name: str, permission: str, icon: str, order: int) -> MenuItem:
    url = reverse_lazy(f"newsdesk:{name}")
    return Permitted(label, url, permission, name=name.replace("_", "-"), icon_name=icon, order=order)


for _each in MENU:
    hooks.register("register_admin_menu_item", partial(_item, *_each))


class Reports(MenuItem):
    """For those who may open one of the reports."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request)


@hooks.register("register_admin_menu_item")
def reports() -> MenuItem:
    return Reports(_("Reports"), reverse_lazy("newsdesk:reports"), name="proof", icon_name="table", order=590)


@hooks.register("construct_main_menu")
def trim(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [each for each in items if each.name not in HIDDEN]
    for each in items:
        if each.name == "images":
            each.label = _("Pictures")


@hooks.register("register_admin_search_area")
def stories_are_searched() -> SearchArea:
    return SearchArea(
        _("Stories"), reverse_lazy("wagtailsnippets_content_story:list"), name="stories", icon_name="doc-full", order=10
    )


@hooks.register("construct_search")
def nothing_else_is(request: HttpRequest, areas: list[SearchArea]) -> None:
    writes = DeskPolicy(Story).user_has_permission(request.user, "view")
    areas[:] = [each for each in areas if writes and each.name in {"stories", "images"}]


@hooks.register("construct_snippet_action_menu")
def deeds(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    if context.get("model") is Story:
        arrange(items, context)


@hooks.register("insert_global_admin_css")
def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("newsdesk/desk.css"))


@hooks.register("register_rich_text_features", order=10)
def links_lead_outside(features: Any) -> None:
    """There are no pages to link to: the link button asks for an address at once."""
    choosers = features.plugins_by_editor["draftail"]["link"].data["chooserUrls"]
    choosers["pageChooser"] = choosers["externalLinkChooser"]
