"""Who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend

from newsroom.accounts import readers
from newsroom.accounts.models import User
from newsroom.core.clock import now


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's, which brings the person of a session with all that makes them a reader, in one query."""

    def get_user(self, user_id: int) -> User | None:
        user = readers.find(int(user_id), now())
        return user if user is not None and user.is_active else None
