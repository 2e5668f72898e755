"""What the seeded agency publishes holds to the house's own rules."""

import io
import re
import unicodedata
from collections import Counter

import pytest
from django.core.files.storage import storages
from PIL import Image

from newsroom.content.rules import GENRES
from newsroom.newsdesk.seed import pictures
from newsroom.newsdesk.seed.pictures.palettes import PALETTES
from newsroom.newsdesk.seed.story_files import PictureFile, StoryFile, stories
from newsroom.wire import vocabulary
from newsroom.wire.pictures import prepare
from newsroom.wire.rules import MAY_FOLLOW, Signal, Tier
from newsroom.wire.sanitise import clean_html, plain

STORIES = stories()
PICTURES = [picture for story in STORIES for picture in story.pictures]
WORDS_IN_BODY = {"en": (180, 450), "fr": (180, 450), "tr": (150, 400), "ar": (150, 400)}  # a Turkish word says more
WORDS_IN_SUMMARY = {"en": (25, 60), "fr": (20, 60), "tr": (18, 50), "ar": (20, 50)}
LETTERS = {"en": "", "tr": "çğışöü", "fr": "éàè", "ar": "ةىأ"}

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)


def sentences(text: str) -> set[str]:
    parts = re.split(r"[.!?؟:;؛]+", text.casefold())
    return {" ".join(re.findall(r"\w+", part)) for part in parts} - {""}


def script_share(text: str, script: str) -> float:
    letters = [char for char in text if char.isalpha()]
    return sum(unicodedata.name(char, "").startswith(script) for char in letters) / len(letters)


def test_there_are_sixty_stories_in_four_languages_and_three_unfinished_ones():
    assert Counter((story.stage == "wire", story.language) for story in STORIES) == {
        (True, "en"): 26,
        (True, "tr"): 16,
        (True, "ar"): 9,
        (True, "fr"): 9,
        (False, "en"): 1,
        (False, "tr"): 1,
        (False, "fr"): 1,
    }


def test_every_desk_has_stories_and_no_two_stories_share_an_id():
    assert {story.desk for story in STORIES} == {row["code"] for row in vocabulary.table("desks")}
    assert [uri for uri, times in Counter(story.uri for story in STORIES).items() if times > 1] == []


def test_the_portion_shown_in_full_or_not_at_all_is_small():
    tiers = Counter(story.public_tier for story in STORIES if story.stage == "wire")
    assert tiers == {Tier.SUMMARY: 48, Tier.FULL: 8, Tier.NOTHING: 4}


def test_every_state_of_a_story_is_among_them():
    signals = Counter(chapter.signal for story in STORIES for chapter in story.chapters)
    assert signals == {
        Signal.NEW: 63,
        Signal.CORRECTION: 4,
        Signal.UPDATE: 3,
        Signal.KILL: 1,
        Signal.WITHHOLD: 1,
    }
    assert [story.id for story in STORIES if story.embargo] == ["en-politics-mediterranean-talks"]
    assert [story.id for story in STORIES if story.scheduled] == ["en-culture-film-week-preview"]


@each_story
def test_a_story_uses_codes_that_exist(story: StoryFile):
    live = {subject.code for subject in vocabulary.subjects() if not subject.retired}
    assert story.topics
    assert set(story.topics) - live == set()
    assert story.place in {row["code"] for row in vocabulary.table("places")}
    assert story.genre in {row["code"] for row in vocabulary.table("genres")}
    assert 1 <= story.urgency <= 9


@each_story
def test_a_story_is_as_long_as_a_story(story: StoryFile):
    low, high = WORDS_IN_BODY[story.language]
    least, most = WORDS_IN_SUMMARY[story.language]
    for chapter in story.chapters:
        assert 40 <= len(chapter.headline) <= 80
        assert low <= len(plain(chapter.body_html).split()) <= high
    assert least <= len(story.summary.split()) <= most


@each_story
def test_no_sentence_of_a_summary_is_one_of_the_body(story: StoryFile):
    for chapter in story.chapters:
        assert sentences(story.summary) & sentences(plain(chapter.body_html)) == set()


@each_story
def test_a_story_is_written_in_its_language(story: StoryFile):
    text = f"{story.chapters[0].headline} {story.summary} {plain(story.chapters[0].body_html)}"
    assert script_share(text, "ARABIC" if story.language == "ar" else "LATIN") > 0.99
    assert [letter for letter in LETTERS[story.language] if letter not in text.casefold()] == []


