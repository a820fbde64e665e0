"""A real running office, connected to the local Bot API: nothing in it is replaced but the address of Telegram."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app import App, listening, prepare, running
from bot.config import Config
from bot.now import now
from handlers.rules.ticket import Role
from storage import tables
from storage.database import Database
from storage.invitations import invite
from tests.botapi import BotApi, Group, Person, Shown

LONGEST = 10.0
SECRET = "rahasia-uji-0123456789"
STORY = "Jalan berlubang di depan SDN 2, sejak Senin sudah tiga pengendara jatuh. Mohon segera ditambal."
PLACE = "Jl. Panglima Sudirman, depan SDN 2, Desa Kutorenon, Kecamatan Sukodono"
NUMBER = re.compile(r"LPR-\d{4}-[0-9A-Z]{4}-[0-9A-Z]")
# What somebody says who is told of an open report like theirs.
NOT_THE_SAME = "Tidak, laporan baru"
# From the first question to the last; what is no label of a button is written.
ANSWERS = (
    "Buat laporan",
    "Setuju",
    STORY,
    "Selesai bercerita",
    "Benar",
    PLACE,
    "Benar",
    "Hari ini",
)


def config(folder: Path, api: BotApi, **more: Any) -> Config:
    """Settings of an office that listens at a free port and holds nothing back."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "port": 0,
        "secret_keys": (bytes(32),),
        "telegram_token": api.world.token,
        "telegram_api_url": api.url,
        "telegram_webhook_secret": SECRET,
        "facts": "sample",
        "undo_seconds": 0,
        "grace_seconds": 0,
        "rate_limits": False,
    }
    return Config(**{**given, **more})


@dataclass(slots=True)
class Office:
    """A running office with the Telegram it talks to."""

    api: BotApi
    app: App
    url: str

    async def settled(self) -> None:
        """Returns when all that is due is delivered."""
        async with asyncio.timeout(LONGEST):
            await self.app.dispatcher.idle()

    async def says(self, person: Person, text: str, **where: Any) -> Shown:
        """A person writes in private, and sees what comes back."""
        assert await self.api.text(person, text, **where) == 200
        await self.settled()
        return self.api.last(person)

    async def presses(self, person: Person, label: str, message: Shown | None = None) -> Shown:
        """A person presses a button, of the last message where none is named, and sees what comes back."""
        assert await self.api.tap(person, message or self.api.last(person), label) == 200
        await self.settled()
        return self.api.last(person)

    async def writes(self, officer: Person, group: Group, text: str, **where: Any) -> Shown:
        """An officer writes in the group, and sees the last message of the bot there."""
        assert await self.api.group_text(officer, group, text, **where) == 200
        await self.settled()
        return self.api.last(group)

    async def begins(self, person: Person, *answers: str) -> Shown:
        """A person starts a report and goes on as far as the answers lead."""
        shown = await self.says(person, "/start")
        for answer in answers or ANSWERS:
            pressed = any(label.startswith(answer) for label in shown.labels)
            shown = await (self.presses(person, answer) if pressed else self.says(person, answer))
            if NOT_THE_SAME in shown.labels:
                shown = await self.presses(person, NOT_THE_SAME)
        return shown

    async def report(self, person: Person, privacy: str = "Biasa", photos: Sequence[bytes] = ()) -> str:
        """A whole report from the greeting to its number, by the labels of the buttons."""
        await self.begins(person)
        for photo in photos:
            assert await self.api.photo(person, data=photo) == 200
            await self.settled()
        return await self.sends(person, privacy, "Lanjut" if photos else "Lewati")

    async def sends(self, person: Person, privacy: str = "Biasa", files: str = "Lanjut") -> str:
        """The end of a report, from its files on; gives the number."""
        await self.presses(person, files)
        await self.presses(person, privacy)
        found = NUMBER.search((await self.presses(person, "Kirim")).text)
        assert found, self.api.last(person).text
        return found[0]

    async def code(self, agency: str = "dputr", role: Role = Role.OFFICER) -> str:
        """A fresh invitation."""
        office = self.app.office
        code, _ = await self.app.database.write(lambda c: invite(c, office.vault, office.draw, now(), agency, role))
        return code

    async def enrol(self, officer: Person, group: Group, agency: str = "dputr", role: Role = Role.OFFICER) -> Shown:
        """An officer sends an invitation's code into the group."""
        return await self.writes(officer, group, f"/hubungkan {await self.code(agency, role)}")

    async def group(self, *officers: Person, agency: str = "dputr", **kind: bool) -> Group:
        """A group of an agency, bound, with its officers enrolled."""
        found = self.api.new_group("Pelayanan", **kind)
        assert await self.api.add_bot(officers[0], found) == 200
        for officer in officers:
            await self.enrol(officer, found, agency)
        return found

    def card(self, group: Group, number: str) -> Shown:
        """The card of a ticket in a group: its newest message that begins with the number."""
        heads = (f"📥 {number}", f"📤 {number}")
        return next(message for message in reversed(self.api.messages(group)) if message.text.startswith(heads))

    async def presses_card(self, officer: Person, group: Group, number: str, label: str) -> Shown:
        """An officer presses a button of a card, and sees what the group saw last."""
        assert await self.api.tap(officer, self.card(group, number), label) == 200
        await self.settled()
        return self.api.last(group)

    async def answers(self, officer: Person, group: Group, number: str, text: str) -> Shown:
        """An officer replies to the card and sends it; gives what the group saw last."""
        await self.writes(officer, group, text, reply_to=self.card(group, number))
        preview = next(m for m in reversed(self.api.messages(group)) if "Kirim ke pelapor" in m.labels)
        assert await self.api.tap(officer, preview, "Kirim ke pelapor") == 200
        await self.settled()
        return self.api.last(group)

    async def count(self, table: str) -> int:
        """How many rows a table of the record has."""
        query = select(func.count()).select_from(tables.metadata.tables[table])
        return int(await self.app.database.read(lambda c: c.execute(query).scalar_one()))


async def until(holds: Callable[[], object], longest: float = LONGEST) -> None:
    """Returns when something has come about that nobody announces."""
    async with asyncio.timeout(longest):
        while not holds():  # noqa: ASYNC110 - it happens in another process, as far as the test can see
            await asyncio.sleep(0.01)


_EMPTY: list[bytes] = []


def _copied(record: Path) -> bool:
    """Whether a record lies in its place, put there from the empty one where it must."""
    record.parent.mkdir(parents=True, exist_ok=True)
    if _EMPTY and not record.exists():
        record.write_bytes(_EMPTY[0])
    return record.exists()


async def prepared(settings: Config) -> None:
    """Puts an empty record into a new folder; it is made once and copied, because making it takes long."""
    record = settings.data_dir / "kentongan.db"
    if settings.facts != "sample" or _copied(record):
        return
    database = Database(settings.url)
    await database.start()
    await prepare(settings, database, now().date())
    await database.stop()
    _EMPTY.append(record.read_bytes())


@asynccontextmanager
async def opened(folder: Path, api: BotApi, webhook: bool = True, **more: Any) -> AsyncIterator[Office]:
    """An office on the files of a folder; with its webhook known to the local Bot API, or without."""
    settings = config(folder, api, **more)
    await prepared(settings)
    async with running(settings) as app, listening(app) as port:
        url = f"http://127.0.0.1:{port}"
        if webhook:
            api.webhook = (f"{url}/hook/telegram", SECRET)
        yield Office(api, app, url)
