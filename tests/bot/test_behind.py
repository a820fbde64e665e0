"""An office notices with its beat that answers are slow, and all its replicas know."""

from __future__ import annotations

from datetime import timedelta

from bot.behind import Behind
from handlers.words import Letter, Person
from storage import backlog
from storage.database import Database
from tests.storage.samples import CHANNEL, NOW, at_desk, put_contact

RATES = {CHANNEL: 1.0}
PEOPLE = 15


async def waiting(database: Database, people: int) -> None:
    """So many people wait for an answer."""
    letters = [Letter(1 + n, "jawaban") for n in range(people)]
    for n in range(people):
        await database.write(lambda c, n=n: put_contact(c, Person(f"62{n:04}")))  # type: ignore[misc]
    await at_desk(database, lambda desk: None, letters=letters)


async def test_it_is_noticed_and_known(database: Database) -> None:
    """One replica counts those who wait; the other knows it from the record, though it would not call it slow."""
    await waiting(database, PEOPLE)
    here, there = Behind(database, RATES, lambda: 0.0), Behind(database, {CHANNEL: 100.0}, lambda: 0.0)
    assert await there.look(NOW) == {}
    assert await here.look(NOW) == {CHANNEL: NOW} == here.slow
    assert await there.look(NOW) == {CHANNEL: NOW}


async def test_fewer_are_no_crowd(database: Database) -> None:
    """Who can be answered in time is not told that answers are slow."""
    await waiting(database, PEOPLE - 1)
    assert await Behind(database, RATES, lambda: 0.0).look(NOW) == {}


async def test_what_comes_in_may_be_behind(database: Database) -> None:
    """Where events wait for their turns, answers are slow on every channel, until some beats after it."""
    waited = [backlog.SLOW.total_seconds()]
    behind = Behind(database, RATES, lambda: waited[0])
    assert await behind.look(NOW) == {CHANNEL: NOW}
    waited[0] = 0.0
    assert await behind.look(NOW + backlog.FRESH) == {CHANNEL: NOW}
    assert await behind.look(NOW + backlog.FRESH + timedelta(seconds=1)) == {}
