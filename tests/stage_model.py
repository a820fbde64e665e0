"""The record with which every play begins: the sample regency, its officers enrolled where each of them is."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.language import load, renderer
from storage import facts as stored_facts
from storage.embedded import sqlite_engine
from storage.migrate import upgrade
from storage.office import Office
from storage.sweep import sweep
from storage.vault import Vault
from tests.stage import WIB, appoint
from tests.stage_cast import Cast
from tests.stage_live import Live, opened
from tests.transcript import Act

# The numbers that platforms gave to what was said before the play are given once more in it.
NUMBERED = ("inbox", "accepted", "receipts", "sent")
# By the agencies that are on WhatsApp.
_models: dict[frozenset[str], tuple[bytes, Office]] = {}


@asynccontextmanager
async def live(folder: Path, cast: Cast, undo: float = 0, templates: bool = False) -> AsyncIterator[Live]:
    """A stage of its own for one play; `undo` in seconds."""
    there = frozenset(agency for agency in cast.officers if cast.platform(agency) == "whatsapp")
    if there not in _models:
        _models[there] = await _made(cast)
    record, office = _models[there]
    (folder / "stage.db").write_bytes(record)
    office = replace(office, draw=random.Random(7).randrange, undo_for=timedelta(seconds=undo))
    async with opened(folder, cast, office, templates) as stage:
        yield stage


async def _made(cast: Cast) -> tuple[bytes, Office]:
    with TemporaryDirectory() as name:
        record = Path(name) / "stage.db"
        office = _empty(record)
        async with opened(Path(name), cast, office) as stage:
            stage.codes.seed(11)
            for agency, names in cast.officers.items():
                for officer in names:
                    await stage.act(Act(officer, agency, "tulis", "/hubungkan (kode baru)"))
        engine = sqlite_engine(f"sqlite:///{record}")
        with engine.begin() as connection:
            appoint(connection)
        engine.dispose()
        with closing(sqlite3.connect(record)) as file:
            file.execute("PRAGMA journal_mode=DELETE")
            for table in NUMBERED:
                file.execute(f"DELETE FROM {table}")
            file.commit()
        return record.read_bytes(), office


def _empty(record: Path) -> Office:
    engine = sqlite_engine(f"sqlite:///{record}")
    with engine.begin() as connection:
        upgrade(connection)
        rows = stored_facts.read_folder(stored_facts.sample())
        stored_facts.keep(connection, rows, "Kabupaten Lumajang (contoh)", True, date(2026, 11, 2))
        facts = stored_facts.load(connection)
        office = Office(Vault([bytes(range(32))]), facts, renderer(load()), random.Random(7).randrange, timedelta())
        # The play begins at nine: this morning's round has been made.
        sweep(connection, office, datetime(2026, 11, 2, 8, 0, tzinfo=WIB))
    engine.dispose()
    return office
