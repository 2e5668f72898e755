"""What the house promises of its own text, read from the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(path for path in (ROOT / "newsroom").rglob("*.py") if "migrations" not in path.parts)


def calls(path: Path, *names: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name in names:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def where(*names: str) -> set[str]:
    return {call.partition(":")[0] for path in SOURCES for call in calls(path, *names)}


def test_only_access_makes_a_permit():
    assert where("Permit") == {"newsroom/access/decide.py"}


def test_only_access_opens_the_vault():
    assert where("open_with") == {"newsroom/access/decide.py"}


def test_only_the_wire_and_search_name_a_vault_entry():
    named = {str(path.relative_to(ROOT)) for path in SOURCES if "VaultEntry" in path.read_text()}
    assert named == {
        "newsroom/wire/models.py",
        "newsroom/wire/vault.py",
        "newsroom/wire/actions.py",
        "newsroom/wire/shredding.py",
        "newsroom/access/search.py",
    }


def test_background_work_starts_in_one_place():
    assert where("delay", "apply_async", "send_task") == {"newsroom/core/jobs.py"}


def test_only_env_reads_the_environment():
    readers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(word in path.read_text() for word in ("os.environ[", "os.environ.get", "os.getenv"))
    }
    assert readers - {f"newsroom/config/{name}.py" for name in ("embedded", "demo", "serve")} == set()


def test_no_file_has_a_name_under_which_anything_goes():
    banned = {"utils.py", "helpers.py", "services.py", "managers.py", "mixins.py", "common.py"}
    assert [path for path in SOURCES if path.name in banned] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_nothing_is_left_for_later(word):
    assert [str(path) for path in SOURCES if word in path.read_text()] == []
