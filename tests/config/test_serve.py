import os

import pytest

from newsroom.config import embedded
from tests.config.processes import ended, free_port

pytestmark = pytest.mark.services
DATABASE = os.environ["DATABASE_URL"]
BROKER = os.environ["REDIS_URL"]


@pytest.mark.parametrize("command", ["web", "worker", "beat"])
def test_without_a_postgresql_a_process_ends_with_one_line(command):
    port = free_port()
    url = f"postgresql://u@127.0.0.1:{port}/newsroom"
    code, said = ended("-m", "newsroom.config.serve", command, DATABASE_URL=url, REDIS_URL=BROKER)
    assert said.startswith("newsroom: PostgreSQL does not answer (connection failed: ")
    assert said.endswith("Start it, or correct DATABASE_URL.\n")
    assert (code, said.count("\n")) == (1, 1)


def test_a_database_that_is_not_there_is_named():
    with_another_name = DATABASE.replace("/newsroom", "/no_such_database", 1)
    assert with_another_name != DATABASE
    code, said = ended("-m", "newsroom.config.serve", "web", DATABASE_URL=with_another_name, REDIS_URL=BROKER)
    assert 'database "no_such_database' in said
    assert (code, said.count("\n")) == (1, 1)


def test_without_a_valkey_a_process_ends_with_one_line():
    url = f"redis://127.0.0.1:{free_port()}/0"
    code, said = ended("-m", "newsroom.config.serve", "web", DATABASE_URL=DATABASE, REDIS_URL=url)
    assert said.startswith("newsroom: Valkey does not answer (Error 111 connecting to 127.0.0.1:")
    assert (code, said.count("\n")) == (1, 1)


def test_without_a_broker_a_process_ends_with_one_line():
    broker = f"redis://127.0.0.1:{free_port()}/0"
    facts = {"DATABASE_URL": DATABASE, "REDIS_URL": BROKER, "CELERY_BROKER_URL": broker}
    code, said = ended("-m", "newsroom.config.serve", "worker", **facts)
    assert said.startswith("newsroom: The broker does not answer (")
    assert (code, said.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "DATABASE_URL is not set. `make demo` brings its own; a site of yours needs one."),
        ({"DATABASE_URL": "mysql://h/n"}, "DATABASE_URL must begin with postgresql://, not mysql://"),
        (
            {"NEWSROOM_MODE": "production", "SECRET_KEY": "short"},
            "SECRET_KEY must be set to 50 characters or more when NEWSROOM_MODE=production.",
        ),
        ({"DEBUG": "maybe"}, "DEBUG='maybe': expected one of 1, 0, true, false, yes, no"),
    ],
)
def test_an_environment_that_cannot_serve_is_one_line(facts, line):
    assert ended("-m", "newsroom.config.serve", "web", **facts) == (1, f"newsroom: {line}\n")


def test_a_process_of_no_such_name_lists_those_there_are():
    assert ended("-m", "newsroom.config.serve", "wbe") == (
        1,
        "usage: python -m newsroom.config.serve web | worker | beat [options]\n",
    )


def test_a_management_command_without_a_database_ends_with_one_line(tmp_path):
    url = f"postgresql://u@/newsroom?host={tmp_path}"
    code, said = ended("manage.py", "migrate", "--no-input", DATABASE_URL=url, REDIS_URL=BROKER)
    assert said.startswith("newsroom: connection ")
    assert "No such file or directory" in said
    assert (code, said.count("\n")) == (1, 1)


def test_what_is_started_answers(tmp_path):
    """`serve` finds both of a fresh pair; that they were fresh shows that nothing else was asked."""
    with embedded.Postgres(tmp_path, durable=False) as postgres, embedded.Valkey(tmp_path) as valkey:
        script = "import django; django.setup(); from newsroom.config import serve; serve.check(); print('all there')"
        facts = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}
        said = ended("-c", script, DJANGO_SETTINGS_MODULE="newsroom.config.settings", **facts)
    assert said == (0, "all there\n")
