"""How the desk lets go of a story's text: draft, revisions, history, forms half filled in, and its own pictures."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.admin.models import FormState
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision, TaskState, WorkflowState
from wagtail.search.models import IndexEntry

from newsroom.content.models import Picture, Story
from newsroom.content.models.story import StoryPicture
from newsroom.core.letting_go import Removed, Shredding

WORDS = (
    "headline", "slugline", "summary", "body", "byline", "dateline", "note", "internal_note", "usage_terms", "provider",
    "source_version",
)  # fmt: skip


def shred(order: Shredding) -> Removed:
    """Of one version: every former revision goes, the present draft stays. Of all of them: everything."""
    story = Story.objects.filter(item=order.item_id).first()
    if story is None:
        return Removed()
    kind, key = ContentType.objects.get_for_model(Story), str(story.pk)
    revisions = Revision.objects.filter(object_id=key, content_type=kind)
    if not order.every:
        revisions = revisions.exclude(pk__in=[story.latest_revision_id, story.live_revision_id])
    rows = {"wagtailcore_revision": _blank(revisions)}
    rows["wagtailadmin_formstate"] = FormState.objects.filter(content_type=kind, object_id=key).delete()[0]
    rows["wagtailcore_modellogentry"] = _forget_history(kind, key)
    if not order.every:
        return Removed(rows)
    files = _let_go_of_pictures(story, rows)
    blank = dict.fromkeys(WORDS, "") | {"headline": str(_("Removed")), "has_unpublished_changes": False}
    rows["content_story"] = Story.objects.filter(pk=story.pk).update(**blank)
    return Removed(rows, files)


def _blank(revisions: Any) -> int:
    """The revision stays as proof that there was one; what it said does not."""
    number = 0
    for each in revisions.only("pk", "content", "object_str").iterator(chunk_size=200):
        said = each.content | {name: "" for name in WORDS if name in each.content}
        said |= {"headline": str(_("Removed")), "pictures": []}
        Revision.objects.filter(pk=each.pk).update(content=said, object_str=str(_("Removed")))
        number += 1
    return number


def _forget_history(kind: ContentType, key: str) -> int:
    """Lines of the history keep who and when."""
    states = WorkflowState.objects.filter(base_content_type=kind, object_id=key)
    TaskState.objects.filter(workflow_state__in=states).exclude(comment="").update(comment="")
    lines = ModelLogEntry.objects.filter(content_type=kind, object_id=key)
    return int(lines.update(label=str(_("Removed")), data={}))


def _let_go_of_pictures(story: Story, rows: dict[str, int]) -> list[tuple[str, str]]:
    """The story's own lines on its pictures; and the library's pictures that no other story has."""
    mine = StoryPicture.objects.filter(story=story)
    images = list(mine.values_list("image_id", flat=True))
    rows["content_storypicture"] = mine.delete()[0]
    shared = StoryPicture.objects.filter(image__in=images).values("image_id")
    files = []
    for picture in Picture.objects.filter(pk__in=images).exclude(pk__in=shared):
        files.append(("desk", picture.file.name))
        files += [("desk", each.file.name) for each in picture.renditions.all()]
        kind = ContentType.objects.get_for_model(Picture)
        IndexEntry.objects.filter(content_type=kind, object_id=str(picture.pk)).delete()
        ModelLogEntry.objects.filter(content_type=kind, object_id=str(picture.pk)).update(label="", data={})
        ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=str(picture.pk)).delete()
        picture.renditions.all()._raw_delete("default")  # its signals would delete the files before the commit
        Picture.objects.filter(pk=picture.pk)._raw_delete("default")
        rows["content_picture"] = rows.get("content_picture", 0) + 1
    return files
