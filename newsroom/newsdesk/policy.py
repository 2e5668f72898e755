"""Wagtail's question "may this person?", answered by the roles on desks."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.permission_policies import BasePermissionPolicy

from newsroom.accounts.models import User
from newsroom.content.models import DeskRole, Story
from newsroom.content.rules import MAY, Deed, Role
from newsroom.wire.models import Desk
from newsroom.wire.rules import Signal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DEEDS = {
    "add": Deed.WRITE,
    "change": Deed.WRITE,
    "view": Deed.WRITE,
    "lock": Deed.WRITE,
    "delete": Deed.WRITE,
    "publish": Deed.PUBLISH,
    "unlock": Deed.PUBLISH,
    "kill": Deed.KILL,
}


def person(request: HttpRequest) -> User:
    """Who is signed in. Wagtail's door lets nobody else through; what follows relies on it."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class DeskPolicy(BasePermissionPolicy):
    """A story belongs to its desk: who has no role there does not even see it."""

    def user_has_permission(self, user: "User | AnonymousUser", action: str) -> bool:
        """On some story. Pages of one story ask by instance."""
        return bool(self.desks(user, [action]))

    def user_has_any_permission(self, user: "User | AnonymousUser", actions: Iterable[str]) -> bool:
        return bool(self.desks(user, actions))

    def user_has_permission_for_instance(self, user: "User | AnonymousUser", action: str, instance: Story) -> bool:
        if action == "delete" and instance.item_id is not None:
            return False
        if action in {"change", "publish", "lock"} and instance.item and instance.item.signal == Signal.KILL:
            return False
        return instance.desk_id in self.desks(user, [action])

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> "QuerySet[Story]":
        return Story.objects.filter(desk__in=self.desks(user, actions))

    def users_with_any_permission(self, actions: Iterable[str]) -> "QuerySet[User]":
        roles = {role for action in actions for role in MAY[DEEDS[action]]}
        return User.objects.filter(is_active=True, desk_roles__role__in=roles).distinct()

    def desks(self, user: "User | AnonymousUser", actions: Iterable[str]) -> set[int]:
        """The desks on which this person may do any of this; asked of the database once a request."""
        if not isinstance(user, User) or not user.is_active:
            return set()
        roles = self._roles(user)
        allowed = {role for action in actions if action in DEEDS for role in MAY[DEEDS[action]]}
        return {desk for desk, role in roles.items() if role in allowed}

    def _roles(self, user: User) -> dict[int, str]:
        known: dict[int, str] | None = getattr(user, "_roles_on_desks", None)
        if known is None:
            known = _all_desks() if user.is_superuser else dict(_held(user))
            user._roles_on_desks = known  # type: ignore[attr-defined]  # kept for this request, like Django's own _perm_cache
        return known


def _held(user: User) -> Any:
    return DeskRole.objects.filter(user=user).values_list("desk_id", "role")


def _all_desks() -> dict[int, str]:
    """An administrator is chief everywhere."""
    return dict.fromkeys(Desk.objects.values_list("pk", flat=True), Role.CHIEF)
