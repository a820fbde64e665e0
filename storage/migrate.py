"""Bringing the record's tables to the newest shape."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

HEAD = "0004"


def revision(connection: Connection) -> str:
    """The shape the record has now; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def upgrade(connection: Connection) -> str:
    """Runs the migrations that are missing and returns the revision that was there before."""
    if connection.dialect.name == "postgresql":
        # Replicas that start at once wait for each other here.
        connection.execute(text("SELECT pg_advisory_xact_lock(5804)"))
    before = revision(connection)
    if before != HEAD:
        # Imported here: a start that has nothing to migrate need not pay for it.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before
