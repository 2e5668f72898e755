"""Who a session belongs to."""

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from newsroom.accounts.models import Membership, User
from newsroom.core.clock import now
from newsroom.core.prepared import Prepared


@Prepared
def _person(user_id: int, at: datetime) -> QuerySet[User]:
    memberships = Membership.objects.valid(at).filter(user=OuterRef("pk")).values("organisation_id")
    return User.objects.filter(pk=user_id).annotate(organisation_ids=ArraySubquery(memberships))


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's, which brings the person of a session with their organisations: every signed-in request asks for both."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(_person(user_id=int(user_id), at=now())), None)
        return user if user is not None and user.is_active else None
