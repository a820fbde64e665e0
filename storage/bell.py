"""Between replicas on PostgreSQL: whoever writes letters that another one delivers tells it whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.util import greenlet_spawn

NAME = "kentongan_letters"
# A notice holds 8,000 bytes, and an id is nineteen digits at most.
AT_ONCE = 350
MOST = 20_000
AGAIN = (0.1, 0.3, 1.0, 3.0)
# A connection that died without a word is noticed by this.
SIGN_OF_LIFE = 10.0
ANSWER = 5.0
_TELL = f"SELECT pg_notify('{NAME}', $1)"


class _Ring(msgspec.Struct, array_like=True, frozen=True):
    """Who has new letters, and which letters were taken back."""

    contacts: list[int]
    dropped: list[int]


_decoder = msgspec.json.Decoder(_Ring)
Heard = Callable[[Sequence[int], Sequence[int]], None]


class Bell:
    """A connection of its own, beside the pool: it only listens, and tells what was committed before.

    Not in the transaction that writes the letters: PostgreSQL lets those that notify commit one after another only,
    across all replicas, each with its flush. Who dies in between is made up for by the slow poll.
    """

    def __init__(self, url: URL, heard: Heard, begun: Callable[[], None]) -> None:
        self._url, self._heard, self._begun = url, heard, begun
        self._contacts: dict[int, None] = {}
        self._dropped: dict[int, None] = {}
        self._wake = asyncio.Event()
        self.listening = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How much is not told yet."""
        return len(self._contacts) + len(self._dropped)

    def ring(self, contacts: Iterable[int], dropped: Iterable[int]) -> None:
        """Tells all others soon; what is rung many times meanwhile is told once."""
        self._contacts.update(dict.fromkeys(contacts))
        self._dropped.update(dict.fromkeys(dropped))
        if len(self._contacts) > MOST or len(self._dropped) > MOST:
            # Nobody listens for long: whoever delivers will find it in the outbox.
            self._contacts.clear()
            self._dropped.clear()
        self._wake.set()

    async def run(self) -> None:
        """Listens until it is cancelled, again and again where the connection is lost."""
        tried = 0
        while True:
            try:
                await self._listen()
            except Exception:  # noqa: BLE001 - whatever it was, the slow poll does the same until somebody listens
                tried = 0 if self.listening.is_set() else tried + 1
            finally:
                self.listening.clear()
            await asyncio.sleep(AGAIN[min(tried, len(AGAIN) - 1)])

    async def _listen(self) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            async with asyncio.timeout(ANSWER):
                connection = await greenlet_spawn(engine.connect)
            try:
                await self._serve(connection)
            finally:
                await greenlet_spawn(_ended, connection)
        finally:
            await greenlet_spawn(engine.dispose)

    async def _serve(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.add_termination_listener(lambda _: self._wake.set())
        await driver.add_listener(NAME, self._hear)
        self.listening.set()
        # What was told while nobody listened here is found in the outbox; that this one is here, all should know.
        self._begun()
        await driver.execute(_TELL, _encoded([], []), timeout=ANSWER)
        while True:
            self._wake.clear()
            await self._tell(driver)
            try:
                async with asyncio.timeout(SIGN_OF_LIFE):
                    await self._wake.wait()
            except TimeoutError:
                await driver.execute("SELECT 1", timeout=ANSWER)
            if driver.is_closed():
                raise ConnectionResetError

    async def _tell(self, driver: Any) -> None:
        while self._contacts or self._dropped:
            dropped, self._dropped = _parted(self._dropped, AT_ONCE // 2)
            contacts, self._contacts = _parted(self._contacts, AT_ONCE - len(dropped))
            try:
                await driver.execute(_TELL, _encoded(contacts, dropped), timeout=ANSWER)
            except BaseException:
                self.ring(contacts, dropped)
                raise

    def _hear(self, driver: Any, pid: int, channel: str, payload: str) -> None:
        if pid == driver.get_server_pid():
            return
        try:
            ring = _decoder.decode(payload)
        except msgspec.MsgspecError:
            return
        self._heard(ring.contacts, ring.dropped)


def _ended(connection: Connection) -> None:
    connection.invalidate()
    connection.close()


def _encoded(contacts: list[int], dropped: list[int]) -> str:
    return msgspec.json.encode(_Ring(contacts, dropped)).decode()


def _parted(keys: dict[int, None], count: int) -> tuple[list[int], dict[int, None]]:
    """The first so many, and the rest."""
    first = list(islice(keys, count))
    return first, dict.fromkeys(islice(keys, count, None))
