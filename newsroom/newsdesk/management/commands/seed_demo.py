"""manage.py seed_demo: the agency of the demo, with stories, staff, customers and readers. May be run again."""

import json
import logging
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from newsroom.config.env import env
from newsroom.core.clock import now
from newsroom.newsdesk.seed import book, edition, keys, offers, people
from newsroom.newsdesk.seed.story_files import stories
from newsroom.wire import vocabulary


class Command(BaseCommand):
    help = "Fill the database with the demo's agency: Anka Wire. What is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("seed_demo is refused when NEWSROOM_MODE=production: everybody knows its passwords.")
        for chatty in ("wagtail", "django_tasks"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        with connection.cursor() as cursor:  # a crash may cost the last steps, which a second run does again
            cursor.execute("SET synchronous_commit = off")
        at = now()
        self._say("topics, desks and places", vocabulary.load())
        self._say("people", people.settle(at))
        self._say("products", offers.put_on_sale(at))
        self._say("licences", offers.grant(at))
        self._say("pages of the licence book", book.settle(at))
        self._say("steps of stories", self._bring_out(at))
        self._write_sign_ins()

    def _bring_out(self, at: Any) -> int:
        deeds = edition.agenda(at, stories())
        studio = edition.Studio(deeds)
        try:
            with tqdm(total=len(deeds), unit=" steps", leave=False, file=sys.stderr, disable=None) as bar:
                for deed in edition.bring_out(deeds, studio, at):
                    bar.set_postfix_str(deed.story.slugline, refresh=False)
                    bar.update()
        finally:
            studio.close()
        return len(deeds)

    def _say(self, what: str, changed: int) -> None:
        self.stdout.write(f"  {changed:>5} {what}" if changed else f"      – {what}: all there")

    def _write_sign_ins(self) -> None:
        """The people, for who starts the demo and for whatever tests it. The address there is kept, and keys that are good."""
        target = env.DATA_ROOT / "demo.json"
        facts: dict[str, Any] = json.loads(target.read_text()) if target.exists() else {"api_keys": []}
        facts["base_url"] = settings.BASE_URL
        facts["people"] = [
            {"role": each.role, "email": each.email, "password": people.PASSWORD} for each in people.everybody()
        ]
        facts["api_keys"] = keys.settle(facts.get("api_keys", []), now())
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        fresh.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(target)
