"""Two replicas on one PostgreSQL: what one of them writes the other one sends at once, without looking for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.words import Inbound, Kind, Letter, Person, Turn
from storage.bell import Bell
from tests.bot.posting import CHANNEL, Post, posting, running
from tests.office import until
from tests.storage.samples import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL


@asynccontextmanager
async def ringing(post: Post) -> AsyncIterator[None]:
    """A replica that tells others of its letters and hears of theirs."""
    bell = Bell(post.database.url, post.dispatcher.hear, post.dispatcher.missed)
    post.dispatcher.ring = bell.ring
    task = asyncio.create_task(bell.run())
    try:
        await asyncio.wait_for(bell.listening.wait(), 10)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def two(record_url: str, tmp_path: Path) -> AsyncIterator[list[Post]]:
    """Both at work; the first one delivers."""
    async with AsyncExitStack() as stack:
        posts = []
        for leads in (True, False):
            post = await stack.enter_async_context(posting(tmp_path, url=record_url, leads=leads))
            await stack.enter_async_context(running(post))
            await stack.enter_async_context(ringing(post))
            posts.append(post)
        yield posts


async def test_a_letter_of_the_other_one_leaves_at_once(two: list[Post]) -> None:
    """No letter waits until somebody looks into the outbox."""
    siti = await two[1].contact("501")
    for number in range(5):
        await two[1].write(Letter(siti, f"{number}"))
        await until(lambda number=number: f"{number}" in two[0].wire.texts())  # type: ignore[misc]
    assert two[1].wire.sent == []


async def test_a_letter_taken_back_by_the_other_one_is_not_sent(two: list[Post]) -> None:
    """What the other one replaces before its time is let go, and the new one leaves in its place."""
    siti = await two[0].contact("501")
    await two[0].write(Letter(siti, "old", key="ask", delay=timedelta(minutes=5)))
    await until(lambda: two[0].dispatcher.stock.held == 1)
    await two[1].write(Letter(siti, "new", key="ask", delay=timedelta(seconds=0.5)), Letter(siti, "now"))
    await until(lambda: len(two[0].wire.texts()) == 2)
    assert sorted(two[0].wire.texts()) == ["new", "now"]
    await until(lambda: two[0].dispatcher.stock.held == 0)
    assert await two[0].waiting() == 0


async def test_interleaved_turns_keep_each_persons_order(two: list[Post]) -> None:
    """People whose messages go now to the one and now to the other replica get all answers, in the order of turns."""
    persons, turns = [str(500 + number) for number in range(6)], 12
    said: dict[str, list[str]] = {address: [] for address in persons}

    async def talk(address: str, post: Post, number: int) -> None:
        event = Inbound(CHANNEL, f"{address} {number}", Kind.TEXT, Person(address, "Sari"), post.now(), text="x")
        await post.take(event, lambda scene: Turn(scene.talk, (Letter(scene.contact.id, f"{address}-{number}"),)))
        said[address].append(f"{address}-{number}")

    for number in range(turns):
        await asyncio.gather(*(talk(each, two[(place + number) % 2], number) for place, each in enumerate(persons)))
    await two[0].delivered()
    for address in persons:
        assert two[0].wire.texts(address) == said[address]
