import io

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from PIL import Image

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.wire import actions
from newsroom.wire.actions import Incomplete
from newsroom.wire.models import Item, Release, Sequence, Stamp, VaultEntry
from newsroom.wire.pictures import BadPicture
from newsroom.wire.rules import NotNow, Signal, Tier
from newsroom.wire.vault import Permit, open_with
from newsroom.wire.views import summary_of
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    a_desk,
    a_draft,
    a_picture,
    a_product,
    a_release,
    a_topic,
    picture_bytes,
)

pytestmark = pytest.mark.django_db


def test_a_release_has_a_public_part_and_a_vault_entry_apart_from_it():
    made = a_release(
        body_html="<p>Only <script>x</script>subscribers read <b>this</b>.</p>", summary="Everybody reads this."
    )

    assert open_with(Permit(made.pk, None)).body_html == "<p>Only subscribers read <b>this</b>.</p>"
    row = Release.objects.filter(pk=made.pk).values().get()
    assert "subscribers" not in str(row)
    assert row["summary"] == "Everybody reads this."


def test_the_summary_is_never_cut_from_the_body():
    assert a_release(summary="").summary == ""


def test_versions_are_numbered_and_only_the_last_is_head():
    draft = a_draft()
    first = actions.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=NOON)
    second = actions.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=NOON + HOUR)

    rows = Release.objects.filter(item=first.item).order_by("version").values_list("version", "signal", "is_head")
    assert list(rows) == [(1, "new", False), (2, "update", True)]
    assert Item.objects.get(pk=first.item_id).head_id == second.pk
    assert second.sequence == first.sequence + 1


def test_a_correction_keeps_its_place_in_lists_and_an_update_moves_up():
    draft = a_draft()
    first = actions.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=NOON)
    corrected = actions.release(draft=draft, signal=Signal.CORRECTION, by=SYSTEM, at=NOON + HOUR)
    updated = actions.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=NOON + 2 * HOUR)

    assert (first.shown_at, corrected.shown_at, updated.shown_at) == (NOON, NOON, NOON + 2 * HOUR)


def test_a_kill_is_final_has_no_text_and_needs_a_note():
    made = a_release()
    with pytest.raises(Incomplete):
        actions.kill(item=made.item, by=SYSTEM, note=" ", at=NOON)

    killed = actions.kill(item=made.item, by=SYSTEM, note="The source was false.", at=NOON)

    assert (killed.signal, killed.public_tier, killed.summary, killed.note) == ("kill", 0, "", "The source was false.")
    assert VaultEntry.objects.filter(pk=killed.pk).values_list("body_html", "body_text", "pictures").get() == (
        "",
        "",
        [],
    )
    with pytest.raises(NotNow, match="final"):
        actions.release(draft=a_draft(uri=made.item.uri), signal=Signal.UPDATE, by=SYSTEM, at=NOON)


def test_a_withheld_story_comes_back_with_an_update():
    made = a_release()
    actions.withhold(item=made.item, by=SYSTEM, note="Checking a name.", at=NOON)
    again = actions.release(draft=a_draft(uri=made.item.uri), signal=Signal.UPDATE, by=SYSTEM, at=NOON + HOUR)

    assert (again.version, again.signal) == (3, "update")


def test_what_was_released_can_neither_be_changed_nor_deleted():
    made = a_release()
    changes = [
        lambda: Release.objects.filter(pk=made.pk).update(headline="Another"),
        lambda: VaultEntry.objects.filter(pk=made.pk).update(body_html="Another"),
        lambda: AuditEntry.objects.update(why="Another"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
        lambda: VaultEntry.objects.filter(pk=made.pk)._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            change()


def test_a_refused_release_takes_no_number_of_the_sequence():
    before = Sequence.objects.get().value
    with pytest.raises(NotNow):
        a_release(signal=Signal.UPDATE)
    with pytest.raises(Incomplete):
        a_release(headline="  ")
    assert Sequence.objects.get().value == before
    assert not Item.objects.exists()


def test_topics_bring_their_ancestors_and_products_are_stamped():
    sport = a_topic()
    football = a_topic("medtop:20001065", "football", parent=sport)
    sports = a_product("sports", {"include": {"topics": [sport.code]}})
    a_product("turkish", {"include": {"language": ["tr"]}})

    made = a_release(topics=(football,))

    assert (made.topics, made.topics_all) == ([football.code], [sport.code, football.code])
    assert list(Stamp.objects.values_list("product", "release")) == [(sports.pk, made.pk)]
    assert list(Release.objects.about(sport)) == [made]


def test_a_changed_rule_restamps_what_is_there():
    made, other = a_release(language="en"), a_release(language="tr")
    product = a_product("one", {"include": {"language": ["tr"]}}, at=NOON)
    assert actions.restamp(product=product, at=NOON) == 1
    actions.set_rule(product=product, rule={"include": {"language": ["en"]}}, by=SYSTEM, at=NOON + HOUR)
    assert actions.restamp(product=product, at=NOON + HOUR) == 1
    assert list(product.stamps.values_list("release", flat=True)) == [made.pk]
    assert other.pk != made.pk
    assert list(product.versions.order_by("number").values_list("number", "valid_to")) == [(1, NOON + HOUR), (2, None)]


def test_a_pictures_original_lies_in_the_vault_and_its_renditions_carry_nothing_but_pixels():
    made = a_release(pictures=(a_picture(),))

    kept = open_with(Permit(made.pk, None)).pictures[0]
    with storages["vault"].open(kept["file"]) as original:
        assert original.read() == picture_bytes()
    assert (kept["alt"], kept["caption"]) == ("A ferry", "A ferry crosses the strait.")
    public = made.public_pictures.get()
    with storages["default"].open(public.renditions["web"]["file"]) as rendition:
        web = rendition.read()
    assert b"secret" not in web
    with Image.open(io.BytesIO(web)) as picture:
        assert (picture.size, picture.info.get("exif"), picture.info.get("xmp")) == ((1080, 720), None, None)
    assert made.pictures == [{"token": public.token, "width": 1080, "height": 720, "credit": "A. Photographer"}]


@pytest.mark.parametrize("original", [b"", b"no picture", picture_bytes()[:200], b"<svg><script/></svg>"])
def test_a_file_that_is_no_picture_is_refused_by_name_and_nothing_is_released(original):
    with pytest.raises(BadPicture):
        a_release(pictures=(a_picture(original=original),))
    assert not Release.objects.exists()


def test_a_summary_names_the_topics_in_the_readers_language():
    sport = actions.add_topic(code="medtop:15000000", name="sport", names={"tr": "spor"}, parent=None, retired=False)
    made = a_release(topics=(sport,), desk=a_desk("sport"))
    shown = summary_of(Release.objects.select_related("item", "desk", "place").get(pk=made.pk), "tr")
    assert [topic.label for topic in shown.topics] == ["spor"]
    assert not hasattr(shown, "body_html")
    assert shown.public_tier == Tier.SUMMARY


def test_an_embargoed_release_is_shown_from_its_embargo_on():
    made = a_release(NOON, embargo_until=NOON + DAY)
    assert list(Release.objects.public(NOON + DAY - HOUR)) == []
    assert list(Release.objects.public(NOON + DAY)) == [made]
    assert made.shown_at == NOON + DAY
