"""A record that is filled from another one is not used before it is whole."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from storage import tables as t
from storage.migrate import upgrade
from storage.rows import upsert

MARK = "moving"
FILLING, FILLED = "filling", "filled"
_STATE = select(t.settings.c.value).where(t.settings.c.key == MARK)


class Unfinished(Exception):  # noqa: N818 - what the record is
    """The record is being filled from an embedded one, or was filled while that was still in use."""

    def __init__(self) -> None:
        super().__init__(
            "Basis data ini belum selesai disalin dari kantor lama, jadi belum dipakai dan tidak ada yang diubah. "
            "Hentikan kantor lama, lalu jalankan sekali lagi: kentongan migrate --from sqlite:///BERKAS"
        )


def state(connection: Connection) -> str:
    """How far a record is filled from another one; empty where it is not, or is in use."""
    return connection.execute(_STATE).scalar() or ""


def note(connection: Connection, state: str) -> None:
    """Says how far the record is filled."""
    made = upsert(connection.dialect.name)(t.settings).values(key=MARK, value=state)
    connection.execute(made.on_conflict_do_update(index_elements=["key"], set_={"value": state}))


def ready(connection: Connection) -> None:
    """Brings the record to its newest shape and takes it into use; raises Unfinished while it is being filled."""
    upgrade(connection)
    found = state(connection)
    if found == FILLING:
        raise Unfinished
    if found:
        connection.execute(delete(t.settings).where(t.settings.c.key == MARK))
