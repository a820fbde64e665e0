"""Files on WhatsApp: fetched before they vanish, sent on in a kind the other platform takes, and missed aloud."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.botapi import Group
from tests.botapi import Person as TelegramPerson
from tests.botapi_nouns import Upload
from tests.botapi_updates import JPEG
from tests.graphapi import Person
from tests.office import Office as TelegramOffice
from tests.whatsapp_office import Office, mixed

BUDI, JOKO = TelegramPerson(502, "Budi", "Santoso"), TelegramPerson(601, "Joko")
CAMERA = "KameraSaraswati"
PDF, VIDEO, VOICE = b"%PDF-1.7 surat", b"\0\0\0\x18ftypmp42 video", b"OggS suara"
KINDS = {"image": "sendPhoto", "video": "sendVideo", "audio": "sendVoice", "document": "sendDocument"}


@pytest.fixture
async def offices(tmp_path: Path) -> AsyncIterator[tuple[Office, TelegramOffice]]:
    async with mixed(tmp_path) as both:
        yield both


@pytest.fixture
def office(offices: tuple[Office, TelegramOffice]) -> Office:
    return offices[0]


@pytest.fixture
def telegram(offices: tuple[Office, TelegramOffice]) -> TelegramOffice:
    return offices[1]


@pytest.fixture
def sari(office: Office) -> Person:
    return office.api.person("Saraswati")


@pytest.fixture
async def wati(office: Office) -> Person:
    found = office.api.person("Wati")
    await office.enrols(found)
    return found


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), noise: bool = False) -> bytes:
    """A picture that tells its camera; of noise it is nearly as large as its pixels."""
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    made = Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)) if noise else Image.new("RGB", size, "red")
    out = io.BytesIO()
    made.save(out, kind, exif=exif, quality=80)
    return out.getvalue()


def sent(telegram: TelegramOffice, group: Group) -> list[Upload]:
    """All files that were sent into a group."""
    return [file for call in telegram.api.calls if call.chat == group.id for file in call.files.values()]


def got(office: Office, person: Person) -> list[tuple[str, Upload]]:
    """All files that reached a person on WhatsApp, each with the kind of its message."""
    return [(shown.kind, file) for shown in office.api.messages(person) for file in shown.files]


async def test_from_whatsapp_to_a_group(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """Photo, document, video and voice from WhatsApp arrive in the group, the photo without its camera."""
    group = await telegram.group(BUDI)
    await office.begins(sari)
    await office.api.photo(sari, picture())
    await office.api.document(sari, PDF, name="KTP Saraswati.pdf")
    await office.api.video(sari, VIDEO)
    await office.api.voice(sari, VOICE)
    await office.passes()
    await office.sends(sari)
    await office.fetched()
    files = {file.name.rpartition(".")[2]: file.data for file in sent(telegram, group)}
    assert (files["pdf"], files["mp4"], files["ogg"]) == (PDF, VIDEO, VOICE)
    assert CAMERA.encode() not in files["jpg"]
    assert not [file for file in sent(telegram, group) if "Saraswati" in file.name]
    office.nothing_wrong()
    assert telegram.api.problems == []


async def test_from_telegram_to_an_officer(office: Office, telegram: TelegramOffice, wati: Person) -> None:
    """Photo, video, voice and document from Telegram reach an officer's chat, each as what it is there."""
    await telegram.begins(JOKO)
    await telegram.api.photo(JOKO, data=picture())
    await telegram.api.video(JOKO, data=VIDEO)
    await telegram.api.voice(JOKO, VOICE)
    await telegram.api.document(JOKO, "KTP Joko.pdf", "application/pdf", PDF)
    await office.passes()
    await telegram.sends(JOKO)
    await office.settled()
    assert sorted(kind for kind, _ in got(office, wati)) == ["audio", "document", "image", "video"]
    assert not [file for _, file in got(office, wati) if "Joko" in file.name or CAMERA.encode() in file.data]
    office.nothing_wrong()


async def test_an_answer_with_a_photo(office: Office, telegram: TelegramOffice, wati: Person) -> None:
    """An officer's photo from WhatsApp reaches a reporter on Telegram, with its words."""
    number = await telegram.report(JOKO)
    await office.settled()
    await office.shows(wati, picture(), caption="Sudah kami tambal.", context=office.card(wati, number))
    await office.presses(wati, "Kirim ke pelapor")
    call = await telegram.api.wait(lambda call: call.method == "sendPhoto" and call.chat == JOKO.id, after=0)
    assert [CAMERA.encode() in file.data for file in call.files.values()] == [False]
    assert any("Sudah kami tambal." in shown.text for shown in telegram.api.messages(JOKO))


