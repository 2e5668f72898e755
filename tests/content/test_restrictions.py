"""A story's own restrictions: written at the desk or brought by a provider, and carried onto the wire."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from newsroom.access.decide import decide, find
from newsroom.access.rules import Manner, Reason
from newsroom.accounts.readers import reader_of
from newsroom.content import actions
from newsroom.content.actions import Into, Outcome, take_in
from newsroom.content.ingest.ninjs import read
from newsroom.content.ingest.problems import BadItem
from newsroom.content.models import Story
from newsroom.content.preview import restrictions_of
from newsroom.core.audit import SYSTEM
from newsroom.licensing.rules import Use
from newsroom.wire.models import Release
from tests.factories import DAY, HOUR, NOON, a_desk, a_licence, a_story, a_user, staff_of

pytestmark = pytest.mark.django_db
ALL_OF_THEM = {
    "keywords": ["Ferry", "Boğaz"],
    "territories_out": ["DE", "AT"],
    "channels_out": ["print"],
    "uses_out": ["ai-train"],
    "archive_days": 30,
    "expires_at": NOON + 60 * DAY,
    "supplier_terms": "Credit the supplier.",
}


def test_restrictions_go_onto_the_wire_with_the_story_and_bind_every_licence():
    editor = staff_of()
    actions.publish(story=a_story(editor, **ALL_OF_THEM), by=editor, at=NOON)

    made = Release.objects.get()
    assert (made.keywords, made.keywords_folded) == (["Ferry", "Boğaz"], ["boğaz", "ferry"])
    assert (made.territories_out, made.channels_out, made.uses_out) == (["AT", "DE"], ["print"], ["ai-train"])
    assert (made.archive, made.expires_at, made.supplier_terms) == (
        timedelta(days=30),
        NOON + 60 * DAY,
        "Credit the supplier.",
    )

    user = a_user()
    a_licence(user, uses=list(Use), ends_at=None)

    def reason(use=Use.READ, at=NOON, **manner):
        item = find(slug=made.item.slug)
        return decide(reader=reader_of(user, at), item=item, use=use, at=at, manner=Manner(**manner)).reason

    assert reason(territory="TR") is Reason.LICENSED
    assert reason(territory="DE") is Reason.STORY_NOT_HERE
    assert reason(Use.PUBLISH, territory="TR", channel="print") is Reason.STORY_NOT_ON_CHANNEL
    assert reason(Use.AI_TRAIN, territory="TR") is Reason.STORY_NOT_FOR_USE
    assert reason(at=NOON + 30 * DAY, territory="TR") is Reason.STORY_TOO_OLD
    assert reason(at=NOON + 60 * DAY, territory="TR") is Reason.EXPIRED


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"territories_out": ["TR", "XX"]}, "territories_out", "“XX” is no country of ISO 3166-1."),
        (
            {"expires_at": NOON + HOUR, "embargo_until": NOON + HOUR},
            "expires_at",
            "It would expire before its embargo lifts.",
        ),
        ({"archive_days": 0}, "archive_days", "Ensure this value is greater than or equal to 1."),
    ],
)
def test_restrictions_that_cannot_be_are_refused_by_field(facts, field, message):
    with pytest.raises(ValidationError) as refusal:
        a_story(**facts)
    assert refusal.value.message_dict == {field: [message]}
    assert not Story.objects.exists()


@pytest.mark.parametrize("field", ["channels_out", "uses_out"])
def test_a_channel_or_use_that_is_none_is_refused_by_field(field):
    with pytest.raises(ValidationError) as refusal:
        a_story(**{field: ["smoke"]})
    assert list(refusal.value.message_dict) == [field]


def test_a_preview_says_the_restrictions_in_words():
    assert restrictions_of(a_story(**ALL_OF_THEM).draft(), locale="en") == [
        "Not for: Germany, Austria.",
        "Not on: print.",
        "Not to: train models.",
        "For 30 days after it is shown.",
        "Until May 2, 2026, 3 p.m..",
        "Supplier's terms: Credit the supplier.",
    ]
    assert restrictions_of(a_story().draft(), locale="en") == []


def an_entry(**facts):
    return {
        "uri": "urn:agency:1",
        "version": "1",
        "type": "text",
        "headlines": [{"value": "Ferry resumes"}],
        "bodies": [{"value": "<p>The first ferry left.</p>"}],
    } | facts


def bring(**facts):
    return take_in(item=read(an_entry(**facts)), into=Into(a_desk()), by=SYSTEM, at=NOON)


def test_a_providers_terms_keywords_and_expiry_come_with_the_item():
    outcome = bring(
        expires="2026-04-01T00:00:00Z",
        usageTerms="No archive.",
        copyrightNotice="© Supplier",
        rightsInfo={"langId": "http://www.w3.org/ns/odrl/2/", "linkedRights": "https://rights.example/7"},
        keywords=["Ferry", {"name": "storm"}, "Ferry", ""],
    )

    made = Release.objects.get()
    assert outcome is Outcome.CREATED
    assert made.expires_at.isoformat() == "2026-04-01T00:00:00+00:00"
    assert (made.usage_terms, made.supplier_terms, made.keywords) == (
        "No archive.",
        "© Supplier\nhttps://rights.example/7",
        ["Ferry", "storm"],
    )
    assert (
        bring(
            expires="2026-04-01T00:00:00Z",
            usageTerms="No archive.",
            copyrightNotice="© Supplier",
            rightsInfo={"langId": "http://www.w3.org/ns/odrl/2/", "linkedRights": "https://rights.example/7"},
            keywords=["Ferry", {"name": "storm"}, "Ferry", ""],
        )
        is Outcome.UNCHANGED
    )


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"expires": "soon"}, "expires: “soon” is no date and time"),
        ({"expires": "2026-04-01T00:00:00"}, "expires: “2026-04-01T00:00:00” has no time zone"),
        (
            {"expires": "2026-04-01T00:00:00Z", "embargoed": "2026-05-01T00:00:00Z"},
            "expires: lies before the end of the embargo",
        ),
        ({"keywords": "ferry"}, "keywords: expected a list, found text"),
        ({"keywords": [7]}, "keywords[0].name: expected text, found a number"),
        ({"keywords": ["x" * 61]}, "keywords[0].name: is 61 characters long; at most 60"),
        ({"rightsInfo": "all"}, "rightsInfo: expected an object, found text"),
        ({"rightsInfo": ["all"]}, "rightsInfo: expected an object, found text"),
    ],
)
def test_what_is_wrong_with_an_items_rights_is_named_by_field(facts, message):
    with pytest.raises(BadItem) as refusal:
        bring(**facts)
    assert str(refusal.value) == message
    assert not Story.objects.exists()


def test_an_item_that_was_taken_in_before_is_the_same_item_still():
    """Its digest does not change because more is read now."""
    item = read(an_entry())
    assert item.digest == "b7916ca6535390f6ba2c0869c2b80a29b1dd1163680e35dfca5fea7b785614e6"


def test_an_archived_item_whose_relevance_has_passed_is_taken_in_without_an_end():
    bring(expires="2020-01-01T00:00:00Z")
    assert Story.objects.get().expires_at is None
