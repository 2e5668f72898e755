"""The matrix: each surface, by every reader, over stories in every state."""

from datetime import timedelta

import pytest

from tests.leaks.matrix import check
from tests.leaks.states import LIFTS_AT
from tests.leaks.surfaces import SURFACES
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("surface", SURFACES, ids=str)
def test_nobody_finds_more_than_is_theirs_and_everybody_finds_what_is(world: World, surface):
    check(world, surface)


@pytest.mark.parametrize("surface", [each for each in SURFACES if not each.desk], ids=str)
@pytest.mark.parametrize("moment", [LIFTS_AT - SECOND, LIFTS_AT, LIFTS_AT + SECOND], ids=["t-1s", "t", "t+1s"])
def test_an_embargo_lifts_on_every_surface_at_its_second_and_not_before(world: World, surface, moment):
    check(world, surface, readers=("anonymous", "licensed"), states=("embargoed", "held-again"), moment=moment)
