"""Starts: of several replicas at the same instant on a new record, and of one that cannot write."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from bot.app import prepare
from bot.config import Config
from bot.now import now
from handlers.words import Letter
from storage import tables as t
from storage.alone import Occupied
from storage.database import Database
from storage.desk import RecordDesk
from storage.facts import version
from storage.migrate import HEAD, revision
from storage.office import Office
from storage.sweep import INBOX_LIFE
from tests.botapi import BotApi, Person
from tests.office import opened, until

TODAY = date(2026, 11, 22)
REPLICAS = 3
FULL = "CREATE TRIGGER full BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'disk'); END"


async def test_three_start_at_once(blank_url: str, tmp_path: Path) -> None:
    """The tables are made once, the sample's facts are kept once, and no start fails."""
    config = Config(data_dir=tmp_path, database_url=blank_url, facts="sample")
    async with AsyncExitStack() as stack:
        replicas = [Database(config.url, config.database_pool) for _ in range(REPLICAS)]
        for each in replicas:
            await each.start()
            stack.push_async_callback(each.stop)
        await asyncio.gather(*(prepare(config, each, TODAY) for each in replicas))
        assert await replicas[0].read(revision) == HEAD
        assert await replicas[0].read(version) == await replicas[1].read(version)
        count = select(func.count()).select_from(t.agencies)
        assert await replicas[0].read(lambda c: c.execute(count).scalar_one()) > 0


async def test_a_start_that_fails_has_sent_nothing(tmp_path: Path) -> None:
    """Where the record takes nothing more the letters wait for the next start: sent now, they would come twice."""
    sari = Person(501, "Sari")
    async with BotApi() as api:
        async with opened(tmp_path, api) as office:
            await office.says(sari, "mulai")
            before = len(api.messages(sari))
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'kentongan.db'}")
        await database.start()
        await database.write(lambda c: _waits(c, office.app.office))
        await database.write(lambda c: c.exec_driver_sql(FULL).rowcount)
        with pytest.raises(DBAPIError):
            async with opened(tmp_path, api):
                pass
        assert len(api.messages(sari)) == before
        await database.write(lambda c: c.exec_driver_sql("DROP TRIGGER full").rowcount)
        await database.stop()
        async with opened(tmp_path, api):
            await until(lambda: len(api.messages(sari)) > before)


async def test_a_second_process_on_the_embedded_record_does_not_start(tmp_path: Path) -> None:
    """Both would send each letter; the first one goes on undisturbed."""
    sari = Person(501, "Sari")
    async with BotApi() as api, opened(tmp_path, api) as office:
        with pytest.raises(Occupied):
            async with opened(tmp_path, api):
                pass
        assert (await office.says(sari, "mulai")).text


def _waits(connection: Connection, office: Office) -> None:
    """A letter, and an event so old that the first sweep takes it out."""
    (contact,) = connection.execute(select(t.contacts.c.id)).scalars()
    RecordDesk(connection, office, now()).flush([Letter(contact, "jawaban")])
    long_ago = now() - INBOX_LIFE * 2
    connection.execute(insert(t.inbox).values(channel="telegram", event_id="old", at=long_ago))
