"""The time, asked at one place."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


# By how much the machine's clock may be off before it has jumped, and how long a jump must last to be believed.
JUMP, BELIEVED = timedelta(seconds=2), 120.0


@dataclass(slots=True)
class Steadied:
    """The machine's time, carried on by the steady clock where that jumps: what is due now stays due now.

    Somebody who puts the clock right, or a machine that slept, is believed after two minutes; never where the
    database's time puts it right anyway.
    """

    own: Callable[[], datetime]
    steady: Callable[[], float] = time.monotonic
    at: datetime = field(init=False)
    since: float = field(init=False)
    doubted: float | None = None
    believed: float = BELIEVED

    def __post_init__(self) -> None:
        self.at, self.since = self.own(), self.steady()

    def __call__(self) -> datetime:
        """Now, as far as can be believed."""
        own, steady = self.own(), self.steady()
        carried = self.at + timedelta(seconds=steady - self.since)
        if abs(own - carried) > JUMP:
            self.doubted = steady if self.doubted is None else self.doubted
            if steady - self.doubted < self.believed:
                return carried
        self.at, self.since, self.doubted = own, steady, None
        return own


@dataclass(slots=True)
class Agreed:
    """The time of all replicas: this machine's, put right by the database's: a letter is due for all at once."""

    own: Callable[[], datetime]
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Now, as far as is known."""
        return self.own() + self.ahead

    def agree(self, before: datetime, there: datetime, after: datetime) -> None:
        """Puts itself right where the database's time does not lie between two of its own, before and after."""
        if there < before:
            self.ahead += there - before
        elif there > after:
            self.ahead += there - after
