import subprocess
import sys
from pathlib import Path

import pytest

from newsroom.config import env

ROOT = Path(env.__file__).resolve().parent.parent.parent


def test_a_variable_that_is_not_set_has_its_default():
    found = env.read({})
    assert (found.NEWSROOM_MODE, found.DEBUG, found.DATABASE_URL, found.DATA_ROOT, found.ALLOWED_HOSTS) == (
        "development",
        False,
        "",
        ROOT / ".newsroom",
        ("127.0.0.1", "localhost", "[::1]"),
    )


def test_a_variable_that_is_set_is_read_as_its_type():
    found = env.read({"DEBUG": "Yes", "ALLOWED_HOSTS": " a.example, ,b.example ", "DATA_ROOT": "/srv/newsroom"})
    assert found.DEBUG is True
    assert found.ALLOWED_HOSTS == ("a.example", "b.example")
    assert Path("/srv/newsroom") == found.DATA_ROOT


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DEBUG", "perhaps", "DEBUG='perhaps': expected one of 1, 0, true, false, yes, no"),
        (
            "NEWSROOM_MODE",
            "Prod",
            "NEWSROOM_MODE='Prod': expected one of development, demo, test, production",
        ),
        ("BILLING_MODE", "on", "BILLING_MODE='on': expected one of off, sandbox, stripe"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name, value, message):
    with pytest.raises(env.BadEnvironment) as caught:
        env.read({name: value})
    assert str(caught.value) == message


def test_the_example_file_is_what_env_would_write_now():
    assert (ROOT / ".env.example").read_text() == env.example()


def test_the_example_names_no_path_of_this_machine():
    assert str(ROOT) not in env.example()


@pytest.mark.services
def test_a_command_with_a_bad_variable_ends_with_one_line():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LOG_LEVEL": "LOUD"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "newsroom: LOG_LEVEL='LOUD': expected one of DEBUG, INFO, WARNING, ERROR\n",
    )
