"""Prove that what is used, what was counted and what the ledger says agree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.licensing import proof
from newsroom.licensing.models import Counter


class Command(BaseCommand):
    help = "Proves that used = counted = ledger for every quota, and names each difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(proof.differences())
        for each in found:
            self.stdout.write(str(each))
        if found:
            raise CommandError(f"{len(found)} differences")
        self.stdout.write(f"{Counter.objects.count()} counters agree with the ledger.")
