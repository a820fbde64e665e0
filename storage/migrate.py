"""Bringing the record's tables to the newest shape."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from storage.tables import metadata

HEAD = "0006"
# Where Alembic looks for the shape that a record has.
VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def revision(connection: Connection) -> str:
    """The shape the record has now; empty for a new one."""
    if not inspect(connection).has_table(VERSION.name):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def one_by_one(connection: Connection) -> None:
    """Replicas that start at once wait for each other here, until the end of their transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(5804)"))


def upgrade(connection: Connection) -> str:
    """Brings the record to the newest shape and returns the revision that was there before."""
    one_by_one(connection)
    before = revision(connection)
    if not before:
        _begin(connection)
    elif before != HEAD:
        migrate(connection)
    return before


def _begin(connection: Connection) -> None:
    # A new record has its newest shape at once: every step from the first takes longer than all the rest of a start.
    metadata.create_all(connection, checkfirst=False)
    VERSION.create(connection, checkfirst=True)
    connection.execute(VERSION.insert(), {"version_num": HEAD})


def migrate(connection: Connection) -> None:
    """Runs the migrations that are missing."""
    # Imported here: a start that has nothing to migrate need not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
