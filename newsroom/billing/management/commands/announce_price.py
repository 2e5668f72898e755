"""Tell subscribers that the price of the catalogue will be theirs, and from when."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.billing.law import prices
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.errors import Refused


class Command(BaseCommand):
    help = "Tell everybody who pays another amount under a price's key that the catalogue's price holds from a day on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lookup_key")
        parser.add_argument("--from", dest="holds_from", required=True, help="a day, like 2027-02-01")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = datetime.strptime(options["holds_from"], "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            raise CommandError(f"{options['holds_from']!r} is not a day like 2027-02-01") from None
        try:
            change = prices.announce(lookup_key=options["lookup_key"], holds_from=day, by=SYSTEM, at=now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{change}: {change.notices.count()} told, from {change.holds_from:%Y-%m-%d} on")
