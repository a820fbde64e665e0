"""Moving an embedded office to PostgreSQL, from the shell."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bot.config import Config
from bot.now import now
from storage.moving import Moved, Step, moved
from storage.moving_source import AGAIN, NOTHING, NotMoved, Source, file_of

Say = Callable[[str], object]
# Where there is no bar, nobody should wonder for longer than so many seconds whether it still works.
QUIET = 10.0


@dataclass(slots=True)
class Progress:
    """How far it has come: a bar for each pass on a terminal, else a line for each table."""

    stop: asyncio.Event
    bar: Any = None
    table: str = ""
    checking: bool | None = None
    done: int = 0
    since: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def __call__(self, step: Step) -> None:
        """Shows a step; raises NotMoved where the operator wants to stop."""
        if step.checking != self.checking:
            self._begin(step)
        if step.table != self.table:
            self.end_table()
            self.table = step.table
        self.done += step.rows
        if time.monotonic() - self.told > QUIET:
            self._tell()
        if self.bar:
            self.bar.update(step.rows, step.table)
        if self.stop.is_set():
            raise NotMoved(f"Dihentikan. {AGAIN}")

    def _begin(self, step: Step) -> None:
        self.end()
        self.checking, self.done, self.since = step.checking, 0, time.monotonic()
        label = "Memeriksa" if step.checking else "Menyalin"
        if sys.stderr.isatty():
            self.bar = click.progressbar(
                length=step.total, label=label, file=sys.stderr, show_pos=True, item_show_func=self._shown
            )
            self.bar.__enter__()
        else:
            click.echo(f"{label} {number(step.total)} baris", err=True)

    def _shown(self, table: str | None) -> str:
        return f"{table or ''} {number(self._pace())} baris/detik".strip()

    def _pace(self) -> int:
        return int(self.done / max(time.monotonic() - self.since, 0.001))

    def end_table(self) -> None:
        """Says that a table is done, where there is no bar."""
        if self.table:
            self._tell()
        self.table = ""

    def _tell(self) -> None:
        self.told = time.monotonic()
        if not self.bar:
            click.echo(f"  {self.table}: sampai baris ke-{number(self.done)}, {self._shown(None)}", err=True)

    def end(self) -> None:
        """Leaves the line of the bar."""
        self.end_table()
        if self.bar:
            self.bar.__exit__(None, None, None)
            self.bar = None


def number(value: int) -> str:
    """A number with dots between thousands."""
    return f"{value:,}".replace(",", ".")


async def move(config: Config, address: str, stop: asyncio.Event, say: Say) -> None:
    """Copies the office of this file into the configured record; raises NotMoved where it cannot."""
    if not config.url.startswith("postgresql+asyncpg://"):
        raise NotMoved(
            f"{NOTHING}KENTONGAN_DATABASE_URL harus menunjuk ke tujuan: postgresql+asyncpg://PENGGUNA:SANDI@SERVER/NAMA"
        )
    progress = Progress(stop)
    with closing(Source(file_of(address))) as source:
        try:
            done = await moved(source, config.url, now, progress)
        finally:
            progress.end()
        missing, known = _files(source, config.data_dir / "blobs")
        for line in (*_told(done), *_about_files(source.path, config.data_dir, known, missing)):
            say(line)


def _files(source: Source, folder: Path) -> tuple[int, int]:
    """How many files of the office are not in this folder, and how many there are."""
    found = [(folder / name).is_file() for name in source.blobs()]
    return found.count(False), len(found)


def _told(done: Moved) -> list[str]:
    lines = []
    for name, each in done.tables.items():
        parts = [(each.added, "ditambah"), (each.changed, "diganti"), (each.removed, "dihapus")]
        if each.touched:
            lines.append(f"{name}: " + ", ".join(f"{number(count)} {what}" for count, what in parts if count))
    rows = sum(each.rows for each in done.tables.values())
    lines.append(f"{number(rows)} baris dalam {len(done.tables)} tabel sama di kedua sisi, dibandingkan satu per satu.")
    if done.in_use:
        lines.append("Kantor lama masih dipakai: yang masuk sesudah penyalinan dimulai belum ikut, dan layanan belum")
        lines.append("mau berjalan di PostgreSQL. Hentikan kantor lama, lalu jalankan perintah ini sekali lagi.")
    else:
        lines.append("Selesai. Jalankan layanan dengan KENTONGAN_DATABASE_URL ini dan KENTONGAN_SECRET_KEYS yang sama;")
        lines.append("kantor lama jangan dijalankan lagi.")
    return lines


def _about_files(path: Path, folder: Path, known: int, missing: int) -> list[str]:
    if not known:
        return []
    blobs = folder / "blobs"
    if not missing:
        return [f"{number(known)} berkas lampiran ada di {blobs}; semua replika harus melihat folder itu."]
    return [
        f"{number(missing)} dari {number(known)} berkas lampiran belum ada di {blobs} (KENTONGAN_DATA_DIR).",
        f"Salin folder blobs dari {path.parent} ke sana; berkas tidak ikut ke PostgreSQL.",
    ]
