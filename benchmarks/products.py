"""Products on a full wire: the newest an organisation may read, and a changed rule stamped while the desk publishes."""

import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.figures import Figure, figure
from newsroom.access.newest import newest_readable
from newsroom.access.querysets import readable
from newsroom.accounts.models import Organisation, User
from newsroom.accounts.readers import Reader
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Source, Use
from newsroom.wire import actions as wire
from newsroom.wire import products
from newsroom.wire.drafts import Draft
from newsroom.wire.models import Desk, Place, Product, Release, Stamp, Topic
from newsroom.wire.rules import Signal, Tier

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100_000, 1_000_000)
HELD, ASKED, QUIET = 50, 200, 60
LANGUAGES = ("en", "tr", "ar", "fr", "de", "es", "ru", "zh", "fa", "el", "ku", "bs", "sq")
DESKS = ("world", "politics", "business", "technology", "sport", "culture", "health", "local")
TOPICS = tuple(f"bench:{number}" for number in range(40))
RESTAMP = """
import django; django.setup()
from newsroom.core.clock import now
from newsroom.wire import stamping
while stamping.advance(product_id={pk}, at=now()): pass
"""
FILL = """
INSERT INTO wire_item (id, uri, slug, signal, head_id, first_released_at)
SELECT n, 'urn:bench:' || n, 'bench-' || n, 'new', n, %(start)s::timestamptz + n * interval '43 seconds'
  FROM generate_series(%(low)s, %(high)s) n;
INSERT INTO wire_release (id, item_id, sequence, version, signal, is_head, public_tier, headline, slugline, summary,
       byline, dateline, language, desk_id, genre, urgency, place_id, topics, topics_all, note, usage_terms, keywords,
       keywords_folded, territories_out, channels_out, uses_out, supplier_terms, released_at, shown_at, pictures,
       provider, source_version)
SELECT n, n, n, 1, 'new', true, CASE WHEN n %% 5 = 0 THEN 1 ELSE 0 END, 'Ferries run again, day ' || n, '',
       'Ferries are running again after the storm.', 'A. Writer', 'ISTANBUL',
       (%(languages)s::text[])[1 + n %% 13], (%(desks)s::bigint[])[1 + (n / 13) %% 8], 'Current', 1 + n %% 9,
       (%(places)s::bigint[])[1 + n %% 20], ARRAY[(%(topics)s::text[])[1 + (n / 7) %% 40]],
       ARRAY[(%(topics)s::text[])[1 + (n / 7) %% 40]], '', '', '{}', '{}',
       CASE WHEN n %% 50 = 0 THEN '{DE}'::text[] ELSE '{}' END, '{}', '{}', '',
       %(start)s::timestamptz + n * interval '43 seconds', %(start)s::timestamptz + n * interval '43 seconds',
       CASE WHEN n %% 3 = 0 THEN '[{"token": "x", "width": 9, "height": 6, "credit": "A. P."}]'::jsonb ELSE '[]' END,
       'Bench', ''
  FROM generate_series(%(low)s, %(high)s) n;
UPDATE wire_sequence SET value = %(high)s;
SELECT setval(pg_get_serial_sequence('wire_item', 'id'), %(high)s), setval(pg_get_serial_sequence('wire_release', 'id'), %(high)s);
"""


class Wire:
    """Releases by the hundred thousand, fifty products over them, and an organisation that holds them all."""

    def __init__(self) -> None:
        self.count = self.there = _last()  # what other figures left behind
        self.desks = [Desk.objects.get_or_create(code=code, defaults={"name": code.title()})[0] for code in DESKS]
        self.places = [Place.objects.create(code=f"bench-{n}", name=f"Place {n}", country="TR") for n in range(20)]
        for code in TOPICS:
            Topic.objects.create(code=code, name=code, path=f"{code}/")
        self.held = [self._product(number) for number in range(HELD)]
        self.changing = products.create(
            code="changing", name="Changing", description="", rule={"include": {"urgency": [1]}}, by=SYSTEM, at=now()
        )
        paper = Organisation.objects.create(name="Bench Daily", slug="bench-daily", country="TR")
        reader = User.objects.create_user("bench@example.com", "correct-horse-9")
        self.reader = Reader(reader.pk, frozenset({paper.pk}), reader.email, country="TR")
        for number, product in enumerate(self.held):
            licensing.start(
                source=Source.CONTRACT,
                source_ref=f"bench-{number}",
                holder=paper,
                uses=[Use.READ],
                products=[product],
                starts_at=now() - timedelta(days=1),
                ends_at=None,
                clause="benchmark",
                by=SYSTEM,
                at=now() - timedelta(days=1),
            )

    def _product(self, number: int) -> Product:
        """A language, a desk, a topic, or a language of a desk."""
        if number < 13:
            rule: dict[str, Any] = {"language": [LANGUAGES[number]]}
        elif number < 21:
            rule = {"desk": [DESKS[number - 13]]}
        elif number < 36:
            rule = {"topics": [TOPICS[number]]}
        else:
            rule = {"language": [LANGUAGES[number % 13]], "desk": [DESKS[number % 8]], "urgency": [1, 2, 3, 4]}
        return products.create(
            code=f"held-{number}",
            name=f"Held {number}",
            description="",
            rule={"include": rule, "exclude": {"urgency": [9]}},
            by=SYSTEM,
            at=now(),
        )

    def fill(self, until: int) -> None:
        """So many releases, stamped. Made in SQL, and not checked against their desks and items one by one."""
        values = {
            "low": self.count + 1,
            "high": self.there + until,
            "start": now() - timedelta(seconds=43 * max(SIZES) + 60),
            "languages": list(LANGUAGES),
            "desks": [each.pk for each in self.desks],
            "places": [each.pk for each in self.places],
            "topics": list(TOPICS),
        }
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(FILL, values)
            for product in [*self.held, self.changing]:
                version = product.versions.get(valid_to=None)
                held = (
                    Release.objects.filter(sequence__gt=self.count).within(version.rule).values_list("pk", "shown_at")
                )
                sql, params = held.query.sql_with_params()
                cursor.execute(
                    "INSERT INTO wire_stamp (product_id, version_id, release_id, shown_at) "
                    f"SELECT %s, %s, held.made, held.shown FROM ({sql}) AS held (made, shown)",
                    (product.pk, version.pk, *params),
                )
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE wire_release")
            cursor.execute("VACUUM ANALYZE wire_stamp")
            cursor.execute("VACUUM ANALYZE wire_item")
            cursor.execute("VACUUM ANALYZE wire_productversion")
        self.count = self.there + until


