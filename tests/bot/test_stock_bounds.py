"""However much waits, and however much comes in meanwhile: little is held, and nothing is read for what can wait."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.capacity import EVERYTHING, Capacity
from bot.lanes import STALE, Lanes
from handlers.words import Letter, Priority
from storage.letters import Body, Parcel
from tests.bot.posting import Hands, Post, Seconds, posting, running
from tests.bot.test_stock import SLOW, SMALL, elsewhere, people
from tests.office import until

NARROW = Capacity(held=12, of_one=3, loaded=5, few=3)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A dispatcher that holds a few letters only and sends a hundred a second."""
    async with posting(tmp_path, SLOW, capacity=SMALL) as found:
        yield found


def parcel(ident: int, contact: int, hands: Hands, priority: int = 0, wait: timedelta = timedelta()) -> Parcel:
    """A letter to a contact that is due then."""
    return Parcel(ident, contact, "telegram", priority, hands.at + wait, 0, None, "talk", None, False, Body("a"))


async def test_what_can_wait_is_not_read(post: Post) -> None:
    """While enough is held that goes before it, a new letter is neither held nor read, here or from elsewhere."""
    *contacts, siti, budi = await people(post, 42)
    for to in contacts:
        await post.write(Letter(to, "answer"))
    await post.dispatcher.load()
    stock = post.dispatcher.stock
    held = stock.held
    assert 0 < held <= SMALL.held
    for number in range(30):
        await post.write(Letter(siti, f"{number}"))
    assert not stock.wants()
    assert stock.held == held
    post.dispatcher.hear([budi], [])
    await elsewhere(post, Letter(budi, "answer"))
    await stock.read()
    assert stock.held == held
    async with running(post):
        await post.delivered()
    assert post.wire.texts("540") == [f"{number}" for number in range(30)]


async def test_what_is_urgent_is_held_at_once(post: Post) -> None:
    """An answer goes into a memory that is full of news, and pushes these out."""
    *contacts, siti, budi = await people(post, 42)
    await post.write(*(Letter(to, "news", priority=Priority.STATUS) for to in contacts))
    await post.dispatcher.load()
    stock = post.dispatcher.stock
    await post.write(Letter(siti, "answer"))
    assert stock.wants()
    await elsewhere(post, Letter(budi, "answer"))
    post.dispatcher.hear([budi], [])
    await stock.read()
    assert stock.held <= SMALL.held
    async with running(post):
        await post.delivered()
    assert set(post.wire.texts()[:2]) == {"answer"}


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_comes_in_order_is_kept(tmp_path: Path, seed: int) -> None:
    """News and answers, told of or not, come in while much waits: each contact gets all, in order, little is held."""
    chance = random.Random(seed)
    async with posting(tmp_path, capacity=NARROW) as post:
        contacts = await people(post, 15)
        numbers = {to: count() for to in contacts}

        def letter() -> Letter:
            to = chance.choice(contacts)
            return Letter(to, str(next(numbers[to])), priority=chance.choice((Priority.DIALOGUE, Priority.STATUS)))

        await elsewhere(post, *(letter() for _ in range(100)))
        async with running(post):
            await post.dispatcher.load()
            for _ in range(40):
                await post.write(*(letter() for _ in range(chance.randrange(1, 5))))
                if chance.random() < 0.3:
                    # Told before it is read, as by the bell.
                    new = letter()
                    await elsewhere(post, new)
                    post.dispatcher.hear([new.to], [])
                if chance.random() < 0.1:
                    post.dispatcher.missed()
                assert post.dispatcher.stock.held <= NARROW.held + 5
                await asyncio.sleep(0)
            await post.dispatcher.load()
            await post.delivered()
        for at, to in enumerate(contacts):
            texts = post.wire.texts(str(500 + at))
            assert texts == [str(number) for number in range(next(numbers[to]))]


async def test_what_waits_for_its_time_takes_no_room(tmp_path: Path) -> None:
    """Many answers that are planned for soon do not keep news from leaving that are due now."""
    async with posting(tmp_path, SLOW, capacity=SMALL) as post:
        contacts = await people(post, 60)
        soon = timedelta(minutes=40)
        await elsewhere(post, *(Letter(to, "planned", delay=soon) for to in contacts[:40]))
        await elsewhere(post, *(Letter(to, "news", priority=Priority.REMINDER) for to in contacts[40:]))
        async with running(post):
            await post.dispatcher.load()
            await until(lambda: len(post.wire.sent) == 20)
        assert set(post.wire.texts()) == {"news"}
        assert post.dispatcher.stock.held <= SMALL.held


async def test_when_the_flood_is_over_all_is_held_again(post: Post) -> None:
    """Once what waits has left, a letter is held when it is written."""
    contacts = await people(post, 30)
    await elsewhere(post, *(Letter(to, "answer") for to in contacts))
    async with running(post):
        await post.dispatcher.load()
        assert post.dispatcher.stock.behind
        await post.delivered()
        await post.dispatcher.load()
    stock = post.dispatcher.stock
    assert (stock.behind, stock._reach) == (False, EVERYTHING)
    await post.write(Letter(contacts[0], "again"))
    assert stock.held == 1


def test_the_queues_stay_short() -> None:
    """Letters that are let go of, come back, or are replaced leave no more places behind than a bound."""
    hands, steady = Hands(), Seconds()
    lanes, idents = Lanes(hands, steady), count(1)
    for turn in range(200):
        for contact in range(50):
            wait = timedelta(minutes=turn % 7) if contact % 2 else timedelta()
            lanes.hold(parcel(next(idents), contact, hands, turn % 4, wait))
        lanes.let_go(10)
    assert lanes.places <= 2 * (2 * 50 + STALE)
    for turn in range(20_000):
        ident = next(idents)
        lanes.hold(parcel(ident, turn % 50, hands, 3 - turn % 4, -timedelta(seconds=turn)))
        lanes.drop(ident)
    assert lanes.places <= 2 * (2 * 50 + STALE)
    lanes.let_go(0)
    while taken := lanes.take():
        lanes.release(taken[0])
    assert lanes.ready() == len(lanes) == 0
