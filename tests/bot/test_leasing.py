"""One replica delivers: it stops before its lease ends, and another one goes on where it stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.leasing import LEASE, MARGIN, RENEWAL, Leasing
from bot.now import Agreed, now
from handlers.words import Letter
from storage import outbox
from storage.desk import RecordDesk
from storage.outbox import Sent
from tests.bot.posting import CHANNEL, Hands, Post, Seconds, posting, running
from tests.office import until

A_KILL = 10.0


@dataclass(slots=True)
class Two:
    """Two replicas on one record, each with a channel of its own to see what it sends."""

    hands: Hands = field(default_factory=Hands)
    steady: Seconds = field(default_factory=Seconds)
    posts: list[Post] = field(default_factory=list)
    leases: list[Leasing] = field(default_factory=list)

    async def passed(self, seconds: float) -> None:
        """So much time goes by, on every clock."""
        self.steady.at += seconds
        self.hands.at += timedelta(seconds=seconds)
        if not self.posts[0].database.sqlite:
            earlier = f"UPDATE leases SET until = until - {int(seconds * 1_000_000)}"
            await self.posts[0].database.write(lambda c: c.exec_driver_sql(earlier).rowcount)

    def sent(self) -> list[list[str]]:
        """What each of them has sent."""
        return [post.wire.texts() for post in self.posts]

    async def delivers(self, which: int, text: str) -> None:
        """Returns when that one has sent this."""
        await until(lambda: text in self.posts[which].wire.texts())


@pytest.fixture
async def two(record_url: str, tmp_path: Path) -> AsyncIterator[Two]:
    """Both at work; the first one leads."""
    both = Two()
    async with AsyncExitStack() as stack:
        for name in ("a", "b"):
            opened = posting(tmp_path, now=both.hands, url=record_url, leads=False, steady=both.steady)
            post = await stack.enter_async_context(opened)
            await stack.enter_async_context(running(post))
            both.posts.append(post)
            given = (post.database, post.dispatcher, both.hands, both.steady, name, (CHANNEL,))
            # As replicas, also on the record that in earnest has one.
            both.leases.append(Leasing(*given, alone=False))
        for each in both.leases:
            await each.renew()
        yield both


async def test_the_first_one_delivers(two: Two) -> None:
    """What either of them writes is sent by the one that leads."""
    siti = await two.posts[0].contact("501")
    await two.posts[0].write(Letter(siti, "satu"))
    await two.delivers(0, "satu")
    await two.posts[1].write(Letter(siti, "dua"))
    await two.posts[0].dispatcher.load()
    await two.delivers(0, "dua")
    assert two.sent() == [["satu", "dua"], []]


async def test_another_one_delivers_soon_after_a_kill(two: Two) -> None:
    """Whoever is not heard of any more has a successor within ten seconds, who sends what is left."""
    siti = await two.posts[0].contact("501")
    await two.posts[1].write(Letter(siti, "satu"))
    gone = 0.0
    while "satu" not in two.sent()[1]:
        await two.passed(RENEWAL)
        gone += RENEWAL
        assert gone < A_KILL
        await two.leases[1].renew()
        await asyncio.sleep(0.05)
    assert two.sent()[0] == []


async def test_who_stood_still_sends_nothing(two: Two) -> None:
    """A replica that slept through the end of its lease leaves what it held to the one that leads by now."""
    siti = await two.posts[0].contact("501")
    await two.posts[0].write(Letter(siti, "later", delay=timedelta(seconds=20)))
    await two.passed(30)
    # It wakes up and finds its letter due, before it has heard of anything.
    two.posts[0].dispatcher.post([])
    await asyncio.sleep(0.1)
    assert two.sent() == [[], []]
    for _ in range(2):
        await two.leases[1].renew()
    await two.delivers(1, "later")
    await two.leases[0].renew()
    await two.posts[0].dispatcher.load()
    assert two.sent() == [[], ["later"]]


async def test_whoever_led_before_has_a_moment_left(two: Two) -> None:
    """When the database comes back, what the last one has sent is written down before the next one reads."""
    siti = await two.posts[0].contact("501")
    (parcel,) = await two.posts[1].database.write(
        lambda c: RecordDesk(c, two.posts[1].office, two.hands()).flush([Letter(siti, "sent")])
    )
    await two.passed(LEASE.total_seconds() + 1)
    await two.leases[1].renew()
    await two.posts[1].dispatcher.load()
    await two.posts[0].database.write(lambda c: outbox.delivered(c, [Sent(parcel, ("1",), two.hands())]))
    await two.leases[1].renew()
    await two.posts[1].dispatcher.load()
    await two.posts[1].write(Letter(siti, "next"))
    await two.delivers(1, "next")
    assert two.sent() == [[], ["next"]]


async def test_sending_ends_before_the_lease(two: Two) -> None:
    """While it cannot renew, a replica stops in time; as soon as it can, it goes on in the old order."""
    siti = await two.posts[0].contact("501")
    await two.passed((LEASE - MARGIN).total_seconds())
    await two.posts[0].write(Letter(siti, "satu"), Letter(siti, "dua"))
    await asyncio.sleep(0.1)
    assert two.sent() == [[], []]
    await two.leases[0].renew()
    await two.delivers(0, "dua")
    assert two.sent() == [["satu", "dua"], []]


async def test_who_ends_in_order_makes_way_at_once(two: Two) -> None:
    """A lease that is given back is taken by the next question."""
    siti = await two.posts[0].contact("501")
    two.posts[0].dispatcher.lead(CHANNEL, False)
    await two.leases[0].give_back()
    await two.posts[1].write(Letter(siti, "satu"))
    await two.leases[1].renew()
    await two.delivers(1, "satu")
    assert two.leases[1].sweeps
    assert two.sent()[0] == []


async def test_replicas_go_by_one_clock(record_url: str, tmp_path: Path) -> None:
    """Whatever a machine's own clock says, a replica on PostgreSQL has the database's time; alone it has its own."""
    for wrong in (timedelta(hours=-3), timedelta(days=2), timedelta()):
        agreed = Agreed(lambda wrong=wrong: now() + wrong)  # type: ignore[misc]
        async with posting(tmp_path, now=agreed, url=record_url, leads=False) as post:
            alone = post.database.sqlite
            leasing = Leasing(post.database, post.dispatcher, agreed, time.monotonic, "a", (CHANNEL,), alone)
            await leasing.renew()
            right = wrong if alone else timedelta()
            assert abs(agreed() - now() - right) < timedelta(minutes=1)
