"""`make mutate`: each guard taken out over the whole leak suite, then each small change to the rules of the gate.

    python -m tests.leaks.mutate              all of it
    python -m tests.leaks.mutate guards       the guards only
    python -m tests.leaks.mutate rules        the changes only
    python -m tests.leaks.mutate rules --only access/rules,licensing/terms

What survives is printed last, and makes the exit code 1. A change that is argued for (`tests/mutation/argued.py`) is not
tried; one that nothing notices and nobody argued for wants a test, or a reason there.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tests import services
from tests.mutation.mutants import Mutant
from tests.mutation.rules import try_rules

ROOT = services.ROOT
PYTEST = (sys.executable, "-m", "pytest", "-n", "0", "-q", "--reuse-db", "--tb=no", "--show-capture=no")
SUITE = tuple(f"tests/leaks/test_{name}.py" for name in ("matrix", "oracles", "caches", "desk", "logs", "accounts"))
FAILED = re.compile(r"(\d+) failed")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", nargs="?", choices=["all", "guards", "rules"], default="all")
    asked.add_argument("--only", default="", help="one guard's name, or parts of files' names")
    args = asked.parse_args()
    survivors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder))
        if args.what in {"all", "guards"}:
            _run(copy, "tests/leaks/test_canaries.py", "tests/leaks/test_desk.py", "--create-db")
            survivors += _guards(copy, args.only)
        if args.what in {"all", "rules"}:
            survivors += try_rules(only=args.only, anew=partial(_anew, copy))
    print(f"\n{len(survivors)} survived")
    print("\n".join(f"    {each}" for each in survivors))
    return 1 if survivors else 0


def _copy(folder: Path) -> Path:
    """A tree of our own to change, so that nobody finds theirs changed when this is stopped halfway."""
    for name in ("newsroom", "tests", "pyproject.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def _run(copy: Path, *args: str) -> tuple[int, str]:
    done = subprocess.run([*PYTEST, *args], cwd=copy, env=os.environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def _guards(copy: Path, only: str) -> Iterable[str]:
    from tests.leaks.guards import GUARDS  # reads the settings, which `services` has made ready by now

    survivors = []
    for guard in GUARDS:
        if only not in {"", guard.name}:
            continue
        plugin = ("-p", "tests.leaks.without", "--without-guard", guard.name)
        code, said = _run(copy, *SUITE, *plugin, "--maxfail=25")
        count = FAILED.search(said)
        print(f"{count[1] if count else 'none':>4} red without: {guard.name}", flush=True)
        if code == 0:
            survivors.append(f"guard: {guard.name}")
    return survivors


def _anew(copy: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Whether one of these tests notices it in a process that never knew the file unchanged."""
    place = copy / mutant.path.relative_to(ROOT)
    place.write_text(ast.unparse(mutant.tree()))
    try:
        return _run(copy, *tests, "-x", "-p", "tests.mutation.quick")[0] != 0
    finally:
        shutil.copy(mutant.path, place)


if __name__ == "__main__":
    sys.exit(main())
