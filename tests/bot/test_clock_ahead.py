"""A clock that ran ahead and was put back keeps nobody waiting until the time comes that it had shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capacity import Capacity
from bot.channels import Failure, Replan, Retry
from bot.pace import NONE
from handlers.words import Letter, Part
from storage import planned
from tests.bot.posting import CHANNEL, Hands, Post, Seconds, posting, running
from tests.office import until

AHEAD, MINUTE, BEAT = timedelta(hours=3), timedelta(minutes=1), timedelta(seconds=3)


@pytest.fixture
def hands() -> Hands:
    """The clock."""
    return Hands()


@pytest.fixture
def steady() -> Seconds:
    """The clock that nobody can set."""
    return Seconds()


@pytest.fixture
async def post(record_url: str, tmp_path: Path, hands: Hands, steady: Seconds) -> AsyncIterator[Post]:
    """A dispatcher at work, by these clocks."""
    async with posting(tmp_path, now=hands, url=record_url, steady=steady) as post, running(post):
        yield post


async def test_what_the_last_process_wrote_leaves_at_once(
    record_url: str, tmp_path: Path, hands: Hands, steady: Seconds
) -> None:
    """It was killed while the clock was ahead; the next one, which started by the right clock, finds its letters."""
    async with posting(tmp_path, now=hands, url=record_url, leads=False) as killed:
        siti = await killed.contact("501")
        hands.at += AHEAD
        await killed.write(Letter(siti, "satu"), Letter(siti, "dua"))
        hands.at -= AHEAD
        async with posting(tmp_path, now=hands, url=record_url, steady=steady) as post, running(post):
            await post.dispatcher.load()
            await post.delivered()
            assert post.wire.texts() == ["satu", "dua"]


async def test_what_is_held_is_due_as_it_was_meant(post: Post, hands: Hands, steady: Seconds) -> None:
    """The clock is put back while letters wait here: they wait on, and not for hours."""
    siti, budi = await post.contact("501"), await post.contact("502")
    hands.at += AHEAD
    await post.write(Letter(siti, "sebentar", delay=MINUTE), Letter(budi, "lama", delay=2 * AHEAD))
    hands.at -= AHEAD
    await post.dispatcher.load()
    assert post.wire.texts() == []
    hands.at += MINUTE
    steady.at += MINUTE.total_seconds()
    post.dispatcher.post([])
    await until(lambda: bool(post.wire.texts()))
    assert post.wire.texts() == ["sebentar"]
    hands.at += 2 * AHEAD
    await post.dispatcher.load()
    await post.delivered()
    assert post.wire.texts() == ["sebentar", "lama"]


@pytest.mark.parametrize("seconds", [0.0, 3.0])
@pytest.mark.parametrize("slow", [False, True])
async def test_what_is_written_then_keeps_its_place(
    record_url: str, tmp_path: Path, hands: Hands, steady: Seconds, seconds: float, slow: bool
) -> None:
    """What is written when the clock went back does not pass what waits by the old time, or is with the platform."""
    async with posting(tmp_path, now=hands, url=record_url, steady=steady) as post, running(post):
        siti = await post.contact("501")
        post.wire.failures["satu"] = [Retry("trouble")]
        post.wire.seconds = 0.2 if slow else 0.0
        hands.at += AHEAD
        await post.write(*(Letter(siti, text) for text in ("satu", "dua", "tiga", "empat")))
        await until(lambda: bool(post.wire.sent) if slow else post.wire.texts(refused=True) == ["satu"])
        hands.at -= AHEAD
        steady.at += seconds
        await post.write(Letter(siti, "baru"))
        await beats(post, hands, steady)
        assert post.wire.texts() == ["satu", "dua", "tiga", "empat", "baru"]


async def test_the_dispatcher_rests_until_all_is_put_right(post: Post, hands: Hands, steady: Seconds) -> None:
    """While the record cannot be read nothing leaves, and the processor is not kept busy."""
    siti = await post.contact("501")
    await post.write(Letter(siti, "satu", delay=MINUTE))
    post.database.gate, post.database.found = gate, found = asyncio.Event(), asyncio.Event()
    hands.at -= AHEAD
    steady.at += 2 * MINUTE.total_seconds()
    await post.write(Letter(siti, "dua"))
    async with asyncio.timeout(10):
        await found.wait()
    turns = [hands.asked]
    for _ in range(50):
        await asyncio.sleep(0)
        turns.append(hands.asked)
    assert turns[-1] - turns[0] < 5
    assert post.wire.texts() == []
    gate.set()
    await until(lambda: post.wire.texts() == ["dua"])


async def test_after_a_flood_nobody_is_passed(record_url: str, tmp_path: Path, hands: Hands) -> None:
    """However many letters the last process left: all are put right before any is sent."""
    async with posting(tmp_path, now=hands, url=record_url, leads=False) as killed:
        first, last = await killed.contact("501"), await killed.contact("502")
        hands.at += AHEAD
        await killed.write(*(Letter(first, f"{n}") for n in range(planned.AT_ONCE)), Letter(last, "satu"))
        hands.at -= AHEAD
        async with posting(tmp_path, now=hands, url=record_url) as post:
            await post.dispatcher.load()
            assert not await post.database.read(lambda c: planned.wrong(c, [CHANNEL], hands()))


FAILURES: dict[str, Failure] = {
    "the chat must wait": Retry("slow", 0.01),
    "the account must wait": Retry("slow", 0.01, account=True),
    "it must be sent another way": Replan("reply", "reply"),
    "another trouble": Retry("trouble"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_was_under_way_is_due_as_it_was_meant(
    post: Post, hands: Hands, steady: Seconds, failure: str
) -> None:
    """The clock is put back while a letter is with the platform, which refuses it: it is tried again soon."""
    siti = await post.contact("501")
    post.wire.failures["satu"] = [FAILURES[failure]]
    post.wire.seconds = 0.2
    hands.at += AHEAD
    await post.write(Letter(siti, "satu"))
    await until(lambda: bool(post.wire.sent))
    hands.at -= AHEAD
    await post.dispatcher.load()
    await until(lambda: post.wire.sent[0].refused)
    await beats(post, hands, steady)
    assert post.wire.texts() == ["satu"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("failure", [*FAILURES, "nothing"])
async def test_of_whom_more_waits_than_is_held(
    record_url: str, tmp_path: Path, hands: Hands, steady: Seconds, failure: str, late: bool
) -> None:
    """What is held of theirs is read again by nobody, and yet it is due as it was meant."""
    texts = ["satu", "dua", "tiga", "empat"]
    async with posting(tmp_path, now=hands, url=record_url, leads=False) as other:
        siti = await other.contact("501")
        hands.at += AHEAD
        await other.write(*(Letter(siti, text) for text in texts))
        few = Capacity(of_one=2)
        async with posting(tmp_path, now=hands, url=record_url, steady=steady, capacity=few) as post, running(post):
            post.wire.seconds = 0.2
            post.wire.failures["satu"] = [FAILURES[failure]] if failure in FAILURES else []
            await post.dispatcher.load()
            await until(lambda: bool(post.wire.sent))
            hands.at -= AHEAD
            if late and failure in FAILURES:
                # What came of it is on record before anything is read.
                await until(lambda: post.wire.sent[0].refused)
                await asyncio.sleep(0.1)
            await beats(post, hands, steady)
            assert post.wire.texts() == texts


async def test_a_card_is_changed_when_its_turn_comes(
    record_url: str, tmp_path: Path, hands: Hands, steady: Seconds
) -> None:
    """Put up by a clock that ran ahead, it is not kept from changes until the time comes that it had shown."""
    async with (
        posting(tmp_path, replace(NONE, between_edits=10.0), now=hands, url=record_url, steady=steady) as post,
        running(post),
    ):
        room = await post.contact("-1001", group=True)
        ticket = await post.ticket(await post.contact("501"))
        card = Letter(room, "satu", ticket=ticket, part=Part.CARD)
        hands.at += AHEAD
        await post.write(card)
        await post.delivered()
        hands.at -= AHEAD
        await post.write(replace(card, text="dua"))
        await beats(post, hands, steady)
        assert post.wire.texts() == ["satu", "dua"]


async def beats(post: Post, hands: Hands, steady: Seconds) -> None:
    """A few minutes pass, in which the dispatcher reads the outbox again and again; nothing is left then."""
    end = hands.at + 5 * MINUTE
    while await post.waiting():
        assert hands.at < end
        await post.dispatcher.load()
        await asyncio.sleep(0.02)
        hands.at += BEAT
        steady.at += BEAT.total_seconds()
