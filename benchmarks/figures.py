"""What a benchmark answers, printed as a table and kept as JSON."""

import json
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `bound` reads `>= 0.5` or `<= 40`; without one the figure only informs."""

    name: str
    value: float
    unit: str
    bound: str = ""
    ok: bool = True


def figure(name: str, value: float, unit: str, bound: str = "") -> Figure:
    """A figure held against its bound."""
    ok = True
    if bound:
        sign, _, limit = bound.partition(" ")
        ok = value >= float(limit) if sign == ">=" else value <= float(limit)
    return Figure(name, round(value, 3), unit, bound, ok)


def machine() -> str:
    """The machine in one line."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), platform.processor()
    )
    return f"{model}, {len([line for line in _cpuinfo() if line.startswith('processor')])} cores, {platform.system()}, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def show(figures: list[Figure]) -> None:
    """The table."""
    wide = max(len(each.name) for each in figures)
    sys.stdout.write(f"{machine()}\n\n")
    for each in figures:
        verdict = "" if not each.bound else f"  {each.bound:<10} {'ok' if each.ok else 'MISSED'}"
        sys.stdout.write(f"{each.name:<{wide}}  {each.value:>10,.2f} {each.unit:<10}{verdict}\n")
    sys.stdout.flush()


def keep(figures: list[Figure], path: Path) -> None:
    """Write the list, with figures of earlier runs that this one did not measure kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    former = json.loads(path.read_text()) if path.exists() else []
    names = {each.name for each in figures}
    rows = [row for row in former if row["name"] not in names] + [asdict(each) for each in figures]
    path.write_text(json.dumps(sorted(rows, key=lambda row: row["name"]), indent=1) + "\n")
