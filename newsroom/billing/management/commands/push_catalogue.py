"""manage.py push_catalogue: bring Stripe's products and prices to what catalogue.toml says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.billing import push
from newsroom.billing.catalogue import BadCatalogue, catalogue
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain


class Command(BaseCommand):
    help = "Bring Stripe's products and prices to what the catalogue file says. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="show the differences, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = push.differences(catalogue())
            for each in found:
                self.stdout.write(each.words)
            if not options["dry_run"]:
                push.push(found=found, at=now())
        except (BadCatalogue, Refused, TryAgain, ValueError) as error:
            raise CommandError(str(error)) from None
        done = "to change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(found)} {done}." if found else "Stripe has what the catalogue says.")
