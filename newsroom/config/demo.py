"""The whole of newsroom on one machine: `make demo`, or `python -m newsroom.config.demo --port 8000`.

Sets everything up inside the checkout, runs it until Ctrl-C, and keeps the data for the next run.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from newsroom.config import embedded, running, words
from newsroom.config.env import ROOT, env

HERE = "127.0.0.1"
SERVE = [sys.executable, "-m", "newsroom.config.serve"]
OTHERS = {"lock", "tests", "bench.json"}  # in the demo's folder, and not the demo's
MANAGE = [sys.executable, str(ROOT / "manage.py")]


class Failed(Exception):
    """The demo cannot go on. The message is for the person at the terminal."""


class Stopped(BaseException):
    """Somebody asked us to end."""


class Child:
    """A process of the demo, writing to a log of its own, that ends with us."""

    def __init__(self, name: str, command: list[str], environ: dict[str, str], *, seen: bool = False) -> None:
        self.name, self.seen = name, seen
        self.log = env.DATA_ROOT / "logs" / f"{name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        setpriv = shutil.which("setpriv")
        before = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [*before, *command],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=None if seen else log,
                stderr=None if seen else log,
                start_new_session=True,  # Ctrl-C is for us: we stop the children in order
            )

    def done(self) -> None:
        """Wait; a process that failed is Failed with its last lines."""
        if self.process.wait():
            raise Failed(f"{self.name} failed (exit code {self.process.returncode}).\n{self.last_lines()}")

    def last_lines(self) -> str:
        if self.seen:
            return "  It said why above."
        lines = self.log.read_text(errors="replace").splitlines()[-12:]
        return "\n".join([*(f"  {line}" for line in lines), f"  (all of it: {self.log})"])

    def stop(self) -> None:
        for ask, patience in ((self.process.terminate, 15), (self.process.kill, 5)):
            if self.process.poll() is None:
                ask()
                try:
                    self.process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    began = time.monotonic()
    say(f"  {what} …")
    yield
    say(f"  {what}: done in {time.monotonic() - began:.1f} s")


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            raise Failed(f"Port {port} is taken. Choose another: make demo PORT={port + 1}") from None


def kept_secrets() -> dict[str, str]:
    """Made once and kept, so that sessions and signatures outlive a restart."""
    kept = env.DATA_ROOT / "secrets.json"
    if not kept.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "STRIPE_WEBHOOK_SECRETS": f"whsec_{secrets.token_hex(24)}"}
        fresh = kept.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(made))
        fresh.replace(kept)
    found: dict[str, str] = json.loads(kept.read_text())
    return found


def check_key(key: str) -> None:
    """The demo plays with money: never with real money. Raises `Failed`."""
    if "_live_" in key:
        raise Failed(
            "STRIPE_SECRET_KEY is a live key, and the demo makes and cancels subscriptions as it likes. "
            "Unset it for the built-in stand-in, or give a test key (sk_test_…)."
        )


def environment(port: int, database: str, broker: str) -> dict[str, str]:
    """What the children read."""
    ours = {"BASE_URL": f"http://{HERE}:{port}", "BILLING_MODE": "sandbox"} | kept_secrets()
    if env.STRIPE_SECRET_KEY:
        ours |= {"BILLING_MODE": "stripe", "STRIPE_WEBHOOK_SECRETS": ""}
    given = {name: value for name, value in os.environ.items() if value}
    must = {"NEWSROOM_MODE": "demo", "DATABASE_URL": database, "REDIS_URL": broker, "DATA_ROOT": str(env.DATA_ROOT)}
    return ours | given | must | {"PYTHONUNBUFFERED": "1"}


def set_up(stack: ExitStack, environ: dict[str, str]) -> None:
    """Tables, files and stories. The files are gathered while the rest is done."""

    def child(name: str, *command: str, seen: bool = False) -> Child:
        made = Child(name, [*MANAGE, *command], environ, seen=seen)
        stack.callback(made.stop)
        return made

    with step("Translations"):
        words.compile_all()
    files = child("collectstatic", "collectstatic", "--no-input", "--verbosity", "0")
    with step("Tables"):
        child("migrate", "migrate", "--no-input").done()
    with step("Stories, people and licences"):
        child("seed", "seed_demo", seen=True).done()
    with step("Plans and prices"):
        child("catalogue", "push_catalogue").done()
    with step("Style sheets and scripts"):
        files.done()


def start(stack: ExitStack, environ: dict[str, str], port: int) -> list[Child]:
    """Web, worker and beat, running; returns when the site answers."""
    commands = {
        "web": ["web", "--host", HERE, "--port", str(port), "--workers", "2"],
        "worker": ["worker", "--concurrency", "2", "--loglevel", "INFO"],
        "beat": ["beat", "--schedule", str(env.DATA_ROOT / "beat"), "--pidfile", "", "--loglevel", "INFO"],
    }
    children = []
    for name, options in commands.items():
        children.append(Child(name, [*SERVE, *options], environ))
        stack.callback(children[-1].stop)
    deadline = time.monotonic() + 60
    while not answers(f"http://{HERE}:{port}/readyz"):
        raise_if_ended(children)
        if time.monotonic() > deadline:
            raise Failed(f"The site does not answer.\n{children[0].last_lines()}")
        time.sleep(0.2)
    return children


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def raise_if_ended(children: list[Child]) -> None:
    for child in children:
        if (code := child.process.poll()) is not None:
            raise Failed(f"{child.name} has ended (exit code {code}).\n{child.last_lines()}")


def write_facts(base_url: str) -> dict[str, Any]:
    """`demo.json`: what the seed wrote there, and where the site is now."""
    target = env.DATA_ROOT / "demo.json"
    facts: dict[str, Any] = json.loads(target.read_text()) if target.exists() else {}
    facts = {"people": [], "api_keys": []} | facts | {"base_url": base_url}
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    fresh.replace(target)
    return facts


def welcome(facts: dict[str, Any]) -> str:
    base_url = facts["base_url"]
    lines = ["", f"  The public site   {base_url}/", f"  The desk          {base_url}/desk/"]
    lines += [f"  Mail it sent      {base_url}/demo/mailbox/", "", "  Sign in as"]
    widths = [max((len(each[name]) for each in facts["people"]), default=0) for name in ("role", "email")]
    lines += [f"    {p['role']:<{widths[0]}}  {p['email']:<{widths[1]}}  {p['password']}" for p in facts["people"]]
    lines += [f"    API key {each['name']}: {each['key']}" for each in facts["api_keys"]]
    return "\n".join([*lines, "", f"  All of this: {env.DATA_ROOT / 'demo.json'}. Ctrl-C stops everything.", ""])


def services(stack: ExitStack) -> tuple[str, str]:
    """Addresses of PostgreSQL and Valkey: those the environment names, else our own, started."""
    database, broker = env.DATABASE_URL, env.REDIS_URL
    if not database:
        database = stack.enter_context(embedded.Postgres(env.DATA_ROOT, durable=True)).url
    if not broker:
        broker = stack.enter_context(embedded.Valkey(env.DATA_ROOT)).url
    return database, broker


def run(port: int) -> None:
    """Everything, until Stopped or Failed; nothing of it is left running."""
    check_port(port)
    check_key(env.STRIPE_SECRET_KEY)
    with ExitStack() as stack:
        stack.enter_context(embedded.held(env.DATA_ROOT))
        say("Setting up newsroom. The first time takes a minute or two.")
        with step("PostgreSQL and Valkey"):
            environ = environment(port, *services(stack))
        set_up(stack, environ)
        with step("Web, worker and beat"):
            children = start(stack, environ, port)
        stack.callback(running.note(environ, env.DATA_ROOT).unlink, missing_ok=True)
        say(welcome(write_facts(environ["BASE_URL"])))
        stack.callback(say, "Stopping …")
        while True:
            raise_if_ended(children)
            time.sleep(0.5)


def reset() -> None:
    """Forget what the demo made; the next one starts anew. A folder no demo ran in is left alone."""
    with embedded.held(env.DATA_ROOT):
        if not (env.DATA_ROOT / "secrets.json").exists():
            raise Failed(f"No demo has run in {env.DATA_ROOT}; nothing was removed.")
        for path in sorted(env.DATA_ROOT.iterdir()):
            if path.is_dir() and path.name not in OTHERS:
                shutil.rmtree(path)
            elif path.name not in OTHERS:
                path.unlink()
    say("The demo's data is gone.")


def stop(number: int, frame: FrameType | None) -> None:
    """Only the first asks; while we stop, asking again changes nothing."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="forget the demo's data instead")
    wanted = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    try:
        if wanted.reset:
            reset()
        else:
            run(wanted.port)
    except Stopped:
        say("Stopped. The data is kept; `make demo` goes on from here, `make reset` starts anew.")
    except embedded.InUse as error:
        sys.exit(f"newsroom: a demo is already running from this checkout. {error}")
    except (Failed, embedded.CannotStart) as error:
        sys.exit(f"newsroom: {error}")


if __name__ == "__main__":
    main()
