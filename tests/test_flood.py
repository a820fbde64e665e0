"""A flood in small: whatever comes at once is taken, answered, and told once where answers are slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench import flood_record
from bench.contenders import SECRET
from bench.flood_figures import HEAD, Outcome, Stretch, row
from bench.flood_town import Heap, Town
from bot.app import introduce
from tests.office import LONGEST, Office, opened

MANY = 150
PUBLIC = "https://lapor.example"


@asynccontextmanager
async def flooded(folder: Path, limits: bool) -> AsyncIterator[tuple[Town, Office]]:
    """An office, and the people of a flood at its door."""
    async with Town(limits) as town, opened(folder, town, telegram_webhook_secret=SECRET, rate_limits=limits) as office:
        town.posts.ports = (int(office.url.rpartition(":")[2]),)
        await town.posts.open(20)
        yield town, office
        town.posts.close()


async def poured(town: Town, count: int) -> None:
    """So many messages at once; returns when all are acknowledged."""
    for _ in range(count):
        await town.one(0.0)
    async with asyncio.timeout(LONGEST):
        while town.posts.open_posts:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)


async def test_nothing_is_lost(tmp_path: Path) -> None:
    """Every update that comes in a flood is acknowledged, on record once, and answered."""
    async with flooded(tmp_path, limits=False) as (town, office):
        await poured(town, MANY)
        await poured(town, MANY)
        await office.settled()
        database = office.app.database
        assert await flood_record.events(database) == town.posts.acknowledged
        assert len(town.posts.acknowledged) == town.heap.offered == 2 * MANY
        assert set(town.posts.statuses) == {200}
        assert town.expecting == []
        assert await flood_record.waiting(database) == (0, 0)
        assert await flood_record.poisoned(database) == 0
        assert not town.refusals


async def test_what_is_refused_comes_again(tmp_path: Path) -> None:
    """An office that holds as much as it may refuses more, and takes it when the platform delivers it again."""
    async with flooded(tmp_path, limits=False) as (town, office):
        office.app.intake.most_waiting, town.posts.again_after = 3, 0.02
        await poured(town, MANY)
        await office.settled()
        assert town.posts.statuses[503] == town.posts.again > 0
        assert await flood_record.events(office.app.database) == town.posts.acknowledged
        assert len(town.posts.acknowledged) == MANY
        assert town.expecting == []


async def test_people_are_told_once(tmp_path: Path) -> None:
    """While answers are slow each person reads so on one answer, however often they write meanwhile."""
    async with flooded(tmp_path, limits=False) as (town, office):
        app = office.app
        app.behind.waited = lambda: 60.0
        await app.reload()
        assert list(app.office.slow) == ["telegram"]
        await poured(town, MANY)
        await office.settled()
        await poured(town, MANY)
        await office.settled()
        assert {town.told[chat] for chat in town.citizens} == {1}


async def test_telegram_may_open_all_its_connections(tmp_path: Path) -> None:
    """Telegram is asked for as many connections as it ever opens."""
    async with Town(False) as town, opened(tmp_path, town, public_url=PUBLIC, telegram_webhook_secret=SECRET) as office:
        await introduce(office.app)
        assert town.delivery.connections == 100


def test_the_verdict() -> None:
    """One loss, one who is told twice, or one stretch that is slow, and the flood was not met."""
    heap = Heap(3, [0.1, 0.2, 0.3], [1.0], [2.0])
    good = Outcome([Stretch(1.0, heap, 100.0, 0.5, 1, 0)], told=4, statuses=str({200: 3}))
    assert good.met
    assert "MISSED" not in good.summed_up()
    slow = Stretch(2.0, Heap(1, [3.0]), 100.0, 0.5, 1, 0)
    for wrong in (
        Outcome(good.stretches, lost=1),
        Outcome(good.stretches, unacknowledged=1),
        Outcome(good.stretches, unanswered=1),
        Outcome(good.stretches, told_again=1),
        Outcome(good.stretches, overtaken=1),
        Outcome([*good.stretches, slow]),
    ):
        assert not wrong.met
        assert "MISSED" in wrong.summed_up()
    assert len(good.stretches[0].line()) == len(row(HEAD))
