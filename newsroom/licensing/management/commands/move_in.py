"""manage.py move_in FOLDER|FILE…: organisations, people, contracts and licences from CSV (docs/move-in.md).

Exit code 0 when every row was taken in or was here already; 1 when rows have errors: beside each file with a fault a
copy `NAME.errors.csv` says what is wrong. Interrupted, the same command goes on where it stopped.
"""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from newsroom.core import sheets
from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.models import MoveIn, MoveInRow
from newsroom.licensing.move_in import actions
from newsroom.licensing.move_in.actions import Trial
from newsroom.licensing.move_in.tables import SHEETS

OPERATOR = Actor(None, "move_in")


class Command(BaseCommand):
    help = "Take in organisations, people, contracts and licences from CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER|FILE")
        parser.add_argument("--simulate", action="store_true", help="check every row and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="take in the good rows of files that have bad ones")
        parser.add_argument(
            "--undo", action="store_true", help="take back what these files brought, before its first use"
        )
        parser.add_argument("--templates", action="store_true", help="write empty files with the columns into FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["templates"]:
            self._templates(options["paths"][0])
            return
        files = {path.name: path.read_bytes() for path in self._found(options["paths"])}
        try:
            trial = actions.simulate(files)
            self._tell(trial, options["paths"])
            if options["undo"]:
                self._undo(files)
            elif not options["simulate"]:
                self._run(files, trial, skip_bad=options["skip_bad"])
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from None
        if trial.bad and not options["undo"]:
            raise CommandError(f"{trial.bad} rows with an error, see the files above", returncode=1)

    def _found(self, paths: list[Path]) -> list[Path]:
        found = [each for path in paths for each in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
        found = [each for each in found if not each.name.endswith(".errors.csv")]
        missing = [str(each) for each in found if not each.is_file()]
        if missing or not found:
            raise CommandError(f"no such file: {missing[0] if missing else paths[0]}", returncode=2)
        return found

    def _tell(self, trial: Trial, paths: list[Path]) -> None:
        places = {path.name: path for path in self._found(paths)}
        for file in trial.files:
            bad = sum(row.kind == file.sheet.kind for row in _bad_rows(trial, file.sheet.kind))
            self.stdout.write(f"{file.name}: {len(file.rows)} rows, {bad} with an error")
            if bad:
                target = places[file.name].with_suffix(".errors.csv")
                target.write_text("".join(actions.with_errors(file, trial)), encoding="utf-8", newline="")
                self.stdout.write(f"  see {target}")

    def _run(self, files: dict[str, bytes], trial: Trial, *, skip_bad: bool) -> None:
        name = ", ".join(sorted(files))
        batch = actions.prepare(files=files, name=name, skip_bad=skip_bad, by=OPERATOR, at=now())
        with tqdm(total=trial.rows - trial.bad, unit=" rows", disable=None, leave=False) as bar:
            actions.run(batch=batch, by=OPERATOR, at=now(), progress=bar.update)
        counted = Counter(MoveInRow.objects.filter(batch=batch).values_list("outcome", flat=True))
        self.stdout.write(f"{counted['made']} made, {counted['found']} were there")

    def _undo(self, files: dict[str, bytes]) -> None:
        batch = MoveIn.objects.filter(digest=actions.digest_of(files)).first()
        if batch is None:
            raise CommandError("these files were never taken in", returncode=1)
        stayed = actions.undo(batch=batch, by=OPERATOR, at=now(), why="manage.py move_in --undo")
        self.stdout.write(f"Undone. {len(stayed)} had to stay, empty: {', '.join(stayed[:20])}")

    def _templates(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for sheet in SHEETS.values():
            target = folder / f"{sheet.kind}.csv"
            target.write_text("".join(sheets.lines(sheet.columns, [sheet.example])), encoding="utf-8", newline="")
            self.stdout.write(str(target))


def _bad_rows(trial: Trial, kind: str) -> list[Any]:
    return [row for file in trial.files for row in file.rows if row.kind == kind and (kind, row.line) in trial.problems]
