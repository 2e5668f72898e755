"""What the tests of the public site share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from newsroom.accounts.models import User
from newsroom.portal import sections
from newsroom.sandbox import clock
from newsroom.wire import views


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
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return browser


@pytest.fixture
def committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], AbstractContextManager[object]]:
    """What is done within has been committed afterwards, and everybody told."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
