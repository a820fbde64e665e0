"""The stage with the real channels: what people do goes the whole way, and what leaves is read where they read it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.channels import Channel
from bot.dispatch import Dispatcher
from bot.fetcher import Fetcher
from bot.intake import Intake
from bot.media import Media
from bot.metrics import Metrics
from storage import facts as stored_facts
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.invitations import invite
from storage.letters import Parcel
from storage.office import Office
from storage.sweep import sweep
from tests.stage import START, WIB
from tests.stage_cast import EVERYBODY, Cast
from tests.stage_letters import Page
from tests.stage_memory import Seen
from tests.stage_telegram import OnTelegram
from tests.stage_whatsapp import OnWhatsApp
from tests.transcript import Act

# Nobody acts again before what is due within the patience has come; what is planned for later comes with time.
PATIENCE, ALBUM_GAP, PAUSE = 2.0, 1.2, timedelta(seconds=1)


class Clock:
    """The hour on the stage; only the play moves it."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


# When the clock has something to do: the morning's round, and the promise before a day ends.
ROUNDS = (time(8, 0), time(15, 0))


def marks(start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants between two at which the clock makes its round, and the last."""
    days = (start.astimezone(WIB).date() + timedelta(days=n) for n in range((end - start).days + 2))
    found = (datetime.combine(day, hour, WIB).astimezone(UTC) for day in days for hour in ROUNDS)
    yield from (moment for moment in found if start < moment < end)
    yield end


@dataclass(slots=True)
class Live:
    """An office on stage; `templates`: they are shown, and people press their buttons themselves."""

    cast: Cast
    office: Office
    clock: Clock
    database: Database
    media: Media
    sides: Mapping[str, OnTelegram | OnWhatsApp]
    templates: bool = False
    codes: random.Random = field(default_factory=lambda: random.Random(13))
    dispatcher: Dispatcher = field(init=False)
    intake: Intake = field(init=False)
    fetcher: Fetcher = field(init=False)
    _patience: float = PATIENCE
    _last: str = ""
    _announced: dict[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        office, metrics = (lambda: self.office), Metrics()
        channels: dict[str, Channel] = {name: side.channel for name, side in self.sides.items()}
        self.dispatcher = Dispatcher(self.database, office, channels, self.media, metrics, self._soon, {})
        self.intake = Intake(self.database, office, self.dispatcher, metrics, self.clock)
        self.fetcher = Fetcher(self.database, office, self.media, self.dispatcher, self.clock)

    def _soon(self) -> datetime:
        return self.clock() + timedelta(seconds=self._patience)

    # -- steps

    async def act(self, act: Act) -> list[str]:
        """Somebody does something; what everybody sees then."""
        if "(kode baru)" in act.text:
            act = replace(act, text=act.text.replace("(kode baru)", await self.code(act.chat, act.person)))
        self.cast.met(act)
        self._last = act.person
        page = Page(self.cast, act, self._last)
        await self.sides[self.cast.channel(act)].act(act)
        self._patience = ALBUM_GAP if act.file.startswith("album") else PATIENCE
        await self._settle(page)
        self._pass()
        return page.lines()

    async def wait(self, span: timedelta) -> list[str]:
        """Time passes; letters that were planned leave, and the clock does its work, also in between."""
        page, self._patience = Page(self.cast, last=self._last), PATIENCE
        for moment in marks(self.clock.at, self.clock.at + span):
            self.clock.at = moment
            await self._settle(page)
            now = self.clock()
            swept = await self.database.write(lambda c, now=now: sweep(c, self.office, now))  # type: ignore[misc]
            await self.media.forget(swept.blobs)
            await self._settle(page)
        self._pass()
        return page.lines()

    def _pass(self) -> None:
        """Those who watched act again a moment later."""
        self.clock.at += timedelta(seconds=self._patience) + (PAUSE if self._patience == PATIENCE else timedelta())

    async def code(self, agency: str, person: str) -> str:
        """A fresh invitation."""
        role, now = self.cast.role(agency, person), self.clock()
        draw, vault = self.codes.randrange, self.office.vault
        code, _ = await self.database.write(lambda c: invite(c, vault, draw, now, agency, role))
        return code

    async def faults(self) -> list[str]:
        """Where the program failed, and what the platforms objected to."""
        poison = await self.database.read(lambda c: c.execute(select(t.poison.c.trace)).scalars().all())
        return [*poison, *(each for side in self.sides.values() for each in side.wrong())]

    # -- what follows

    async def _settle(self, page: Page) -> None:
        """Delivers until nothing is due, nothing was told, and nobody opens an announcement; new facts are taken up."""
        moved = True
        while moved:
            moved = await self._listen()
            while parcel := await self._due():
                await self._deliver(parcel, page)
                moved = True
            moved = await self._opened() or moved
        if await self.database.read(stored_facts.version) != self.office.facts.version:
            self.office = replace(self.office, facts=await self.database.read(stored_facts.load))

    async def _listen(self) -> bool:
        """Takes in what the platforms told."""
        told = [await side.told() for side in self.sides.values()]
        for events, receipts in told:
            if receipts:
                await self.intake.confirm(receipts)
            if events:
                await self.intake.accept(events)
            if any(event.file for event in events):
                await self.fetcher.fetch_due()
        return any(events or receipts for events, receipts in told)

    async def _due(self) -> Parcel | None:
        waiting = await self.database.read(lambda c: outbox.waiting(c, sorted(self.sides), 200))
        return next((parcel for parcel in waiting if parcel.due_at <= self._soon()), None)

    async def _deliver(self, parcel: Parcel, page: Page) -> None:
        """One letter at a time, so that the page is the same each time."""
        self.dispatcher.lead(parcel.channel, True)
        self.dispatcher.post([parcel])
        await self.dispatcher.idle()
        self.dispatcher.lead(parcel.channel, False)
        for seen in self.sides[parcel.channel].seen():
            if seen.template and not self.templates and await self._follows(parcel):
                self._announced.setdefault(seen.to, seen)
            else:
                page.write(seen)

    async def _follows(self, parcel: Parcel) -> bool:
        """Whether a letter waits until the person writes."""
        held = select(t.outbox.c.id).where(t.outbox.c.id == parcel.id, t.outbox.c.held)
        return await self.database.read(lambda c: c.execute(held).first()) is not None

    async def _opened(self) -> bool:
        """Everybody who got an announcement presses its first button."""
        announced, self._announced = self._announced, {}
        for name, seen in announced.items():
            label, choice = seen.said.buttons[0]
            side = self.sides["whatsapp"]
            assert isinstance(side, OnWhatsApp)
            await side.press(name, seen.said.id, choice, label)
        return bool(announced)


@asynccontextmanager
async def opened(folder: Path, cast: Cast, office: Office, templates: bool = False) -> AsyncIterator[Live]:
    """A stage on the record in a folder; at its end nothing may have gone wrong."""
    clock = Clock()
    sides = {name: side(clock) for name, side in _sides(cast)}
    database = Database(f"sqlite+aiosqlite:///{folder / 'stage.db'}")
    await database.start()
    channels = {name: await side.open() for name, side in sides.items()}
    office = replace(office, channels=tuple(channels))
    if isinstance(phones := sides.get("whatsapp"), OnWhatsApp):
        phones.meet(sorted(cast.whatsapp - {EVERYBODY, *cast.officers}))
    for agency, officers in cast.officers.items():
        sides[cast.platform(agency)].settle(agency, officers)
    live = Live(cast, office, clock, database, Media(database, channels, folder / "blobs"), sides, templates)
    running = asyncio.create_task(live.dispatcher.run())
    try:
        yield live
        faults = await live.faults()
        assert not faults, "\n".join(faults)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for side in sides.values():
            await side.close()
        await database.stop()


def _sides(cast: Cast) -> Iterator[tuple[str, type[OnTelegram] | type[OnWhatsApp]]]:
    if "telegram" in cast.platforms:
        yield "telegram", OnTelegram
    if "whatsapp" in cast.platforms:
        yield "whatsapp", OnWhatsApp
