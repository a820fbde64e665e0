"""The embedded office that is copied: one moment of its file, read without a change while it goes on working."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, bindparam, func, make_url, select, union
from sqlalchemy.exc import ArgumentError

from storage import tables as t
from storage.migrate import HEAD
from storage.moving_rows import SQLITE, TABLES, Row, Rows, Shape, plain

ROWS, BYTES, PIECE = 5000, 8_000_000, 250
AGAIN = "Yang sudah tersalin tetap ada di PostgreSQL. Jalankan perintah yang sama lagi untuk melanjutkan."
NOTHING = "Tidak ada yang disalin. "


def unreadable(error: Exception) -> str:
    """What is said where SQLite gives up."""
    return f"Berkas sumber tidak dapat dibaca ({type(error).__name__}). Periksa berkas dan disknya. {AGAIN}"


class NotMoved(ValueError):  # noqa: N818 - what the office is
    """The office could not be copied; one sentence of what happened, what was kept, and what to do."""


def file_of(address: str) -> Path:
    """The file that an address such as sqlite:///data/kentongan.db names; raises NotMoved where it names none."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise NotMoved(f"{NOTHING}Tulis alamat sumber seperti ini: --from sqlite:///data/kentongan.db") from None
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise NotMoved(
            f"{NOTHING}Sumber harus berkas SQLite dari kantor lama. Contoh: --from sqlite:///data/kentongan.db"
        )
    path = Path(url.database)
    if not path.is_file():
        raise NotMoved(f"{NOTHING}Berkas {path} tidak ada. Periksa alamat sesudah --from.")
    return path


class Source:
    """The record of an embedded office at one moment; `rows`: how many of a table are held at a time."""

    def __init__(self, path: Path, rows: int = ROWS) -> None:
        self.path, self._rows = path, rows
        # What changes after this moment is seen by another connection: this one stays in its own.
        try:
            self._watch = _opened(path)
            self._before = self._version()
            self._c = _opened(path)
            self._c.execute("BEGIN")
            self._one("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error as error:
            raise NotMoved(unreadable(error)) from None

    def close(self) -> None:
        """Lets the office's own log be cleared again."""
        self._c.close()
        self._watch.close()

    def check(self) -> None:
        """Raises NotMoved where the record is not one of this program in its newest shape."""
        (known,) = self._one("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
        found = self._one("SELECT version_num FROM alembic_version")[0] if known else ""
        if not found:
            raise NotMoved(f"{NOTHING}{self.path} bukan basis data Kentongan. Periksa alamat sesudah --from.")
        if found > HEAD:
            raise NotMoved(
                f"{NOTHING}{self.path} dibuat oleh Kentongan yang lebih baru. Perbarui program ini, lalu ulangi."
            )
        if found < HEAD:
            raise NotMoved(
                f"{NOTHING}{self.path} masih berbentuk {found}, belum {HEAD}. Perbarui dulu kantor lama itu dengan: "
                "kentongan migrate (KENTONGAN_DATABASE_URL-nya menunjuk ke berkas itu), lalu ulangi."
            )

    def count(self, shape: Shape) -> int:
        """How many rows a table has."""
        return int(self._one(plain(shape.all(func.count()), SQLITE))[0])

    def chunks(self, shape: Shape) -> Iterator[Rows]:
        """All rows of a table by their key, in pieces that fit into memory, as PostgreSQL would give them."""
        cursor = self._c.execute(shape.on_sqlite())
        piece: list[Row] = []
        weight = 0
        while found := cursor.fetchmany(min(PIECE, self._rows)):
            piece.extend(found)
            weight += sum(len(row[place]) for row in found for place in shape.wide if row[place])
            if len(piece) >= self._rows or weight >= BYTES:
                yield shape.turn(piece)
                piece, weight = [], 0
        if piece:
            yield shape.turn(piece)

    def finder(self, columns: Sequence[Column[Any]]) -> Callable[[int], Row | None]:
        """What gives these columns of the row with an id."""
        query = select(*columns).where(columns[0].table.c.id == bindparam("key"))
        statement = plain(query, SQLITE, literal_binds=False)
        return lambda key: self._c.execute(statement, (key,)).fetchone()

    def highest(self) -> dict[str, int]:
        """The highest id that each table has given away, also to rows that are gone."""
        found = {}
        for table in TABLES:
            column = table.autoincrement_column
            if column is not None:
                found[table.name] = int(self._one(plain(select(func.max(column)), SQLITE))[0] or 0)
        for name, last in self._c.execute("SELECT name, seq FROM sqlite_sequence"):
            if name in found:
                found[name] = max(found[name], int(last))
        return found

    def blobs(self) -> Iterator[str]:
        """The names of all files whose rows are here."""
        every = union(*(select(table.c.blob).where(table.c.blob != "") for table in TABLES if "blob" in table.c))
        for (name,) in self._c.execute(plain(every, SQLITE)):
            yield name

    def in_use(self, now: datetime) -> bool:
        """Whether the office works, or has worked since the moment that is copied."""
        moment = t.Instant().process_bind_param(now, None)  # type: ignore[arg-type]
        live = self._watch.execute("SELECT count(*) FROM leases WHERE until > ?", (moment,)).fetchone()[0]
        return bool(live) or self._version() != self._before

    def _version(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def _one(self, query: str) -> Row:
        row: Row = self._c.execute(query).fetchone()
        return row


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5, isolation_level=None)
    connection.execute("PRAGMA query_only=on")
    return connection
