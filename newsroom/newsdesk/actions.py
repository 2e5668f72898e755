"""Who may enter the desk's pages."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission

from newsroom.content.actions.people import NEWSROOM_GROUP

SALES, FINANCE, ADMINISTRATION = "Sales", "Finance", "Administration"
ENTER = "wagtailadmin.access_admin"
LICENCES = ["licensing.view_licence", "wire.view_product"]
OF_GROUPS = {
    NEWSROOM_GROUP: [ENTER],
    SALES: [ENTER, *LICENCES, "licensing.add_licence", "licensing.change_licence"],
    FINANCE: [ENTER, *LICENCES, "core.view_auditentry"],
    ADMINISTRATION: [
        ENTER,
        *LICENCES,
        "core.view_auditentry",
        *(
            f"content.{deed}_{thing}"
            for deed in ("view", "add", "change", "delete")
            for thing in ("deskrole", "desksettings")
        ),
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