def _last() -> int:
    """No release and no item has a higher number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(max(value), (SELECT max(id) FROM wire_release), (SELECT max(id) FROM wire_item)) FROM wire_sequence"
        )
        return int(cursor.fetchone()[0])


def _milliseconds(deed: Any, times: int) -> list[float]:
    found = []
    for _number in range(times):
        began = time.perf_counter()
        deed()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def _p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)]


def newest(site: Wire, size: int) -> list[float]:
    """What the newest fifty take, everything asked anew: the licences, the places, the rows."""

    def ask() -> list[Release]:
        return newest_readable(reader=site.reader, use=Use.READ, at=now(), limit=50)

    right = readable(Release.objects.all(), reader=site.reader, use=Use.READ, at=now(), tier=Tier.FULL)
    assert size > SIZES[0] or [each.pk for each in ask()] == [each.pk for each in right.newest_first()[:50]]
    assert len(ask()) == 50
    _milliseconds(ask, 20)
    return _milliseconds(ask, ASKED)


def _publish(site: Wire) -> None:
    site.count += 1
    draft = Draft(
        uri=f"urn:bench:published:{site.count}",
        headline=f"Ferries run again, hour {site.count}",
        language="en",
        desk=site.desks[0],
        body_html="<p>The ferry left the quay at dawn and the crowd cheered.</p>" * 20,
        summary="Ferries are running again after the storm.",
    )
    wire.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=now())


def stamping(site: Wire, size: int) -> list[Figure]:
    """A product that held a ninth of the wire is to hold all of it: the rate, and publishing before and meanwhile."""
    name = f"products.stamping_{size // 1000}k"
    quiet = _milliseconds(lambda: _publish(site), QUIET)
    version = wire.set_rule(product=site.changing, rule={"include": "everything"}, by=SYSTEM, at=now())
    worker = subprocess.Popen([sys.executable, "-c", RESTAMP.format(pk=site.changing.pk)], cwd=ROOT)
    meanwhile = []
    while version.effective_from is None:
        meanwhile += _milliseconds(lambda: _publish(site), 1)
        version.refresh_from_db()
        seconds = (version.effective_from or now()) - version.valid_from
        time.sleep(0.05)
    worker.wait(600)
    heads = Release.objects.heads().count()
    lost = heads - Stamp.objects.filter(version=version).count()
    meanwhile.sort()
    return [
        figure(f"{name}_rate", version.goal / seconds.total_seconds(), "releases/s"),
        figure(f"{name}_lost", lost, "releases", "<= 0"),
        figure(f"{name}_publish_quiet_ms", median(quiet), "ms"),
        figure(f"{name}_publish_meanwhile_ms", median(meanwhile), "ms"),
        figure(f"{name}_publish_meanwhile_p95_ms", _p95(meanwhile), "ms", "<= 250"),
    ]


PARTS = ("products.newest", "products.stamping")


def measure(only: str, stack: ExitStack) -> list[Figure]:
    """The parts whose names begin with `only`, at each size."""
    wanted = [part for part in PARTS if part.startswith(only) or only.startswith(part)]
    if not wanted:
        return []
    site, found, times = Wire(), [], {}
    for size in SIZES:
        site.fill(size)
        if "products.newest" in wanted:
            times[size] = newest(site, size)
            name = f"products.newest_{size // 1000}k"
            found += [
                figure(f"{name}_median_ms", median(times[size]), "ms"),
                figure(f"{name}_p95_ms", _p95(times[size]), "ms", "<= 15"),
            ]
    if times:
        small, large = (_p95(times[size]) for size in (SIZES[0], SIZES[-1]))
        found.append(figure("products.newest_growth", large / small, "×", "<= 1.3"))
    return found + (stamping(site, SIZES[-1]) if "products.stamping" in wanted else [])
