"""A prepared queryset answers what the queryset answers, for every value and shape."""

from collections.abc import Collection
from datetime import datetime

import pytest
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core.prepared import Prepared
from tests.factories import DAY, NOON, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db


def test_models_come_with_what_was_selected_and_annotated() -> None:
    def found(email: str) -> QuerySet[User]:
        return User.objects.filter(email=email).annotate(number=Count("memberships"))

    prepared = Prepared(found)
    for _ in range(2):
        a_member(an_organisation(), a_user())
    for user in User.objects.all():
        (made,) = prepared(email=user.email)
        assert made == found(user.email).get()
        assert (made.name, made.number, made.date_joined) == (user.name, 1, user.date_joined)  # type: ignore[attr-defined]
        assert made._state.adding is False
    assert prepared(email="nobody") == []


def test_related_objects_cost_no_further_query() -> None:
    member = a_member(an_organisation("The Daily"))
    prepared = Prepared(lambda user_id: Membership.objects.select_related("organisation").filter(user_id=user_id))

    with CaptureQueriesContext(connection) as made:
        names = [each.organisation.name for each in prepared(user_id=member.pk)]

    assert (names, len(made)) == (["The Daily"], 1)


def test_each_value_goes_to_every_place_it_has_in_the_query() -> None:
    def found(at: datetime) -> QuerySet[Membership]:
        return Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    prepared = Prepared(found)
    a_member(an_organisation())
    Membership.objects.create(
        user=a_user(), organisation=an_organisation(), valid_from=NOON, valid_to=NOON + DAY, role="member"
    )
    for at in (NOON - 200 * DAY, NOON - DAY, NOON, NOON + DAY, NOON + 2 * DAY):
        assert prepared(at=at) == list(found(at))


def test_collections_of_every_length_and_none_have_a_text_each() -> None:
    def found(pks: Collection[int], name: str | None) -> QuerySet[Organisation, tuple[int]]:
        named = Organisation.objects.filter(name=name) if name is not None else Organisation.objects.all()
        return named.filter(pk__in=pks).order_by("pk").values_list("pk")

    prepared = Prepared(found)
    pks = [an_organisation(f"Daily {number}").pk for number in range(3)]
    for chosen in ([], pks[:1], pks[1:], pks, frozenset(pks)):
        for name in (None, "Daily 1"):
            assert prepared(pks=chosen, name=name) == list(found(list(chosen), name))


def test_the_queryset_is_made_once() -> None:
    calls = []

    def found(pk: int) -> QuerySet[User]:
        calls.append(pk)
        return User.objects.filter(pk=pk)

    prepared = Prepared(found)
    user = a_user()
    assert [prepared(pk=user.pk), prepared(pk=user.pk), prepared(pk=0)] == [[user], [user], []]
    assert len(calls) == 1


def test_a_value_that_never_reaches_the_query_is_refused() -> None:
    with pytest.raises(ValueError, match="ignored is not among the query's parameters"):
        Prepared(lambda ignored: User.objects.all())(ignored=1)


@pytest.mark.parametrize("value", [True, 1.5, object()])
def test_a_value_that_cannot_be_filled_in_later_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        Prepared(lambda value: User.objects.filter(is_active=value))(value=value)
