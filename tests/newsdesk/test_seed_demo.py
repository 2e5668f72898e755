"""The demo's agency, brought into a database by the desk's own deeds."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from newsroom.accounts.models import Organisation, User
from newsroom.config.env import env
from newsroom.content.models import Schedule, Story
from newsroom.licensing.models import Contract, Lead, Licence, RateCard, Seat
from newsroom.newsdesk.seed import book, edition, offers, people
from newsroom.newsdesk.seed.story_files import StoryFile, stories
from newsroom.wire import vocabulary
from newsroom.wire.models import Desk, Item, Place, Product, Release, Topic
from newsroom.wire.rules import Signal
from tests.factories import DAY, NOON

pytestmark = pytest.mark.django_db

FEW = {
    "en-business-takeover-killed",
    "en-politics-data-law-draft",
    "en-politics-mediterranean-talks",
    "en-culture-film-week-preview",
    "en-culture-clockmaker",
    "tr-politics-imar-dosyasi",
    "fr-technology-radio-montagne",
}


def a_few() -> list[StoryFile]:
    return [story for story in stories() if story.id in FEW]


def seed() -> None:
    vocabulary.load()
    people.settle(NOON)
    offers.put_on_sale(NOON)
    offers.grant(NOON)
    book.settle(NOON)
    deeds = edition.agenda(NOON, a_few())
    studio = edition.Studio(deeds)
    list(edition.bring_out(deeds, studio, NOON))
    studio.close()


def counted() -> dict[str, int]:
    kinds = (Desk, Topic, Place, User, Organisation, Product, Licence, Story, Item, Release, Schedule)
    kinds += (RateCard, Lead, Contract, Seat)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def test_the_vocabulary_loads_once():
    assert vocabulary.load() == 1387 + 7 + len(vocabulary.table("places"))
    assert vocabulary.load() == 0
    swimming = Topic.objects.get(code="medtop:20001077")
    assert swimming.lineage == ["medtop:15000000", "medtop:20000822", "medtop:20001071", "medtop:20001077"]
    assert (swimming.label("en"), swimming.label("tr")) == ("marathon swimming", "açık su yüzme maratonu")


def test_a_topic_that_says_something_else_is_brought_up_to_date():
    vocabulary.load()
    Topic.objects.filter(code="medtop:15000000").update(name="games")
    assert vocabulary.load() == 1
    assert Topic.objects.get(code="medtop:15000000").name == "sport"


def test_each_story_has_the_history_its_file_tells():
    seed()
    histories: dict[str, list[Any]] = {
        story.id: list(
            Release.objects.filter(item__uri=story.uri).order_by("version").values_list("signal", "released_at")
        )
        for story in a_few()
    }
    assert histories == {
        story.id: [(chapter.signal, NOON - chapter.ago) for chapter in story.chapters]
        if story.stage == "wire" and not story.scheduled
        else []
        for story in a_few()
    }


def test_the_wire_is_numbered_in_the_order_of_time():
    seed()
    released = list(Release.objects.order_by("sequence").values_list("released_at", flat=True))
    assert released == sorted(released)


def test_the_correction_says_what_was_wrong_and_has_the_text_put_right():
    seed()
    head = Release.objects.get(item__uri__endswith="en-politics-data-law-draft", is_head=True)
    assert head.signal == Signal.CORRECTION
    assert head.note.startswith("Corrects the number of systems")
    story = Story.objects.get(uri__endswith="en-politics-data-law-draft")
    assert "four of their eleven systems" in story.body
    assert "seven of their eleven systems" not in story.body


def test_the_embargoed_story_lifts_later_and_the_scheduled_one_waits_for_the_clock():
    seed()
    talks = Release.objects.get(item__uri__endswith="en-politics-mediterranean-talks")
    assert talks.embargo_until is not None
    assert talks.embargo_until > NOON
    waiting = Schedule.objects.get()
    assert (waiting.state, waiting.due_at > NOON) == (Schedule.State.WAITING, True)
    assert waiting.story.uri.endswith("en-culture-film-week-preview")


def test_an_unfinished_story_is_a_draft_or_in_review():
    seed()
    states = {
        story.uri.rpartition(":")[2]: bool(story.current_workflow_state)
        for story in Story.objects.filter(item=None, schedules=None)
    }
    assert states == {"en-culture-clockmaker": True, "fr-technology-radio-montagne": False}


def test_a_second_run_changes_nothing():
    seed()
    before = counted()
    assert edition.agenda(NOON + DAY, a_few()) == []
    seed()
    assert counted() == before
    assert (people.settle(NOON + DAY), offers.put_on_sale(NOON + DAY), offers.grant(NOON + DAY)) == (0, 0, 0)


def test_the_licence_book_is_alive():
    seed()
    assert list(RateCard.objects.values_list("name", flat=True)) == ["Europe and Türkiye"]
    assert list(Lead.objects.values_list("organisation_name", "manager__email")) == [
        ("Jadranski List", "sales@anka-wire.example")
    ]
    assert list(Contract.objects.values_list("organisation__slug", flat=True)) == ["mashriq-tv"]
    assert list(Seat.objects.taken().values_list("user__email", flat=True)) == ["news@mashriqtv.example"]
    assert book.settle(NOON + DAY) == 0


def test_what_was_interrupted_is_taken_up_where_it_stopped():
    vocabulary.load()
    people.settle(NOON)
    deeds = edition.agenda(NOON, a_few())
    studio = edition.Studio(deeds)
    road = edition.bring_out(deeds, studio, NOON)
    for _step in range(3):
        next(road)
    studio.close()
    assert edition.agenda(NOON, a_few()) == deeds[3:]


def test_everybody_can_sign_in_with_the_password_that_is_shown():
    vocabulary.load()
    people.settle(NOON)
    assert {user.email for user in User.objects.all()} == {person.email for person in people.everybody()}
    chief = User.objects.get(email="chief@anka-wire.example")
    assert chief.check_password(people.PASSWORD)
    assert (chief.is_staff, chief.is_superuser, chief.desk_roles.count()) == (True, False, 7)


def test_a_licence_that_sales_changed_is_left_as_it_is():
    seed()
    licence = Licence.objects.get(source_ref="AW-1004")
    before = licence.versions.count()
    offers.grant(NOON + DAY)
    assert licence.versions.count() == before
    assert licence.versions.get(recorded_to=None).suspended


def test_production_refuses_the_seed(settings: LazySettings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="refused when NEWSROOM_MODE=production"):
        call_command("seed_demo")


def test_the_command_writes_down_who_can_sign_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("newsroom.newsdesk.management.commands.seed_demo.stories", tuple)

    call_command("seed_demo")

    facts = json.loads((env.DATA_ROOT / "demo.json").read_text())
    assert sorted(facts) == ["api_keys", "base_url", "people"]
    assert facts["people"][0] == {
        "role": "administrator",
        "email": "admin@anka-wire.example",
        "password": people.PASSWORD,
    }
    assert "28 people" in capsys.readouterr().out
