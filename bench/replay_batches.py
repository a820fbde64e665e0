"""WhatsApp's webhooks as the replay needs them: ten messages in each, each twice, all in random order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.graphapi_delivery import SIGNATURE, Delivery, grouped
from tests.graphapi_nouns import Json

MOST = 10
# How long a webhook waits for more to come, and how late its two deliveries are at most.
GATHERS, LATE, LATER = 0.3, 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits for its webhook; `taken` has the answer to the first that was accepted."""

    event: Json
    taken: asyncio.Future[int]


class Batches(Delivery):
    """Webhooks with up to ten messages and all statuses that came meanwhile; each is sent twice, until it is taken."""

    def __init__(
        self, of: Delivery, chance: Random, until_taken: Callable[[Callable[[], Awaitable[int]]], Awaitable[int]]
    ) -> None:
        super().__init__(of.app_secret, of.metadata["phone_number_id"], of.metadata["display_phone_number"])
        self.chance, self.until_taken = chance, until_taken
        self.sizes: list[int] = []
        self.under_way: set[asyncio.Task[None]] = set()
        self._waiting: list[Waiting] = []
        self._messages = 0
        self._departure: asyncio.TimerHandle | None = None

    async def tell(self, event: Json) -> int:
        """Tells the program of one event; returns when a webhook with it was accepted."""
        waiting = Waiting(event, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._messages += "messages" in event
        if self._messages == MOST:
            self._depart()
        elif self._departure is None:
            self._departure = asyncio.get_running_loop().call_later(GATHERS, self._depart)
        return await waiting.taken

    def _depart(self) -> None:
        if self._departure:
            self._departure.cancel()
        batch, self._waiting, self._departure = self._waiting, [], None
        if not batch:
            return
        self.sizes.append(self._messages)
        self._messages = 0
        self.chance.shuffle(batch)
        raw = self.body(grouped([each.event for each in batch], self.chance))
        for most in (LATE, LATER):
            task = asyncio.create_task(self._carry(raw, batch, self.chance.uniform(0, most)))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def _carry(self, raw: bytes, batch: Sequence[Waiting], pause: float) -> None:
        await asyncio.sleep(pause)
        try:
            status = await self.until_taken(lambda: self.post(raw, {SIGNATURE: self.signature(raw)}))
        except Exception as wrong:  # noqa: BLE001 - whoever waits for it hears of it
            for each in batch:
                if not each.taken.done():
                    each.taken.set_exception(wrong)
            return
        for each in batch:
            if not each.taken.done():
                each.taken.set_result(status)

    async def rest(self) -> None:
        """Returns when all that waited was sent and accepted, twice."""
        self._depart()
        while self.under_way:
            await asyncio.wait(self.under_way)
            self._depart()
