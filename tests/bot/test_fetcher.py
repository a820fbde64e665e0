"""Files that a platform forgets are fetched once they are on record; what cannot be kept is said to who sent it."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from sqlalchemy import select

from bot.channels import Failure, Gone, Refused, Retry, Stopped
from bot.fetcher import AT_ONCE, TRIES, Fetcher
from handlers.files import EXPIRED, MAX_FILE_BYTES, NOT_WHAT_IT_SAYS, TOO_LARGE, lost
from handlers.respond import respond
from handlers.rules.ticket import Role
from handlers.words import File, Kind, Talk
from storage import tables as t
from storage.desk import RecordDesk
from storage.files import CLAIM
from storage.sweep import FETCH_LIFE, sweep
from tests.bot.posting import CHANNEL, Hands, Post, Wire, posting
from tests.office import until

ACCOUNT = "106540352242922"
PDF = b"%PDF-1.7 surat"
SURAT = File("surat", "document", "application/pdf", len(PDF), fleeting=True)
FOTO = File("foto", "image", "image/jpeg", 4000, fleeting=True)


@dataclass(slots=True)
class Desk:
    """An office without facts, Sari who is in the middle of a report, and a fetcher that works when it is told."""

    post: Post
    clock: Hands
    fetcher: Fetcher
    sari: int = 0
    events: int = 0

    async def says(self, text: str = "", **more: Any) -> None:
        """Sari writes, and is answered."""
        self.events += 1
        await self.post.take(self.post.said("501", self.events, text=text, **more), respond)

    async def sends(self, *files: File) -> None:
        for file in files:
            await self.says(kind=Kind.FILE, file=file)

    async def fetches(self) -> int:
        """Fetches all that is due; how much it was."""
        return await self.fetcher.fetch_due()

    async def rows(self, table: str) -> list[Any]:
        query = select(t.metadata.tables[table])
        return list(await self.post.database.read(lambda c: c.execute(query).all()))

    async def talk(self) -> Talk:
        """Where Sari's conversation stands."""
        (row,) = await self.rows("talks")
        return msgspec.json.decode(row.body, type=Talk)

    async def told(self) -> list[str]:
        """What waits to be said to Sari."""
        return [str(msgspec.json.decode(row.body)["text"]) for row in await self.rows("outbox")]

    async def attached(self, file: File, number: str = "LPR-2611-7K3Q-9") -> int:
        """The file on a ticket of its own."""
        ticket = await self.post.ticket(self.sari, number)

        def attach(connection: Any) -> int:
            desk = RecordDesk(connection, self.post.office, self.clock())
            return desk.attach(ticket, [file], Role.REPORTER, CHANNEL)[0]

        return await self.post.database.write(attach)

    def kept(self) -> list[bytes]:
        """The bytes of all files that are kept."""
        return [path.read_bytes() for path in self.post.folder.glob("??/*")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Hands()
    async with posting(tmp_path, wire=Wire(account=ACCOUNT, files={"surat": [PDF]}), now=clock) as post:
        fetcher = Fetcher(post.database, lambda: post.office, post.media, post.dispatcher, clock)
        found = Desk(post, clock, fetcher, await post.contact("501"))
        await found.says("lapor")
        await found.says(kind=Kind.TAP, tap="q:report:consent:yes")
        yield found


def said(desk: Desk, problem: str) -> str:
    return desk.post.office.render(lost(problem), "id")


async def test_a_file_is_fetched_once_it_is_on_record(desk: Desk) -> None:
    """A file that its platform forgets is fetched without anybody asking for it, once, and nobody hears of it."""
    await desk.sends(SURAT)
    before = await desk.told()
    assert desk.post.wire.asked == []
    assert [await desk.fetches(), await desk.fetches()] == [1, 0]
    desk.clock.at += timedelta(days=1)
    assert await desk.fetches() == 0
    assert (desk.post.wire.asked, desk.kept()) == (["surat"], [PDF])
    assert await desk.told() == before
    assert [each["ref"] for each in (await desk.talk()).answers["kept_files"]] == [SURAT.ref]


async def test_the_same_file_twice_is_fetched_once(desk: Desk) -> None:
    """A file that is sent on, or an event that comes again, costs one fetch."""
    await desk.sends(SURAT, SURAT)
    await desk.fetches()
    assert desk.post.wire.asked == ["surat"]


async def test_a_file_that_stays_is_not_fetched_yet(desk: Desk) -> None:
    """What the platform keeps anyway is fetched when it is sent on, not before."""
    await desk.sends(replace(SURAT, fleeting=False))
    assert (await desk.fetches(), desk.post.wire.asked) == (0, [])


async def test_without_consent_nothing_is_fetched(desk: Desk) -> None:
    """Nothing of a person who has agreed to nothing is taken in."""
    await desk.post.take(desk.post.said("502", kind=Kind.FILE, file=SURAT), respond)
    assert (await desk.fetches(), desk.kept()) == (0, [])


async def test_what_was_fetched_is_not_asked_for_again(desk: Desk) -> None:
    """A file leaves the office from what was fetched, also when its platform has forgotten it since."""
    await desk.sends(SURAT)
    await desk.fetches()
    desk.post.wire.files["surat"] = [Refused("expired")]
    ident = await desk.attached(SURAT)
    for _ in range(2):
        assert [upload.data for upload in await desk.post.media.uploads((ident,))] == [PDF]
    assert desk.post.wire.asked == ["surat"]


async def test_a_picture_is_kept_without_what_the_camera_wrote(desk: Desk) -> None:
    """Of a photo only the picture is kept, from the first moment on."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "KameraSaraswati"
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)
    desk.post.wire.files["foto"] = [out.getvalue()]
    await desk.sends(FOTO)
    await desk.fetches()
    (kept,) = desk.kept()
    assert b"Saraswati" not in kept
    assert Image.open(io.BytesIO(kept)).size == (64, 48)


SPOILED: dict[str, tuple[File, bytes | Failure, str]] = {
    "forgotten": (SURAT, Refused("media expired"), EXPIRED),
    "too large": (SURAT, PDF + bytes(MAX_FILE_BYTES), TOO_LARGE),
    "too large, as the channel says": (SURAT, Refused(TOO_LARGE), TOO_LARGE),
    "a program": (SURAT, b"MZ\x90\0", NOT_WHAT_IT_SAYS),
    "no picture": (FOTO, b"GIF89a", NOT_WHAT_IT_SAYS),
}


@pytest.mark.parametrize("name", SPOILED)
async def test_what_cannot_be_kept_is_said_to_its_sender(desk: Desk, name: str) -> None:
    """A file that cannot be kept is taken out of the report, and its sender hears at once why, once."""
    file, lies, problem = SPOILED[name]
    desk.post.wire.files[file.ref] = [lies]
    good = replace(SURAT, ref="good")
    desk.post.wire.files["good"] = [PDF]
    await desk.sends(file, good)
    while await desk.fetches():
        pass
    assert [each["ref"] for each in (await desk.talk()).answers["kept_files"]] == [good.ref]
    assert (await desk.told()).count(said(desk, problem)) == 1
    assert desk.kept() == [PDF]


async def test_several_lost_files_are_said_once(desk: Desk) -> None:
    """An album that cannot be kept does not bring a message for each picture."""
    album = [replace(SURAT, ref=f"{n}") for n in range(4)]
    desk.post.wire.files |= {file.ref: [Refused("gone")] for file in album}
    await desk.sends(*album)
    await desk.fetches()
    assert (await desk.talk()).answers["kept_files"] == []
    assert (await desk.told()).count(said(desk, EXPIRED)) == 1


async def test_a_lost_file_leaves_the_draft_on_the_shelf(desk: Desk) -> None:
    """A file is taken out of a report that was put aside meanwhile, too."""
    desk.post.wire.files["surat"] = [Refused("gone")]
    await desk.sends(SURAT)
    await desk.says("batal")
    assert "surat" in str((await desk.talk()).shelf)
    await desk.fetches()
    assert "surat" not in str((await desk.talk()).shelf)


async def test_a_lost_file_of_a_ticket_is_not_asked_for_again(desk: Desk) -> None:
    """Where a report was sent already its lost file is left out, and the others leave."""
    desk.post.wire.files |= {"surat": [Refused("gone")], "good": [PDF]}
    await desk.sends(SURAT)
    await desk.fetches()
    ids = (await desk.attached(SURAT), await desk.attached(replace(SURAT, ref="good"), "LPR-2611-7K3Q-8"))
    assert [upload.data for upload in await desk.post.media.uploads(ids)] == [PDF]
    assert desk.post.wire.asked == ["surat", "good"]


async def test_trouble_is_waited_out(desk: Desk) -> None:
    """A platform in trouble is asked again, each time after a longer while, and the file is kept in the end."""
    desk.post.wire.files["surat"] = [Retry("503"), Gone("404"), Stopped("token"), PDF]
    await desk.sends(SURAT)
    begun, times = desk.clock.at, []
    while not desk.kept():
        times += [(desk.clock.at - begun).total_seconds()] * await desk.fetches()
        desk.clock.at += timedelta(seconds=1)
    assert times == [0, 2, 6, 14]
    assert said(desk, EXPIRED) not in await desk.told()


async def test_trouble_without_end_is_given_up(desk: Desk) -> None:
    """After a day of trouble the file is given up, and its sender hears of it."""
    desk.post.wire.files["surat"] = [Retry("503")]
    await desk.sends(SURAT)
    for _ in range(TRIES + 5):
        await desk.fetches()
        desk.clock.at += timedelta(hours=2)
    assert len(desk.post.wire.asked) == TRIES
    assert (await desk.told()).count(said(desk, EXPIRED)) == 1


async def test_a_full_disk_is_waited_out(desk: Desk) -> None:
    """Where the bytes cannot be put down they are fetched again later."""
    await desk.sends(SURAT)
    blocked = desk.post.folder / hashlib.sha256(PDF).hexdigest()[:2]
    blocked.write_bytes(b"a file where a folder should be")
    await desk.fetches()
    blocked.unlink()
    desk.clock.at += timedelta(minutes=1)
    await desk.fetches()
    assert desk.kept() == [PDF]


async def test_a_fetch_that_was_cut_off_is_made_again(desk: Desk) -> None:
    """A process that dies while it fetches leaves the file to the next one, after a while."""
    desk.post.wire.seconds = 60.0
    await desk.sends(SURAT)
    work = asyncio.create_task(desk.fetches())
    await until(lambda: desk.post.wire.asked)
    assert await desk.fetches() == 0
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    desk.post.wire.seconds = 0.0
    desk.clock.at += CLAIM
    assert await desk.fetches() == 1
    assert desk.kept() == [PDF]


async def test_many_files_are_fetched_in_turns(desk: Desk) -> None:
    """However many wait, no more than a few are fetched at a time, and none is forgotten or fetched twice."""
    desk.post.wire.seconds = 0.01
    many = [replace(SURAT, ref=f"{n}") for n in range(3 * AT_ONCE)]
    desk.post.wire.files |= {file.ref: [PDF + file.ref.encode()] for file in many}
    for file in many:
        await desk.sends(file)
    assert max(await asyncio.gather(*(desk.fetches() for _ in range(4)))) <= AT_ONCE
    assert sorted(desk.post.wire.asked) == sorted(file.ref for file in many)
    assert len(desk.kept()) == len(many)


async def test_what_became_of_no_report_is_forgotten(desk: Desk) -> None:
    """The bytes of a file that nobody sent in a report do not outlive the draft; those on a ticket stay."""
    desk.post.wire.files |= {"kept": [PDF + b"kept"]}
    await desk.sends(SURAT, replace(SURAT, ref="kept"))
    await desk.fetches()
    await desk.post.media.uploads((await desk.attached(replace(SURAT, ref="kept")),))
    desk.clock.at += FETCH_LIFE + timedelta(days=1)
    swept = await desk.post.database.write(lambda c: sweep(c, desk.post.office, desk.clock()))
    await desk.post.media.forget(swept.blobs)
    assert desk.kept() == [PDF + b"kept"]
    assert await desk.rows("fetches") == []


async def test_it_wakes_when_a_file_comes(desk: Desk) -> None:
    """The fetcher at work takes up what came without waiting for its beat."""
    work = asyncio.create_task(desk.fetcher.run())
    await asyncio.sleep(0.05)
    await desk.sends(SURAT)
    desk.fetcher.wake.set()
    try:
        await until(desk.kept, longest=4.0)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
