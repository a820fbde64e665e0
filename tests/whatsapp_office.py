"""A real running office on WhatsApp: nothing is replaced but the address of Graph, and time, which passes when told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app import App, listening, running
from bot.channels.whatsapp_templates import TEMPLATES
from bot.config import Config
from handlers.desk import Decree
from handlers.rules.ticket import Role
from storage import tables
from storage.invitations import invite
from tests.botapi import BotApi
from tests.botapi_updates import JPEG
from tests.graphapi import GraphApi, Person, Shown, Template
from tests.office import ANSWERS, LONGEST, NOT_THE_SAME, NUMBER, SECRET, prepared
from tests.office import Office as TelegramOffice

DAY = timedelta(days=1)
# A Monday morning in Lumajang.
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class Time:
    """The time of an office and of the platforms around it; it stands still until it is moved."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        """The same in seconds."""
        return self.at.timestamp()


@dataclass(slots=True)
class Office:
    """A running office with the WhatsApp it talks to."""

    api: GraphApi
    app: App
    url: str
    time: Time

    async def settled(self) -> None:
        """Returns when all that is due is delivered, and all is told that became of it."""
        async with asyncio.timeout(LONGEST):
            while True:
                known = len(self.api.calls)
                await self.app.dispatcher.idle()
                await self.api.settled()
                await self.app.dispatcher.idle()
                if known == len(self.api.calls):
                    return

    async def turns(self) -> None:
        """What is due now is begun, and the loop turns a while: for what must not be waited for."""
        self.app.dispatcher.post(())
        for _ in range(20):
            await self.app.database.read(lambda c: c.execute(select(1)).scalar())

    async def fetched(self, step: timedelta = timedelta()) -> None:
        """Returns when no file waits to be fetched any more; time passes by steps meanwhile."""
        waiting = select(func.count()).where(tables.fetches.c.due_at.is_not(None))
        async with asyncio.timeout(LONGEST):
            while await self.app.database.read(lambda c: c.execute(waiting).scalar_one()):
                await asyncio.sleep(0.01)
                self.time.at += step
                self.app.fetcher.wake.set()
        # What was committed before this is handed over before it returns.
        await self.app.database.write(lambda c: c.execute(select(1)).scalar())
        await self.settled()

    async def passes(self, length: timedelta = timedelta(seconds=3)) -> None:
        """Time passes, and what is due then is done."""
        self.time.at += length
        # What is planned for later is not held: the next beat reads it.
        await self.app.dispatcher.load()
        self.app.fetcher.wake.set()
        await self.settled()

    async def says(self, person: Person, text: str, **where: Any) -> Shown:
        """A person writes, and sees what comes back."""
        assert await self.api.text(person, text, **where) == 200
        await self.settled()
        return self.api.last(person)

    async def presses(self, person: Person, label: str, message: Shown | None = None) -> Shown:
        """A person presses a button, of the last message where none is named, and sees what comes back."""
        assert await self.api.tap(person, message or self.api.last(person), label) == 200
        await self.settled()
        return self.api.last(person)

    async def shows(self, person: Person, data: bytes | None = None, **more: Any) -> Shown:
        """A person sends a photo, and sees what comes back after the pause in which others may follow."""
        assert await self.api.photo(person, JPEG if data is None else data, **more) == 200
        await self.passes()
        return self.api.last(person)

    async def begins(self, person: Person, *answers: str) -> Shown:
        """A person starts a report and goes on as far as the answers lead."""
        shown = await self.says(person, "mulai")
        for answer in answers or ANSWERS:
            pressed = any(label.startswith(answer) for label in shown.labels)
            shown = await (self.presses(person, answer) if pressed else self.says(person, answer))
            if NOT_THE_SAME in shown.labels:
                shown = await self.presses(person, NOT_THE_SAME)
        return shown

    async def report(self, person: Person, privacy: str = "Biasa", photos: Sequence[bytes] = ()) -> str:
        """A whole report from the greeting to its number."""
        await self.begins(person)
        for photo in photos:
            await self.shows(person, photo)
        return await self.sends(person, privacy, "Lanjut" if photos else "Lewati")

    async def sends(self, person: Person, privacy: str = "Biasa", files: str = "Lanjut") -> str:
        """The end of a report, from its files on; gives the number."""
        await self.presses(person, files)
        await self.presses(person, privacy)
        await self.presses(person, "Kirim")
        return number_in(self.api.last(person).text)

    async def code(self, agency: str = "dputr", role: Role = Role.OFFICER, valid_until: date | None = None) -> str:
        """A fresh invitation; with an end, by a decree."""
        office = self.app.office
        decree = Decree(0, agency, "SK uji", None, valid_until) if valid_until else None
        made = await self.app.database.write(
            lambda c: invite(c, office.vault, office.draw, self.time(), agency, role, decree)
        )
        return made[0]

    async def enrols(self, officer: Person, agency: str = "dputr", valid_until: date | None = None) -> Shown:
        """An officer sends an invitation's code in their own chat."""
        return await self.says(officer, f"hubungkan {await self.code(agency, valid_until=valid_until)}")

    def card(self, officer: Person, number: str) -> Shown:
        """The newest message to an officer that shows a ticket in full."""
        shown = reversed(self.api.messages(officer))
        return next(message for message in shown if message.text.startswith(f"📥 {number}"))

    async def answers(self, officer: Person, number: str, text: str) -> Shown:
        """An officer replies to the card and sends the preview; gives what the officer saw last."""
        preview = await self.says(officer, text, context=self.card(officer, number))
        return await self.presses(officer, "Kirim ke pelapor", preview)

    def said(self, person: Person, words: str) -> list[Shown]:
        """The messages to a person in which these words stand."""
        return [message for message in self.api.messages(person) if words in message.text]

    async def count(self, table: str) -> int:
        """How many rows a table of the record has."""
        query = select(func.count()).select_from(tables.metadata.tables[table])
        return int(await self.app.database.read(lambda c: c.execute(query).scalar_one()))

    def nothing_wrong(self) -> None:
        """Graph had nothing to object to."""
        assert self.api.problems == []
        assert self.api.violations == []


