"""manage.py import_stories FILE…: ninjs 1.x, 2.x and 3.x onto the wire.

Exit code 0 when every item was taken in, was here already, or is of a kind that is no story (event, audio, video,
picture without a text); 1 when an item or a file had an error; what was good is in all the same.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError, transaction
from tqdm import tqdm

from newsroom.content.actions import Into, Outcome, take_in
from newsroom.content.ingest import files, ninjs
from newsroom.content.ingest.newsitem import NewsItem
from newsroom.content.ingest.problems import NoStory, Where
from newsroom.content.models import Story
from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.wire.models import Desk
from newsroom.wire.rules import Tier

IMPORTER = Actor(None, "import_stories")
DEFAULT_DESK = "world"
TIERS = {"nothing": Tier.NOTHING, "summary": Tier.SUMMARY, "full": Tier.FULL}


class Command(BaseCommand):
    help = "Import news items (ninjs 1.x, 2.x, 3.x: one item, a list, or JSON lines) and release them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--desk", default=DEFAULT_DESK, help="code of the desk they go to (default: world)")
        parser.add_argument(
            "--tier", choices=TIERS, default="summary", help="what everybody may see (default: summary)"
        )
        parser.add_argument("--language", default="en", help="of items that do not say theirs (default: en)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        self.dry_run: bool = options["dry_run"]
        self.outcomes: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.errors = 0
        into = Into(self._desk(options["desk"]), TIERS[options["tier"]], options["language"])
        with tqdm(unit=" items", disable=None, leave=False) as bar:
            for where, raw in self._found(options["files"]):
                self._one(where, raw, into)
                bar.update()
        self._summarise()
        if self.errors:
            raise CommandError(f"{self.errors} with an error, see above", returncode=1)

    def _desk(self, code: str) -> Desk:
        if code == DEFAULT_DESK:
            return Desk.objects.get_or_create(code=code, defaults={"name": "World"})[0]
        desk = Desk.objects.filter(code=code).first()
        if desk is None:
            known = ", ".join(Desk.objects.values_list("code", flat=True))
            raise CommandError(f"There is no desk “{code}”. Known: {known}", returncode=2)
        return desk

    def _found(self, paths: list[Path]) -> Iterator[tuple[Where, object]]:
        for path in paths:
            for number, raw in files.items(path):
                yield Where(str(path), number), raw

    def _one(self, where: Where, raw: object, into: Into) -> None:
        """One item, one transaction: a bad one neither stops nor half-loads the others."""
        try:
            if isinstance(raw, Refused):
                raise raw
            self.outcomes[self._taken_in(ninjs.read(raw), into)] += 1
        except NoStory as refusal:
            self.kinds[refusal.kind] += 1
        except (Refused, DataError, IntegrityError) as error:
            self.errors += 1
            uri = f" ({ninjs.uri_of(raw)})" if ninjs.uri_of(raw) else ""
            with tqdm.external_write_mode():
                self.stderr.write(f"{where}{uri}: {error}")

    def _taken_in(self, item: NewsItem, into: Into) -> Outcome:
        with transaction.atomic():
            outcome = take_in(item=item, into=into, by=IMPORTER, at=now())
            transaction.set_rollback(self.dry_run)
        return outcome

    def _summarise(self) -> None:
        counted = ", ".join(f"{self.outcomes[each]} {each}" for each in Outcome if self.outcomes[each]) or "nothing"
        self.stdout.write(f"{'Would be: ' if self.dry_run else ''}{counted}")
        if self.kinds:
            named = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
            self.stdout.write(f"Refused, no story: {named}")
        self.stdout.write(f"Errors: {self.errors}")
        flagged = Story.objects.on_the_wire().headline_only().count()
        if flagged:
            self.stdout.write(f"Flagged on the desk: {flagged} with a headline only; they want a summary.")
