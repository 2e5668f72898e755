"""Every row of the matrix."""

from importlib import import_module
from pathlib import Path

from tests.leaks.surfaces import desk, explain
from tests.leaks.surfaces.surface import Surface

ROOMS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in {"__init__", "surface"})
SURFACES: tuple[Surface, ...] = tuple(
    row for room in ROOMS for row in import_module(f"tests.leaks.surfaces.{room}").ROWS
)
BY_NAME = {surface.name: surface for surface in SURFACES}
GROUPS: dict[str, tuple[str, ...]] = {
    "desk/": tuple(row.name for row in (*desk.ROWS, *explain.ROWS)),
    "sandbox/": (),
    "demo/": (),
}
"""Addresses that stand in no row by name. The desk's are walked one by one; the sandbox knows none of our stories."""
