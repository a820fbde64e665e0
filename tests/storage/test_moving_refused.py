"""What cannot be copied is refused in one sentence that names the place, never what a person wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, text, update

from storage import tables as t
from storage.database import Database
from storage.migrate import HEAD
from storage.moving import moved
from storage.moving_source import NotMoved, Source, file_of
from storage.moving_target import Target
from storage.takeover import FILLED, FILLING, Unfinished, note, ready, state
from tests.storage.samples import NOW
from tests.storage.test_moving import dumped, empty, here, module_url, move, office, path, target

__all__ = ["module_url", "office", "path", "target"]
SECRET = "cerita yang tidak boleh terbaca"


async def refused(path: Path, target: Database) -> str:
    """Why this office does not come over."""
    with pytest.raises(NotMoved) as wrong:
        await move(path, target)
    said = str(wrong.value)
    assert SECRET not in said
    assert "\n" not in said
    return said


def run(*statements: str) -> Any:
    """Plain statements, as somebody with a console gives them."""

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return work


async def test_a_row_that_came_over_otherwise_is_named(office: Engine, path: Path, target: Database) -> None:
    """Whatever altered rows on their way: how many, in which table, and which is the first."""
    await target.write(run(*spoiling()))
    try:
        said = await refused(path, target)
    finally:
        await target.write(run("DROP TRIGGER spoil ON tickets", "DROP FUNCTION spoil"))
    assert "6 baris pada tabel tickets" in said
    assert "yang pertama id=7." in said
    with pytest.raises(Unfinished):
        await target.write(ready)
    done = await move(path, target)
    assert done.tables["tickets"].changed == 6
    assert await target.read(dumped) == here(office)


def spoiling() -> tuple[str, ...]:
    """A trigger that changes what is written."""
    body = "BEGIN IF NEW.id >= 7 THEN NEW.story := 'lain'; END IF; RETURN NEW; END"
    return (
        f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION spoil()",
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("story", f"{SECRET}\0"),
        ("category", SECRET * 2),
        ("rating", 2**40),
        ("title", b"\xff".decode("latin-1") + "\0"),
    ],
)
async def test_a_value_that_postgresql_does_not_take_is_named(
    office: Engine, path: Path, target: Database, column: str, value: object
) -> None:
    """Its table, column and key."""
    with office.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.id == 4).values({column: value}))
    assert f"kolom {column} pada tabel tickets, id=4:" in await refused(path, target)


async def test_a_key_that_says_who_it_is_is_told_by_its_hash(office: Engine, path: Path, target: Database) -> None:
    """A platform's name of a message holds a phone number."""
    with office.begin() as connection:
        connection.execute(update(t.receipts).where(t.receipts.c.rank == 5).values(message=SECRET, fate="x" * 99))
    assert "kolom fate pada tabel receipts, message=sha256:" in await refused(path, target)


