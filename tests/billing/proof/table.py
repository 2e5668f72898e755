"""Prints, after a run, what the proof of billing tried: how many lives, replays, deliveries; and what was held to types."""

from collections import Counter
from typing import Any

import pytest

from tests import stripe_types

NAME = "money"


def counted(record_property: Any, **found: int) -> None:
    """Handed to the table with the test's report."""
    for what, number in found.items():
        record_property(NAME, f"{what.replace('_', ' ')}\t{number}")


class ProofTable:
    @staticmethod
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(item: pytest.Item) -> Any:
        before = dict(item.stash.get(BEFORE, {}))
        done = yield
        for what, number in stripe_types.seen.items():
            if grown := number - before.get(what, 0):
                item.user_properties.append((NAME, f"{what} held to Stripe's types\t{grown}"))
        return done

    @staticmethod
    def pytest_runtest_setup(item: pytest.Item) -> None:
        item.stash[BEFORE] = dict(stripe_types.seen)

    @staticmethod
    def pytest_terminal_summary(terminalreporter: Any) -> None:
        found: Counter[str] = Counter()
        for reports in terminalreporter.stats.values():
            for report in reports:
                if getattr(report, "when", "") == "teardown":  # it repeats what was counted before
                    found.update(_of(report))
        if found:
            terminalreporter.section("money: what was tried")
            for what, number in sorted(found.items()):
                terminalreporter.write_line(f"{number:>8,} {what}")


BEFORE = pytest.StashKey[dict[str, int]]()


def _of(report: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, value in report.user_properties:
        if name == NAME:
            what, _, number = str(value).partition("\t")
            found[what] += int(number)
    return found
