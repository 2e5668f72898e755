"""Who may enter the desk's pages."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission

from newsroom.content.actions.people import NEWSROOM_GROUP

SALES, FINANCE, ADMINISTRATION = "Sales", "Finance", "Administration"
ENTER = "wagtailadmin.access_admin"
LICENCES = ["licensing.view_licence", "licensing.view_contract", "wire.view_product"]
GRANTS = ["licensing.add_licence", "licensing.change_licence", "accounts.view_as"]
CONTRACTS = ["licensing.add_contract", "licensing.change_contract"]
SEES_INVOICES = ["billing.view_contractbilling"]
INVOICES = ["billing.change_contractbilling", "billing.run_invoices", "billing.reconcile_payments"]
PRODUCTS = ["wire.add_product", "wire.change_product"]
SELLING = [f"licensing.view_{thing}" for thing in ("lead", "quote", "ratecard", "document")]
SELLS = [f"licensing.{deed}_{thing}" for deed in ("add", "change") for thing in ("lead", "quote")]
APPROVES = ["licensing.approve_quote", "licensing.change_ratecard"]
MONEY_BACK = ["billing.give_money_back"]
USAGE = ["licensing.view_usage", "licensing.view_evidencepack", "licensing.add_evidencepack"]
BOOKS = ["billing.view_finance", "billing.close_month"]
MOVE_IN = ["licensing.view_movein", "licensing.add_movein", "licensing.change_movein"]
ERASURE = [
    "licensing.view_takedown",
    "licensing.add_takedown",
    "licensing.confirm_takedown",
    "licensing.view_personrequest",
    "licensing.add_personrequest",
    "licensing.change_personrequest",
]
QUEUES = [f"billing.view_{thing}" for thing in ("account", "stripeevent", "outboxcall", "reconcile")]
SETTLES = ["billing.change_stripeevent", "billing.change_outboxcall"]
DESKS = [
    f"content.{deed}_{thing}" for deed in ("view", "add", "change", "delete") for thing in ("deskrole", "desksettings")
]
OF_GROUPS = {
    NEWSROOM_GROUP: [ENTER],
    SALES: [ENTER, *LICENCES, *GRANTS, *CONTRACTS, *SEES_INVOICES, *PRODUCTS, *SELLING, *SELLS, *USAGE, *MOVE_IN],
    FINANCE: [
        ENTER,
        *LICENCES,
        *SEES_INVOICES,
        *INVOICES,
        "core.view_auditentry",
        *SELLING,
        *APPROVES,
        *USAGE,
        *MONEY_BACK,
        *BOOKS,
        *QUEUES,
        *SETTLES,
    ],
    ADMINISTRATION: [
        ENTER,
        *LICENCES,
        *SEES_INVOICES,
        "accounts.view_as",
        *PRODUCTS,
        "wire.delete_product",
        "core.view_auditentry",
        *SELLING,
        *APPROVES,
        *USAGE,
        *BOOKS,
        *MOVE_IN,
        *ERASURE,
        *QUEUES,
        *SETTLES,
        *DESKS,
    ],
}
PICTURES = ["wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"]


@transaction.atomic
def ensure_groups() -> None:
    """The groups of staff exist with their permissions. Done after every migrate; what was added by hand stays."""
    for name, permissions in OF_GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*_named(permissions))
    root = Collection.get_first_root_node()
    newsroom = Group.objects.get(name=NEWSROOM_GROUP)
    for permission in _named(PICTURES) if root is not None else []:
        GroupCollectionPermission.objects.get_or_create(group=newsroom, collection=root, permission=permission)


def _named(names: list[str]) -> list[Permission]:
    wanted = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))
