"""Who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from newsroom.accounts.models import User
from newsroom.core.prepared import Prepared


@Prepared
def _person(user_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's, which asks for the person of a session with a prepared query: every signed-in request does."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(_person(user_id=int(user_id))), None)
        return user if user is not None and user.is_active else None
