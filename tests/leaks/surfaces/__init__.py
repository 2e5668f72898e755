"""Every row of the matrix."""

from tests.leaks.surfaces import public, quiet
from tests.leaks.surfaces.surface import Surface

SURFACES: tuple[Surface, ...] = (*public.ROWS, *quiet.ROWS)
GROUPS: dict[str, tuple[str, ...]] = {}
BY_NAME = {surface.name: surface for surface in SURFACES}
