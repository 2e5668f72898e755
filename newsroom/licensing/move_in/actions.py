"""Moving in: try it, do it, go on after an interruption, undo it until the first use."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation
from newsroom.core import audit, sheets
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing import actions
from newsroom.licensing.models import Licence, MoveIn, MoveInFile, MoveInRow, Outside, Usage
from newsroom.licensing.move_in import checking, reading
from newsroom.licensing.move_in.checking import Known, Problems
from newsroom.licensing.move_in.reading import ERRORS, BadFile, Read, Row
from newsroom.licensing.move_in.tables import SHEETS
from newsroom.licensing.move_in.taking import UNDONE, take_in

AT_ONCE = 100
"""Rows in one transaction: so many are done again at most after an interruption."""
State, Outcome = MoveIn.State, MoveInRow.Outcome
Progress = Callable[[int], object]


class RowsAreBad(Refused):
    """Some rows have an error, and nobody said to leave those out."""


class AlreadyUsed(Refused):
    """Somebody has used what the batch brought: it cannot be undone any more."""


class NotUndoable(Refused):
    """The batch did nothing that could be undone."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a simulation found. `problems`: (kind, line) to (column, words)."""

    files: tuple[Read, ...]
    known: Known
    problems: dict[tuple[str, int], Problems] = field(hash=False)

    @property
    def rows(self) -> int:
        return sum(len(file.rows) for file in self.files)

    @property
    def bad(self) -> int:
        return len(self.problems)


def simulate(files: Mapping[str, bytes]) -> Trial:
    """Check every row and write nothing. Raises `BadFile` for a file that cannot be read at all."""
    found = [reading.read(reading.decoded(raw, name), name) for name, raw in files.items()]
    if not found:
        raise BadFile(_("There is no file."))
    order = list(SHEETS)
    found.sort(key=lambda file: order.index(file.sheet.kind))
    if len({file.sheet.kind for file in found}) < len(found):
        raise BadFile(_("Two files of the same kind: put their rows into one."))
    known = checking.known(found, timezone.get_current_timezone())
    problems = {
        (row.kind, row.line): faults for file in found for row in file.rows if (faults := checking.check(row, known))
    }
    return Trial(tuple(found), known, problems)


def with_errors(file: Read, trial: Trial) -> Iterator[str]:
    """The same file with a column `errors`, which a next reading ignores."""
    head = [name for name in file.head if name != ERRORS]
    rows = (
        [*(row[name] for name in head), "; ".join(_said(each) for each in trial.problems.get((row.kind, row.line), ()))]
        for row in file.rows
    )
    return sheets.lines([*head, ERRORS], rows)


