"""What becomes of a letter that did not get through: later, another way, to somebody else, or never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from bot.channels import Channel, Failure, Gone, Later, Moved, Refused, Replan, Retry, Stopped
from bot.delivering import Delivering, Held, Waits
from bot.log import logger
from bot.marking import Marking
from bot.pace import Pace
from storage import outbox, windows
from storage.letters import Parcel
from storage.office import Office

log = logger("dispatch")
BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0)
TRIES = 60
REPLANS = 4
STOPPED_FOR = 30.0


class Lost(Failure):
    """Another replica delivers for the channel by now, or soon: the letter is its."""

    def __init__(self) -> None:
        super().__init__("lease")


class Release(Protocol):
    """Frees the lane of a letter; `again` takes its place."""

    def __call__(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None: ...


@dataclass(slots=True)
class Settling:
    """Decides by the failure; each letter is released once."""

    office: Callable[[], Office]
    channels: Mapping[str, Channel]
    pace: Mapping[str, Pace]
    marking: Marking
    delivering: Delivering
    release: Release
    post: Callable[[list[Parcel], list[int]], None]
    now: Callable[[], datetime]
    steady: Callable[[], float]
    _replanned: Counter[int] = field(default_factory=Counter)

    async def settle(self, parcel: Parcel, failure: Failure) -> None:
        """Does what a failure calls for."""
        if isinstance(failure, Retry):
            await self._retry(parcel, failure)
        elif isinstance(failure, Waits):
            await self._put_off(parcel, failure.seconds, failed=False)
        elif isinstance(failure, Held):
            await self._hold(parcel, failure)
        elif isinstance(failure, Lost):
            self.release(parcel, parcel)
        elif isinstance(failure, Stopped):
            log.error("account_refused", channel=parcel.channel, why=failure.why)
            self.pace[parcel.channel].pause_all(self.steady() + STOPPED_FOR)
            self.release(parcel, parcel, STOPPED_FOR)
        elif isinstance(failure, Later):
            log.warning("put_off", channel=parcel.channel, why=failure.why)
            await self._put_off(parcel, failure.seconds, failed=False)
        elif isinstance(failure, Moved):
            await self._move(parcel, failure.address)
        elif isinstance(failure, Refused) and parcel.body.files:
            log.warning("files_refused", channel=parcel.channel, why=failure.why)
            body = self.delivering.without(parcel.body, len(parcel.body.files))
            self.release(parcel, msgspec.structs.replace(parcel, body=body))
        elif isinstance(failure, Replan) and self._replanned[parcel.id] < REPLANS:
            await self._replan(parcel, failure)
        else:
            log.warning("undeliverable", channel=parcel.channel, why=failure.why, part=parcel.part)
            await self._give_up(parcel, gone=isinstance(failure, Gone))

    def over(self, parcel: int) -> None:
        """A letter has left; what was tried with it is of no more interest."""
        if self._replanned:
            self._replanned.pop(parcel, None)

    async def _hold(self, parcel: Parcel, held: Held) -> None:
        """Lets a letter wait for the person to write; one who wrote just now gets it at once."""
        settled = await self.marking.write_down([held.done]) if held.done else None
        announced = bool(held.done and held.done.messages)
        account, now = self.channels[parcel.channel].account, self.now()
        kept: list[bool] = []
        await self.marking.surely(lambda c: kept.append(windows.hold(c, parcel, account, now, announced)))
        self.release(parcel, None if kept[-1] else parcel)
        if settled:
            self.post(settled.parcels, settled.dropped)

    async def _retry(self, parcel: Parcel, failure: Retry) -> None:
        if failure.after is not None:
            # A 429 says exactly how long; it is not the letter's fault, so its attempts do not count on.
            now = self.steady()
            if failure.account:
                log.warning("account_waits", channel=parcel.channel, why=failure.why, seconds=failure.after)
                self.pace[parcel.channel].pause_all(now + failure.after)
            else:
                self.pace[parcel.channel].pause(parcel.contact, now + failure.after, now)
            at, wait = self.now(), timedelta(seconds=failure.after)
            await self.marking.surely(lambda c: outbox.later(c, parcel, at, wait, False))
            # Counted here alone: who asks one chat to wait may ask for longer each time.
            attempts = parcel.attempts + (not failure.account)
            # The pace waits, and not the letter: one that a wrong clock had planned is due, too.
            again = msgspec.structs.replace(parcel, due_at=min(parcel.due_at, at), attempts=attempts)
            self.release(parcel, again, failure.after)
        elif parcel.attempts >= TRIES:
            await self._give_up(parcel, gone=False)
        else:
            await self._put_off(parcel, BACKOFF[min(parcel.attempts, len(BACKOFF) - 1)], failed=True)

    async def _put_off(self, parcel: Parcel, seconds: float, failed: bool) -> None:
        now, wait = self.now(), timedelta(seconds=seconds)
        await self.marking.surely(lambda c: outbox.later(c, parcel, now, wait, failed))
        again = msgspec.structs.replace(parcel, due_at=now + wait, attempts=parcel.attempts + failed)
        self.release(parcel, again)

    async def _move(self, parcel: Parcel, address: str) -> None:
        office, now = self.office(), self.now()
        await self.marking.surely(lambda c: outbox.moved(c, office, parcel.contact, address, now))
        self.delivering.forget(parcel.contact)
        # At once the first time; a group that moves again and again is waited for like any other trouble.
        wait = BACKOFF[min(parcel.attempts, len(BACKOFF)) - 1] if parcel.attempts else 0.0
        await self._put_off(parcel, wait, failed=True)

    async def _replan(self, parcel: Parcel, failure: Replan) -> None:
        """Forgets what the platform has lost and sends the same letter another way."""
        contact, ticket = parcel.contact, parcel.ticket
        self._replanned[parcel.id] += 1
        account = self.channels[parcel.channel].account
        if failure.lost == "window":
            await self.marking.surely(lambda c: windows.close(c, contact, account))
            self.release(parcel, parcel)
            return
        if ticket is not None and failure.lost in ("card", "topic"):
            lost = failure.lost == "topic"
            await self.marking.surely(lambda c: outbox.forget_thread(c, contact, ticket, lost))
        body = parcel.body
        if failure.lost in ("reply", "topic"):
            body = msgspec.structs.replace(body, reply_to="", topic="")
        self.release(parcel, msgspec.structs.replace(parcel, body=body))

    async def _give_up(self, parcel: Parcel, gone: bool) -> None:
        office, now = self.office(), self.now()
        told: list[tuple[list[Parcel], list[int]]] = []
        await self.marking.surely(lambda c: told.append(outbox.undeliverable(c, office, parcel, now, gone)))
        self.release(parcel)
        self.post(*told[-1])
