"""The seeded world, made once for each module and rolled back after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.leaks.world import World, a_world, empty_cache


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Stories in every state and readers of every kind, at noon."""
    with django_db_blocker.unblock(), transaction.atomic():
        empty_cache()
        yield a_world()
        transaction.set_rollback(True)
        empty_cache()
