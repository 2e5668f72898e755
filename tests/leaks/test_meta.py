"""The matrix is complete: a new address, task, mail or field without a row fails here."""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from newsroom.wire.views import Notice, PublicImage, Summary, TopicLabel
from tests.leaks.canaries import Kind
from tests.leaks.fields import MODELS, PUBLIC, VIEWS
from tests.leaks.guards import GUARDS, Cell
from tests.leaks.jobs import MAILS, TASKS
from tests.leaks.readers import READERS
from tests.leaks.surfaces import BY_NAME, GROUPS, SURFACES

NEWSROOM = Path(__file__).resolve().parent.parent.parent / "newsroom"
SIMPLE_PARTS = re.compile(r"\{\{\s*(\w+)|\b\w+=(\w+)|{%\s*(?:if|for \w+ in)\s+(?:not\s+)?(\w+)")


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Every pattern there is: its whole address and its name."""
    for each in resolver.url_patterns:
        here = before + str(each.pattern).removeprefix("^")
        if isinstance(each, URLPattern):
            yield here, each.name or ""
        else:
            yield from addresses(each, here)


def test_every_address_has_a_row():
    covered = {name for surface in SURFACES for name in surface.covers}
    lacking = {
        here: name
        for here, name in addresses(get_resolver())
        if name not in covered and not any(here.startswith(group) for group in GROUPS)
    }
    assert lacking == {}


def test_every_group_of_addresses_is_there_and_has_its_rows():
    every = [here for here, _name in addresses(get_resolver())]
    assert [group for group in GROUPS if not any(here.startswith(group) for here in every)] == []
    assert {name for names in GROUPS.values() for name in names} <= set(BY_NAME)


def test_no_row_stands_for_an_address_that_is_gone():
    names = {name for _here, name in addresses(get_resolver())}
    assert {name for surface in SURFACES for name in surface.covers} - names == set()


def test_every_task_has_a_row_and_takes_numbers_only():
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    assert set(ours) == set(TASKS)
    for name, task in ours.items():
        taken = {each.name: (each.annotation, each.kind) for each in inspect.signature(task.run).parameters.values()}
        assert taken == dict.fromkeys(TASKS[name], (int, inspect.Parameter.KEYWORD_ONLY))


def test_every_mail_has_a_row_and_prints_nothing_else():
    found: dict[str, set[str]] = {}
    for path in NEWSROOM.rglob("templates/mail/*"):
        kind = path.name.split(".")[0]
        if kind != "base":
            words = {word for each in SIMPLE_PARTS.findall(path.read_text()) for word in each if word}
            found[kind] = found.get(kind, set()) | words
    local = {"line"}  # what a loop names itself
    assert {kind: words - local for kind, words in found.items()} == MAILS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_the_wire_is_classified(model):
    named = " ".join(MODELS[model].values()).split()
    assert sorted(named) == sorted(field.name for field in model._meta.concrete_fields)


def test_every_table_of_the_wire_that_belongs_to_a_release_is_classified():
    linked = {
        model
        for model in apps.get_app_config("wire").get_models()
        if any(field.related_model in {*MODELS} for field in model._meta.concrete_fields if field.is_relation)
    }
    assert linked - {*MODELS} == set()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_field_that_leaves_the_wire_is_classified(view):
    named = " ".join(VIEWS[view].values()).split()
    assert sorted(named) == sorted(field.name for field in dataclasses.fields(view))


def test_what_a_refused_reader_is_handed_has_no_field_that_is_sold():
    assert [VIEWS[view].keys() - {PUBLIC} for view in (Summary, PublicImage, TopicLabel, Notice)] == [set()] * 4


def test_every_kind_of_canary_is_found_by_somebody_somewhere():
    """A canary that no row ever expects would pass however blind the matrix is."""
    expected = {kind for surface in SURFACES for kind in surface.says}
    assert set(Kind) - expected == {
        Kind.SLUGLINE,  # in a summary's type, on no page yet
        Kind.ORIGINAL,  # expected by the requests of "original of a picture"
        Kind.METADATA,  # part of the original
        Kind.FILE,  # the name of a file of the library, expected by its own test
    }


def test_names_are_unique():
    for names in ([each.name for each in SURFACES], [each.name for each in READERS], [each.name for each in GUARDS]):
        assert len(names) == len(set(names))


def test_every_guard_names_rows_and_readers_that_exist():
    for guard in GUARDS:
        for cell in guard.cells:
            if isinstance(cell, Cell):
                assert cell.surface in BY_NAME
                assert {*cell.readers} <= {reader.name for reader in READERS}
