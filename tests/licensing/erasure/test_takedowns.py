"""An order shreds a story: afterwards no table and no file holds a word of it, and its tombstone says why."""

import io
import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from wagtail.admin.models import FormState
from wagtail.models import Revision

from newsroom.content.models import Picture, Story
from newsroom.content.models.story import StoryPicture
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing.erasure import takedowns
from newsroom.licensing.erasure.takedowns import BadOrder, OnePersonOnly, Settled
from newsroom.licensing.models import Takedown, Usage
from newsroom.wire import actions as wire
from newsroom.wire.models import PublicPicture, Release, Tombstone, VaultEntry
from newsroom.wire.rules import Signal
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    a_draft,
    a_licence,
    a_picture,
    a_release,
    a_story,
    a_user,
    an_organisation,
    staff_of,
)
from tests.licensing.erasure.everywhere import files_with, tables_with
from tests.licensing.ledgers import a_use

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("erasure"),
]  # files go by what they hold: one worker at a time
CANARY = "zqbodxkqt"
PUBLIC = "zqheadxkqt"


def picture_with(words: bytes, colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(out, "JPEG", comment=words)
    return out.getvalue()


def an_order(item, **facts):
    values = {
        "version": None,
        "reference": "Court 12/2026",
        "why": "The claimant won.",
        "public_reason": "Removed by order of a court.",
        "status": 451,
        "blank_public": True,
        "by": a_user(),
        "at": NOON,
    }
    return takedowns.ask(item=item, **values | facts)


def confirmed(item, **facts):
    order = takedowns.confirm(order=an_order(item, **facts), by=a_user(), at=NOON)
    takedowns.delete_files(takedown_id=order.pk, at=NOON)
    return Takedown.objects.get(pk=order.pk)


def a_wire_story(**facts):
    picture = a_picture(
        original=picture_with(CANARY.encode()), caption=f"{CANARY} on a quay", alt=CANARY, credit=CANARY
    )
    values = {
        "headline": f"Minister {PUBLIC}",
        "summary": f"About {PUBLIC}.",
        "body_html": f"<p>Then {CANARY} said so.</p>",
        "pictures": [picture],
        "keywords": [PUBLIC],
        "note": f"Corrects {PUBLIC}.",
        "byline": PUBLIC,
    }
    return a_release(**values | facts)


def test_after_an_order_no_table_and_no_file_holds_the_story():
    desk_story, item = a_desk_story()
    assert {"wire_vaultentry.body_html", "content_story.body", "wagtailcore_revision.content",
            "wagtailadmin_formstate.data", "wire_publicpicture.credit", "wire_vaultentry.full_vector"} <= tables_with(CANARY)  # fmt: skip
    assert {
        "wire_item.slug",
        "wire_release.headline",
        "wire_release.public_vector",
        "wagtailcore_modellogentry.label",
    } <= (tables_with(PUBLIC))
    assert len(files_with(CANARY.encode())) >= 2

    order = confirmed(item)

    assert tables_with(CANARY) | tables_with(PUBLIC) == set()
    assert files_with(CANARY.encode()) | files_with(PUBLIC.encode()) == set()
    assert order.files == []
    assert Story.objects.get(pk=desk_story.pk).headline == "Removed"


def a_desk_story():
    """Written at the desk with a picture of the library, revised, half filled in again, and released."""
    person = staff_of()
    file = ImageFile(io.BytesIO(picture_with(CANARY.encode())), name=f"{CANARY}.jpg")
    image = Picture.objects.create(title=f"{CANARY} library", credit=CANARY, file=file)
    story = a_story(by=person, headline=f"Minister {PUBLIC}", body=f"<p>{CANARY}</p>", summary=f"About {PUBLIC}.")
    StoryPicture.objects.create(story=story, image=image, alt=CANARY, caption=CANARY, credit=CANARY)
    story = Story.objects.get(pk=story.pk)
    story.internal_note = CANARY
    story.save_revision(user=person, log_action=True).publish(user=person)
    story.refresh_from_db()
    FormState.objects.create(
        user=person, content_type=ContentType.objects.get_for_model(Story), object_id=str(story.pk),
        data=f"body={CANARY}", last_updated_at=NOON,
    )  # fmt: skip
    return story, story.item


def test_the_release_stays_with_its_sequence_times_and_signal():
    made = a_wire_story()
    before = Release.objects.values("sequence", "version", "signal", "released_at", "shown_at").get(pk=made.pk)

    confirmed(made.item)

    after = Release.objects.values("sequence", "version", "signal", "released_at", "shown_at").get(pk=made.pk)
    stone = Tombstone.objects.get(release=made)
    assert after == before
    assert (stone.status, stone.reason, stone.at) == (451, "Removed by order of a court.", NOON)


def test_the_ledger_loses_nothing():
    made = a_wire_story()
    a_use(a_licence(an_organisation()), made, NOON)

    confirmed(made.item)

    assert Usage.objects.of_item(made.item_id).count() == 1


@pytest.mark.parametrize(("blank", "status"), [(True, 451), (False, 410), (True, 410), (False, 451)])
def test_its_address_answers_with_the_reason_and_nothing_else(blank, status):
    item = a_wire_story().item
    address = item.get_absolute_url()

    confirmed(item, blank_public=blank, status=status)
    response = Client().get(address)

    assert response.status_code == status
    assert "Removed by order of a court." in response.content.decode()
    assert CANARY not in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_headline_and_summary_stay_unless_the_order_says_so():
    made = a_wire_story()

    confirmed(made.item, blank_public=False)

    made.refresh_from_db()
    assert (made.headline, made.summary, made.pictures) == (f"Minister {PUBLIC}", f"About {PUBLIC}.", [])
    assert tables_with(CANARY) == set()


def test_one_version_goes_and_the_story_stays():
    bad = a_wire_story(uri="urn:x")
    good = wire.release(draft=a_draft(uri="urn:x"), signal=Signal.CORRECTION, by=SYSTEM, at=NOON - HOUR / 2)

    confirmed(bad.item, version=1)

    assert tables_with(CANARY) == set()
    assert VaultEntry.objects.get(pk=good.pk).body_html
    assert Client().get(good.item.get_absolute_url()).status_code == 200


def test_former_revisions_at_the_desk_go_with_one_version_and_the_draft_stays():
    story, item = a_desk_story()
    story = Story.objects.get(pk=story.pk)
    story.body, story.headline, story.internal_note = "<p>Clean.</p>", "Clean headline", ""
    story.pictures.all().delete()
    story = Story.objects.get(pk=story.pk)
    story.body, story.headline, story.internal_note = "<p>Clean.</p>", "Clean headline", ""
    story.save_revision(user=staff_of()).publish(user=staff_of())

    confirmed(item, version=1)

    bodies = [each.content["body"] for each in Revision.objects.filter(object_id=str(story.pk)).order_by("pk")]
    assert bodies[-1].count("Clean.") == 1
    assert set(bodies[:-1]) == {""}


def test_the_version_that_readers_see_is_not_shredded_alone():
    item = a_wire_story().item

    with pytest.raises(BadOrder) as refusal:
        an_order(item, version=1)

    assert refusal.value.field == "version"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reference": " "}, "reference"),
        ({"why": ""}, "why"),
        ({"public_reason": ""}, "public_reason"),
        ({"version": 9}, "version"),
    ],
)
def test_an_order_that_lacks_something_is_refused_at_its_field(facts, field):
    with pytest.raises(BadOrder) as refusal:
        an_order(a_wire_story().item, **facts)

    assert refusal.value.field == field
    assert not Takedown.objects.exists()


