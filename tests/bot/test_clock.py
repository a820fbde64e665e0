"""What the clock does once a day: free days of coming years, deadlines that they move, and the warning of a gap."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.clock import Clock
from bot.metrics import Metrics
from handlers.rules import clocks
from handlers.rules.ticket import Clock as Step
from storage import facts, tables
from storage.rows import ticket_of
from tests.bot.posting import CHANNEL, Hands, Post, posting
from tests.logged import logged

AGENCY = {
    "code": "dputr",
    "name": "Dinas PU",
    "parent": "",
    "kind": "coordinator",
    "area": "35",
    "zone": "Asia/Jakarta",
}


def clock(post: Post) -> Clock:
    """The clock of this record, whose facts are always the newest."""

    async def reload() -> None:
        post.office = replace(post.office, facts=await post.database.read(facts.load))

    async def forget(_: Sequence[str]) -> None:
        return None

    return Clock(
        post.database, lambda: post.office, post.dispatcher, Metrics(), post.now, "one", (CHANNEL,), reload, forget
    )


def keep(connection: Connection) -> None:
    """The agency, and no days."""
    facts.keep(connection, {"agencies": [{**AGENCY, "short": "", "approval": False}]})


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that the program logs."""
    with logged() as stream:
        yield stream


def warnings(written: io.StringIO) -> int:
    """How often a missing year was told since the last time."""
    found = written.getvalue().count("calendar_missing")
    written.seek(0)
    written.truncate()
    return found


async def test_a_missing_year_is_told_once_a_day(tmp_path: Path, written: io.StringIO) -> None:
    """At the start and on every day while it lasts."""
    hands = Hands(datetime(2040, 6, 1, 9, 0, tzinfo=UTC))
    async with posting(tmp_path, now=hands) as post:
        beats = clock(post)
        told = []
        for _ in range(3):
            await beats.beat()
            told.append(warnings(written))
        hands.at += timedelta(days=1)
        await beats.beat()
        told.append(warnings(written))
        hands.at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        beats.behind = True
        await beats.beat()
        warnings(written)
        hands.at += timedelta(days=1)
        await beats.beat()
        told.append(warnings(written))
    assert told == [1, 0, 0, 1, 0]


async def test_free_days_are_filled_in_and_deadlines_follow(tmp_path: Path) -> None:
    """A deadline that was counted without the days of its year is counted anew, and its chat hears of it."""
    hands = Hands(datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    async with posting(tmp_path, now=hands) as post:
        await post.database.write(keep)
        room = await post.contact("-100", group=True)
        bound = {"contact_id": room, "agency": "dputr", "bound_at": hands.at}
        await post.database.write(lambda c: c.execute(tables.rooms.insert().values(bound)).rowcount)
        ident = await post.ticket(await post.contact("5"))
        calendar = (await post.database.read(facts.load)).calendar("dputr")
        due = clocks.ends(hands.at, 3, calendar, True, hands.at)
        run = {"step": Step.HANDLING, "since": hands.at, "days": 3, "due": due}
        values = {"runs": [run], "due_at": due, "clock": "resolution"}
        at = tables.tickets.c.id == ident
        await post.database.write(lambda c: c.execute(update(tables.tickets).where(at).values(values)).rowcount)
        beats = clock(post)
        await beats.beat()
        (row,) = await post.database.read(lambda c: list(c.execute(tables.tickets.select())))
        assert (due.day, [each.due.day for each in ticket_of(row).runs]) == (25, [29])
        letters = await post.database.read(lambda c: [each.body for each in c.execute(tables.outbox.select())])
        assert len([each for each in letters if "Kalender hari kerja berubah" in each]) == 1
        beats.behind = True
        await beats.beat()
        assert await post.waiting() == len(letters)
