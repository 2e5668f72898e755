"""A story's restrictions on the desk's form: by words a person writes, each fault on its field."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from newsroom.content import actions
from newsroom.content.models import Story
from newsroom.core.clock import now
from tests.factories import a_desk, a_story, staff_of
from tests.newsdesk.writing import a_form, url

pytestmark = pytest.mark.django_db


def posted(desk, **facts):
    """The form with lists as a browser sends ticked boxes."""
    ticked = {name: facts.pop(name) for name in ("channels_out", "uses_out") if name in facts}
    return a_form(desk, **facts) | ticked


def latest(story):
    return Story.objects.get(pk=story.pk).get_latest_revision_as_object()


def test_restrictions_are_written_on_the_storys_form(at_desk):
    desk = a_desk()
    story = a_story(staff_of(desk))
    facts = {
        "keywords": "Ferry,  night boat ,Ferry",
        "territories_out": "Germany, at",
        "channels_out": ["print", "social"],
        "uses_out": ["ai-train"],
        "archive_days": "30",
        "expires_at": "2099-01-01 00:00",
        "supplier_terms": "Credit them.",
    }

    response = at_desk(staff_of(desk)).post(url("edit", story.pk), posted(desk, **facts))

    assert response.status_code == 302
    kept = latest(story)
    assert (kept.keywords, kept.territories_out, kept.channels_out, kept.uses_out, kept.archive_days) == (
        ["Ferry", "night boat"],
        ["DE", "AT"],
        ["print", "social"],
        ["ai-train"],
        30,
    )
    assert (kept.expires_at.year, kept.supplier_terms) == (2099, "Credit them.")
    again = at_desk(staff_of(desk)).get(url("edit", story.pk)).context["form"]
    assert (again["keywords"].value(), again["territories_out"].value()) == ("Ferry, night boat", "DE, AT")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"territories_out": "TR, Atlantis"}, {"territories_out": ["“Atlantis” is no country of ISO 3166-1."]}),
        ({"expires_at": "2001-01-01 00:00"}, {"expires_at": ["This moment has passed."]}),
        (
            {"expires_at": "2098-01-01 00:00", "embargo_until": "2099-01-01 00:00"},
            {"expires_at": ["It would expire before its embargo lifts."]},
        ),
        ({"archive_days": "0"}, {"archive_days": ["Ensure this value is greater than or equal to 1."]}),
        (
            {"channels_out": ["smoke"]},
            {"channels_out": ["Select a valid choice. smoke is not one of the available choices."]},
        ),
        (
            {"uses_out": ["eat"]},
            {"uses_out": ["Select a valid choice. eat is not one of the available choices."]},
        ),
    ],
)
def test_each_fault_is_named_on_its_field(at_desk, facts, expected):
    desk = a_desk()
    story = a_story(staff_of(desk))
    revisions = story.revisions.count()

    response = at_desk(staff_of(desk)).post(url("edit", story.pk), posted(desk, **facts))

    assert {name: [str(each) for each in found] for name, found in response.context["form"].errors.items()} == expected
    assert story.revisions.count() == revisions


def test_a_story_whose_expiry_has_passed_meanwhile_can_still_be_edited(at_desk):
    desk = a_desk()
    past = (now() - timedelta(days=1)).replace(second=0, microsecond=0)
    story = a_story(staff_of(desk), expires_at=past)
    response = at_desk(staff_of(desk)).post(
        url("edit", story.pk), posted(desk, expires_at=localtime(past).strftime("%Y-%m-%d %H:%M"))
    )
    assert response.status_code == 302


def test_versions_are_compared_by_their_restrictions_and_a_preview_names_them(at_desk):
    desk = a_desk()
    editor = staff_of(desk)
    story = a_story(editor, territories_out=["DE"])
    actions.edit(story=story, by=editor, territories_out=["DE", "FR"], uses_out=["ai-train"])
    client = at_desk(editor)

    compared = client.get(url("revisions_compare", story.pk, "earliest", "latest")).content.decode()
    preview = client.get(url("preview_on_edit", story.pk))
    shown = client.get(
        url("revisions_view", story.pk, Story.objects.get(pk=story.pk).latest_revision_id)
    ).content.decode()

    assert 'DE<span class="addition">, FR</span>' in compared
    assert "[&#x27;DE" not in compared
    assert preview.status_code == 200
    assert "Not for: Germany, France." in shown
