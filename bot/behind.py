"""Whether answers are slow: looked at with every beat, known to all replicas, and told to people by the handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.log import logger
from storage import backlog
from storage.database import Database

log = logger("behind")


@dataclass(slots=True)
class Behind:
    """How many messages a second each channel lets us send, and how long what comes in waits in this process."""

    database: Database
    rates: Mapping[str, float]
    waited: Callable[[], float]
    slow: Mapping[str, datetime] = field(default_factory=dict)

    async def look(self, now: datetime) -> Mapping[str, datetime]:
        """The channels on which answers are slow, and since when."""
        rates, every = self.rates, self.waited() >= backlog.SLOW.total_seconds()
        late, found = await self.database.read(lambda c: (backlog.behind(c, rates, now), backlog.slow(c, rates, now)))
        late = list(rates) if every else late
        if late:
            found = await self.database.write(lambda c: backlog.kept(c, rates, late, now))
        if found.keys() != self.slow.keys():
            log.warning("answers_slow", channels=sorted(found))
        self.slow = found
        return found
