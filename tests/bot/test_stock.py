"""While much waits, the most urgent is in memory and leaves first, in order for each contact, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capacity import Capacity
from bot.pace import Limits, Rate
from handlers.words import Letter, Priority
from storage.desk import RecordDesk
from tests.bot.posting import Hands, Post, Seconds, posting, running
from tests.office import until

SMALL = Capacity(held=20, of_one=3, loaded=8, few=2)
FREE = Rate(1e9, 1e9)
SLOW = Limits(Rate(1, 100), FREE, FREE)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A dispatcher that holds a few letters only and sends a hundred a second."""
    async with posting(tmp_path, SLOW, capacity=SMALL) as found:
        yield found


async def people(post: Post, count: int) -> list[int]:
    """So many contacts."""
    return [await post.contact(str(500 + number)) for number in range(count)]


async def elsewhere(post: Post, *letters: Letter) -> list[int]:
    """Letters that another replica writes, of which nobody here hears."""
    written = await post.database.write(lambda c: RecordDesk(c, post.office, post.now()).flush(letters))
    return [each.id for each in written]


async def test_a_backlog_leaves_in_order_and_memory_is_bounded(post: Post) -> None:
    """However much waits, each contact gets all of it in its order, and little of it is held at a time."""
    contacts = await people(post, 12)
    for number in range(10):
        await elsewhere(post, *(Letter(to, f"{to}-{number}", priority=Priority.STATUS) for to in contacts))
    held = []
    async with running(post):
        await post.dispatcher.load()
        while await post.waiting():
            held.append(post.dispatcher.stock.held)
            await asyncio.sleep(0.02)
    for place, to in enumerate(contacts):
        assert post.wire.texts(str(500 + place)) == [f"{to}-{number}" for number in range(10)]
    assert max(held) <= SMALL.held + SMALL.loaded * SMALL.of_one


@pytest.mark.parametrize("heard", [True, False])
async def test_an_answer_goes_before_a_backlog(post: Post, heard: bool) -> None:
    """An answer that is written while news fill the memory is sent next, whether its writer told of it or not."""
    *contacts, siti = await people(post, 41)
    await post.write(*(Letter(to, "news", priority=Priority.BROADCAST) for to in contacts * 2))
    async with running(post):
        await until(lambda: len(post.wire.sent) >= 3)
        if heard:
            await post.write(Letter(siti, "answer"))
        else:
            await elsewhere(post, Letter(siti, "answer"))
            await post.dispatcher.load()
        before = len(post.wire.sent)
        await until(lambda: "answer" in post.wire.texts())
        assert post.wire.texts().index("answer") - before < 12
        await post.delivered()
    assert len(post.wire.sent) == 81


async def test_what_was_written_before_an_answer_goes_before_it(post: Post) -> None:
    """Somebody for whom news waits gets these first and then the answer, both before the news of others."""
    contacts = await people(post, 30)
    siti = contacts[-1]
    await post.write(*(Letter(to, "news", priority=Priority.REMINDER) for to in contacts))
    await post.write(Letter(siti, "answer"))
    async with running(post):
        await post.delivered()
    assert post.wire.texts("529") == ["news", "answer"]
    assert post.wire.texts().index("answer") < 5


async def test_one_who_is_sent_much_takes_nobodys_room(tmp_path: Path) -> None:
    """A group whose letters wait for its own limit keeps no others from leaving, and gets its own in order."""
    limits = Limits(FREE, FREE, Rate(1, 50))
    async with posting(tmp_path, limits, capacity=SMALL) as post:
        group, *contacts = await post.contact("-900", group=True), *await people(post, 10)
        await elsewhere(post, *(Letter(group, f"{number}", priority=Priority.STATUS) for number in range(40)))
        await elsewhere(post, *(Letter(to, "news", priority=Priority.STATUS) for to in contacts))
        async with running(post):
            await post.dispatcher.load()
            await until(lambda: post.wire.texts().count("news") == 10)
            assert len(post.wire.texts("-900")) < 30
            await post.delivered()
        assert post.wire.texts("-900") == [f"{number}" for number in range(40)]


async def test_what_was_taken_back_elsewhere_is_not_sent(tmp_path: Path) -> None:
    """Whether it was told of or not, a letter that is gone from the outbox is not sent when its time comes."""
    hands, steady = Hands(), Seconds()
    async with posting(tmp_path, now=hands, steady=steady) as post, running(post):
        siti, budi = await people(post, 2)
        soon = timedelta(minutes=1)
        await post.write(Letter(siti, "told", delay=soon), Letter(budi, "not told", delay=soon))
        await post.write(Letter(siti, "stays", delay=soon))
        await post.dispatcher.load()
        gone = "DELETE FROM outbox WHERE body LIKE '%told%' RETURNING id, contact_id"
        rows = await post.database.write(lambda c: c.exec_driver_sql(gone).all())
        post.dispatcher.hear([], [row.id for row in rows if row.contact_id == siti])
        await post.dispatcher.load()
        hands.at, steady.at = hands.at + soon, steady.at + 60
        post.dispatcher.post([])
        await post.delivered()
        assert post.wire.texts() == ["stays"]


async def test_in_company_nothing_overtakes_what_was_not_heard_of(post: Post) -> None:
    """What a person's turn here brings does not go before what their turn at another replica brought just before."""
    (siti,) = await people(post, 1)
    async with running(post):
        # Another one is there.
        post.dispatcher.hear([], [])
        for number in range(0, 10, 2):
            await elsewhere(post, Letter(siti, f"{number}"))
            await post.write(Letter(siti, f"{number + 1}"))
        await post.delivered()
    assert post.wire.texts() == [f"{number}" for number in range(10)]


async def test_a_letter_for_later_is_read_when_its_time_comes(post: Post) -> None:
    """What is planned for many hours from now takes no memory until then."""
    (siti,) = await people(post, 1)
    await post.write(
        Letter(siti, "tomorrow", delay=timedelta(hours=20)), Letter(siti, "soon", delay=timedelta(minutes=9))
    )
    await post.dispatcher.load()
    assert post.dispatcher.stock.held == 1
