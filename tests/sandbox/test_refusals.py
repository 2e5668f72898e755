"""Where money is real the stand-in does not start."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from newsroom.sandbox.models import SandboxObject
from newsroom.sandbox.router import SandboxRouter


def test_it_refuses_production(settings: Any) -> None:
    settings.MODE = "production"

    with pytest.raises(ImproperlyConfigured, match="production"):
        apps.get_app_config("sandbox").ready()


@pytest.mark.parametrize("key", ["sk_live_1", "sk_test_1"])
def test_it_refuses_to_stand_next_to_a_key(settings: Any, key: str) -> None:
    settings.STRIPE_SECRET_KEY = key

    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        apps.get_app_config("sandbox").ready()


def test_its_tables_are_reached_over_its_own_connection_and_made_over_the_default_one() -> None:
    router = SandboxRouter()

    assert (router.db_for_read(SandboxObject), router.db_for_write(SandboxObject)) == ("sandbox", "sandbox")
    assert (router.allow_migrate("sandbox", "sandbox"), router.allow_migrate("default", "sandbox")) == (False, None)
