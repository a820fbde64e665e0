"""Many tickets: sums of what happened and of how agencies stand, and indexes for what would be read as a whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED = (
    *("received", "passed_on", "returned", "answered", "resolved"),
    *("archived", "merged", "reopened", "late", "seconds"),
)
STANDING = ("open", "held", "late", "bare", "pressing")
SAID = ("rated", "stars", "silent")
HELD = ("received", "verified", "returned", "forwarded", "in_progress", "reporter_replied", "reopened")
FOLLOWED = """
UPDATE tickets SET followed = (
  SELECT coalesce(sum(CASE WHEN h.action = 'undo' THEN -1 ELSE 1 END), 0) FROM history h
  WHERE h.ticket = tickets.id AND h.agency = tickets.agency
    AND h.action IN ('answer', 'ask', 'resolve', 'extend', 'undo'))"""
# What has lapsed already is counted as late by the first rounds of the clock.
LAPSING = "UPDATE tickets SET lapses_at = due_at WHERE closed_at IS NULL AND state IN :held"
ZONE = "Asia/Jakarta"
INDEXES = (
    ("ix_tickets_received", "tickets", ["agency", "received_on", "created_at"], "closed_at IS NULL"),
    ("ix_tickets_lapses", "tickets", ["lapses_at"], "lapses_at IS NOT NULL"),
    ("ix_tickets_stands_in", "tickets", ["meant"], "meant != '' AND closed_at IS NULL"),
    ("ix_talks_going_on", "talks", ["nudged", "updated_at"], "open IS true"),
)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("month", "agency", "part", name=op.f("pk_tallies")),
    )
    op.create_table(
        "standings",
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in STANDING),
        sa.PrimaryKeyConstraint("agency", "year", "part", name=op.f("pk_standings")),
    )
    op.create_table(
        "ratings",
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SAID),
        sa.PrimaryKeyConstraint("agency", "day", name=op.f("pk_ratings")),
    )
    op.add_column("tickets", sa.Column("followed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("lapses_at", sa.BigInteger(), nullable=True))
    for name, table, columns, where in INDEXES:
        ours = sa.text(where.replace("true", "1"))
        op.create_index(name, table, columns, sqlite_where=ours, postgresql_where=sa.text(where))
    op.create_index("ix_fetches_at", "fetches", ["at"])
    op.create_index("ix_outbox_held_priority_due_at", "outbox", ["held", "priority", "due_at"])
    op.drop_index("ix_outbox_due_at", table_name="outbox")
    op.drop_index("ix_tickets_meant", table_name="tickets")
    op.drop_index("ix_talks_open_updated_at", table_name="talks")
    _counted()


def _counted() -> None:
    """Counts what happened in an office that is in use."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM history LIMIT 1")).first() is None:
        return
    connection.execute(sa.text(FOLLOWED))
    connection.execute(sa.text(LAPSING).bindparams(sa.bindparam("held", HELD, expanding=True)))
    # Imported here: a new office has nothing to count.
    from storage import statistics, sums

    found = connection.execute(sa.text("SELECT code, zone, kind FROM agencies ORDER BY position")).all()
    zones = {code: zone for code, zone, _ in found}
    otherwise = next((zone for _, zone, kind in found if kind == "coordinator"), ZONE)
    zone_of = lambda agency: zones.get(agency, otherwise)  # noqa: E731
    statistics.recounted(connection, zone_of)
    sums.recounted(connection, zone_of)
    sums.rated_anew(connection)


def downgrade() -> None:
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.drop_index("ix_outbox_held_priority_due_at", table_name="outbox")
    op.create_index("ix_talks_open_updated_at", "talks", ["open", "updated_at"])
    stands_in = sa.text("meant != ''")
    op.create_index("ix_tickets_meant", "tickets", ["meant"], sqlite_where=stands_in, postgresql_where=stands_in)
    op.drop_index("ix_fetches_at", table_name="fetches")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_column("tickets", "lapses_at")
    op.drop_column("tickets", "followed")
    for table in ("tallies", "standings", "ratings"):
        op.drop_table(table)
