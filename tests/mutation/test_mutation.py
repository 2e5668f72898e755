"""What the changes are, and that one that is made in a running process is met by whoever imported it."""

import os
from enum import StrEnum
from importlib import import_module

import pytest

from newsroom.licensing.rules import Limits, Quota
from tests import services
from tests.factories import NOON
from tests.mutation.argued import ARGUED
from tests.mutation.forked import Died, forked
from tests.mutation.grafting import Grafter
from tests.mutation.mutants import mutants
from tests.mutation.table import TESTS


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def changes(tmp_path, source):
    path = tmp_path / "some.py"
    path.write_text(source)
    return [each.name for each in mutants(path, {"Colour": Colour})]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b <= c", ["a < b <= c → a <= b <= c", "a < b <= c → a < b < c"]),
        ("a and b", ["a and b → a or b", "a and b → b", "a and b → a"]),
        ("x = not a", ["not a → bool(a)"]),
        ("x = 1", ["1 → 2", "1 → 0"]),
        ("x = True", ["True → False"]),
        ("x = 1000", []),
        ("x = 'a'", []),
        ("x = Colour.RED", ["Colour.RED → Colour.BLUE"]),
        ("min(a)", ["min(a) → pass", "min(a) → max(a)"]),
        ("x = q.filter(a=b, c=d)", ["q.filter(a=b, c=d) → q.filter(c=d)", "q.filter(a=b, c=d) → q.filter(a=b)"]),
        ("x = [a for a in b if c]", ["for a in b if c → for a in b"]),
        ("x = a[b:]", ["b: → :"]),
        ("x: int | None = a", []),
        ("assert a == b", []),
        ("x = zip(a, strict=True)", []),
    ],
)
def test_the_changes_we_know(tmp_path, source, expected):
    assert changes(tmp_path, source) == [f"module: {each}" for each in expected]


def test_a_condition_holds_always_or_never_and_an_answer_is_none(tmp_path):
    assert changes(tmp_path, "class A:\n  def f(self):\n    if a:\n      return b") == [
        "A.f: if a → if True",
        "A.f: if a → if False",
        "A.f: return b → return None",
    ]


def made(path, name):
    module = import_module(path.removesuffix(".py").replace("/", "."))
    return next(each for each in mutants(services.ROOT / path, vars(module)) if each.name == name), module


def after(mutant, module, question):
    """What is answered where the change was made, and whether it lies within a function."""
    grafter = Grafter(module)
    changed = grafter.changed(mutant)

    def asked():
        grafter.graft(mutant, changed)
        return question()

    return forked(asked, seconds=30), bool(changed)


def test_a_function_that_was_imported_long_ago_does_what_the_changed_file_says():
    mutant, module = made("newsroom/licensing/rules.py", "Quota.starts: return day → return None")
    assert after(mutant, module, lambda: Quota("read", 1, "day").starts(NOON)) == (None, True)
    assert Quota("read", 1, "day").starts(NOON) == NOON.replace(hour=0)


def test_a_default_is_changed_where_its_class_was_imported():
    mutant, module = made("newsroom/licensing/rules.py", "Limits: False → True")
    assert after(mutant, module, lambda: Limits().under_embargo) == (True, False)
    assert not Limits().under_embargo


def test_a_child_that_takes_too_long_or_fails_is_told_apart():
    with pytest.raises(Died) as late:
        forked(lambda: os.read(os.pipe()[0], 1), seconds=0.05)
    with pytest.raises(Died) as failed:
        forked(lambda: int("bad"), seconds=30)
    assert (late.value.late, failed.value.late) == (True, False)


def test_every_file_of_the_gate_is_in_the_table_and_every_reason_is_about_a_change_that_can_be_made():
    files = {f"newsroom/access/{each.name}" for each in (services.ROOT / "newsroom/access").glob("*.py")}
    assert files - {f"newsroom/access/{name}.py" for name in ("__init__", "apps", "models", "tasks")} <= set(TESTS)
    for path, reasons in ARGUED.items():
        module = import_module(path.removesuffix(".py").replace("/", "."))
        assert set(reasons) <= {each.name for each in mutants(services.ROOT / path, vars(module))}, path
