"""A change to a module that has been imported already: what its functions do, what its names stand for.

Importing a changed file anew would make other classes than those that the tests and the rest of newsroom hold. So the
functions that are there get the changed code, and a name that is set outside a function gets the changed value
wherever it was imported to. What this cannot reach (a member of an enum, a value that was copied) runs unchanged:
whoever finds that nothing noticed the change asks a new process too.
"""

import ast
import gc
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant

COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


class Grafter:
    """One module, into which one change after another is put, each by a child of its own."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.file = module, module.__file__ or ""
        self._before = self._compiled(Path(self.file).read_text())
        self._living = _living(self.file)

    def changed(self, mutant: Mutant) -> "Changed":
        """The functions that the change lies in, with their changed code; none when it lies in none."""
        after = self._compiled(mutant.tree())
        return [(old, new) for old, new in zip(self._before, after, strict=True) if old != new]

    def graft(self, mutant: Mutant, changed: "Changed") -> None:
        """The module behaves as if its file said what the mutant says."""
        for old, new in changed:
            for each in self._living[old]:
                each.__code__ = new
        if not changed:
            _run_again(mutant, self.module)

    def _compiled(self, source: str | ast.Module) -> list[CodeType]:
        return list(_functions(compile(source, self.file, "exec")))


Changed = list[tuple[CodeType, CodeType]]


def _living(file: str) -> dict[CodeType, list[FunctionType]]:
    """The functions of this file, wherever they are held, by their code."""
    found: dict[CodeType, list[FunctionType]] = defaultdict(list)
    gc.unfreeze()
    for each in gc.get_objects():
        if (
            type(each) is FunctionType and each.__code__.co_filename == file
        ):  # of a lazy object isinstance would wake it
            found[each.__code__].append(each)
    gc.freeze()
    return found


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The code of each function and method, but not of what is within them, nor of what runs with the import."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if not each.co_flags & inspect.CO_NEWLOCALS:  # the body of a class
                yield from _functions(each)
            elif each.co_name not in COMPREHENSIONS:
                yield each


def _run_again(mutant: Mutant, module: ModuleType) -> None:
    """Runs the one changed statement of the module, and puts what it made in the place of what was there."""
    for old, new in zip(ast.parse(mutant.path.read_text()).body, mutant.tree().body, strict=True):
        if ast.dump(old) != ast.dump(new):
            names = dict(vars(module))
            exec(compile(ast.Module([new], []), module.__file__ or "", "exec"), names)
            for name in [each for each in names if names[each] is not vars(module).get(each)]:
                _put(module, name, names[name])


def _put(module: ModuleType, name: str, value: Any) -> None:
    was = vars(module).get(name)
    if isinstance(was, type):
        for each, made in vars(value).items():
            _defaults(vars(was).get(each), made)
    elif isinstance(was, FunctionType):
        _defaults(was, value)
    elif isinstance(was, dict):
        was.clear()
        was.update(value)
    else:
        for each in [*sys.modules.values()]:
            if was is not None and vars(each).get(name) is was:
                setattr(each, name, value)


def _defaults(was: Any, made: Any) -> None:
    was, made = (getattr(each, "__func__", each) for each in (was, made))
    if isinstance(was, FunctionType) and isinstance(made, FunctionType):
        was.__defaults__, was.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
