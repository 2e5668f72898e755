"""Rows are taken in once, whatever interrupts them, and taken back until somebody has used what they brought."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Licence, LicenceVersion, MoveIn, MoveInFile, MoveInRow, Outside
from newsroom.licensing.move_in import actions, taking
from newsroom.licensing.move_in.actions import AlreadyUsed, NotUndoable, RowsAreBad
from newsroom.licensing.rules import Limits, Quota
from tests.factories import DAY, NOON, a_product, a_release, a_user
from tests.licensing.ledgers import a_use
from tests.licensing.move_in.files import ORGANISATIONS, house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sport() -> None:
    a_product("sport")


def move_in(files=None, **facts) -> MoveIn:
    values = {"files": files or house(), "name": "house", "skip_bad": False, "by": SYSTEM, "at": NOON}
    return actions.run(batch=actions.prepare(**values | facts), by=SYSTEM, at=NOON)


def counted() -> tuple[int, ...]:
    things = (Organisation, User, Membership, Licence, LicenceVersion, Outside)
    return tuple(thing.objects.count() for thing in things)


def test_everything_in_the_files_is_there_afterwards():
    batch = move_in()

    paper = Organisation.objects.get(name="Günlük Haber")
    said = LicenceVersion.objects.get(licence__source="contract", licence__source_ref="C-1/1")
    member = Membership.objects.get()
    assert (batch.state, batch.rows, counted()) == ("done", 8, (2, 2, 1, 3, 3, 2))
    assert (said.licence.organisation, said.uses, said.clause) == (paper, ["publish", "read"], "May publish.")
    assert (said.starts_at, said.ends_at) == (
        datetime(2025, 12, 31, 21, tzinfo=UTC),
        datetime(2026, 12, 31, 21, tzinfo=UTC),
    )
    assert said.limits == Limits(
        seats=25, quotas=(Quota("publish", 300),), territories=frozenset({"TR", "DE"}), archive=timedelta(days=365)
    )
    assert (member.user.email, member.organisation.name, member.role) == ("ada@zebra.example", "Daily Zebra", "owner")
    assert not member.user.has_usable_password()


def test_the_same_files_again_bring_nothing_twice():
    move_in()
    before = counted()

    move_in()
    move_in(house(organisations=ORGANISATIONS + "A-4;New;TR\n"))

    assert counted() == (before[0] + 1, *before[1:5], before[5] + 1)


def test_a_run_killed_in_the_middle_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    batch = actions.prepare(files=house(), name="house", skip_bad=False, by=SYSTEM, at=NOON)
    seen = []

    def killed(number):
        seen.append(number)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.run(batch=batch, by=SYSTEM, at=NOON, progress=killed)
    half = (MoveInRow.objects.count(), MoveIn.objects.get().state)
    after = move_in()

    assert half == (6, "running")
    assert (after.state, counted()) == ("done", (2, 2, 1, 3, 3, 2))


def test_a_row_and_the_memory_of_it_are_one(monkeypatch):
    batch = actions.prepare(files=house(), name="house", skip_bad=False, by=SYSTEM, at=NOON)
    take_in = taking.take_in

    def breaks(row, known, **facts):
        made = take_in(row, known, **facts)
        if row.kind == "licences":
            raise RuntimeError("the database went away")
        return made

    monkeypatch.setattr(actions, "take_in", breaks)
    with pytest.raises(RuntimeError):
        actions.run(batch=batch, by=SYSTEM, at=NOON)

    assert (counted(), MoveInRow.objects.count()) == ((0,) * 6, 0)


def test_bad_rows_stop_the_batch_unless_they_are_to_be_left_out():
    files = house(organisations=ORGANISATIONS + "A-3;Nowhere;XX\n")

    with pytest.raises(RowsAreBad, match="1 of 9 rows"):
        move_in(files)
    nothing = counted()
    batch = move_in(files, skip_bad=True)

    assert nothing == (0,) * 6
    assert (batch.bad, Organisation.objects.count()) == (1, 2)


def test_who_is_known_already_is_found_and_kept():
    ada = a_user("ada@zebra.example", name="Ada Herself")

    move_in()

    ada.refresh_from_db()
    assert (ada.name, User.objects.count(), Membership.objects.get().user) == ("Ada Herself", 2, ada)


def test_an_undo_takes_back_what_the_batch_brought_and_nothing_else():
    ada = a_user("ada@zebra.example")
    batch = move_in()

    stayed = actions.undo(batch=batch, by=SYSTEM, at=NOON + DAY, why="Wrong file.")

    assert not Membership.objects.exists()
    assert not LicenceVersion.objects.in_force(NOON + DAY).exists()
    assert User.objects.filter(pk=ada.pk).exists()
    assert sorted(stayed) == ["Günlük Haber", "Solo"]  # ended licences hold on to them
    assert (MoveIn.objects.get().state, MoveInRow.objects.count()) == ("undone", 0)
    assert AuditEntry.objects.get(action="move_in.undone").why == "Wrong file."


def test_what_was_undone_can_be_moved_in_again():
    batch = move_in()
    actions.undo(batch=batch, by=SYSTEM, at=NOON, why="Wrong day.")

    move_in(at=NOON + DAY)

    assert LicenceVersion.objects.in_force(NOON + DAY).count() == 3
    assert Licence.objects.count() == 3


def test_after_the_first_use_there_is_no_undo():
    batch = move_in()
    a_use(Licence.objects.get(source_ref="C-1/1"), a_release(), NOON, user=a_user())

    with pytest.raises(AlreadyUsed, match="contract C-1/1 was used on 2026-03-03 15:00"):
        actions.undo(batch=batch, by=SYSTEM, at=NOON + DAY, why="Too late.")

    assert LicenceVersion.objects.in_force(NOON + DAY).count() == 3


def test_there_is_no_undo_twice():
    batch = move_in()
    actions.undo(batch=batch, by=SYSTEM, at=NOON, why="Once.")

    with pytest.raises(NotUndoable):
        actions.undo(batch=batch, by=SYSTEM, at=NOON, why="Twice.")


def test_the_files_are_not_kept_when_the_batch_is_done():
    move_in()

    assert not MoveInFile.objects.exists()


def in_folder(tmp_path, **changed):
    for name, raw in house(**changed).items():
        (tmp_path / name).write_bytes(raw)
    return str(tmp_path)


def test_the_command_takes_a_folder_in_and_back(tmp_path, capsys):
    folder = in_folder(tmp_path)

    call_command("move_in", folder, simulate=True)
    simulated = counted()
    call_command("move_in", folder)
    call_command("move_in", folder)
    there = counted()
    call_command("move_in", folder, undo=True)

    assert simulated == (0,) * 6
    assert there == (2, 2, 1, 3, 3, 2)
    assert "7 made, 1 were there" in capsys.readouterr().out
    assert MoveIn.objects.get().state == "undone"


def test_the_command_writes_what_is_wrong_beside_the_file(tmp_path):
    folder = in_folder(tmp_path, organisations=ORGANISATIONS + "A-3;Nowhere;XX\n")

    with pytest.raises(CommandError, match="rows"):
        call_command("move_in", folder)

    assert "“XX” is no country" in (tmp_path / "organisations.errors.csv").read_text()
    assert not Organisation.objects.exists()


def test_the_templates_hold_every_column_and_their_example_is_good(tmp_path):
    a_product("world")

    call_command("move_in", str(tmp_path), templates=True)
    trial = actions.simulate({path.name: path.read_bytes() for path in tmp_path.glob("*.csv")})

    assert (trial.rows, trial.problems) == (4, {})