@each_story
def test_the_wire_has_nothing_to_clean_in_a_body(story: StoryFile):
    for chapter in story.chapters:
        assert clean_html(chapter.body_html) == chapter.body_html


@each_story
def test_chapters_follow_one_another_as_the_wire_allows(story: StoryFile):
    signals = [chapter.signal for chapter in story.chapters]
    times = [chapter.ago for chapter in story.chapters]
    assert all(after in MAY_FOLLOW[before] for before, after in zip([None, *signals], signals, strict=False))
    assert times == sorted(times, reverse=True)
    assert all(chapter.note for chapter in story.chapters[1:])


def test_every_picture_can_be_drawn_and_has_its_words():
    assert {each.motif for each in PICTURES} == set(pictures.MOTIFS)
    assert {each.palette for each in PICTURES} == set(PALETTES)
    assert [each for each in PICTURES if not (each.alt and each.caption and each.credit)] == []
    assert [name for name, times in Counter(each.name for each in PICTURES).items() if times > 1] == []


@pytest.mark.parametrize("motif", sorted(pictures.MOTIFS))
def test_a_motif_is_drawn_large_and_in_colour(motif: str):
    wanted = next(each for each in PICTURES if each.motif == motif)
    image = Image.open(io.BytesIO(drawn(wanted)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1600, 1067))
    assert len(image.resize((40, 27)).getcolors(2000)) > 300


def drawn(wanted: PictureFile) -> bytes:
    return pictures.draw(wanted.motif, wanted.palette, wanted.seed, caption=wanted.caption, credit=wanted.credit)


def test_the_same_number_draws_the_same_picture_and_another_number_another():
    one = pictures.draw("harbour", "dusk", 1)
    assert pictures.draw("harbour", "dusk", 1) == one
    assert pictures.draw("harbour", "dusk", 2) != one


def test_captions_lie_in_the_original_and_not_in_what_the_public_gets():
    original = pictures.draw("wheat", "ember", 1, caption="Arpa tarlası, gün batımı", credit="Selin Aydar")
    secrets = [word.encode() for word in ("Arpa tarlası", "Selin Aydar", "Anka Wire")]
    assert all(secret in original for secret in secrets)

    prepared = prepare(original)

    public = []
    for each in prepared.renditions.values():
        with storages["default"].open(each["file"]) as file:
            public.append(file.read())
    assert [secret for secret in secrets for rendition in public if secret in rendition] == []
    assert [dict(Image.open(io.BytesIO(each)).getexif()) for each in public] == [{}, {}]


def test_the_table_of_topics_is_whole_and_hangs_together():
    subjects = vocabulary.subjects()
    paths = {subject.code: subject.path for subject in subjects}
    assert (len(subjects), len(paths)) == (1387, 1387)
    assert sorted(each.code for each in subjects if not each.parent) == [
        f"medtop:{number:02}000000" for number in range(1, 18)
    ]
    assert all(each.path == f"{paths.get(each.parent, '')}{each.code}/" for each in subjects)
    assert max(subject.depth for subject in subjects) == 6
    assert sum(subject.retired for subject in subjects) == 302


def test_topics_that_are_shown_have_a_name_in_every_language():
    used = {code for story in STORIES for code in story.topics}
    shown = [
        each
        for each in vocabulary.subjects()
        if not each.parent
        or any(each.code in other.path.split("/") for other in vocabulary.subjects() if other.code in used)
    ]
    assert [each.code for each in shown if set(each.names) != {"en", "tr", "ar", "fr"}] == []


@pytest.mark.parametrize("name", ["desks", "genres", "places"])
def test_every_row_of_a_table_has_a_name_in_every_language(name: str):
    rows = vocabulary.table(name)
    assert [
        row["code"] for row in rows if set(row["names"]) != {"en", "tr", "ar", "fr"} or not all(row["names"].values())
    ] == []
    assert len({row["code"] for row in rows}) == len(rows)


def test_the_desk_offers_the_genres_that_its_stories_have():
    assert {story.genre for story in STORIES} - set(GENRES) == set()
    assert set(GENRES) - {row["code"] for row in vocabulary.table("genres")} == set()
