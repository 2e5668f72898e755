"""Each small change to the rules of the gate, tried on the tests that specify them. What nothing notices is a survivor."""

import importlib
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

from tqdm import tqdm

from tests import services
from tests.mutation.argued import ARGUED
from tests.mutation.forked import Died, forked
from tests.mutation.grafting import Changed, Grafter
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.session import Session, ordered
from tests.mutation.table import TESTS

Anew = Callable[[Mutant, list[str]], bool]
SLOW = 6  # times as long as the tests take unchanged, and then it hangs
AT_LEAST = 15.0  # seconds


@dataclass
class Tally:
    """What became of the changes to one file."""

    noticed: int = 0
    hung: int = 0
    argued: set[str] = field(default_factory=set)
    survived: list[Mutant] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def made(self) -> int:
        return self.noticed + self.hung + len(self.argued) + len(self.survived)


def try_rules(*, only: str, anew: Anew) -> list[str]:
    """Try every change. Answers of the survivors. `anew`: whether these tests notice this one in a new process."""
    wanted = [path for path in TESTS if any(each in path for each in only.split(","))]
    tests = sorted({each for path in wanted for each in TESTS[path]})
    tallies: dict[str, Tally] = {}

    def deed(session: Session) -> None:
        if session.red:
            raise SystemExit("red with nothing changed:\n" + "\n".join(session.red))
        for path in wanted:
            tallies[path] = _File(path, session, anew).tally()
            print(_line(path, tallies[path]), *_told(path, tallies[path]), sep="\n", flush=True)

    watched = frozenset(str(services.ROOT / path) for path in wanted)
    Session(tests, watched, deed).run()
    print(f"\n{HEAD}", *(_line(*each) for each in tallies.items()), _line("together", _sum(tallies)), sep="\n")
    return [str(each) for tally in tallies.values() for each in tally.survived]


class _File:
    """One file's changes."""

    def __init__(self, path: str, session: Session, anew: Anew) -> None:
        self.path, self.session, self.anew = path, session, anew
        self.file = str(services.ROOT / path)
        self.module: ModuleType = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        self.grafter = Grafter(self.module)
        self.killers: dict[str, Counter[str]] = defaultdict(Counter)
        self.tests = [each for each in session.ran if each.split("::")[0] in TESTS[path]]

    def tally(self) -> Tally:
        began, tally = time.monotonic(), Tally()
        every = sorted(mutants(services.ROOT / self.path, vars(self.module)), key=lambda each: each.line)
        for each in tqdm(every, desc=self.path, disable=not sys.stderr.isatty()):
            if each.name in ARGUED.get(self.path, {}):
                tally.argued.add(each.name)
            else:
                self._try(each, tally)
        tally.seconds = time.monotonic() - began
        return tally

    def _try(self, mutant: Mutant, tally: Tally) -> None:
        changed = self.grafter.changed(mutant)
        names = ordered(self._meeting(mutant) if changed else self.tests, self.session.ran, self.killers[mutant.where])
        seconds = AT_LEAST + SLOW * sum(self.session.ran[each].seconds for each in names)
        try:
            red = forked(lambda: self._first_red(mutant, changed, names), seconds=seconds) if names else None
        except Died as death:
            if death.late:
                tally.hung += 1
                return
            red = None  # it could not be made in a running process
        if red is not None:
            self.killers[mutant.where][red] += 1
        if red is None and (not names or not self.anew(mutant, names)):
            tally.survived.append(mutant)
        else:
            tally.noticed += 1

    def _meeting(self, mutant: Mutant) -> list[str]:
        """The tests that run one of its lines."""
        lines = set(range(mutant.line, mutant.last + 1))
        return [each for each in self.tests if lines & self.session.ran[each].lines.get(self.file, set())]

    def _first_red(self, mutant: Mutant, changed: Changed, names: list[str]) -> str | None:
        self.grafter.graft(mutant, changed)
        return self.session.first_red(names)


HEAD = f"{'file':42}{'changes':>8}{'noticed':>8}{'hung':>6}{'argued':>8}{'survived':>9}{'seconds':>9}"


def _line(path: str, tally: Tally) -> str:
    counts = f"{tally.made:8}{tally.noticed:8}{tally.hung:6}{len(tally.argued):8}{len(tally.survived):9}"
    return f"{path:42}{counts}{tally.seconds:9.0f}"


def _told(path: str, tally: Tally) -> list[str]:
    stale = sorted(ARGUED.get(path, {}).keys() - tally.argued)
    return [f"    survived: {each.line} {each.name}" for each in tally.survived] + [
        f"    argued for, but not there: {each}" for each in stale
    ]


def _sum(tallies: dict[str, Tally]) -> Tally:
    found = Tally()
    for path, each in tallies.items():
        found.noticed, found.hung = found.noticed + each.noticed, found.hung + each.hung
        found.argued |= {f"{path} {name}" for name in each.argued}
        found.survived, found.seconds = found.survived + each.survived, found.seconds + each.seconds
    return found
