"""Migrations lead from nothing to exactly the tables the program knows, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import tables as t
from storage.database import Database
from storage.migrate import HEAD, migrate, revision, upgrade
from tests.storage.samples import Fault


def config(connection: Connection | None = None) -> Config:
    """Alembic's view of the record."""
    found = Config()
    found.set_main_option("script_location", "storage:migrations")
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found


# What else belongs to a table: whether its numbers are used again, its storage, triggers and sequences.
SETTINGS = {
    "sqlite": "SELECT type, CASE type WHEN 'table' THEN sql LIKE '%AUTOINCREMENT%' ELSE sql END FROM sqlite_master"
    " WHERE tbl_name = :name AND type != 'index' ORDER BY 1, 2",
    "postgresql": "SELECT relkind, reloptions, relhastriggers, (SELECT count(*) FROM pg_depend WHERE refobjid = c.oid"
    " AND deptype IN ('a', 'i')) FROM pg_class c WHERE relname = :name AND relnamespace = 'public'::regnamespace",
}


def tables(connection: Connection) -> set[str]:
    """The tables that are there."""
    return set(inspect(connection).get_table_names())


def drift(connection: Connection) -> list[object]:
    """What Alembic would have to change to reach the tables of the program."""
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), t.metadata))


def condition(index: Mapping[str, Any]) -> list[str]:
    """What an index leaves out."""
    return [str(value) for key, value in index.get("dialect_options", {}).items() if key.endswith("_where")]


def shape(connection: Connection) -> dict[str, object]:
    """What drift does not look at: keys in their order, the conditions of indexes, and settings of tables."""
    found = inspect(connection)
    return {
        name: (
            found.get_pk_constraint(name),
            sorted(found.get_unique_constraints(name), key=str),
            sorted((sorted(each.items(), key=str) for each in found.get_foreign_keys(name)), key=str),
            sorted(found.get_check_constraints(name), key=str),
            sorted((str(each["name"]), [*each["column_names"]], condition(each)) for each in found.get_indexes(name)),
            [(each["name"], each["nullable"], str(each["type"]), each["default"]) for each in found.get_columns(name)],
            connection.execute(text(SETTINGS[connection.dialect.name]), {"name": name}).all(),
        )
        for name in ("alembic_version", *sorted(t.metadata.tables))
    }


def test_the_head_is_the_newest_migration() -> None:
    """What the program takes for the newest shape is the last script, and there is one line of scripts."""
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


async def test_from_nothing_to_the_newest_shape(blank: Database) -> None:
    """A new database gets all tables; a second run finds nothing to do."""
    assert await blank.read(revision) == ""
    assert await blank.write(upgrade) == ""
    assert await blank.read(revision) == HEAD
    assert await blank.read(tables) == {*t.metadata.tables, "alembic_version"}
    assert await blank.write(upgrade) == HEAD


async def test_migrations_and_tables_do_not_drift(blank: Database) -> None:
    """The migrations make exactly what tables.py says."""
    await blank.write(migrate)
    assert await blank.read(drift) == []


def down(connection: Connection) -> None:
    """All the way back."""
    command.downgrade(config(connection), "base")


async def test_the_shape_is_that_of_the_tables(blank: Database) -> None:
    """A new record begins as one that went through every migration: keys, indexes, types and revision."""
    await blank.write(migrate)
    migrated = await blank.read(shape)
    assert await blank.read(revision) == HEAD
    await blank.write(down)
    await blank.write(upgrade)
    assert await blank.read(shape) == migrated
    assert await blank.read(revision) == HEAD


async def test_down_and_up_again(blank: Database) -> None:
    """The way back removes all tables, and the way up makes them again."""
    await blank.write(migrate)
    await blank.write(down)
    assert await blank.read(tables) == {"alembic_version"}
    assert await blank.read(revision) == ""
    await blank.write(migrate)
    assert await blank.read(drift) == []


async def test_a_failed_migration_leaves_nothing(blank: Database) -> None:
    """A start that breaks off in the middle can simply be repeated."""

    def breaks(connection: Connection) -> None:
        upgrade(connection)
        raise Fault

    with pytest.raises(Fault):
        await blank.write(breaks)
    assert await blank.read(tables) == set()
    await blank.write(upgrade)
    assert await blank.read(drift) == []


async def test_three_at_once(blank_url: str) -> None:
    """Replicas that start together wait for each other: one migrates, the others find it done."""
    replicas = [Database(blank_url) for _ in range(3)]
    for replica in replicas:
        await replica.start()
    found = await asyncio.gather(*(replica.write(upgrade) for replica in replicas))
    assert sorted(found) == ["", HEAD, HEAD]
    assert await replicas[0].read(drift) == []
    for replica in replicas:
        await replica.stop()


async def test_the_index_of_open_tickets_leaves_out_the_closed(database: Database) -> None:
    """The list of open reports stays fast however many are closed."""
    indexes = await database.read(lambda c: inspect(c).get_indexes("tickets"))
    (found,) = [each for each in indexes if each["name"] == "ix_tickets_open"]
    assert [each.strip("()") for each in condition(found)] == ["closed_at IS NULL"]
