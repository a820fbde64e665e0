"""The right agency at the first try: what the program guessed of a report."""

from __future__ import annotations

import json
from math import floor

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {"ix_tickets_square": ["square"], "ix_tickets_area": ["area", "category"]}


def upgrade() -> None:
    op.add_column("tickets", sa.Column("guesses", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("categories", sa.Column("asks", sa.Text(), nullable=False, server_default="[]"))
    _of_places()
    _of_disasters()


def _of_places() -> None:
    """Gives every open ticket whose place is a point the square of the map in which it lies."""
    op.add_column("tickets", sa.Column("square", sa.BigInteger(), nullable=True))
    connection, still = op.get_bind(), "closed_at IS NULL"
    for row in connection.execute(sa.text("SELECT id, place FROM tickets WHERE closed_at IS NULL")).all():
        place = json.loads(row.place)
        lat, lon = place.get("lat"), place.get("lon")
        if lat is not None and lon is not None:
            square = floor((lat + 90) / 0.004) * 100_000 + floor((lon + 180) / 0.004)
            connection.execute(
                sa.text("UPDATE tickets SET square = :square WHERE id = :id"), {"square": square, "id": row.id}
            )
    for name, columns in INDEXES.items():
        op.create_index(name, "tickets", columns, sqlite_where=sa.text(still), postgresql_where=sa.text(still))


def _of_disasters() -> None:
    op.create_table(
        "disasters",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("area", sa.String(length=16), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("declared_by", ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["declared_by"], ["contacts.id"], name=op.f("fk_disasters_declared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disasters")),
    )
    op.create_table(
        "disaster_reports",
        sa.Column("ticket", ID, autoincrement=False, nullable=False),
        sa.Column("disaster", ID, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["disaster"], ["disasters.id"], name=op.f("fk_disaster_reports_disaster")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_disaster_reports_ticket")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_disaster_reports")),
    )
    op.create_index("ix_disaster_reports_disaster", "disaster_reports", ["disaster"])
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "ix_disaster_reports_untold", "disaster_reports", ["disaster"], sqlite_where=untold, postgresql_where=untold
    )
    op.create_table(
        "boundaries",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rings", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_boundaries")),
    )


def downgrade() -> None:
    op.drop_table("boundaries")
    op.drop_table("disaster_reports")
    op.drop_table("disasters")
    for name in INDEXES:
        op.drop_index(name, table_name="tickets")
    op.drop_column("tickets", "square")
    op.drop_column("categories", "asks")
    op.drop_column("tickets", "guesses")
