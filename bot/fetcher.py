"""Files that a platform keeps for days only, fetched soon after the commit that put them on record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels import Failure, Refused
from bot.dispatch import Dispatcher
from bot.log import logger
from bot.media import Media
from handlers.files import EXPIRED, UNKEPT
from storage import files, unkept
from storage.database import Database
from storage.files import Fetched
from storage.office import Office

log = logger("fetcher")
AT_ONCE = 8
TRIES = 12
BEAT = 5.0


@dataclass(slots=True)
class Fetcher:
    """Fetches what waits; what cannot be fetched is told to whoever sent it."""

    database: Database
    office: Callable[[], Office]
    media: Media
    dispatcher: Dispatcher
    now: Callable[[], datetime]
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Fetches until it is cancelled."""
        while True:
            self.wake.clear()
            try:
                while await self.fetch_due():
                    pass
            except Exception as error:  # noqa: BLE001 - the database is away: the next beat tries again
                log.error("fetch_failed", error=type(error).__name__)
            try:
                async with asyncio.timeout(BEAT):
                    await self.wake.wait()
            except TimeoutError:
                pass

    async def fetch_due(self) -> int:
        """Fetches the files that are due now; how many there were."""
        now = self.now()
        found = await self.database.write(lambda c: files.claimed(c, now, AT_ONCE))
        await asyncio.gather(*(self._fetch(each) for each in found))
        return len(found)

    async def _fetch(self, file: Fetched) -> None:
        try:
            blob, kind, mime, _ = await self.media.fetch(file.channel, file.ref, file.kind, file.mime)
        except Refused as refused:
            await self._give_up(file, refused.why if refused.why in UNKEPT else EXPIRED)
        except (Failure, OSError) as failure:
            log.warning("fetch_later", error=type(failure).__name__, attempts=file.attempts)
            await self._later(file)
        else:
            await self.database.write(lambda c: files.settled(c, file, blob, kind, mime, ""))

    async def _later(self, file: Fetched) -> None:
        if file.attempts >= TRIES:
            await self._give_up(file, EXPIRED)
            return
        until = self.now() + timedelta(seconds=2**file.attempts)
        await self.database.write(lambda c: files.put_off(c, file, until))

    async def _give_up(self, file: Fetched, problem: str) -> None:
        office, now = self.office(), self.now()
        log.warning("file_not_kept", channel=file.channel, why=problem)
        parcels, dropped = await self.database.write(lambda c: unkept.give_up(c, office, file, problem, now))
        self.dispatcher.post(parcels, dropped)
