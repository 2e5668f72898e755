"""Somebody at the desk, in a browser without scripts."""

from collections.abc import Callable

import pytest
from django.test import Client

from newsroom.accounts.models import User


@pytest.fixture
def at_desk() -> Callable[[User], Client]:
    """A client that is signed in as this person."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
