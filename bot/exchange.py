"""The exchange of files with the national system, from the shell."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.administration import office_of, opened
from bot.config import Config
from bot.now import now
from storage import exchange, registered
from storage.registered import Taken
from storage.sheets import Invalid
from storage.takeover import ready

# Complaints, some of them secret: nobody else on the machine reads along.
OURS = 0o600
Seen = Callable[[int, int], object]


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A new file that is there once all of it is written; raises ValueError where there is one already."""
    if path.exists():
        raise ValueError(f"{path} sudah ada, dan mungkin sudah diisi nomor SP4N. Pilih nama lain.")
    half = path.with_name(f"{path.name}.part")
    try:
        with open(half, "w", encoding="utf-8", newline="", opener=_ours) as file:
            yield file
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)


def _ours(path: str, flags: int) -> int:
    return os.open(path, flags, OURS)


async def handed_over(config: Config, path: Path, seen: Seen) -> int:
    """Writes the reports that wait for a national number into a new file; gives how many they are.

    `seen` hears how many reports were looked at, and of how many. Raises ValueError where the file exists already.
    """
    moment, written, looked, last = now(), 0, 0, 0
    with whole(path) as file:
        sheet = csv.writer(file)
        sheet.writerow(exchange.COLUMNS)
        async with opened(config) as database:
            await database.write(ready)
            office = await office_of(config, database)
            total = await database.read(lambda c: exchange.count(c, office, moment))
            while True:
                rows, found, last = await database.read(lambda c, after=last: exchange.page(c, office, moment, after))  # type: ignore[misc]
                if not found:
                    break
                sheet.writerows(rows)
                written, looked = written + len(rows), looked + found
                seen(looked, max(looked, total))
    return written


async def taken_in(config: Config, raw: bytes, name: str) -> Taken:
    """Notes the national numbers of a file; raises ValueError with everything that is wrong, and changes nothing."""
    async with opened(config) as database:
        await database.write(ready)
        office = await office_of(config, database)
        try:
            return await database.write(lambda c: registered.take(c, office, raw, name, now()))
        except Invalid as invalid:
            raise ValueError("\n".join(invalid.problems)) from None
