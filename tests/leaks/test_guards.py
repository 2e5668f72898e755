"""Each guard taken out turns the cells red that name it; with it in, they are green."""

import pytest
from django.core.cache import cache

from tests.leaks.guards import GUARDS, Guard, Proof
from tests.leaks.test_oracles import undone
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.mutation, pytest.mark.xdist_group("guards")]


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_without_its_guard_a_cell_is_red(world: World, guard: Guard, record_property):
    green = []
    for cell in guard.cells:
        cache.clear()
        with undone():
            cell(world)
        cache.clear()
        with guard.removed(), undone():
            try:
                cell(world)
            except AssertionError as error:
                assert isinstance(cell, Proof) or any(sign in str(error) for sign in ("LEAKED", "MAY BE KEPT")), str(
                    error
                )
                record_property(
                    "red", f"{guard}\t{cell}\t{str(error).partition('wrong')[2].strip().partition(chr(10))[0]}"
                )
            else:
                green.append(str(cell))
    cache.clear()
    assert green == [], f"still green without the guard “{guard}”"
