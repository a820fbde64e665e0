"""A dispatcher on a real record with a channel that does as it is told, and writes down when it was asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from bot import language
from bot.capacity import CAPACITY, Capacity
from bot.channels import Channel, Failure, Outgoing
from bot.dispatch import Dispatcher
from bot.media import Media
from bot.metrics import Metrics
from bot.pace import NONE, Limits
from handlers.desk import Ticket
from handlers.facts import Facts
from handlers.rules.ticket import Role, State
from handlers.words import File, Inbound, Kind, Letter, Person, Room, Turn
from storage import facts as stored_facts
from storage import files, tables
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.migrate import upgrade
from storage.office import Office
from storage.turns import Handler, take
from storage.vault import Vault

T = TypeVar("T")
CHANNEL = "telegram"
# What is said in an approved form stands among the texts with this before it.
FORM = "(form) "


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Hands:
    """A clock that is set by hand."""

    at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    asked: int = 0

    def __call__(self) -> datetime:
        self.asked += 1
        return self.at


@dataclass(slots=True)
class Seconds:
    """A steady clock that is moved by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass(slots=True)
class Sending:
    """One letter as the channel was asked to deliver it; `form`: only its form; `refused` when it failed."""

    at: float
    letter: Outgoing
    form: bool = False
    refused: bool = False

    @property
    def text(self) -> str:
        return f"{FORM if self.form else ''}{self.letter.body.text}"


