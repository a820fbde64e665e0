"""The law of the ticket: running clocks, decrees, agencies that help, digests, templates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What comes after the close of an office, by weekday, counts as the next working day; weekends have no hours.
CLOSING = (time(16, 0), time(16, 0), time(16, 0), time(16, 0), time(16, 30))

OWN = {
    "tickets": (
        *("runs", "wakes_at", "klass", "meant", "risen", "source", "sp4n_id", "outcome"),
        *("merged_into", "received_on"),
    ),
    "officers": ("decree", "warned_of"),
    "invitations": ("decree_id",),
    "drafts": ("awaits",),
    "agencies": ("approval",),
    "holidays": ("seeded",),
}


def upgrade() -> None:
    _of_tickets()
    _of_officers()
    _of_facts()
    _begin_runs()
    op.drop_column("tickets", "handling_due")


def _word(name: str, length: int) -> sa.Column[str]:
    # As an expression: SQLite gives an empty default back with its quotes.
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=sa.text("''"))


def _of_tickets() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("runs", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("wakes_at", sa.BigInteger(), nullable=True),
        _word("klass", 24),
        _word("meant", 40),
        _word("risen", 40),
        sa.Column("merged_into", ID, nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False, server_default="chat"),
        sa.Column("received_on", sa.Date(), nullable=True),
        _word("sp4n_id", 24),
        _word("outcome", 16),
    )
    for each in columns:
        op.add_column("tickets", each)
    op.create_index(op.f("ix_tickets_merged_into"), "tickets", ["merged_into"])
    op.create_index(op.f("ix_tickets_sp4n_id"), "tickets", ["sp4n_id"])
    for name, column, where in (
        ("ix_tickets_wakes", "wakes_at", "wakes_at IS NOT NULL"),
        ("ix_tickets_meant", "meant", "meant != ''"),
        ("ix_tickets_claimed", "officer", "officer IS NOT NULL AND closed_at IS NULL"),
    ):
        op.create_index(name, "tickets", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "partners",
        sa.Column("ticket", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f("fk_partners_ticket")),
        sa.PrimaryKeyConstraint("ticket", "agency", name=op.f("pk_partners")),
    )
    op.create_index(op.f("ix_partners_agency"), "partners", ["agency"])
    op.create_table(
        "digests",
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_digests")),
    )


def _of_officers() -> None:
    op.create_table(
        "decrees",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decrees")),
    )
    op.create_index(op.f("ix_decrees_agency"), "decrees", ["agency"])
    op.add_column("officers", sa.Column("decree", ID, nullable=True))
    op.add_column("officers", sa.Column("warned_of", sa.Date(), nullable=True))
    op.add_column("invitations", sa.Column("decree_id", ID, nullable=True))
    # Made anew on SQLite, so that the number of a dropped draft is never given again: old buttons name it.
    anew: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("drafts", recreate=anew, table_kwargs={"sqlite_autoincrement": True}) as drafts:
        drafts.add_column(sa.Column("awaits", sa.Boolean(), nullable=False, server_default=sa.false()))


def _of_facts() -> None:
    op.add_column("agencies", sa.Column("approval", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("holidays", sa.Column("seeded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "templates",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "language", name=op.f("pk_templates")),
    )


def _begin_runs() -> None:
    """Gives every open ticket the clock that its deadline stands for, so that its ladder is climbed from now on."""
    connection = op.get_bind()
    free = {str(day) for (day,) in connection.execute(sa.text("SELECT date FROM holidays WHERE area = ''"))}
    zones = {row.code: row.zone for row in connection.execute(sa.text("SELECT code, zone FROM agencies"))}
    rows = connection.execute(
        sa.text(
            "SELECT id, agency, clock, due_at, handling_due, forwarded_at, created_at, changed_at FROM tickets "
            "WHERE closed_at IS NULL AND due_at IS NOT NULL"
        )
    ).all()
    for row in rows:
        zone = ZoneInfo(zones.get(row.agency, "Asia/Jakarta"))
        first = row.forwarded_at or row.created_at
        since = first if row.clock == "resolution" else row.changed_at
        runs = [_run(row.clock, since if since <= row.due_at else row.created_at, row.due_at, zone, free)]
        if row.handling_due and row.clock == "completion":
            resting = _run("resolution", first, row.handling_due, zone, free)
            runs.append({**resting, "rests": _instant(row.changed_at).isoformat()})
        connection.execute(
            sa.text("UPDATE tickets SET runs = :runs, wakes_at = :at WHERE id = :id"),
            {"runs": json.dumps(runs), "at": row.changed_at, "id": row.id},
        )


def _instant(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def _run(step: str, since: int, due: int, zone: ZoneInfo, free: set[str]) -> dict[str, object]:
    """A clock of so many working days that it ends where the deadline lies."""
    first, last = _received(_instant(since).astimezone(zone), free), _instant(due).astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return {
        "step": step,
        "since": _instant(since).isoformat(),
        "days": sum(_works(day, free) for day in days),
        "due": _instant(due).isoformat(),
    }


def _received(moment: datetime, free: set[str]) -> date:
    """The working day on which something counts as received."""
    day = moment.date()
    if _works(day, free) and moment.time() > CLOSING[day.weekday()]:
        day += timedelta(days=1)
    while not _works(day, free):
        day += timedelta(days=1)
    return day


def _works(day: date, free: set[str]) -> bool:
    return day.weekday() < len(CLOSING) and str(day) not in free


def downgrade() -> None:
    op.add_column("tickets", sa.Column("handling_due", sa.BigInteger(), nullable=True))
    _end_runs()
    # The older shape knows neither state: what was verified waits again, what was merged is closed.
    for statement in (
        "UPDATE tickets SET state = 'received' WHERE state = 'verified'",
        "UPDATE tickets SET state = 'archived' WHERE state = 'merged'",
        "UPDATE history SET state = 'received' WHERE state = 'verified'",
        "UPDATE history SET state = 'archived' WHERE state = 'merged'",
        "UPDATE tickets SET clock = 'verification' WHERE clock = 'redisposition'",
    ):
        op.execute(statement)
    for table in ("templates", "digests", "partners", "decrees"):
        op.drop_table(table)
    for name in ("ix_tickets_wakes", "ix_tickets_meant", "ix_tickets_claimed"):
        op.drop_index(name, table_name="tickets")
    for column in ("merged_into", "sp4n_id"):
        op.drop_index(op.f(f"ix_tickets_{column}"), table_name="tickets")
    for table, columns in OWN.items():
        for column in columns:
            op.drop_column(table, column)


def _end_runs() -> None:
    """Keeps of the clocks the end of the handling, which the older shape held beside the deadline."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, runs FROM tickets WHERE runs != '[]'")).all()
    for row in rows:
        for run in json.loads(row.runs):
            if run["step"] == "resolution":
                due = (datetime.fromisoformat(run["due"]) - EPOCH) // timedelta(microseconds=1)
                connection.execute(
                    sa.text("UPDATE tickets SET handling_due = :due WHERE id = :id"), {"due": due, "id": row.id}
                )