def test_a_second_person_must_confirm():
    item, person = a_wire_story().item, a_user()
    order = an_order(item, by=person)

    with pytest.raises(OnePersonOnly):
        takedowns.confirm(order=order, by=person, at=NOON)
    with pytest.raises(IntegrityError, match="takedown_by_two_persons"), transaction.atomic():
        Takedown.objects.filter(pk=order.pk).update(state="done", settled_by=person)

    assert CANARY in VaultEntry.objects.get().body_html


def test_a_refused_order_does_nothing_and_is_not_confirmed_later():
    order = an_order(a_wire_story().item)
    takedowns.refuse(order=order, by=a_user(), at=NOON, why="Appealed.")

    with pytest.raises(Settled):
        takedowns.confirm(order=order, by=a_user(), at=NOON)

    assert CANARY in VaultEntry.objects.get().body_html


def test_confirming_twice_does_it_once():
    item = a_wire_story().item
    order = confirmed(item)

    takedowns.confirm(order=order, by=a_user(), at=NOON + DAY)
    again = takedowns.delete_files(takedown_id=order.pk, at=NOON + DAY)

    assert again == 0
    assert item.releases.count() == 2
    assert AuditEntry.objects.filter(action="takedown.done").count() == 1


def test_a_picture_that_another_story_has_too_stays_for_that_one():
    shared = a_picture(original=picture_with(b"shared"), credit="Agency", alt="", caption="")
    bad, other = a_wire_story(pictures=[shared]), a_release(pictures=[shared])
    digest = PublicPicture.objects.get(release=other).digest

    confirmed(bad.item)

    assert storages["vault"].exists(f"originals/{digest[:2]}/{digest}")
    assert not PublicPicture.objects.filter(release=bad).exists()


def test_the_wire_cannot_be_shredded_outside_an_order():
    a_wire_story()

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        VaultEntry.objects.update(body_html="")


def test_the_audit_tells_of_the_order_and_not_of_the_story():
    confirmed(a_wire_story().item)

    lines = AuditEntry.objects.filter(action__startswith="takedown.").order_by("pk")

    assert [(line.action, line.why) for line in lines][:2] == [
        ("takedown.asked", "Court 12/2026"),
        ("takedown.done", "Court 12/2026"),
    ]
    assert CANARY not in json.dumps([line.facts for line in lines])
