"""manage.py load_vocabulary: IPTC's topics and our desks and places into the database. May be run again."""

from typing import Any

from django.core.management.base import BaseCommand

from newsroom.wire import vocabulary


class Command(BaseCommand):
    help = "Load topics (IPTC Media Topics), desks and places. What is there already is brought up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{vocabulary.load()} rows changed.")
