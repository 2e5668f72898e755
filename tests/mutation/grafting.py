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
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant

COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


Living = dict[CodeType, list[FunctionType]]


def living(module: ModuleType) -> Living:
    """The functions of this module, wherever they are held, by their code."""
    found: Living = defaultdict(list)
    gc.unfreeze()
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename == module.__file__:  # a lazy object would wake up
            found[each.__code__].append(each)
    gc.freeze()
    return found


def graft(mutant: Mutant, module: ModuleType, living: Living) -> None:
    """The module behaves as if its file said what the mutant says."""
    tree, file = mutant.tree(), module.__file__ or ""
    before, after = (compile(each, file, "exec") for each in (_source(mutant), tree))
    changed = {old: new for old, new in zip(_functions(before), _functions(after), strict=True) if old != new}
    if not changed:
        _run_again(mutant, module, tree)
    for old, new in changed.items():
        for each in living[old]:
            each.__code__ = new


def inside(mutant: Mutant, module: ModuleType) -> bool:
    """Whether the change lies within a function, and so is met only where the function runs."""
    before, after = (compile(each, module.__file__ or "", "exec") for each in (_source(mutant), mutant.tree()))
    return list(_functions(before)) != list(_functions(after))


def _source(mutant: Mutant) -> ast.Module:
    return ast.parse(mutant.path.read_text())


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The code of each function and method, but not of what is within them, nor of what runs with the import."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if not each.co_flags & inspect.CO_NEWLOCALS:  # the body of a class
                yield from _functions(each)
            elif each.co_name not in COMPREHENSIONS:
                yield each


def _run_again(mutant: Mutant, module: ModuleType, tree: ast.Module) -> None:
    """Runs the one changed statement of the module, and puts what it made in the place of what was there."""
    for old, new in zip(_source(mutant).body, tree.body, strict=True):
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
