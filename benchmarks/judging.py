"""The judgement: an organisation with 50, 500 and 5,000 licences over 50 products."""

import gc
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.figures import Figure, figure
from newsroom.access.book import Book
from newsroom.access.rules import Manner, Rights, Terms
from newsroom.licensing.rules import NO_LIMITS, Limits, Use
from newsroom.wire.rules import Signal, Tier

PARTS = ("judge",)
PRODUCTS, QUESTIONS = 50, 20_000
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHAPES = (
    NO_LIMITS,
    NO_LIMITS,
    NO_LIMITS,
    Limits(delay=timedelta(minutes=15)),
    Limits(archive=30 * DAY),
    Limits(territories=frozenset({"TR", "DE"})),
    Limits(channels=frozenset({"web"}), archive=7 * DAY),
)


@dataclass(frozen=True, slots=True)
class Question:
    rights: Rights
    use: Use
    at: datetime
    manner: Manner


def licences(count: int, chance: random.Random) -> list[Terms]:
    """Agreements as agencies make them: years of renewals, most of them over, a few products each."""
    made = []
    for number in range(1, count + 1):
        starts = NOW + chance.randint(-2000, 60) * DAY
        made.append(
            Terms(
                licence_id=number,
                uses=frozenset(chance.sample([use.value for use in Use], chance.randint(1, 4))),
                products=frozenset(chance.sample(range(PRODUCTS), chance.randint(1, 4))),
                starts_at=starts,
                ends_at=starts + chance.choice([30, 365, 730]) * DAY,
                suspended=chance.random() < 0.03,
                clause="benchmark",
                limits=chance.choice(SHAPES),
            )
        )
    return made


def questions(chance: random.Random) -> list[Question]:
    """Stories of a few products each, new and old, for every use: a yes for some, a no of each kind for others."""
    return [
        Question(
            Rights(
                Signal.NEW,
                Tier.SUMMARY,
                None,
                frozenset(chance.sample(range(PRODUCTS), chance.randint(1, 6))),
                chance.randint(1, 10**6),
                NOW - chance.randint(0, 90) * DAY,
            ),
            chance.choice(list(Use)),
            NOW + chance.randint(-400, 0) * DAY,
            Manner(channel="web", territory=chance.choice(["TR", "US"])),
        )
        for _ in range(QUESTIONS)
    ]


def measure(only: str, stack: ExitStack) -> list[Figure]:
    """Microseconds of one judgement, median and p99, and of making the book."""
    if not PARTS[0].startswith(only) and not only.startswith(PARTS[0]):
        return []
    found, p99s = [], {}
    asked = questions(random.Random(7))
    for count in (50, 500, 5000):
        held = licences(count, random.Random(count))
        began = time.perf_counter()
        book = Book(held)
        built = (time.perf_counter() - began) * 1000
        times, yes = _times(book, asked)
        p99s[count] = times[int(len(times) * 0.99)]
        found += [
            figure(f"judge.{count}_median", median(times), "µs"),
            figure(f"judge.{count}_p99", p99s[count], "µs", "<= 20" if count == 50 else ""),
            figure(f"judge.{count}_allowed", yes / len(asked) * 100, "%"),
            figure(f"judge.{count}_build", built, "ms"),
        ]
    return [*found, figure("judge.5000_to_50_p99_ratio", p99s[5000] / p99s[50], "×", "<= 3")]


def _times(book: Book, asked: list[Question]) -> tuple[list[float], int]:
    """Sorted times of each judgement, and how many said yes. The collector rests: it is not what is measured."""
    times, yes = [], 0
    for each in asked[:2000]:
        book.judge(each.rights, each.use, each.at, each.manner)
    gc.disable()
    for each in asked:
        began = time.perf_counter_ns()
        answer = book.judge(each.rights, each.use, each.at, each.manner)
        times.append((time.perf_counter_ns() - began) / 1000)
        yes += answer.allowed
    gc.enable()
    return sorted(times), yes
