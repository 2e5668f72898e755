"""The stories go the desk's own road: written by a reporter, released by an editor, each at its moment."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newsroom.accounts.models import User
from newsroom.content import actions
from newsroom.content.actions import PictureOf
from newsroom.content.models import DeskRole, Picture, Story
from newsroom.content.rules import Role
from newsroom.newsdesk.seed import people, pictures
from newsroom.newsdesk.seed.story_files import PictureFile, StoryFile
from newsroom.wire.models import Desk, Place, Topic
from newsroom.wire.pictures import prepare
from newsroom.wire.rules import Signal

AHEAD = timedelta(minutes=25)  # a reporter writes before an editor releases
AUTHORS = {"en": "selin", "tr": "selin", "ar": "leyla", "fr": "claire"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of one story at its moment: 0 is the first release, the rest its later chapters."""

    at: datetime
    story: StoryFile
    step: int


def agenda(at: datetime, among: Sequence[StoryFile]) -> list[Deed]:
    """What is still to be done, in the order in which it happens: the wire's numbers follow it."""
    begun: dict[str, int | None] = dict(Story.objects.values_list("uri", "item__head__version"))
    planned = set(Story.objects.filter(schedules__isnull=False).values_list("uri", flat=True))
    done = {uri: 1 if version is None and uri in planned else version or 0 for uri, version in begun.items()}
    deeds = [
        Deed(at - chapter.ago, story, step)
        for story in among
        for step, chapter in enumerate(story.chapters)
        if step >= done.get(story.uri, 0) and not (story.stage != "wire" and story.uri in begun)
    ]
    return sorted(deeds, key=lambda deed: (deed.at, deed.story.id))


class Studio:
    """Draws the pictures ahead of time, beside the database's work."""

    def __init__(self, deeds: list[Deed]) -> None:
        kept = set(Picture.objects.values_list("title", flat=True))
        self._pool = ThreadPoolExecutor(2)
        self._drawn: dict[str, Future[bytes]] = {
            each.name: self._pool.submit(_draw, each)
            for deed in deeds
            if deed.step == 0
            for each in deed.story.pictures
            if each.name not in kept
        }

    def take(self, wanted: PictureFile, by: User) -> Picture:
        """The picture from the library; drawn and put there if it is missing."""
        drawn = self._drawn.pop(wanted.name, None)
        if drawn is None:
            return Picture.objects.filter(title=wanted.name).latest("pk")
        return actions.add_picture(
            name=wanted.name, content=drawn.result(), credit=wanted.credit, alt=wanted.alt, by=by
        )

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _draw(wanted: PictureFile) -> bytes:
    """Its renditions for the public are made here too: the wire then finds them by the picture's digest."""
    made = pictures.draw(wanted.motif, wanted.palette, wanted.seed, caption=wanted.caption, credit=wanted.credit)
    prepare(made)
    return made


def bring_out(deeds: list[Deed], studio: Studio, at: datetime) -> Iterator[Deed]:
    """Does each deed and hands it back, so that whoever asked can show progress. `at` is the moment of the seeding."""
    staff = {user.email: user for user in User.objects.filter(is_staff=True)}
    editors = {role.desk_id: role.user for role in DeskRole.objects.filter(role=Role.EDITOR).select_related("user")}
    chief = staff[f"chief@{people.OURS}"]
    for deed in deeds:
        story = Story.objects.filter(uri=deed.story.uri).first()
        author = staff[f"{AUTHORS[deed.story.language]}@{people.OURS}"]
        if story is None:
            story = _write(deed, studio, by=author)
        editor = editors.get(story.desk_id, chief)
        if deed.story.scheduled is not None:
            actions.schedule(story=story, by=editor, due_at=at + deed.story.scheduled, at=deed.at)
        elif deed.story.stage == "review":
            actions.submit(story=story, by=author)
        elif deed.story.stage == "wire":
            _do(deed, story, author=author, editor=editor, chief=chief)
        yield deed


def _write(deed: Deed, studio: Studio, *, by: User) -> Story:
    source, first = deed.story, deed.story.chapters[0]
    codes = list(source.topics)
    fields: dict[str, Any] = {
        name: getattr(source, name)
        for name in ("uri", "slugline", "summary", "byline", "dateline", "language", "genre", "urgency", "usage_terms")
    }
    return actions.write(
        by=by,
        at=deed.at - AHEAD,
        headline=first.headline,
        body=first.body_html,
        note=first.note,
        desk=Desk.objects.get(code=source.desk),
        place=Place.objects.get(code=source.place),
        public_tier=source.public_tier,
        embargo_until=deed.at + first.ago + source.embargo if source.embargo else None,
        topics=sorted(Topic.objects.filter(code__in=codes), key=lambda topic: codes.index(topic.code)),
        pictures=[PictureOf(studio.take(each, by), each.alt, each.caption, each.credit) for each in source.pictures],
        **fields,
    )


def _do(deed: Deed, story: Story, *, author: User, editor: User, chief: User) -> None:
    chapter = deed.story.chapters[deed.step]
    if chapter.signal == Signal.KILL:
        actions.kill(story=story, by=chief, note=chapter.note, at=deed.at)
    elif chapter.signal == Signal.WITHHOLD:
        actions.withhold(story=story, by=editor, note=chapter.note, at=deed.at)
    elif chapter.signal == Signal.NEW:
        actions.publish(story=story, by=editor, at=deed.at)
    else:
        _change(deed, story, author=author, editor=editor)


def _change(deed: Deed, story: Story, *, author: User, editor: User) -> None:
    chapter = deed.story.chapters[deed.step]
    actions.edit(story=story, by=author, headline=chapter.headline, body=chapter.body_html, note=chapter.note)
    if chapter.signal == Signal.CORRECTION:
        actions.correct(story=story, by=editor, note=chapter.note, at=deed.at)
    else:
        actions.publish(story=story, by=editor, at=deed.at)
