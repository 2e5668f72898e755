"""A day pass is 24 hours from when it was bought; a single story's licence says for what, where and how long."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.access.decide import decide, find
from newsroom.access.rules import Manner, Reason
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing import passes
from newsroom.licensing.models import Licence, LicenceVersion
from newsroom.licensing.rules import Channel, Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.models import Item
from tests.factories import DAY, HOUR, NOON, a_product, a_user, an_item, an_organisation

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def answer(user, item, at=NOON, use=Use.READ, **manner):
    found = decide(reader=reader_of(user, at), item=find(slug=item.slug), use=use, at=at, manner=Manner(**manner))
    return found.reason


def a_pass(user, **facts):
    values = {"user": user, "source_ref": "pi_1", "products": None, "by": SYSTEM, "at": NOON, "why": "paid"}
    return passes.start_day_pass(**values | facts)


def a_single(holder, item, **facts):
    values = {
        "holder": holder,
        "item": item,
        "source_ref": "order-1",
        "uses": [Use.READ, Use.PUBLISH],
        "starts_at": NOON,
        "duration": 30 * DAY,
        "clause": "One use of this story.",
        "by": SYSTEM,
        "at": NOON,
    }
    return passes.license_story(**values | facts)


def test_a_day_pass_opens_every_story_for_24_hours_to_the_second():
    user, item = a_user(), an_item()
    a_pass(user)
    found = [answer(user, item, at) for at in (NOON, NOON + DAY - SECOND, NOON + DAY)]
    assert found == [Reason.LICENSED, Reason.LICENSED, Reason.ENDED]


def test_a_day_is_24_hours_also_where_the_clocks_change():
    at = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the night in which Europe loses an hour
    licence = a_pass(a_user(), at=at)
    assert licence.versions.get().ends_at == datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_a_webhook_that_comes_twice_or_late_gives_one_pass_from_when_it_was_bought():
    user = a_user()
    first = a_pass(user, starts_at=NOON)
    again = a_pass(user, starts_at=NOON, at=NOON + HOUR)
    assert first == again
    assert LicenceVersion.objects.values_list("number", "starts_at", "ends_at").get() == (1, NOON, NOON + DAY)


def test_a_pass_for_one_product_opens_no_other():
    user = a_user()
    a_pass(user, products=[a_product("english", {"include": {"language": ["en"]}})])
    assert [answer(user, an_item(language=each)) for each in ("en", "tr")] == [Reason.LICENSED, Reason.OUTSIDE_PRODUCT]


def test_a_pass_of_somebody_else_and_one_without_products_are_refused_on_their_field():
    a_pass(a_user())
    faults = []
    for facts in ({}, {"source_ref": "pi_2", "products": []}, {"source_ref": " "}):
        with pytest.raises(BadTerms) as refused:
            a_pass(a_user(), **facts)
        faults.append(refused.value.field)
    assert faults == ["holder", "products", "source_ref"]


def test_a_single_story_is_licensed_for_its_uses_its_places_and_its_time():
    user, item, other = a_user(), an_item(), an_item()
    licence = a_single(user, item, territories=["TR"], channels=[Channel.PRINT], circulation="at most 20,000 copies")

    assert answer(user, item, territory="TR") is Reason.LICENSED
    assert answer(user, other, territory="TR") is Reason.OUTSIDE_PRODUCT
    publishing = {"use": Use.PUBLISH, "territory": "TR"}
    assert answer(user, item, **publishing, channel="print") is Reason.LICENSED
    assert answer(user, item, **publishing, channel="web") is Reason.WRONG_CHANNEL
    assert answer(user, item, territory="FR") is Reason.WRONG_TERRITORY
    assert answer(user, item, use=Use.SYNDICATE, territory="TR") is Reason.USE_NOT_GRANTED
    assert answer(user, item, at=NOON + 30 * DAY, territory="TR") is Reason.ENDED
    assert licence.versions.get().clauses == {"circulation": "at most 20,000 copies"}


def test_one_for_good_never_ends_and_an_organisation_may_hold_it():
    licence = a_single(an_organisation(), an_item(), duration=None)
    assert licence.versions.get().ends_at is None
    assert AuditEntry.objects.filter(action="licence.started", subject_id=str(licence.pk)).count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"duration": timedelta(0)}, "duration"),
        ({"duration": -DAY}, "duration"),
        ({"duration": timedelta(days=40000)}, "duration"),
        ({"territories": ["XX"]}, "territories"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"uses": []}, "uses"),
        ({"clause": " "}, "clause"),
    ],
)
def test_terms_that_make_no_sense_are_refused_on_their_field(facts, field):
    with pytest.raises(BadTerms) as refused:
        a_single(a_user(), an_item(), **facts)
    assert (refused.value.field, Licence.objects.exists()) == (field, False)


def test_what_was_never_released_is_licensed_to_nobody():
    with pytest.raises(BadTerms) as refused:
        a_single(a_user(), Item.objects.create(uri="urn:never", slug="never"))
    assert refused.value.field == "item"
