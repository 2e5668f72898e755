import pytest
from django.db import DatabaseError, IntegrityError, transaction

from newsroom.accounts.readers import Reader, reader_of
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions, ledger
from newsroom.licensing.models import Licence, LicenceVersion, Usage
from newsroom.licensing.rules import Source, Use
from newsroom.licensing.terms import BadTerms
from tests.factories import DAY, HOUR, NOON, a_licence, a_member, a_product, a_release, a_user, an_organisation

pytestmark = pytest.mark.django_db


def versions_of(licence):
    return list(licence.versions.order_by("number").values_list("number", "ends_at", "suspended", "recorded_to"))


def test_the_same_terms_again_add_nothing():
    user = a_user()
    first = a_licence(user, source=Source.PLAN, source_ref="sub_1")
    again = a_licence(user, source=Source.PLAN, source_ref="sub_1", at=NOON)
    assert first == again
    assert versions_of(first) == [(1, NOON + DAY, False, None)]


def test_every_change_closes_a_version_and_adds_one():
    licence = a_licence(a_user())
    actions.extend(licence=licence, ends_at=NOON + 30 * DAY, by=SYSTEM, at=NOON)
    actions.suspend(licence=licence, by=SYSTEM, at=NOON + HOUR, why="not paid")
    actions.resume(licence=licence, by=SYSTEM, at=NOON + 2 * HOUR)
    actions.end(licence=licence, by=SYSTEM, at=NOON + 3 * HOUR, why="asked for it")
    assert versions_of(licence) == [
        (1, NOON + DAY, False, NOON),
        (2, NOON + 30 * DAY, False, NOON + HOUR),
        (3, NOON + 30 * DAY, True, NOON + 2 * HOUR),
        (4, NOON + 30 * DAY, False, NOON + 3 * HOUR),
        (5, NOON + 3 * HOUR, False, None),
    ]


def test_what_a_licence_said_last_march_is_still_known():
    licence = a_licence(a_user())
    actions.suspend(licence=licence, by=SYSTEM, at=NOON, why="not paid")
    before = LicenceVersion.objects.recorded(NOON - HOUR).get(licence=licence)
    after = LicenceVersion.objects.recorded(NOON).get(licence=licence)
    assert (before.suspended, after.suspended) == (False, True)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uses": []}, "uses"),
        ({"uses": ["sing"]}, "uses"),
        ({"products": []}, "products"),
        ({"ends_at": NOON - 2 * DAY}, "ends_at"),
        ({"clause": " "}, "clause"),
        ({"source_ref": ""}, "source_ref"),
    ],
)
def test_terms_that_make_no_sense_are_refused_on_their_field(facts, field):
    with pytest.raises(BadTerms) as refused:
        a_licence(a_user(), **facts)
    assert refused.value.field == field
    assert not Licence.objects.exists()


def test_a_licence_does_not_change_hands():
    a_licence(a_user(), source_ref="one")
    with pytest.raises(BadTerms) as refused:
        a_licence(a_user(), source_ref="one")
    assert refused.value.field == "holder"


def test_the_database_holds_a_licence_to_one_holder_and_one_version_in_force():
    licence = a_licence(a_user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.create(source="comp", source_ref="x", created_at=NOON)
    version = licence.versions.get()
    version.pk, version.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        licence.versions.update(suspended=True)


def test_a_membership_gives_its_organisations_licences_while_it_lasts():
    organisation = an_organisation()
    member = a_member(organisation)
    licence = a_licence(organisation)

    def held(at):
        return list(LicenceVersion.objects.recorded(at).held_by(reader_of(member, at)))

    assert held(NOON) == [licence.versions.get()]
    member.memberships.update(valid_to=NOON)
    assert held(NOON) == []
    assert held(NOON - HOUR) == [licence.versions.get()]


def test_an_inactive_person_is_nobody():
    user = a_user(is_active=False)
    assert reader_of(user, NOON) == Reader()


def test_a_use_is_written_once_a_day_and_never_changed():
    user = a_user()
    made = a_release()
    licence = a_licence(user, products=[a_product()])
    facts = {
        "reader": Reader(user.pk),
        "licence_id": licence.pk,
        "item_id": made.item_id,
        "release_id": made.pk,
        "use": Use.READ,
        "channel": "web",
    }
    ledger.record(**facts, request_id="a", at=NOON)
    ledger.record(**facts, request_id="b", at=NOON + HOUR)
    ledger.record(**facts, request_id="c", at=NOON + DAY)
    assert list(Usage.objects.order_by("at").values_list("request_id", flat=True)) == ["a", "c"]
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Usage.objects.update(channel="api")