@pytest.mark.parametrize(
    ("name", "mime", "data", "kinds"),
    [
        ("foto.webp", "image/webp", picture("WEBP"), ["image"]),
        ("besar.jpg", "image/jpeg", picture(size=(2700, 2000), noise=True), ["document", "image"]),
        ("klip.mov", "video/quicktime", b"\0\0\0\x14ftypqt   film", ["document"]),
        ("tabel.ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04 tabel", ["document"]),
    ],
    ids=["webp", "large", "quicktime", "opendocument"],
)
async def test_what_whatsapp_does_not_take_as_it_is(
    office: Office, telegram: TelegramOffice, wati: Person, name: str, mime: str, data: bytes, kinds: list[str]
) -> None:
    """A file of a kind or size that WhatsApp does not take arrives in another, or as a document."""
    await telegram.begins(JOKO)
    await telegram.api.document(JOKO, name, mime, data)
    await office.settled()
    await telegram.sends(JOKO)
    await office.settled()
    ((kind, file),) = got(office, wati)
    assert kind in kinds
    assert len(file.data) > 0
    office.nothing_wrong()


async def lost(office: Office, telegram: TelegramOffice, person: Person, why: str) -> None:
    """A person was told why a file could not be kept, and the report goes on without it."""
    await office.fetched()
    assert office.said(person, why)
    await office.passes()
    group = await telegram.group(BUDI)
    await office.says(person, "Lewati")
    for label in ("Biasa", "Kirim"):
        await office.presses(person, label)
    await office.settled()
    assert sent(telegram, group) == []
    assert any(shown.text.startswith("📥") for shown in telegram.api.messages(group))


async def test_a_file_that_lies(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """A program that calls itself a letter goes to nobody, and its sender hears why."""
    await office.begins(sari)
    await office.api.document(sari, b"MZ\x90\0 program", name="surat.pdf")
    await lost(office, telegram, sari, "tidak sesuai dengan jenisnya")


async def test_a_photo_that_is_none(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """A photo that no one can open is told as such."""
    await office.begins(sari)
    await office.api.photo(sari, b"bukan foto")
    await lost(office, telegram, sari, "tidak sesuai dengan jenisnya")


@pytest.mark.parametrize("size", [10_000_001, 20_000_001])
async def test_a_file_that_is_too_large(office: Office, telegram: TelegramOffice, sari: Person, size: int) -> None:
    """WhatsApp does not say how large a file is before it is fetched: its sender hears it then."""
    await office.begins(sari)
    await office.api.video(sari, VIDEO + bytes(size - len(VIDEO)))
    await lost(office, telegram, sari, "terlalu besar")


async def test_a_file_that_has_expired(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """A file that WhatsApp does not have any more is asked for again."""
    await office.begins(sari)
    office.api.fail("media", code=100, status=400)
    await office.api.photo(sari, picture())
    await lost(office, telegram, sari, "sudah tidak tersedia")


async def test_a_forbidden_kind(office: Office, sari: Person) -> None:
    """A program is refused at once with what is taken, and is not even fetched."""
    await office.begins(sari)
    await office.api.document(sari, b"PK\x03\x04", "application/vnd.android.package-archive", name="undangan.apk")
    await office.settled()
    assert "tidak dapat kami terima" in office.api.last(sari).text
    assert "Lewati" in office.api.last(sari).labels
    assert not [call for call in office.api.calls if call.method in ("media", "download")]


async def test_an_address_that_died(office: Office, sari: Person) -> None:
    """Where the address of a file has died a new one is asked for, and a server in trouble is asked again."""
    await office.begins(sari)
    office.api.fail("download", status=404)
    office.api.fail("media", status=503)
    await office.api.photo(sari, picture())
    await office.fetched(timedelta(seconds=1))
    assert not office.said(sari, "tidak tersedia")
    assert len([call for call in office.api.calls if call.method == "download" and call.status == 200]) == 1


async def test_nothing_is_fetched_before_consent(office: Office, sari: Person) -> None:
    """The photo of somebody who has not agreed to anything stays with WhatsApp until they do."""
    await office.shows(sari, JPEG)
    await office.turns()
    assert not [call for call in office.api.calls if call.method in ("media", "download")]
    await office.presses(sari, "Setuju")
    await office.fetched()
    assert [call.method for call in office.api.calls if call.method in ("media", "download")] == ["media", "download"]


async def test_a_file_that_whatsapp_cannot_take(office: Office, sari: Person, wati: Person) -> None:
    """Where WhatsApp cannot take a file its receiver hears that, and waits no longer for what comes next."""
    office.api.fail("upload", times=100, code=131053)
    await office.report(sari, photos=[picture()])
    number = await office.report(sari)
    for _ in range(6):
        await office.passes(timedelta(seconds=10))
    assert "1 berkas tidak dapat" in office.said(wati, "Lampiran laporan")[0].text
    assert office.card(wati, number)
