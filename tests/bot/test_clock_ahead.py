"""A clock that ran ahead and was put back keeps nobody waiting until the time comes that it had shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.words import Letter
from tests.bot.posting import Hands, Post, Seconds, posting, running
from tests.office import until

AHEAD, MINUTE = timedelta(hours=3), timedelta(minutes=1)


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


async def test_what_is_written_then_keeps_its_place(post: Post, hands: Hands) -> None:
    """What was written before and after the clock was put back arrives in that order."""
    siti = await post.contact("501")
    post.dispatcher.lead("telegram", False)
    hands.at += AHEAD
    await post.write(Letter(siti, "satu"))
    hands.at -= AHEAD
    await post.write(Letter(siti, "dua"))
    post.dispatcher.take_over("telegram", float("inf"))
    await post.dispatcher.load()
    await post.delivered()
    assert post.wire.texts() == ["satu", "dua"]
