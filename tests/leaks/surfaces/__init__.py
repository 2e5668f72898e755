"""Every row of the matrix."""

from tests.leaks.surfaces import desk, public, quiet
from tests.leaks.surfaces.surface import Surface

SURFACES: tuple[Surface, ...] = (*public.ROWS, *quiet.ROWS, *desk.ROWS)
BY_NAME = {surface.name: surface for surface in SURFACES}
GROUPS: dict[str, tuple[str, ...]] = {
    "desk/": tuple(row.name for row in desk.ROWS),
    "sandbox/": (),
    "demo/": (),
}
"""Addresses that stand in no row by name. The desk's are walked one by one; the sandbox knows none of our stories."""
