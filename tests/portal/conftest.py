"""What the tests of the public site share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from newsroom.accounts.models import User
from newsroom.billing.gateway import gateway
from newsroom.portal import sections
from newsroom.sandbox import clock
from newsroom.wire import views
from tests.billing.shop import Shop
from tests.portal.paying import cut_now


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No page, section or label of an earlier test."""
    cache.clear()
    clock.remember(0)
    sections.forget()
    views.forget_labels()
    yield
    cache.clear()
    clock.remember(0)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=site.AUTHENTICATION_BACKENDS[0])
        return client

    return browser


@pytest.fixture
def committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], AbstractContextManager[object]]:
    """What is done within has been committed afterwards, and everybody told."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def own_clock() -> Iterator[None]:
    """Stripe's stand-in at the present, asked by a client of its own."""
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop(Client())


@pytest.fixture
def cut(settings: Any) -> None:
    """From here on, whoever asks Stripe fails the test."""
    cut_now(settings)
