"""What a dispatcher reads of the outbox is as much work however much waits there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from handlers.words import Person
from storage import tables as t
from storage import waiting
from storage.database import Database
from storage.migrate import upgrade
from storage.waiting import Page, Stub
from tests.storage.samples import CHANNEL, NOW, put_contact

FEW, MANY, CONTACTS = 100, 3_000, 40
START = Stub(0, 0, t.EPOCH)
ASKED: dict[str, Callable[[Connection], Any]] = {
    "of contacts": lambda c: waiting.of_contacts(c, [CHANNEL], range(1, CONTACTS), NOW, 3),
    "urgent": lambda c: waiting.urgent(c, range(1, CONTACTS), NOW, 1, NOW),
    "following": lambda c: waiting.following(c, Page([CHANNEL], 1, NOW, START, 20, [1, 2, 3])),
    "still": lambda c: waiting.still(c, range(1, CONTACTS)),
}


def put_letters(connection: Connection, many: int) -> None:
    """So many letters, each to somebody else."""
    for number in range(many):
        contact = put_contact(connection, Person(f"62{number:06}"))
        letter = {"priority": 1, "attempts": 0, "key": "", "part": "talk", "body": '{"text":"a"}', "held": False}
        due = NOW - timedelta(seconds=many - number)
        connection.execute(insert(t.outbox).values(contact_id=contact, due_at=due, **letter))


def steps(connection: Connection, ask: Callable[[Connection], Any]) -> int:
    """How many instructions SQLite runs for it, in hundreds."""
    driver: Any = connection.connection.dbapi_connection
    run: list[None] = []
    ask(connection)
    driver.set_progress_handler(lambda: run.append(None), 100)
    assert ask(connection)
    driver.set_progress_handler(None, 0)
    return len(run)


async def counted(folder: Path, many: int) -> dict[str, int]:
    """The instructions for each question while so many letters wait."""
    database = Database(f"sqlite+aiosqlite:///{folder / f'{many}.db'}")
    await database.start()
    await database.write(upgrade)
    await database.write(lambda c: put_letters(c, many))
    found = {what: await database.read(lambda c, ask=ask: steps(c, ask)) for what, ask in ASKED.items()}  # type: ignore[misc]
    await database.stop()
    return found


async def test_it_is_as_much_work_however_much_waits(tmp_path: Path) -> None:
    """Thirty times as many letters in the outbox are no more work to read a few of them."""
    few, many = await counted(tmp_path, FEW), await counted(tmp_path, MANY)
    assert all(many[what] <= 2 * few[what] + 5 for what in ASKED), (few, many)
