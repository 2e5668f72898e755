"""Makes `.venv` and installs `requirements.lock` into it. Runs on a bare Python, before anything is installed."""

import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements.lock"
PIP = ["-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off", "--no-input"]
# Only the wheels the lock knows by hash: nothing is built, so no compiler is needed.
STRICT = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile"]
WIDTH = 40


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def install(folder: Path) -> None:
    """The folder holds an environment with everything in the lock; exits with one line when that fails."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the line that says so
        sys.exit(f"newsroom needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    began = time.monotonic()
    say(f"Installing into {folder.name} …\n")
    python = _environment(folder)
    total = sum(not line.startswith((" ", "#")) for line in LOCK.read_text().splitlines())
    log = folder / "install.log"
    with log.open("w") as kept, _pip(python) as pip:
        seen = 0
        for line in pip.stdout or ():
            kept.write(line)
            seen += line.startswith(("Collecting ", "Processing ", "Ignoring "))
            _show(seen, total, line)
        code = pip.wait()
    if code:
        errors = [line for line in log.read_text().splitlines() if line.startswith("ERROR")]
        sys.exit("\n".join(["\nnewsroom: the packages could not be installed.", *errors[:3], f"All of it: {log}"]))
    say(f"\r  {total} packages installed in {time.monotonic() - began:.0f} s{' ' * WIDTH}\n")
    (folder / "installed").write_text("")


def _environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            venv.create(folder, with_pip=True, symlinks=True)
        except subprocess.CalledProcessError:
            sys.exit("newsroom: Python's venv is not complete. On Debian: apt install python3-venv")
    return python


def _pip(python: Path) -> "subprocess.Popen[str]":
    words = [str(python), *PIP, *STRICT, "-r", str(LOCK)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 - our own words


def _show(seen: int, total: int, line: str) -> None:
    if line.startswith("Installing collected"):
        say(f"\r  unpacking {total} packages …{' ' * WIDTH}")
    elif line.startswith(("Collecting ", "Processing ")):
        name = line.split()[1].rpartition("/")[2].split("==")[0].split("-")[0]
        say(f"\r  {seen:>3} of {total} {name:<{WIDTH}}")


if __name__ == "__main__":
    install(ROOT / ".venv")
