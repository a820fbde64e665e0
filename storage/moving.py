"""An embedded office copied to PostgreSQL: what differs is written, and every row is compared before it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy.exc import IntegrityError

from storage import moving_order as order
from storage.database import AWAY
from storage.migrate import upgrade
from storage.moving_rows import TABLES, Difference, Rows, Shape, difference, paired, shape
from storage.moving_source import AGAIN, NOTHING, NotMoved, Source, unreadable
from storage.moving_target import Target
from storage.takeover import FILLED, FILLING, note


@dataclass(frozen=True, slots=True)
class Step:
    """How far one pass has come: rows of `table` looked at just now, of `total` in all tables."""

    checking: bool
    table: str
    rows: int
    total: int


Seen = Callable[[Step], object]


@dataclass(slots=True)
class Count:
    """What was done to one table."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def touched(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed or self.removed)


@dataclass(slots=True)
class Moved:
    """A whole copy; `in_use`: the office went on meanwhile, so it is not the last."""

    tables: dict[str, Count] = field(default_factory=dict)
    in_use: bool = False


async def moved(source: Source, url: str, now: Callable[[], datetime], seen: Seen) -> Moved:
    """Makes the record at this address that of the source; raises NotMoved where it cannot, and says what is there.

    What `seen` raises breaks the work off between two pieces; the next run goes on.
    """
    with _told():
        source.check()
        async with _opened(url) as target:
            await _prepare(source, target, now())
            done = Moved()
            shapes = [shape(table) for table in TABLES]
            totals = {each.name: source.count(each) for each in shapes}
            for each in shapes:
                done.tables[each.name] = await _copy(source, target, each, partial(_step, seen, False, totals))
            await _close(source, target)
            touched = [each for each in shapes if done.tables[each.name].touched]
            totals = {each.name: totals[each.name] for each in touched}
            for each in touched:
                await _compare(source, target, each, partial(_step, seen, True, totals))
            done.in_use = source.in_use(now())
            if not done.in_use:
                await target.database.write(lambda c: note(c, FILLED))
            return done


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Target]:
    target = Target(url)
    try:
        await target.start()
        yield target
    finally:
        await target.stop()


async def _prepare(source: Source, target: Target, now: datetime) -> None:
    """Refuses a record that is not ours to fill, and closes it for everybody else."""
    if not await target.lock():
        raise NotMoved(f"{NOTHING}Penyalinan lain ke basis data itu sedang berjalan. Tunggu sampai selesai.")
    await target.database.write(order.shapeless)
    await target.database.write(upgrade)
    await target.database.write(lambda c: order.strange(c, source, now))
    await target.database.write(lambda c: note(c, FILLING))
    await target.database.write(order.lift)


async def _close(source: Source, target: Target) -> None:
    try:
        await target.database.write(order.restore)
    except IntegrityError as error:
        name = getattr(error.orig.__cause__, "constraint_name", "") if error.orig else ""
        raise NotMoved(
            f"Isi sumber melanggar aturan {name}: ada baris yang menunjuk ke baris yang tidak ada, atau baris kembar. "
            f"Perbaiki di sumber, lalu ulangi; yang sudah tersalin tetap ada tetapi belum boleh dipakai."
        ) from None
    await target.database.write(lambda c: order.count_on(c, source.highest()))


def _step(seen: Seen, checking: bool, totals: dict[str, int], table: str, rows: int) -> None:
    seen(Step(checking, table, rows, sum(totals.values())))


async def _differences(
    source: Source, target: Target, of: Shape, seen: Callable[[str, int], None]
) -> AsyncIterator[tuple[int, Difference]]:
    """What differs in a table, piece by piece, with how many rows of the source each piece holds."""
    chunks = source.chunks(of)
    asked = 1

    async def ours() -> Rows:
        nonlocal asked
        rows = next(chunks, [])
        asked = len(rows) or asked
        return rows

    async with target.reading(of) as fetch:
        async for here, there in paired(ours, lambda: fetch(asked), of.key):
            yield len(here), difference(here, there, of.key)
            seen(of.name, len(here))


async def _copy(source: Source, target: Target, of: Shape, seen: Callable[[str, int], None]) -> Count:
    count = Count()
    async for rows, found in _differences(source, target, of, seen):
        count.rows += rows
        if found.put or found.gone:
            await _write(target, of, found)
        count.changed += found.changed
        count.added += len(found.put) - found.changed
        count.removed += len(found.gone) - found.changed
    return count


async def _write(target: Target, of: Shape, found: Difference) -> None:
    try:
        await target.write(of, found)
    except Exception:
        for row in found.put:
            if column := of.unfit(row):
                raise NotMoved(
                    f"PostgreSQL tidak dapat menyimpan isi kolom {column} pada tabel {of.name}, "
                    f"{of.shown(of.key(row))}: terlalu panjang, terlalu besar, atau berisi huruf nol. "
                    f"Perbaiki baris itu di sumber. {AGAIN}"
                ) from None
        raise


async def _compare(source: Source, target: Target, of: Shape, seen: Callable[[str, int], None]) -> None:
    """Raises NotMoved with the first row that is not the same on both sides."""
    first, number = "", 0
    async for _, found in _differences(source, target, of, seen):
        if found.put or found.gone:
            first = first or of.shown(found.first(of.key))
            number += len({*map(of.key, found.put), *found.gone})
    if number:
        raise NotMoved(
            f"Setelah disalin, {number} baris pada tabel {of.name} tidak sama dengan sumber; yang pertama {first}. "
            "Salinan itu belum boleh dipakai. Pastikan tidak ada program lain yang menulis ke basis data itu, "
            "lalu jalankan perintah yang sama lagi."
        )


@contextmanager
def _told() -> Iterator[None]:
    """Turns the troubles of both databases into words."""
    try:
        yield
    except NotMoved:
        raise
    except ModuleNotFoundError:
        raise NotMoved(f"{NOTHING}Penggerak PostgreSQL belum terpasang: pip install 'kentongan[postgresql]'") from None
    except sqlite3.Error as error:
        raise NotMoved(unreadable(error)) from None
    except (*AWAY, *_driver()) as error:
        why = type(getattr(error, "orig", error)).__name__
        raise NotMoved(
            f"PostgreSQL tidak dapat dihubungi atau menolak ({why}). "
            f"Periksa KENTONGAN_DATABASE_URL dan server itu. {AGAIN}"
        ) from None


def _driver() -> tuple[type[Exception], ...]:
    import asyncpg  # type: ignore[import-untyped]

    return asyncpg.PostgresError, asyncpg.InterfaceError
