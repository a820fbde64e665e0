"""An embedded office comes to PostgreSQL whole, while it works, again after changes, and after every interruption."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from storage import moving_order as order
from storage import tables as t
from storage.database import Database
from storage.embedded import sqlite_engine
from storage.migrate import upgrade
from storage.moving import Moved, Step, moved
from storage.moving_rows import ALIKE, TABLES, TURNED, kind_of
from storage.moving_source import Source
from storage.takeover import FILLED, FILLING, Unfinished, ready, state
from tests.conftest import Server
from tests.storage.filled import change, fill
from tests.storage.samples import NOW
from tests.storage.test_migrate import drift, shape

Dump = dict[str, list[str]]
Seen = Callable[[Step], object]


class Enough(Exception):  # noqa: N818 - what the test says
    """The work is broken off here."""


@pytest.fixture
def path(sqlite_model: Path, tmp_path: Path) -> Path:
    """The file of an empty office."""
    return Path(copy(sqlite_model, tmp_path / "kantor lama.db"))


@pytest.fixture
def office(path: Path) -> Iterator[Engine]:
    """The office itself, which has its file open and rows in every table."""
    engine = sqlite_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        fill(connection)
        connection.execute(delete(t.leases))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def module_url(postgresql: Server) -> str:
    """A database of these tests, made once."""
    return postgresql.blank()


@pytest.fixture
async def target(module_url: str) -> AsyncIterator[Database]:
    """An empty record on PostgreSQL."""
    database = Database(module_url)
    await database.start()
    await database.write(empty)
    yield database
    await database.stop()


def empty(connection: Connection) -> None:
    """Nothing is left, and all that belongs between tables is there."""
    upgrade(connection)
    for table in reversed(t.metadata.sorted_tables):
        connection.execute(delete(table))
    order.restore(connection)


async def move(path: Path, to: Database, seen: Seen = id, rows: int = 5) -> Moved:
    """One run of the command, a few rows at a time."""
    url = to.url.render_as_string(hide_password=False)
    with closing(Source(path, rows)) as source:
        return await moved(source, url, lambda: NOW, seen)


def dumped(connection: Connection) -> Dump:
    """All that is in a record, but for who works on it and how far it is filled."""
    found = {table.name: sorted(str(tuple(row)) for row in connection.execute(select(table))) for table in TABLES}
    return found | {"settings": [each for each in found["settings"] if "'moving'" not in each]}


def here(office: Engine) -> Dump:
    """All that is in the office."""
    with office.begin() as connection:
        return dumped(connection)


async def test_every_table_comes_over(office: Engine, path: Path, target: Database) -> None:
    """All rows of all tables are there as they were, and the record is one that migrations would make."""
    before = await target.read(shape)
    done = await move(path, target)
    assert await target.read(dumped) == here(office)
    assert all(each.rows == each.added > 0 for each in done.tables.values())
    assert not done.in_use
    assert await target.read(shape) == before
    assert await target.read(drift) == []
    assert await target.read(state) == FILLED


@pytest.mark.parametrize("blank_url", ["postgresql"], indirect=True)
async def test_a_new_database_is_given_its_tables(office: Engine, path: Path, blank: Database) -> None:
    """Nothing must be prepared in the target."""
    await move(path, blank)
    assert await blank.read(dumped) == here(office)


async def test_an_empty_office_comes_over(path: Path, target: Database) -> None:
    """There is nothing to copy, and that is done."""
    done = await move(path, target)
    assert not any(each.touched for each in done.tables.values())
    await target.write(ready)
    assert await target.read(state) == ""


async def test_a_second_run_finds_nothing_to_do(office: Engine, path: Path, target: Database) -> None:
    """What is the same already is compared, not written."""
    await move(path, target)
    steps: list[Step] = []
    done = await move(path, target, steps.append)
    assert not any(each.touched for each in done.tables.values())
    assert sum(step.rows for step in steps) == steps[0].total == sum(each.rows for each in done.tables.values())
    assert not any(step.checking for step in steps)


async def test_changes_follow(office: Engine, path: Path, target: Database) -> None:
    """What was added, changed and removed since the first run comes over with the second."""
    await move(path, target)
    with office.begin() as connection:
        change(connection)
    done = await move(path, target)
    assert await target.read(dumped) == here(office)
    assert (done.tables["sent"].changed, done.tables["sent"].removed) == (1, 1)


def crossed(connection: Connection) -> None:
    """Unique values change places, rows come anew under other ids, and a row loses the one it leaned on."""
    for table, column in ((t.invitations, t.invitations.c.code_hash), (t.contacts, t.contacts.c.lookup)):
        first, second = connection.execute(select(column).order_by(table.c.id).limit(2)).scalars()
        for ident, value in ((1, b"between"), (2, first), (1, second)):
            connection.execute(update(table).where(table.c.id == ident).values({column.name: value}))
    connection.execute(update(t.clocks).values(id=t.clocks.c.id + 100))
    row = connection.execute(select(t.contacts).where(t.contacts.c.id == 3)).one()
    connection.execute(insert(t.contacts).values(row._asdict() | {"id": 300, "lookup": b"new"}))
    for table in TABLES:
        for key in table.foreign_keys:
            if key.column.table is t.contacts:
                connection.execute(update(table).where(key.parent == 3).values({key.parent.name: 300}))
    connection.execute(delete(t.contacts).where(t.contacts.c.id == 3))


async def test_order_does_not_matter(office: Engine, path: Path, target: Database) -> None:
    """Whatever changed places with what: afterwards it is as in the source."""
    await move(path, target)
    with office.begin() as connection:
        crossed(connection)
    await move(path, target)
    assert await target.read(dumped) == here(office)


async def test_the_office_goes_on_meanwhile(office: Engine, path: Path, target: Database) -> None:
    """One moment is copied, the record is not used before another run, and that one brings over the rest."""
    before = here(office)

    def work(step: Step) -> None:
        if step.table == "contacts" and not step.checking:
            with office.begin() as connection:
                connection.execute(update(t.tickets).values(title=t.tickets.c.title + "!"))

    assert (await move(path, target, work)).in_use
    assert await target.read(dumped) == before
    with pytest.raises(Unfinished):
        await target.write(ready)
    assert not (await move(path, target)).in_use
    assert await target.read(dumped) == here(office) != before
    await target.write(ready)


async def test_an_office_that_holds_a_lease_is_in_use(office: Engine, path: Path, target: Database) -> None:
    """Nothing has changed meanwhile, but it may at any moment."""
    lease = {"name": "sweep", "holder": "embedded", "until": NOW + timedelta(seconds=5)}
    with office.begin() as connection:
        connection.execute(insert(t.leases).values(lease))
    assert (await move(path, target)).in_use
    assert await target.read(state) == FILLING
    assert await target.read(lambda c: c.execute(select(t.leases)).all()) == []


async def test_broken_off_anywhere_it_goes_on(office: Engine, path: Path, target: Database) -> None:
    """Each run goes a little further than the one before, and the last is whole."""
    for last in range(3, 10_000, 23):
        left = last

        def stop(_: Step) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Enough

        try:
            done = await move(path, target, stop, rows=3)
        except Enough:
            assert await target.read(state) == FILLING
            continue
        break
    assert last > 100
    assert sum(each.added for each in done.tables.values()) < sum(each.rows for each in done.tables.values())
    assert await target.read(dumped) == here(office)
    assert await target.read(drift) == []


async def test_ids_are_never_given_twice(office: Engine, path: Path, target: Database) -> None:
    """PostgreSQL goes on counting behind ids that were given away in the source and are gone."""
    with office.begin() as connection:
        row = connection.execute(select(t.outbox).limit(1)).one()._asdict()
        connection.execute(insert(t.outbox).values(row | {"id": 5_000}))
        connection.execute(delete(t.outbox).where(t.outbox.c.id == 5_000))
    await move(path, target)
    del row["id"]
    given = await target.write(lambda c: c.execute(insert(t.outbox).returning(t.outbox.c.id), row).scalar_one())
    assert given == 5_001
    made = await target.write(lambda c: c.execute(insert(t.sent).from_select(names, rest).returning(t.sent.c.id)).all())
    assert min(each.id for each in made) == 13


names = [each.name for each in t.sent.columns if each.name != "id"]
rest = select(*(t.sent.c[name] for name in names))


def test_every_kind_of_column_is_known() -> None:
    """A kind of value that nobody thought of is not copied by chance."""
    kinds = {type(kind_of(column)) for table in TABLES for column in table.columns}
    assert all(kind in TURNED or issubclass(kind, ALIKE) for kind in kinds)