@dataclass(slots=True)
class Wire:
    """A channel: each letter takes `seconds`; failures wait under the text of the letter that they hit.

    `account`: our number, where people may be written to freely for a day only. `files`: what lies under a name.
    """

    name: str = CHANNEL
    account: str = ""
    seconds: float = 0.0
    sent: list[Sending] = field(default_factory=list)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    files: dict[str, list[bytes | Failure]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def parse(self, raw: bytes) -> list[Inbound]:
        raise ValueError("nobody writes here")

    async def send(self, letter: Outgoing) -> tuple[str, ...]:
        first = await self._taken(Sending(time.monotonic(), letter))
        if letter.edit:
            return (letter.edit,)
        return tuple(str(first + number) for number in range(max(1, len(letter.uploads))))

    async def announce(self, letter: Outgoing) -> tuple[tuple[str, ...], bool]:
        assert letter.body.form is not None
        first = await self._taken(Sending(time.monotonic(), letter, form=True))
        return (str(first),), letter.body.form.whole

    async def _taken(self, sending: Sending) -> int:
        self.sent.append(sending)
        await asyncio.sleep(self.seconds)
        waiting = self.failures.get(sending.text)
        if waiting:
            sending.refused = True
            raise waiting.pop(0)
        return 1000 * len(self.sent)

    async def open_topic(self, address: str, name: str) -> str:
        return "7"

    async def acknowledge(self, event: Inbound) -> None:
        return None

    async def fetch(self, ref: str) -> bytes:
        self.asked.append(ref)
        await asyncio.sleep(self.seconds)
        lies = self.files.get(ref, [ref.encode()])
        found = lies.pop(0) if len(lies) > 1 else lies[0]
        if isinstance(found, Failure):
            raise found
        return found

    def texts(self, address: str = "", refused: bool = False) -> list[str]:
        """What was delivered, to one address or to all, in the order in which it was begun."""
        return [
            each.text for each in self.sent if address in ("", each.letter.address) and (refused or not each.refused)
        ]


class SlowReads(Database):
    """A record whose next read, once told, answers only when the gate opens: with what it found before."""

    gate: asyncio.Event | None = None
    found: asyncio.Event | None = None

    async def read(self, fn: Callable[[Connection], T]) -> T:
        gate, found = self.gate, self.found
        self.gate = self.found = None
        result = await super().read(fn)
        if gate and found:
            found.set()
            await gate.wait()
        return result


@dataclass(slots=True)
class Post:
    """The record, the channel, and the dispatcher between them; `now` is the time of all of them."""

    database: SlowReads
    office: Office
    wire: Wire
    dispatcher: Dispatcher
    media: Media
    folder: Path
    now: Callable[[], datetime] = now

    async def contact(self, address: str, group: bool = False) -> int:
        """Somebody, or a group, that letters can go to."""
        sender = Person("900" if group else address, "Sari")
        room = Room(address, "Pelayanan") if group else None
        await self.take(Inbound(CHANNEL, f"new {address}", Kind.JOINED, sender, self.now(), room))
        lookup = self.office.vault.lookups(CHANNEL, address)[0]
        query = select(tables.contacts.c.id).where(tables.contacts.c.lookup == lookup)
        return int(await self.database.read(lambda c: c.execute(query).scalar_one()))

    async def take(self, event: Inbound, handler: Handler = lambda scene: Turn(scene.talk)) -> None:
        """Commits the turn of one event, which nobody answers unless a handler is given."""
        batch = await self.database.write(lambda c: take(c, [event], self.office, self.now(), handler))
        self.dispatcher.post(batch.parcels, batch.dropped)

    async def writes(self, address: str, number: int = 1, **more: Any) -> None:
        """Somebody writes to us now, or when `at` says, and nobody answers."""
        await self.take(self.said(address, number, **more))

    def said(self, address: str, number: int = 1, **more: Any) -> Inbound:
        """What somebody writes to our number; what has the same number comes twice."""
        event = Inbound(CHANNEL, f"{address} {number}", Kind.TEXT, Person(address, "Sari"), self.now(), text="halo")
        return replace(event, **{"account": self.wire.account, "message": f"{number}", **more})

    async def ticket(self, reporter: int, number: str = "LPR-2611-7K3Q-9") -> int:
        """A ticket on record."""
        made = Ticket(
            0, number, reporter, State.FORWARDED, "complaint", "jalan-rusak", "dputr", "", "Jalan", "Jalan rusak",
            {"text": "Jl. Mawar"}, date(2026, 11, 22), False, False, self.now(), self.now(),
        )  # fmt: skip

        def add(connection: Connection) -> int:
            desk = RecordDesk(connection, self.office, self.now())
            ident = desk.add_ticket(made).id
            desk.flush(())
            return ident

        return await self.database.write(add)

    async def attachments(self, ticket: int, *kept: tuple[str, bytes]) -> tuple[int, ...]:
        """Files on record, fetched long ago: kinds with their bytes."""

        def keep(connection: Connection) -> tuple[int, ...]:
            desk = RecordDesk(connection, self.office, self.now())
            given = [File(f"ref-{number}", kind, "application/pdf") for number, (kind, _) in enumerate(kept)]
            ids = desk.attach(ticket, given, Role.REPORTER, CHANNEL)
            for ident, (kind, data) in zip(ids, kept, strict=True):
                blob = f"blob-{ident}"
                (self.folder / blob).write_bytes(data)
                files.keep(connection, ident, blob, kind, "application/pdf")
            return ids

        return await self.database.write(keep)

    async def write(self, *letters: Letter) -> None:
        """Commits letters and hands them over, as a turn does."""

        def post(connection: Connection) -> tuple[Sequence[Parcel], Sequence[int]]:
            desk = RecordDesk(connection, self.office, self.now())
            return desk.flush(letters), desk.dropped

        parcels, dropped = await self.database.write(post)
        self.dispatcher.post(parcels, dropped)

    async def waiting(self) -> int:
        """How many letters the outbox holds."""
        query = select(func.count()).select_from(tables.outbox)
        return int(await self.database.read(lambda c: c.execute(query).scalar_one()))

    async def delivered(self, longest: float = 20.0) -> None:
        """Returns when the outbox is empty."""
        async with asyncio.timeout(longest):
            while await self.waiting():  # noqa: ASYNC110 - the record announces nothing
                await asyncio.sleep(0.01)


def made_office(database: Database, facts: Facts) -> Office:
    return Office(Vault((bytes(32),)), facts, language.renderer(language.load()), lambda below: 0)


@asynccontextmanager
async def posting(
    folder: Path,
    limits: Limits = NONE,
    wire: Wire | None = None,
    channel: Channel | None = None,
    now: Callable[[], datetime] = now,
    *,
    url: str = "",
    leads: bool = True,
    capacity: Capacity = CAPACITY,
    steady: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Post]:
    """A record, in a folder or at `url`, and a dispatcher that leads, but does not deliver before it is run."""
    database = SlowReads(url or f"sqlite+aiosqlite:///{folder / 'kentongan.db'}")
    await database.start()
    await database.write(upgrade)
    office = made_office(database, await database.read(stored_facts.load))
    wire = wire or Wire()
    channels: dict[str, Channel] = {CHANNEL: channel or wire}
    media = Media(database, channels, folder)
    given = (database, lambda: office, channels, media, Metrics(), now, {CHANNEL: limits}, steady, capacity)
    dispatcher = Dispatcher(*given)
    dispatcher.lead(CHANNEL, leads)
    try:
        yield Post(database, office, wire, dispatcher, media, folder, now)
    finally:
        await database.stop()


@asynccontextmanager
async def running(post: Post) -> AsyncIterator[None]:
    """The dispatcher at work."""
    task = asyncio.create_task(post.dispatcher.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