def number_in(text: str) -> str:
    """The number of a ticket in a text."""
    found = NUMBER.search(text)
    assert found, text
    return found[0]


def approve_all(api: GraphApi) -> None:
    """Meta approves all templates of the program."""
    for each in TEMPLATES:
        api.templates[each.name, each.language] = Template(each.body, tuple(label for _, label in each.buttons))


def config(folder: Path, api: GraphApi, telegram: BotApi | None = None, **more: Any) -> Config:
    """Settings of an office that listens at a free port and holds nothing back."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "port": 0,
        "secret_keys": (bytes(32),),
        "whatsapp_token": api.token,
        "whatsapp_phone_number_id": api.phone_number_id,
        "whatsapp_app_secret": api.app_secret,
        "whatsapp_verify_token": api.verify_token,
        "whatsapp_api_url": api.url,
        "facts": "sample",
        "undo_seconds": 0,
        "grace_seconds": 0,
        "rate_limits": False,
    }
    if telegram:
        known = {"telegram_token": telegram.world.token, "telegram_api_url": telegram.url}
        given |= known | {"telegram_webhook_secret": SECRET}
    return Config(**{**given, **more})


@asynccontextmanager
async def opened(folder: Path, api: GraphApi, time: Time, **more: Any) -> AsyncIterator[Office]:
    """An office on the files of a folder, known to the local Graph."""
    settings = config(folder, api, **more)
    await prepared(settings)
    async with running(settings, now=time, steady=time.seconds) as app, listening(app) as port:
        url = f"http://127.0.0.1:{port}"
        api.webhook = (f"{url}/hook/whatsapp",)
        yield Office(api, app, url, time)


@asynccontextmanager
async def alone(folder: Path, **more: Any) -> AsyncIterator[Office]:
    """An office on WhatsApp alone, all its templates approved."""
    time = Time()
    async with GraphApi(clock=time.seconds) as api:
        approve_all(api)
        async with opened(folder, api, time, **more) as office:
            yield office


@asynccontextmanager
async def mixed(folder: Path, **more: Any) -> AsyncIterator[tuple[Office, TelegramOffice]]:
    """One office on WhatsApp and on Telegram, seen from both."""
    time = Time()
    async with GraphApi(clock=time.seconds) as api, BotApi() as bot:
        approve_all(api)
        async with opened(folder, api, time, telegram=bot, **more) as office:
            bot.webhook = (f"{office.url}/hook/telegram", SECRET)
            yield office, TelegramOffice(bot, office.app, office.url)
