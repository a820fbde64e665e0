"""A plain durable bot on PostgreSQL: bare aiohttp, and a transaction of four statements a turn over 24 connections."""

from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bench.floor import Json, Turn, options, question
from bench.floor import serve as listen

CONNECTIONS = 24
metadata = MetaData()
inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
conversation = Table(
    "conversation",
    metadata,
    Column("chat", BigInteger, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("answers", Text, nullable=False),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
TAKE = upsert(inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
STANDS = select(conversation).where(conversation.c.chat == bindparam("who")).with_for_update()
_NEW = upsert(conversation)
STEP = _NEW.on_conflict_do_update(
    index_elements=["chat"], set_={"step": _NEW.excluded.step, "answers": _NEW.excluded.answers}
)
SAY = insert(outbox).inline()


class Record:
    """The record: each turn has a transaction of its own, as soon as a connection is free."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._taking: set[asyncio.Task[None]] = set()

    def take(self, turn: Turn) -> None:
        """Begins a turn."""
        task = asyncio.create_task(self._take(turn))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _take(self, turn: Turn) -> None:
        async with self._engine.begin() as connection:
            reply = await _turn(connection, turn)
        turn.done.set_result(reply)


async def _turn(connection: AsyncConnection, turn: Turn) -> Json | None:
    taken = await connection.execute(TAKE, {"update_id": turn.update_id, "body": turn.raw})
    if taken.one_or_none() is None:
        return None
    stood = (await connection.execute(STANDS, {"who": turn.chat})).one_or_none()
    step = 0 if stood is None or turn.said.startswith("/") else stood.step + 1
    answers = f"{stood.answers}\n{turn.said}" if stood and step else turn.said
    await connection.execute(STEP, {"chat": turn.chat, "step": step, "answers": answers})
    reply = question(turn.chat, step)
    await connection.execute(SAY, {"chat": turn.chat, "body": msgspec.json.encode(reply)})
    return reply


async def main() -> None:
    """Makes the tables and serves until the process is ended."""
    line = options("plain", "--database")
    engine = create_async_engine(line.database, pool_size=CONNECTIONS, max_overflow=0)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await listen(line, Record(engine))


if __name__ == "__main__":
    asyncio.run(main())