def _said(problem: tuple[str, str]) -> str:
    column, words = problem
    return f"{column}: {words}" if column else words


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the files, whatever their order and names."""
    parts = sorted(hashlib.sha256(raw).hexdigest() for raw in files.values())
    return hashlib.sha256("".join(parts).encode()).hexdigest()


@transaction.atomic
def prepare(*, files: Mapping[str, bytes], name: str, skip_bad: bool, by: Actor, at: datetime) -> MoveIn:
    """The batch of these files, ready to `run`: a new one, or the one that was begun with them.

    Raises `BadFile`, and `RowsAreBad` unless bad rows are to be left out.
    """
    trial = simulate(files)
    digest = digest_of(files)
    found = MoveIn.objects.select_for_update().filter(digest=digest).first()
    if found is not None and found.state in {State.DONE, State.RUNNING}:
        return found
    if trial.bad and not skip_bad:
        raise RowsAreBad(_("%(bad)d of %(rows)d rows have an error.") % {"bad": trial.bad, "rows": trial.rows})
    facts = {"name": name[:200], "state": State.RUNNING, "rows": trial.rows, "bad": trial.bad, "by_label": by.label}
    batch, _made = MoveIn.objects.update_or_create(
        digest=digest, defaults=facts | {"created_at": at, "finished_at": None}
    )
    MoveInFile.objects.filter(batch=batch).delete()
    for file, raw in ((reading.kind_of(each), each) for each in files):
        text = reading.decoded(files[raw], raw)
        MoveInFile.objects.create(batch=batch, kind=file, name=raw[:200], text=text)
    audit.record("move_in.began", by=by, of=batch, at=at, facts={"rows": trial.rows, "bad": trial.bad})
    return batch


def run(*, batch: MoveIn, by: Actor, at: datetime, progress: Progress = lambda number: None) -> MoveIn:
    """Take in every row that is not in yet. Interrupted and called again, it goes on; done, it does nothing."""
    if batch.state == State.RUNNING:
        files = {each.name: each.text.encode() for each in batch.files.all()}
        trial = simulate(files)
        good = [row for file in trial.files for row in file.rows if (row.kind, row.line) not in trial.problems]
        for begin in range(0, len(good), AT_ONCE):
            _some(batch, good[begin : begin + AT_ONCE], trial.known, by=by, at=at)
            progress(len(good[begin : begin + AT_ONCE]))
        _finish(batch, by=by, at=at)
    return MoveIn.objects.get(pk=batch.pk)


@transaction.atomic
def _some(batch: MoveIn, rows: list[Row], known: Known, *, by: Actor, at: datetime) -> None:
    """A few rows and the memory of them: both or neither."""
    if MoveIn.objects.select_for_update().get(pk=batch.pk).state != State.RUNNING:
        return
    wanted = Q(pk=None)
    for kind in {row.kind for row in rows}:
        wanted |= Q(kind=kind, line__in=[row.line for row in rows if row.kind == kind])
    done = set(MoveInRow.objects.filter(wanted, batch=batch).values_list("kind", "line"))
    for row in rows:
        if (row.kind, row.line) not in done:
            made = take_in(row, known, by=by, at=at)
            MoveInRow.objects.create(
                batch=batch,
                kind=row.kind,
                line=row.line,
                reference=row["reference"] or row["email"],
                outcome=Outcome.MADE if made else Outcome.FOUND,
                made=made,
            )


@transaction.atomic
def _finish(batch: MoveIn, *, by: Actor, at: datetime) -> None:
    """The files, with all the names in them, are not kept longer than they are needed."""
    changed = MoveIn.objects.filter(pk=batch.pk, state=State.RUNNING).update(state=State.DONE, finished_at=at)
    if changed:
        MoveInFile.objects.filter(batch=batch).delete()
        made = MoveInRow.objects.filter(batch=batch, outcome=Outcome.MADE).count()
        audit.record("move_in.done", by=by, of=batch, at=at, facts={"made": made})


@transaction.atomic
def undo(*, batch: MoveIn, by: Actor, at: datetime, why: str) -> list[str]:
    """End or remove what the batch made. Answers what had to stay, by name. Raises `AlreadyUsed`."""
    batch = MoveIn.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in {State.DONE, State.RUNNING}:
        raise NotUndoable(_("This move-in brought nothing."))
    made = [each for row in MoveInRow.objects.filter(batch=batch).order_by("-pk") for each in reversed(row.made)]
    _check_unused(made)
    stayed = [words for label, key in made if (words := _remove(label, key, by=by, at=at))]
    _forget([int(key) for label, key in made if label == "licensing.outside"])
    MoveInRow.objects.filter(batch=batch).delete()
    MoveInFile.objects.filter(batch=batch).delete()
    MoveIn.objects.filter(pk=batch.pk).update(state=State.UNDONE, finished_at=at)
    audit.record("move_in.undone", by=by, of=batch, at=at, why=why, facts={"removed": len(made), "stayed": len(stayed)})
    return stayed


def _forget(references: list[int]) -> None:
    """The names outside of what is gone. What had to stay is found by its own again."""
    there = Organisation.objects.values("pk")
    Outside.objects.filter(pk__in=references).exclude(subject_id__in=there).delete()


def _check_unused(made: Iterable[list[object]]) -> None:
    keys: dict[str, list[object]] = {}
    for label, key in made:
        keys.setdefault(str(label), []).append(key)
    used = Usage.objects.filter(
        Q(licence__in=keys.get("licensing.licence", []))
        | Q(user__in=keys.get("accounts.user", []))
        | Q(licence__organisation__in=keys.get("accounts.organisation", []))
    )
    first = used.order_by("at").select_related("licence").first()
    if first is not None:
        when = timezone.localtime(first.at).strftime("%Y-%m-%d %H:%M")
        words = _("%(licence)s was used on %(when)s: a move-in is undone only before the first use.")
        raise AlreadyUsed(words % {"licence": first.licence, "when": when})


def _remove(label: str, key: int, *, by: Actor, at: datetime) -> str:
    """Nothing when it is gone; its name when something holds on to it."""
    thing = apps.get_model(label)._default_manager.filter(pk=key).first()
    if thing is None or isinstance(thing, Outside):
        return ""
    if isinstance(thing, Licence):
        actions.end(licence=thing, by=by, at=at, why=UNDONE)
        return ""
    try:
        with transaction.atomic():
            thing.delete()
    except (ProtectedError, IntegrityError):
        if hasattr(thing, "valid_to"):
            type(thing)._default_manager.filter(pk=key, valid_to=None).update(valid_to=at)
            return ""
        return str(thing)
    return ""
