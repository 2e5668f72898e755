"""The first road: pages for an anonymous, a refused and a licensed reader, publishing, and memory."""

import io
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import psutil
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from benchmarks import load
from benchmarks.figures import Figure, figure
from newsroom.accounts.models import Membership, Organisation, User
from newsroom.content import actions as desk
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Source, Use
from newsroom.wire import actions as wire
from newsroom.wire.drafts import Draft, PictureDraft
from newsroom.wire.models import Desk, Product, Release
from newsroom.wire.rules import Signal, Tier

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, SECONDS = 3, 3.0
BODY = "<p>" + "The ferry left the quay at dawn and the crowd cheered. " * 12 + "</p>"
MARK = "the crowd cheered"


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1600, 1067), 60).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


class Site:
    """Stories, two readers and a server on a port of its own."""

    def __init__(self, stack: ExitStack) -> None:
        self.desk = Desk.objects.create(code="world", name="World")
        for code in ("business", "sport"):
            Desk.objects.create(code=code, name=code.title())
        self.product = Product.objects.create(code="all", name="All")
        wire.set_rule(product=self.product, rule={"include": "everything"}, by=SYSTEM, at=now() - timedelta(days=9))
        self.picture = a_picture()
        self.count = 0
        self.fill(3)
        self.refused = User.objects.create_user("refused@example.com", "correct-horse-9")
        self.licensed = User.objects.create_user("licensed@example.com", "correct-horse-9")
        licensing.start(
            source=Source.COMP,
            source_ref="bench",
            holder=self.licensed,
            uses=[Use.READ],
            products=[self.product],
            starts_at=now() - timedelta(days=1),
            ends_at=None,
            clause="benchmark",
            by=SYSTEM,
            at=now() - timedelta(days=1),
        )
        self.story = Release.objects.select_related("item").latest("pk").item.get_absolute_url()
        self.stack = stack
        self.port = 0

    def fill(self, until: int) -> None:
        """So many stories, each with a picture."""
        while self.count < until:
            self.count += 1
            picture = PictureDraft(self.picture, "A ferry", "A ferry leaves.", "A. Photographer")
            draft = Draft(
                uri=f"urn:bench:{self.count}",
                headline=f"Ferries run again after the storm, day {self.count}",
                language="en",
                desk=self.desk,
                body_html=BODY * 6,
                summary="Ferries are running again after the storm.",
                pictures=(picture,),
                public_tier=Tier.SUMMARY,
            )
            wire.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=now() - timedelta(days=2))

    def client(self, user: User | None) -> Client:
        client = Client(headers={"accept-language": "en", "host": "127.0.0.1"})
        if user is not None:
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def licensees(self, count: int) -> list[str]:
        """Cookies of so many members of a licensed organisation."""
        organisation = Organisation.objects.create(name="Daily", slug="daily", country="TR")
        licensing.start(
            source=Source.CONTRACT,
            source_ref="bench",
            holder=organisation,
            uses=[Use.READ],
            products=[self.product],
            starts_at=now() - timedelta(days=1),
            ends_at=None,
            clause="benchmark",
            by=SYSTEM,
            at=now() - timedelta(days=1),
        )
        people = [User(email=f"reader{number}@example.com", password="!") for number in range(count)]
        User.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(user=each, organisation=organisation, role="owner", valid_from=now() - timedelta(days=1))
            for each in people
        )
        return [self.session_of(each) for each in people]

    def session_of(self, user: User) -> str:
        """What signing in leaves in a browser."""
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def serve(self) -> "subprocess.Popen[bytes]":
        """Two web workers, as `make demo` runs them."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "2", "--log-level", "warning"]
        server = self.stack.enter_context(process(["newsroom.config.serve", "web", *options]))
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return server
            time.sleep(0.05)
        raise SystemExit("the server did not start")


@contextmanager
def process(words: list[str]):  # type: ignore[no-untyped-def]  # a generator of one Popen
    child = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(20)


def tree(pid: int) -> list[float]:
    """Megabytes held by each process of a tree, pages shared with others counted once (USS)."""
    root = psutil.Process(pid)
    return [each.memory_full_info().uss / 2**20 for each in [root, *root.children(recursive=True)]]


def pages(site: Site) -> list[Figure]:
    """Requests a second of each page against a bare one, in rounds that take turns."""
    refused, licensed = [site.session_of(site.refused)], site.licensees(8000)
    asked = {
        "bare": ("/bare/", "Hello", [""]),
        "bare_session": ("/bare/session/", "Hello True", refused),
        "story_anonymous": (site.story, "Ferries", [""]),
        "story_refused": (site.story, "Ferries", refused),
        "story_licensed": (site.story, MARK, licensed),
        "front": ("/", "Ferries", [""]),
    }
    share = len(licensed) // (ROUNDS + 1)  # each round's readers are new, so that each reading is a row of the ledger
    for path, expected, cookies in asked.values():
        load.run(site.port, path, expected=expected, cookies=cookies[-share:], seconds=0.5)
    runs: dict[str, list[load.Run]] = {name: [] for name in asked}
    rows = Usage.objects.count()
    for number in range(ROUNDS):
        for name, (path, expected, cookies) in asked.items():
            mine = cookies[number * share : (number + 1) * share] or cookies
            runs[name].append(load.run(site.port, path, expected=expected, cookies=mine, seconds=SECONDS))
    read = sum(round(each.rps * SECONDS) for each in runs["story_licensed"])
    lines = [line for name, found in runs.items() for line in _lines(name, found, runs)]
    return [*lines, figure("slice.story_licensed_rows_per_read", (Usage.objects.count() - rows) / read, "rows")]


BOUNDS = {
    "story_anonymous": ("bare", ">= 0.5"),
    "story_refused": ("bare_session", ">= 0.25"),
    "story_licensed": ("bare_session", ">= 0.15"),
    "front": ("bare", ">= 0.4"),
}


def _lines(name: str, found: list[load.Run], runs: dict[str, list[load.Run]]) -> list[Figure]:
    lines = [
        figure(f"slice.{name}_rps", median(each.rps for each in found), "req/s"),
        figure(f"slice.{name}_p50", median(each.p50 for each in found), "ms"),
        figure(f"slice.{name}_p95", median(each.p95 for each in found), "ms"),
        figure(f"slice.{name}_p99", median(each.p99 for each in found), "ms"),
        figure(f"slice.{name}_wrong_answers", sum(each.bad for each in found), "", "<= 0"),
    ]
    if name in BOUNDS:
        base, bound = BOUNDS[name]
        ratio = median(mine.rps / bare.rps for mine, bare in zip(found, runs[base], strict=True))
        lines.append(figure(f"slice.{name}_ratio", ratio, f"× {base}", bound))
    return lines


def queries(site: Site) -> list[Figure]:
    """Queries of each page, all counted, with 3 stories and with 300."""
    found: dict[str, list[int]] = {}
    for rows in (3, 300):
        site.fill(rows)
        for name, user, kept, path in (
            ("story_cached", None, True, site.story),
            ("story_uncached", None, False, site.story),
            ("front_cached", None, True, "/"),
            ("front_uncached", None, False, "/"),
            ("story_refused", site.refused, False, site.story),
            ("story_licensed", site.licensed, False, site.story),
        ):
            found.setdefault(name, []).append(_counted(site.client(user), path, kept=kept))
    bounds = {"story_cached": "<= 0", "story_uncached": "<= 3", "story_licensed": "<= 8"}
    lines = [
        figure(f"slice.{name}_queries", max(counts), "queries", bounds.get(name, "")) for name, counts in found.items()
    ]
    apart = sum(counts[0] != counts[1] for counts in found.values())
    return [*lines, figure("slice.pages_whose_queries_grow_with_rows", apart, "", "<= 0")]


def _counted(client: Client, path: str, *, kept: bool) -> int:
    if not kept:
        session = dict(client.cookies)
        if not session:
            cache.clear()
    else:
        client.get(path)
    Usage.objects.count()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return len(captured)


def publishing(site: Site) -> list[Figure]:
    """What publishing a story with a picture through the desk takes."""
    chief = User.objects.create_user("chief@example.com", "correct-horse-9", is_staff=True)
    desk.appoint(user=chief, desk=site.desk, role=Role.CHIEF, by=SYSTEM, at=now())
    image = desk.add_picture(name="ferry.jpg", content=site.picture, credit="A. Photographer", by=chief)
    times, counts = [], []
    for number in range(40):
        story = desk.write(
            by=chief,
            at=now(),
            headline=f"Ferries run again {number}",
            summary="Ferries are running.",
            body=BODY * 6,
            language="en",
            desk=site.desk,
            public_tier=Tier.SUMMARY,
            pictures=[desk.PictureOf(image, "A ferry", "A ferry leaves.", "A. Photographer")],
        )
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            desk.publish(story=story, by=chief, at=now())
            times.append((time.perf_counter() - began) * 1000)
        counts.append(len(captured))
    return [
        figure("slice.publish_ms", median(times), "ms", "<= 100"),
        figure("slice.publish_p95_ms", sorted(times)[int(len(times) * 0.95)], "ms"),
        figure("slice.publish_queries", median(counts), "queries", "<= 40"),
    ]


def memory(site: Site, server: "subprocess.Popen[bytes]") -> list[Figure]:
    """Megabytes of each kind of process: the web worker after its load, a Celery worker and beat after their start."""
    worker = site.stack.enter_context(
        process(["newsroom.config.serve", "worker", "--pool", "solo", "--loglevel", "warning"])
    )
    schedule = Path(settings.MEDIA_ROOT).parent / "beat"
    schedule.parent.mkdir(parents=True, exist_ok=True)
    beat = site.stack.enter_context(
        process(["newsroom.config.serve", "beat", "--loglevel", "warning", "--schedule", str(schedule)])
    )
    _settle(worker.pid)
    _settle(beat.pid)
    return [
        figure("slice.web_worker_memory", max(tree(server.pid)), "MB", "<= 200"),
        figure("slice.celery_worker_memory", max(tree(worker.pid)), "MB"),
        figure("slice.celery_beat_memory", max(tree(beat.pid)), "MB"),
    ]


def _settle(pid: int) -> None:
    """Wait until a process has loaded: it used no more than a tenth of a core for a second."""
    for _ in range(30):
        if sum(each.cpu_percent(interval=1.0) for each in [psutil.Process(pid)]) < 10:
            return


PARTS = ("slice.queries", "slice.pages", "slice.publish", "slice.memory")


def measure(only: str, stack: ExitStack) -> list[Figure]:
    """The parts whose names begin with `only` (all without it), in an order in which none disturbs the next."""
    wanted = [part for part in PARTS if part.startswith(only) or only.startswith(part)]
    if not wanted:
        return []
    site = Site(stack)
    found: list[Figure] = []
    if "slice.queries" in wanted:
        found += queries(site)
    site.fill(300)
    if "slice.pages" in wanted or "slice.memory" in wanted:
        server = site.serve()
        found += pages(site)
        if "slice.memory" in wanted:
            found += memory(site, server)
    if "slice.publish" in wanted:
        found += publishing(site)
    return [each for each in found if not only or each.name.startswith(only) or only in PARTS]
