from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.delivery.api import signing


class Command(BaseCommand):
    help = "Make a new key that signs the API's tokens. The old one stays published until its tokens are over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at-once", action="store_true", help="the old key is known to others: it is worth nothing from now on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = signing.rotate(by=SYSTEM, at=now(), at_once=options["at_once"])
        self.stdout.write(f"{made.kid} signs from {made.signs_from:%Y-%m-%d %H:%M:%S} UTC.")
