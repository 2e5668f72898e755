"""Small changes to a file, one at a time: what a test that means something must notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change. `text` is the whole changed source."""

    path: Path
    line: int
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.change}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change to this file that we know how to make."""
    tree = ast.parse(path.read_text())
    skipped = _annotations(tree)
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for choice in range(_choices(node)):
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[index]
            before = _shown(twin)
            _change(twin, choice)
            yield Mutant(path, getattr(node, "lineno", 0), f"{before} → {_shown(twin)}", ast.unparse(changed))


def _shown(node: ast.AST) -> str:
    """The place in one line; of an `if` its condition."""
    text = ast.unparse(node.test if isinstance(node, ast.If | ast.IfExp) else node)
    return f"if {text}" if isinstance(node, ast.If | ast.IfExp) else text


def _annotations(tree: ast.AST) -> set[int]:
    """What only the type checker reads: nothing runs there."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        found += [each for each in (getattr(node, "annotation", None), getattr(node, "returns", None)) if each]
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            found.append(node)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id[:1].isupper():
            found.append(node.value if isinstance(node.value, ast.BinOp) else ast.Pass())
    return {id(inner) for each in found for inner in ast.walk(each)}


def _choices(node: ast.AST) -> int:
    if isinstance(node, ast.Compare):
        return sum(type(each) in COMPARED for each in node.ops)
    if isinstance(node, ast.BoolOp):
        return 1
    if isinstance(node, ast.UnaryOp):
        return int(isinstance(node.op, ast.Not))
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return int(type(node.op) in JOINED)
    if isinstance(node, ast.Constant):
        return int(isinstance(node.value, bool) or (isinstance(node.value, int) and node.value < 100))
    return int(isinstance(node, ast.If | ast.IfExp)) * 2


def _change(node: ast.AST, choice: int) -> None:
    if isinstance(node, ast.Compare):
        places = [place for place, each in enumerate(node.ops) if type(each) in COMPARED]
        node.ops[places[choice]] = COMPARED[type(node.ops[places[choice]])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool"), [node.operand], [])
    elif isinstance(node, ast.BinOp | ast.AugAssign):
        node.op = JOINED[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.Constant(bool(choice))
