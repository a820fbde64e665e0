"""A record filled as fast as its database takes rows: without keys and indexes, which are made afterwards."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from bench import growth_rows as made
from bench.growth_rows import Plan, Row
from bench.growth_sums import RATING, STANDS, TALLY, Sums

AT_ONCE: Final = 50_000
FILLED: Final = ("contacts", "talks", "inbox", "tickets", "history", "sent", "threads")
# What follows from a ticket is made by the database itself: a row of the history for each step it has taken.
STEPS: Final = "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
TAKEN: Final = "CASE t.state WHEN 'forwarded' THEN 2 WHEN 'in_progress' THEN 3 ELSE 4 END"
LAST: Final = "CASE t.state {} ELSE 'answer' END".format(
    " ".join(
        f"WHEN '{state}' THEN '{action}'"
        for state, action in (("resolved", "resolve"), ("archived", "archive"), ("merged", "merge"))
    )
)
DERIVED: Final = {
    "history": f"""
INSERT INTO history (id, ticket, at, actor, role, action, state, agency, data)
SELECT t.id * 4 + k.n - 4, t.id,
  CASE k.n WHEN 1 THEN t.created_at WHEN 2 THEN t.forwarded_at WHEN 3 THEN t.forwarded_at + {made.DAY}
    ELSE coalesce(t.closed_at, t.forwarded_at + {2 * made.DAY}) END,
  CASE k.n WHEN 1 THEN t.reporter END,
  CASE k.n WHEN 1 THEN 'reporter' WHEN 2 THEN 'system' ELSE 'officer' END,
  CASE k.n WHEN 1 THEN 'submit' WHEN 2 THEN 'forward' WHEN 3 THEN 'claim' ELSE {LAST} END,
  CASE k.n WHEN 1 THEN 'received' WHEN 2 THEN 'forwarded' WHEN 3 THEN 'in_progress' ELSE t.state END,
  CASE k.n WHEN 1 THEN 'kominfo' ELSE t.agency END, '{{}}'
FROM tickets t CROSS JOIN ({STEPS}) k WHERE k.n <= {TAKEN}""",
    "sent": """
INSERT INTO sent (id, contact_id, message, ticket, part, draft, failed, at, rank)
SELECT t.id * 2 + k.n - 2, t.reporter, 'm' || (t.id * 2 + k.n), t.id, 'notice', NULL, false, t.changed_at, 2
FROM tickets t CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) k""",
    "threads": """
INSERT INTO threads (room_id, ticket, topic, card, edited_at)
SELECT r.contact_id, t.id, '', 'c' || t.id, NULL
FROM tickets t CROSS JOIN (SELECT agency, min(contact_id) AS contact_id FROM rooms GROUP BY agency) r
WHERE r.agency = t.agency""",
}


class Told:
    """Says on the error stream what is being done, how far it is, and how long it took."""

    def __init__(self, of: str) -> None:
        self._of, self._begun = of, time.monotonic()

    def __call__(self, what: str) -> None:
        """One line, with the seconds since the beginning."""
        print(f"{self._of}: {what}, {time.monotonic() - self._begun:.0f} s", file=sys.stderr, flush=True)

    def counting(self, name: str, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, and now and then how many they were."""
        n = 0
        for n, row in enumerate(rows, 1):
            yield row
            if n % 500_000 == 0:
                self(f"{name} {n:,}")
        self(f"{name} {n:,}")


def sources(plan: Plan) -> Iterator[tuple[str, tuple[str, ...], Iterator[Row]]]:
    """The tables whose rows are made here, with their columns."""
    yield "contacts", made.CONTACT, made.contacts(plan)
    yield "talks", made.TALK, made.talks(plan)
    yield "inbox", made.INBOX, made.inbox(plan)
    sums = Sums(plan)
    yield "tickets", made.TICKET, sums.counting(made.tickets(plan))
    yield "tallies", TALLY, sums.rows()
    yield "standings", STANDS, sums.standings()
    yield "ratings", RATING, sums.ratings()


def sqlite(path: Path, plan: Plan, told: Told) -> None:
    """Fills a file; what lies in it is worth nothing if this breaks off."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=off", "synchronous=off", "foreign_keys=off", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {pragma}")
        names = ",".join(f"'{name}'" for name in FILLED)
        found = connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
        ).fetchall()
        connection.execute("BEGIN")
        for name, _ in found:
            connection.execute(f"DROP INDEX {name}")
        for table, columns, rows in sources(plan):
            marks = ",".join("?" * len(columns))
            insert = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})"
            connection.executemany(insert, told.counting(table, rows))
        for table, statement in DERIVED.items():
            connection.execute(statement)
            told(table)
        for name, statement in found:
            connection.execute(statement)
            told(name)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=wal")
    finally:
        connection.close()


CONSTRAINTS: Final = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname = 'public' AND (c.contype = 'f' OR (c.contype IN ('p', 'u') AND c.conrelid::regclass::text = ANY($1)))
ORDER BY c.contype = 'p', c.contype = 'u'"""
INDEXES: Final = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1)"""
SEQUENCES: Final = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"


async def postgresql(url: str, plan: Plan, told: Told) -> None:
    """Fills a database by COPY."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    try:
        for setting in ("synchronous_commit = off", "maintenance_work_mem = '1GB'", "work_mem = '256MB'"):
            await connection.execute(f"SET {setting}")
        constraints = await connection.fetch(CONSTRAINTS, list(FILLED))
        for table, name, _ in constraints:
            await connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        indexes = await connection.fetch(INDEXES, list(FILLED))
        for name, _ in indexes:
            await connection.execute(f'DROP INDEX "{name}"')
        for table, columns, rows in sources(plan):
            counted = told.counting(table, rows)
            while some := list(islice(counted, AT_ONCE)):
                await connection.copy_records_to_table(table, records=some, columns=columns)
        await _completed(connection, constraints, indexes, told)
    finally:
        await connection.close()


async def _completed(connection: asyncpg.Connection, constraints: list[Any], indexes: list[Any], told: Told) -> None:
    """What follows from the tickets, and what was taken away before."""
    for table, statement in DERIVED.items():
        await connection.execute(statement)
        told(table)
    for name, definition in indexes:
        await connection.execute(definition)
        told(name)
    # Keys first: others refer to them.
    for table, name, definition in reversed(constraints):
        await connection.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        told(name)
    for table in ("contacts", "tickets", "history", "sent"):
        await connection.execute(SEQUENCES.format(table))
    await connection.execute("VACUUM (ANALYZE)")
    told("vacuum")
