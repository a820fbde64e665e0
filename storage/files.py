"""Where the bytes of attachments lie, by their row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from handlers.words import File
from storage import tables as t
from storage.rows import upsert

CLAIM = timedelta(minutes=3)
LONGEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """An attachment: how the platform names it, and the blob once it was fetched."""

    id: int
    channel: str
    ref: str
    kind: str
    mime: str
    blob: str


def find(connection: Connection, ids: tuple[int, ...]) -> list[Stored]:
    """The attachments with these ids, in their order."""
    a = t.attachments.c
    rows = connection.execute(
        select(a.id, a.channel, a.ref, a.kind, a.mime, a.blob).where(a.id.in_(ids)).order_by(a.id)
    )
    return [Stored(*row) for row in rows]


def keep(connection: Connection, ident: int, blob: str, kind: str, mime: str) -> None:
    """Notes where the bytes of an attachment lie now, and what they turned out to be."""
    changed = update(t.attachments).where(t.attachments.c.id == ident)
    connection.execute(changed.values(blob=blob, kind=kind, mime=mime))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched after it came on record: its blob, or why there is none."""

    channel: str
    ref: str
    contact: int
    kind: str
    mime: str
    blob: str
    problem: str
    attempts: int


_FETCHED = (
    t.fetches.c.channel,
    t.fetches.c.ref,
    t.fetches.c.contact_id,
    t.fetches.c.kind,
    t.fetches.c.mime,
    t.fetches.c.blob,
    t.fetches.c.problem,
    t.fetches.c.attempts,
)


def wanted(connection: Connection, found: Sequence[tuple[int, str, File]], now: datetime) -> None:
    """Notes files that must be fetched soon: (contact, channel, file)."""
    rows = [
        {
            "channel": channel,
            "ref": file.ref,
            "contact_id": contact,
            "kind": file.kind,
            "mime": file.mime,
            "blob": "",
            "problem": "",
            "attempts": 0,
            "due_at": now,
            "at": now,
        }
        for contact, channel, file in found
    ]
    if rows:
        connection.execute(upsert(connection.dialect.name)(t.fetches).on_conflict_do_nothing(), rows)


def claimed(connection: Connection, now: datetime, limit: int) -> list[Fetched]:
    """Files to fetch now; nobody else takes them up for a while."""
    f = t.fetches.c
    # Whatever a clock said that ran ahead: what was not tried yet is due, and none is put off for longer.
    is_due = (f.due_at <= now) | (f.attempts == 0) | (f.due_at > now + LONGEST)
    due = select(f.channel, f.ref).where(f.due_at > t.EPOCH, is_due).order_by(f.due_at).limit(limit)
    if connection.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    found = []
    for channel, ref in connection.execute(due).all():
        mine = update(t.fetches).where(f.channel == channel, f.ref == ref)
        changed = mine.values(due_at=now + CLAIM, attempts=f.attempts + 1).returning(*_FETCHED)
        found.append(Fetched(*connection.execute(changed).one()))
    return found


def settled(connection: Connection, file: Fetched, blob: str, kind: str, mime: str, problem: str) -> None:
    """Notes what came of a fetch."""
    f = t.fetches.c
    mine = update(t.fetches).where(f.channel == file.channel, f.ref == file.ref)
    connection.execute(mine.values(blob=blob, kind=kind, mime=mime, problem=problem, due_at=None))


def put_off(connection: Connection, file: Fetched, until: datetime) -> None:
    """Lets a fetch be tried again later."""
    f = t.fetches.c
    connection.execute(update(t.fetches).where(f.channel == file.channel, f.ref == file.ref).values(due_at=until))


def fetched(connection: Connection, channel: str, ref: str) -> Fetched | None:
    """What came of fetching a file, where it was fetched beforehand."""
    f = t.fetches.c
    row = connection.execute(select(*_FETCHED).where(f.channel == channel, f.ref == ref)).one_or_none()
    return Fetched(*row) if row else None


def swept(connection: Connection, before: datetime) -> list[str]:
    """Forgets old fetches; the blobs of those that became part of no report."""
    f, a = t.fetches.c, t.attachments.c
    gone = connection.execute(delete(t.fetches).where(f.at < before).returning(*_FETCHED)).all()
    for row in gone:
        if row.blob:
            # Nobody has looked at it yet: until now it was found by its name.
            mine = update(t.attachments).where(a.ref == row.ref, a.channel == row.channel, a.blob == "")
            connection.execute(mine.values(blob=row.blob, kind=row.kind, mime=row.mime))
    blobs = {row.blob for row in gone} - {""}
    if not blobs:
        return []
    kept = connection.execute(select(a.blob).where(a.blob.in_(blobs))).scalars().all()
    again = connection.execute(select(f.blob).where(f.blob.in_(blobs))).scalars().all()
    return sorted(blobs - set(kept) - set(again))
