"""Drafts: what is written before anything is released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Revision

from newsroom.accounts.models import User
from newsroom.content.models import Picture, Story, StoryPicture, StoryTopic
from newsroom.content.models.publishing import check_right
from newsroom.content.rules import Deed
from newsroom.wire.models import Topic


@dataclass(frozen=True, slots=True)
class PictureOf:
    """A picture of the library, with the words it has in a story."""

    image: Picture
    alt: str = ""
    caption: str = ""
    credit: str = ""


@transaction.atomic
def write(
    *, by: User | None, at: datetime, topics: Sequence[Topic] = (), pictures: Sequence[PictureOf] = (), **fields: Any
) -> Story:
    """Begin a story as a draft, with its first revision. `by` None: an import. Raises `NotYours`, ValidationError."""
    story = Story(live=False, created_at=at, **fields)
    if by is not None:
        check_right(Deed.WRITE, by, story.desk_id)
    _attach(story, topics, pictures)
    story.full_clean()
    story.save()
    story.save_revision(user=by, log_action="wagtail.create", clean=False)
    return story


@transaction.atomic
def edit(
    *,
    story: Story,
    by: User | None,
    topics: Sequence[Topic] | None = None,
    pictures: Sequence[PictureOf] | None = None,
    **fields: Any,
) -> Revision:
    """Save a new draft of the story with these fields changed. Raises `NotYours`, ValidationError."""
    story = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    draft = story.get_latest_revision_as_object()
    if by is not None:
        check_right(Deed.WRITE, by, story.desk_id, draft.desk_id)
    for name, value in fields.items():
        setattr(draft, name, value)
    _attach(draft, topics, pictures)
    return draft.save_revision(user=by, log_action=True)


def _attach(story: Story, topics: Sequence[Topic] | None, pictures: Sequence[PictureOf] | None) -> None:
    attached: Any = story  # modelcluster takes a list where Django's types see a manager
    if topics is not None:
        attached.story_topics = [StoryTopic(topic=topic, sort_order=place) for place, topic in enumerate(topics)]
    if pictures is not None:
        attached.pictures = [
            StoryPicture(image=each.image, alt=each.alt, caption=each.caption, credit=each.credit, sort_order=place)
            for place, each in enumerate(pictures)
        ]


def add_picture(*, name: str, content: bytes, credit: str, alt: str = "", by: User | None = None) -> Picture:
    """Put a picture into the desk's library."""
    picture = Picture(
        title=name, file=ContentFile(content, name=name), description=alt, credit=credit, uploaded_by_user=by
    )
    picture.full_clean(exclude=["collection"])
    picture.save()
    return picture
