"""The floor: bare aiohttp and raw sqlite3 with three statements a turn, the least a durable bot can do."""

from __future__ import annotations

import argparse
import asyncio
import queue
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import msgspec
from aiohttp import web

from bench.questions import DONE, QUESTIONS

BATCH = 64
Json = dict[str, Any]
TABLES = """
create table inbox (update_id integer primary key, body blob not null);
create table conversation (chat integer primary key, step integer not null, answers text not null);
create table outbox (id integer primary key, chat integer not null, body blob not null);
"""
TAKE = "insert into inbox values (?, ?) on conflict do nothing"
STEP = """insert into conversation values (?, 0, '') on conflict (chat) do update
set step = case when ? then 0 else step + 1 end, answers = answers || char(10) || ? returning step"""
SAY = "insert into outbox (chat, body) values (?, ?)"


@dataclass(frozen=True, slots=True)
class Turn:
    """One update waiting for its commit; the future gets the reply, or None for a duplicate."""

    update_id: int
    chat: int
    said: str
    raw: bytes
    done: asyncio.Future[Json | None]


class Record:
    """The record: one writer thread that commits all waiting turns at once."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._path, self._loop = path, loop
        self._waiting: queue.SimpleQueue[Turn] = queue.SimpleQueue()
        threading.Thread(target=self._write, daemon=True).start()

    def take(self, turn: Turn) -> None:
        """Hands a turn to the writer."""
        self._waiting.put(turn)

    def _write(self) -> None:
        db = sqlite3.connect(self._path, isolation_level=None)
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=full")
        db.executescript(TABLES)
        while True:
            batch = [self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get())
            db.execute("begin immediate")
            replies = [(turn, _turn(db, turn)) for turn in batch]
            db.execute("commit")
            self._loop.call_soon_threadsafe(_settle, replies)


def _turn(db: sqlite3.Connection, turn: Turn) -> Json | None:
    if db.execute(TAKE, (turn.update_id, turn.raw)).rowcount == 0:
        return None
    fresh = turn.said.startswith("/")
    step = int(db.execute(STEP, (turn.chat, fresh, turn.said)).fetchall()[0][0])
    reply = question(turn.chat, step)
    db.execute(SAY, (turn.chat, msgspec.json.encode(reply)))
    return reply


def _settle(replies: list[tuple[Turn, Json | None]]) -> None:
    for turn, reply in replies:
        turn.done.set_result(reply)


def question(chat: int, step: int) -> Json:
    """The message that puts the question of a step."""
    if step >= len(QUESTIONS):
        return {"chat_id": chat, "text": DONE}
    text, choices = QUESTIONS[step]
    rows = [[{"text": label, "callback_data": label}] for label in choices]
    return {"chat_id": chat, "text": text} | ({"reply_markup": {"inline_keyboard": rows}} if rows else {})


class Takes(Protocol):
    """A record that a turn is handed to."""

    def take(self, turn: Turn) -> None:
        """Settles the future of the turn when it is committed."""


class Bot:
    """Takes updates by webhook and answers after the commit."""

    def __init__(self, record: Takes, session: aiohttp.ClientSession, base: str) -> None:
        self._record, self._session, self._base = record, session, base
        self._sending: set[asyncio.Task[None]] = set()

    async def hook(self, request: web.BaseRequest) -> web.Response:
        """One webhook request; 200 means committed."""
        if request.path == "/ready":
            return web.Response()
        raw = await request.read()
        update = msgspec.json.decode(raw)
        tap: Json | None = update.get("callback_query")
        chat = int((tap["message"] if tap else update["message"])["chat"]["id"])
        said = str(tap["data"] if tap else update["message"].get("text", ""))
        done: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._record.take(Turn(update["update_id"], chat, said, raw, done))
        reply = await done
        if reply is not None:
            task = asyncio.create_task(self._send(reply, tap))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return web.Response()

    async def _send(self, reply: Json, tap: Json | None) -> None:
        calls = [self._call("sendMessage", reply)]
        if tap:
            calls.append(self._call("answerCallbackQuery", {"callback_query_id": tap["id"]}))
        await asyncio.gather(*calls)

    async def _call(self, method: str, body: Json) -> None:
        data, headers = msgspec.json.encode(body), {"Content-Type": "application/json"}
        async with self._session.post(f"{self._base}/{method}", data=data, headers=headers) as answer:
            await answer.read()


async def serve(options: argparse.Namespace, record: Takes) -> None:
    """Serves until the process is ended."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        bot = Bot(record, session, f"{options.api}/bot{options.token}")
        runner = web.ServerRunner(web.Server(bot.hook, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", options.port).start()
        await asyncio.Event().wait()


async def main() -> None:
    """Serves with its own record."""
    line = options("floor")
    await serve(line, Record(line.dir / "floor.db", asyncio.get_running_loop()))


def options(program: str, *more: str) -> argparse.Namespace:
    """The command line that the reference contenders take, and these options besides."""
    line = argparse.ArgumentParser(prog=f"python -m bench.{program}")
    line.add_argument("--port", type=int, required=True)
    line.add_argument("--api", required=True, help="address of the Bot API")
    line.add_argument("--token", required=True)
    line.add_argument("--dir", type=Path, required=True, help="an empty folder")
    for name in more:
        line.add_argument(name, required=True)
    return line.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