async def test_a_row_without_what_it_leans_on(office: Engine, path: Path, target: Database) -> None:
    """The rule that the source breaks is named."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE history SET ticket = 999 WHERE id = 3")
    assert "aturan fk_history_ticket" in await refused(path, target)
    assert await target.read(state) == FILLING


async def test_a_record_that_is_in_use(office: Engine, path: Path, target: Database) -> None:
    """A replica works there."""
    lease = {"name": "sweep", "holder": "replica", "until": NOW + timedelta(seconds=5)}
    await target.write(lambda c: c.execute(insert(t.leases).values(lease)).rowcount)
    assert "sedang dipakai" in await refused(path, target)


async def test_a_record_that_was_used_since(office: Engine, path: Path, target: Database) -> None:
    """Once a program has worked on the copy, the copy is the office."""
    await move(path, target)
    await target.write(ready)
    assert "sudah dipakai" in await refused(path, target)


async def test_a_record_of_its_own(path: Path, target: Database) -> None:
    """One row that did not come from a source is enough."""
    await target.write(lambda c: c.execute(insert(t.areas).values(code="35", name="Jawa Timur", parent="")).rowcount)
    assert "tabel areas" in await refused(path, target)
    assert await target.read(lambda c: len(c.execute(select(t.areas)).all())) == 1


async def test_the_copy_of_another_office(office: Engine, path: Path, target: Database) -> None:
    """A wrong file does not overwrite it."""
    await move(path, target)
    before = await target.read(dumped)
    with office.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.id == 2).values(number="LPR-2611-ZZZZ-Z"))
    assert "data kantor lain: tabel tickets, id=2" in await refused(path, target)
    assert (await target.read(dumped), await target.read(state)) == (before, FILLED)


async def test_two_at_once(office: Engine, path: Path, target: Database) -> None:
    """The second waits for nothing and changes nothing."""
    first = Target(target.url.render_as_string(hide_password=False))
    await first.start()
    assert await first.lock()
    assert "sedang berjalan" in await refused(path, target)
    await first.stop()
    assert await target.read(state) == ""
    await move(path, target)


@pytest.mark.parametrize("blank_url", ["postgresql"], indirect=True)
async def test_a_database_of_something_else(path: Path, blank: Database) -> None:
    """Nothing is put between the tables of another program."""
    await blank.write(run("CREATE TABLE pelanggan (id integer)"))
    assert "tabel program lain" in await refused(path, blank)


@pytest.mark.parametrize(("found", "said"), [("0003", "masih berbentuk 0003"), ("9999", "lebih baru"), ("", "bukan")])
async def test_a_source_of_another_shape(path: Path, target: Database, found: str, said: str) -> None:
    """It says whether the office or the program is behind."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (found,))
    assert said in await refused(path, target)


async def test_a_target_of_a_newer_shape(path: Path, target: Database) -> None:
    """The program is told to be brought up to date."""
    await target.write(run("UPDATE alembic_version SET version_num = '9999'"))
    try:
        assert "lebih baru" in await refused(path, target)
    finally:
        await target.write(run(f"UPDATE alembic_version SET version_num = '{HEAD}'"))


async def test_a_file_that_is_no_database(tmp_path: Path, target: Database) -> None:
    """It is named as what cannot be read."""
    path = tmp_path / "surat.db"
    path.write_bytes(b"bukan basis data" * 1000)
    assert "tidak dapat dibaca (DatabaseError)" in await refused(path, target)


async def test_a_server_that_is_not_there(path: Path, tmp_path: Path) -> None:
    """What to look at is said."""
    with closing(Source(path)) as source, pytest.raises(NotMoved) as wrong:
        await moved(source, f"postgresql+asyncpg://x@/x?host={tmp_path}", lambda: NOW, id)
    assert "KENTONGAN_DATABASE_URL" in str(wrong.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("kantor", "Tulis alamat"),
        ("sqlite://", "harus berkas SQLite"),
        ("sqlite:///:memory:", "harus berkas SQLite"),
        ("postgresql+asyncpg://x/y", "harus berkas SQLite"),
        ("sqlite:////tidak/ada.db", "/tidak/ada.db tidak ada"),
    ],
)
def test_addresses(address: str, said: str) -> None:
    """What is wrong with an address is said before anything is opened."""
    with pytest.raises(NotMoved) as wrong:
        file_of(address)
    assert said in str(wrong.value)


def test_both_ways_to_write_an_address(path: Path) -> None:
    """As in the settings, or shorter."""
    assert file_of(f"sqlite:///{path}") == file_of(f"sqlite+aiosqlite:///{path}") == path


async def test_an_unfinished_record_stays_closed(target: Database) -> None:
    """Nobody begins to work on half an office, however often it is tried."""
    await target.write(empty)
    await target.write(lambda c: note(c, FILLING))
    for _ in range(2):
        with pytest.raises(Unfinished):
            await target.write(ready)
    await target.write(lambda c: note(c, FILLED))
    await target.write(ready)
    assert await target.read(state) == ""
