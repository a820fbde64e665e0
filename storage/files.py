"""Where the bytes of attachments lie, by their row."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from storage import tables as t


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
