"""What PostgreSQL checks between tables: set aside while rows come in any order, and put back before they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Constraint,
    ForeignKeyConstraint,
    UniqueConstraint,
    asc,
    cast,
    desc,
    func,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.schema import AddConstraint, DropConstraint

from storage import tables as t
from storage.migrate import HEAD, revision
from storage.moving_rows import TABLES, kind_of
from storage.moving_source import NOTHING, NotMoved, Source
from storage.takeover import state

# What the program never changes in a row that it never removes: by this one knows whose rows they are.
TRACES: tuple[tuple[Column[Any], ...], ...] = (
    (t.tickets.c.id, t.tickets.c.number, t.tickets.c.created_at),
    (t.history.c.id, t.history.c.ticket, t.history.c.at, t.history.c.action),
)
LOOKED_AT = 1000


def shapeless(connection: Connection) -> None:
    """Raises NotMoved where the database belongs to something else, or to a newer program."""
    found = revision(connection)
    if not found and inspect(connection).get_table_names():
        raise NotMoved(
            f"{NOTHING}Basis data PostgreSQL itu berisi tabel program lain. Buat basis data kosong, lalu ulangi."
        )
    if found > HEAD:
        raise NotMoved(
            f"{NOTHING}Basis data PostgreSQL itu dibuat oleh Kentongan yang lebih baru. Perbarui program ini."
        )


def strange(connection: Connection, source: Source, now: datetime) -> None:
    """Raises NotMoved where the record is in use, or holds what did not come from this source."""
    if connection.execute(select(t.leases.c.name).where(t.leases.c.until > now)).first():
        raise NotMoved(
            f"{NOTHING}Basis data PostgreSQL itu sedang dipakai layanan yang berjalan. Hentikan layanan itu; "
            "kalau sudah pernah melayani warga, isinya tidak boleh ditimpa: pakai basis data kosong."
        )
    if state(connection):
        for columns in TRACES:
            _same(connection, source, columns)
        return
    for table in TABLES:
        if connection.execute(select(1).select_from(table).limit(1)).first():
            raise NotMoved(
                f"{NOTHING}Basis data PostgreSQL itu sudah dipakai: tabel {table.name} berisi data yang bukan hasil "
                "penyalinan, atau layanan sudah berjalan di sana. Pakai basis data kosong."
            )


def _same(connection: Connection, source: Source, columns: Sequence[Column[Any]]) -> None:
    table, found = columns[0].table, source.finder(columns)
    as_they_lie = [type_coerce(each, kind_of(each)).label(each.name) for each in columns]
    for end in (asc, desc):
        for row in connection.execute(select(*as_they_lie).order_by(end(table.c.id)).limit(LOOKED_AT)):
            if found(row.id) != tuple(row):
                raise NotMoved(
                    f"{NOTHING}Basis data PostgreSQL itu berisi data kantor lain: tabel {table.name}, id={row.id}, "
                    "berbeda dari sumber. Periksa alamat sesudah --from, atau pakai basis data kosong."
                )


def lift(connection: Connection) -> None:
    """Sets aside what would demand a certain order of rows; keys stay."""
    there = _there(connection)
    for constraint in reversed(list(_constraints())):
        if constraint.name in there:
            connection.execute(DropConstraint(constraint))


def restore(connection: Connection) -> None:
    """Puts back what was set aside, by this run or by one that was broken off."""
    there = _there(connection)
    for constraint in _constraints():
        if constraint.name not in there:
            connection.execute(AddConstraint(constraint, isolate_from_table=False))


def _constraints() -> Iterator[Constraint]:
    """First what others may lean on."""
    for kind in (UniqueConstraint, ForeignKeyConstraint):
        for table in TABLES:
            yield from sorted((each for each in table.constraints if isinstance(each, kind)), key=_name)


def _name(constraint: Constraint) -> str:
    return str(constraint.name)


def _there(connection: Connection) -> set[str]:
    query = "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace"
    return set(connection.execute(text(query)).scalars())


def count_on(connection: Connection, highest: Mapping[str, int]) -> None:
    """Lets each table go on counting behind the highest id that was ever given away, here or in the source."""
    for name, last in highest.items():
        column = t.metadata.tables[name].autoincrement_column
        if last and column is not None:
            sequence = func.pg_get_serial_sequence(name, column.name)
            given = func.coalesce(func.pg_sequence_last_value(cast(sequence, REGCLASS)), 0)
            connection.execute(select(func.setval(cast(sequence, REGCLASS), func.greatest(last, given))))
