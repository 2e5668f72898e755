"""Each guard taken out turns the cells red that name it; with it in, they are green."""

import pytest

from tests.leaks.guards import GUARDS, Cell, Guard, Proof
from tests.leaks.test_oracles import undone
from tests.leaks.world import World, empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.mutation, pytest.mark.xdist_group("guards")]


def failure(cell: Cell | Proof, world: World) -> str:
    """How this cell fails, on its own and with nothing kept from before; empty when it does not."""
    empty_cache()
    try:
        with undone():
            cell(world)
    except AssertionError as error:
        return str(error) or "failed"
    finally:
        empty_cache()
    return ""


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_without_its_guard_a_cell_is_red(world: World, guard: Guard, record_property):
    assert [failure(cell, world) for cell in guard.cells] == [""] * len(guard.cells)
    with guard.removed():
        found = {cell: failure(cell, world) for cell in guard.cells}
    for cell in found:
        record_property("red", f"{guard}\t{cell}")
    green = [
        str(cell)
        for cell, said in found.items()
        if not said or (isinstance(cell, Cell) and not any(sign in said for sign in ("LEAKED", "MAY BE KEPT")))
    ]
    assert green == [], f"without the guard “{guard}” these show no leak"
