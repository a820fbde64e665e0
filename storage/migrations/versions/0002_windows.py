"""WhatsApp: second addresses, windows, receipts, files that expire, joined accounts, several chats for an agency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f(f"fk_{table}_contact_id"))


def upgrade() -> None:
    op.add_column("contacts", sa.Column("person", ID, nullable=True))
    op.add_column("contacts", sa.Column("into", ID, nullable=True))
    op.create_index(op.f("ix_contacts_person"), "contacts", ["person"])
    op.add_column("sent", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(op.f("ix_attachments_ref"), "attachments", ["ref"])
    op.create_index(op.f("ix_attachments_blob"), "attachments", ["blob"])
    with op.batch_alter_table("rooms") as rooms:
        rooms.drop_constraint(op.f("uq_rooms_agency"), type_="unique")
        rooms.create_index(op.f("ix_rooms_agency"), ["agency"])
    _of_people()
    _of_letters()


def _of_people() -> None:
    op.create_table(
        "aliases",
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        _person("aliases"),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_contact_id"), "aliases", ["contact_id"])
    op.create_table(
        "windows",
        sa.Column("contact_id", ID, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("open_until", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", sa.BigInteger(), nullable=True),
        _person("windows"),
        sa.PrimaryKeyConstraint("contact_id", "account", name=op.f("pk_windows")),
    )
    op.create_table(
        "pairings",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        _person("pairings"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_pairings")),
    )
    op.create_index(op.f("ix_pairings_contact_id"), "pairings", ["contact_id"])


def _of_letters() -> None:
    op.create_table(
        "accepted",
        sa.Column("message", sa.String(length=128), nullable=False),
        sa.Column("letter", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ticket", ID, nullable=True),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("draft", ID, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _person("accepted"),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_accepted")),
    )
    op.create_index(op.f("ix_accepted_letter"), "accepted", ["letter"])
    op.create_index(op.f("ix_accepted_at"), "accepted", ["at"])
    op.create_table(
        "receipts",
        sa.Column("message", sa.String(length=128), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message", "rank", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_at"), "receipts", ["at"])
    op.create_table(
        "fetches",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=255), nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mime", sa.String(length=128), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _person("fetches"),
        sa.PrimaryKeyConstraint("channel", "ref", name=op.f("pk_fetches")),
    )
    op.create_index(op.f("ix_fetches_due_at"), "fetches", ["due_at"])


def downgrade() -> None:
    # Where several chats answer for an agency one stays, its group before others: the older shape can hold no more.
    op.execute(
        "DELETE FROM rooms WHERE contact_id NOT IN (SELECT contact_id FROM (SELECT r.contact_id, row_number() OVER"
        " (PARTITION BY r.agency ORDER BY c.is_group DESC, r.bound_at, r.contact_id) AS place"
        " FROM rooms AS r JOIN contacts AS c ON c.id = r.contact_id) AS kept WHERE place = 1)"
    )
    for table in ("fetches", "receipts", "accepted", "pairings", "windows", "aliases"):
        op.drop_table(table)
    with op.batch_alter_table("rooms") as rooms:
        rooms.drop_index(op.f("ix_rooms_agency"))
        rooms.create_unique_constraint(op.f("uq_rooms_agency"), ["agency"])
    op.drop_index(op.f("ix_attachments_blob"), table_name="attachments")
    op.drop_index(op.f("ix_attachments_ref"), table_name="attachments")
    op.drop_column("outbox", "held")
    op.drop_column("sent", "rank")
    op.drop_index(op.f("ix_contacts_person"), table_name="contacts")
    op.drop_column("contacts", "into")
    op.drop_column("contacts", "person")
