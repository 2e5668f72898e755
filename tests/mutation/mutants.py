"""Small changes to a file, one at a time: what a test that means something must notice.

A comparison moves by its boundary or turns round, a condition is dropped or always so, `and` becomes `or`, a number
is one more or one less, a member of an enum is its neighbour, a filter loses a condition, an answer is None, a deed is
left out. Words are not changed, nor what only the type checker, a log or an assertion reads.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
JOINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}
ASKING = {"filter", "exclude", "get", "Q"}
UNASKED = {"frozen", "slots", "strict"}  # what guards the writer of the code and not its reader
SMALL = 100


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change: the node at the place `index` of a walk through it is `variant` instead."""

    path: Path
    line: int
    last: int
    where: str
    change: str
    index: int
    variant: ast.AST

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}"

    @property
    def name(self) -> str:
        """The change without its line, which moves when something above it is written."""
        return f"{self.where}: {self.change}"

    def tree(self) -> ast.Module:
        """The whole changed file."""
        tree = ast.parse(self.path.read_text())
        place = list(ast.walk(tree))[self.index]
        changed: ast.Module = _Replaced(place, copy.deepcopy(self.variant)).visit(tree)
        return ast.fix_missing_locations(changed)


class _Replaced(ast.NodeTransformer):
    def __init__(self, place: ast.AST, variant: ast.AST) -> None:
        self._place, self._variant = place, variant

    def visit(self, node: ast.AST) -> Any:
        return ast.copy_location(self._variant, node) if node is self._place else self.generic_visit(node)


def mutants(path: Path, names: Mapping[str, Any]) -> Iterator[Mutant]:
    """Every change to this file that we know how to make. `names`: what the file's names stand for."""
    tree = ast.parse(path.read_text())
    skipped, places = _unread(tree), _places(tree)
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for variant in _variants(node, names):
            change = f"{_shown(node)} → {_shown(variant)}"
            yield Mutant(path, *_lines(node), places[id(node)], change, index, variant)


def _lines(node: ast.AST) -> tuple[int, int]:
    """Its first and its last line; of an `if` those of the condition."""
    place: Any = getattr(node, "test", getattr(node, "iter", node))
    return place.lineno, place.end_lineno


def _shown(node: ast.AST) -> str:
    """The place in one line; of an `if` its condition."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _places(tree: ast.Module) -> dict[int, str]:
    """In which function or class each node stands."""
    found: dict[int, str] = {}

    def walk(node: ast.AST, name: str) -> None:
        found[id(node)] = name or "module"
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{name}.{node.name}" if name else node.name
        for each in ast.iter_child_nodes(node):
            walk(each, name)

    walk(tree, "")
    return found


def _unread(tree: ast.AST) -> set[int]:
    """What decides nothing: annotations and names of types, assertions, lines of the log, `frozen=True` and its like."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        found += [each for each in (getattr(node, "annotation", None), getattr(node, "returns", None)) if each]
        if isinstance(node, ast.Assert) or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            found.append(node)
        if isinstance(node, ast.Expr) and ast.unparse(node).startswith("log."):
            found.append(node)
        if isinstance(node, ast.keyword) and node.arg in UNASKED:
            found.append(node)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _names_a_type(node):
            found.append(node.value)
    return {id(inner) for each in found for inner in ast.walk(each)}


def _names_a_type(node: ast.Assign) -> bool:
    name = node.targets[0]
    camel = isinstance(name, ast.Name) and name.id.lstrip("_")[:1].isupper() and not name.id.isupper()
    return camel and isinstance(node.value, ast.BinOp | ast.Subscript)


def _variants(node: ast.AST, names: Mapping[str, Any]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute):
        yield from _neighbour(node, names)
    elif type(node) in CHANGED:
        yield from CHANGED[type(node)](node)


def _with(node: ast.AST, **changes: Any) -> ast.AST:
    """A copy of the node that says something else in these fields."""
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for place, each in enumerate(node.ops):
        ops = [*node.ops]
        ops[place] = COMPARED[type(each)]()
        yield _with(node, ops=ops)


def _shortened(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _counted(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float) and node.value < SMALL:
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _turned(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    elif not isinstance(node.operand, ast.Constant):
        yield node.operand


def _joined(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in JOINED:
        yield _with(node, op=JOINED[type(node.op)]())


def _decided(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    yield _with(node, test=ast.Constant(True))
    yield _with(node, test=ast.Constant(False))


def _never(node: ast.While) -> Iterator[ast.AST]:
    yield _with(node, test=ast.Constant(False))


def _unconditional(node: ast.comprehension) -> Iterator[ast.AST]:
    if node.ifs:
        yield _with(node, ifs=[])


def _neighbour(node: ast.Attribute, names: Mapping[str, Any]) -> Iterator[ast.AST]:
    of = names.get(node.value.id) if isinstance(node.value, ast.Name) else None
    if isinstance(of, type) and issubclass(of, Enum) and node.attr in of.__members__:
        members = list(of.__members__)
        yield _with(node, attr=members[(members.index(node.attr) + 1) % len(members)])


def _called(node: ast.Call) -> Iterator[ast.AST]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if isinstance(node.func, ast.Name) and name in CALLED:
        yield _with(node, func=ast.Name(CALLED[name], ast.Load()))
    if name in ASKING:
        for place in range(len(node.keywords)):
            yield _with(node, keywords=node.keywords[:place] + node.keywords[place + 1 :])


def _cut(node: ast.Slice) -> Iterator[ast.AST]:
    yield from (_with(node, **{end: None}) for end in ("lower", "upper") if getattr(node, end))


def _unanswered(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and ast.unparse(node.value) != "None":
        yield ast.Return(ast.Constant(None))


def _undone(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Call):
        yield ast.Pass()


def _left(node: ast.Continue | ast.Break) -> Iterator[ast.AST]:
    yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


CHANGED: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _compared,
    ast.BoolOp: _shortened,
    ast.UnaryOp: _turned,
    ast.BinOp: _joined,
    ast.AugAssign: _joined,
    ast.Constant: _counted,
    ast.If: _decided,
    ast.IfExp: _decided,
    ast.While: _never,
    ast.comprehension: _unconditional,
    ast.Call: _called,
    ast.Slice: _cut,
    ast.Return: _unanswered,
    ast.Expr: _undone,
    ast.Continue: _left,
    ast.Break: _left,
}
"""How each kind of node is changed; members of an enum apart."""
