from dataclasses import replace

import pytest

from newsroom.accounts.backends import Backend
from newsroom.accounts.middleware import asker
from newsroom.accounts.models import User
from newsroom.accounts.readers import Reader, reader_of
from newsroom.core import clock
from tests.factories import DAY, NOON, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db
HERE = "127.0.0.0/24"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("newsroom.accounts.backends.now", lambda: NOON)
    monkeypatch.setattr("newsroom.accounts.middleware.now", lambda: NOON)


def reader_on_a_page(client, user: User) -> Reader:
    client.force_login(user)
    return asker(client.get("/about/").wsgi_request)


def test_the_reader_of_a_session_is_the_person_with_the_organisations_of_now(client):
    ours, theirs, former = an_organisation(), an_organisation(), an_organisation()
    member = a_member(ours)
    a_member(former, member)
    a_member(theirs)
    member.memberships.filter(organisation=former).update(valid_to=NOON)

    expected = Reader(member.pk, frozenset({ours.pk}), member.email)

    assert reader_on_a_page(client, member) == replace(expected, prefix=HERE)
    assert reader_of(member, NOON) == expected


def test_a_membership_that_ended_is_gone_at_the_next_request(client):
    member = a_member(an_organisation())
    assert reader_on_a_page(client, member).organisation_ids
    member.memberships.update(valid_to=NOON - DAY)
    assert reader_on_a_page(client, member) == Reader(member.pk, frozenset(), member.email, prefix=HERE)


def test_who_is_no_longer_active_is_nobody(client):
    user = a_user()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert asker(client.get("/about/").wsgi_request) == Reader(prefix=HERE)
    assert Backend().get_user(user.pk) is None


def test_the_person_of_a_session_and_the_organisations_are_one_query(django_assert_num_queries):
    user = a_member(an_organisation())
    Backend().get_user(user.pk)
    with django_assert_num_queries(1):
        found = Backend().get_user(user.pk)
    assert found == user
    assert clock.now() > NOON
