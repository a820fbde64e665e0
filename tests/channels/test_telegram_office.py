"""A whole office on Telegram: the group of an agency, its officers, and reporters who stay unknown to them."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from storage.turns import Outcome
from tests.botapi import BotApi, Call, Group, Person, Shown
from tests.botapi_nouns import Upload
from tests.office import Office, opened, until

SARI = Person(5098765432, "Saraswati", "Wulandari", "sariwulan")
BUDI, WATI, TONO = Person(502, "Budi", "Santoso"), Person(503, "Wati"), Person(504, "Tono")
PHONE = "6281298765432"
GPS = {1: "S", 2: (8.0, 8.0, 1.0), 3: "E", 4: (113.0, 13.0, 29.0)}
CAMERA = "KameraSaraswati"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with BotApi() as api, opened(tmp_path, api) as found:
        yield found


def picture(kind: str = "JPEG") -> bytes:
    """A picture whose file says where, with what and by whom it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x8298] = CAMERA, "Saraswati Wulandari", "Saraswati"
    exif.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 30, 30)).save(out, kind, exif=exif)
    assert CAMERA.encode() in out.getvalue()
    return out.getvalue()


def files(office: Office, group: Group) -> list[Upload]:
    """All files that were sent into a group."""
    return [file for call in office.api.calls if call.chat == group.id for file in call.files.values()]


async def arrived(office: Office, group: Group, count: int) -> list[Upload]:
    """Waits until so many files were sent into a group."""
    await until(lambda: len(files(office, group)) >= count)
    await office.settled()
    return files(office, group)


def nothing_told(found: list[Upload]) -> None:
    """The files tell nothing of who made them, and are pictures still."""
    for file in found:
        assert CAMERA.encode() not in file.data
        assert b"Saraswati" not in file.data
        assert "araswati" not in file.name
        with Image.open(io.BytesIO(file.data)) as image:
            assert not image.getexif()
            assert image.size == (320, 240)


async def test_pictures_arrive_without_what_the_camera_wrote(office: Office) -> None:
    """A photo and a picture sent as a document reach the group under neutral names, without place, time or camera."""
    group = await office.group(BUDI)
    await office.begins(SARI)
    await office.api.photo(SARI, data=picture())
    for name, mime, kind in (("Foto Saraswati.jpg", "image/jpeg", "JPEG"), ("KTP Saraswati.png", "image/png", "PNG")):
        await office.api.document(SARI, name, mime, picture(kind))
    await office.sends(SARI, "Anonim")
    found = await arrived(office, group, 3)
    nothing_told(found)
    assert [file.name for file in found] == ["lampiran-1.jpg", "lampiran-2.jpg", "lampiran-3.png"]
    assert office.api.problems == []


async def test_documents_arrive_as_they_are(office: Office) -> None:
    """What is no picture arrives unchanged, but for its name."""
    group = await office.group(BUDI)
    await office.begins(SARI)
    await office.api.document(SARI, "Surat Saraswati.pdf", "application/pdf", b"%PDF-1.7 surat")
    await office.api.voice(SARI, b"OggS suara")
    await office.api.video(SARI, data=b"\0\0\0\x18ftypmp42 video")
    await office.sends(SARI)
    found = await arrived(office, group, 3)
    assert {file.name.rpartition(".")[2]: file.data for file in found} == {
        "pdf": b"%PDF-1.7 surat",
        "ogg": b"OggS suara",
        "mp4": b"\0\0\0\x18ftypmp42 video",
    }
    assert all(file.name.startswith("lampiran-") for file in found)
    assert office.api.problems == []


async def test_a_spoiled_picture_takes_no_other_along(office: Office) -> None:
    """Of several files those that can be sent arrive, and what cannot be cleaned tells nothing."""
    group = await office.group(BUDI)
    await office.begins(SARI)
    await office.api.document(SARI, "Foto.jpg", "image/jpeg", picture()[:-60])
    await office.api.photo(SARI, data=picture())
    await office.sends(SARI, "Anonim")
    await arrived(office, group, 1)
    assert not [file for file in files(office, group) if CAMERA.encode() in file.data]
    assert "image/jpeg" in [file.mime for file in files(office, group)]


async def test_a_picture_of_strange_size(office: Office) -> None:
    """A picture that Telegram takes for no photo is sent as a document, and not lost."""
    group = await office.group(BUDI)
    office.api.fail("sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await office.report(SARI, photos=[picture()])
    await office.api.wait(lambda call: call.method == "sendDocument" and call.chat == group.id, after=0)


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "at once"])
async def test_an_album_is_acknowledged_once(office: Office, together: bool) -> None:
    """The photos of one album are acknowledged with one message, which counts them all."""
    await office.begins(SARI)
    before = len(office.api.messages(SARI))
    sendings = [office.api.photo(SARI, "tiga foto" if number == 0 else None, album="7") for number in range(3)]
    if together:
        assert await asyncio.gather(*sendings) == [200] * 3
    else:
        assert [await sending for sending in sendings] == [200] * 3
    await until(lambda: any("Berkas ke-3" in message.text for message in office.api.messages(SARI)))
    assert [message.text.split(" diterima")[0] for message in office.api.messages(SARI)[before:]] == ["Berkas ke-3"]


async def test_an_album_of_an_officer_is_one_answer(office: Office) -> None:
    """An album in reply to a card becomes one preview, and one answer with all files and without their names."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    card = office.card(group, number)
    for count in range(3):
        caption = "Sudah ditambal" if count == 0 else None
        await office.api.photo(BUDI, caption, picture(), album="9", group=group, reply_to=card)
    await until(lambda: any("3 berkas" in message.text for message in office.api.messages(group)))
    previews = [message for message in office.api.messages(group) if "Pratinjau" in message.text]
    assert len(previews) == 1
    await office.api.tap(BUDI, previews[0], "Kirim ke pelapor")
    await office.api.wait(lambda call: call.method == "sendMediaGroup" and call.chat == SARI.id)
    album = next(call for call in office.api.calls if call.method == "sendMediaGroup")
    assert len(album.files) == 3
    nothing_told(list(album.files.values()))


async def in_one_batch(office: Office, card: Shown, *officers: Person) -> None:
    """Officers press the same button, and their taps are handled together."""
    hook, office.api.webhook = office.api.webhook, None
    for officer in officers:
        await office.api.tap(officer, card, "Ambil")
    office.api.webhook = hook
    assert office.app.telegram is not None
    taps = [json.dumps(update).encode() for update in office.api.delivery.pending]
    office.api.delivery.pending.clear()
    outcomes = await office.app.intake.accept([event for tap in taps for event in office.app.telegram.parse(tap)])
    assert outcomes == [Outcome.DONE] * len(officers)


async def test_two_officers_take_a_report_at_once(office: Office) -> None:
    """Of two officers who press at once one gets the report, and the other hears who."""
    group = await office.group(BUDI, WATI)
    number = await office.report(SARI)
    await in_one_batch(office, office.card(group, number), BUDI, WATI)
    await office.api.wait(lambda call: call.method == "editMessageText")
    await office.settled()
    said = [message.text for message in office.api.messages(group) if "sudah diambil oleh" in message.text]
    assert len(said) == 1
    winner = "Budi Santoso" if "Budi Santoso" in said[0] else "Wati"
    assert f"sudah diambil oleh {winner}" in said[0]
    assert f"Petugas: {winner}" in office.card(group, number).text
    assert len([m for m in office.api.messages(SARI) if "sedang diproses" in m.text]) == 1


async def test_who_is_not_enrolled_is_refused(office: Office) -> None:
    """Somebody in the group who is no officer can neither take nor answer a report, and hears how to be enrolled."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    card = office.card(group, number)
    before = len(office.api.messages(SARI))
    await office.api.tap(TONO, card, "Ambil")
    await office.settled()
    assert "terdaftar sebagai petugas" in office.api.last(group).text
    for text in ("Sudah beres", f"/tiket {number}", "/tugas"):
        assert "terdaftar sebagai petugas" in (await office.writes(TONO, group, text, reply_to=card)).text
    assert len(office.api.messages(SARI)) == before
    assert "Petugas:" not in office.card(group, number).text


async def test_chatter_in_the_group_is_left_alone(office: Office) -> None:
    """What officers say to each other is neither answered nor kept."""
    group = await office.group(BUDI)
    before, contacts = len(office.api.calls), await office.count("contacts")
    for text in ("Siapa piket hari ini?", "Jalan berlubang lagi di Sukodono, sudah tiga kali minggu ini"):
        await office.api.group_text(TONO, group, text)
    await office.api.sticker(TONO, group=group)
    await office.settled()
    assert len(office.api.calls) == before
    assert await office.count("contacts") == contacts


async def test_a_code_is_for_groups_only(office: Office) -> None:
    """A code that is sent in private enrols nobody and stays good for the group."""
    code = await office.code()
    assert "grup instansi" in (await office.says(SARI, f"/hubungkan {code}")).text
    assert (await office.count("officers"), await office.count("rooms")) == (0, 0)
    group = office.api.new_group("Pelayanan")
    await office.api.add_bot(BUDI, group)
    assert "Budi Santoso terdaftar" in (await office.writes(BUDI, group, f"/hubungkan@kentongan_bot {code}")).text
    assert "tidak berlaku" in (await office.writes(WATI, group, f"/hubungkan {code}")).text
    assert (await office.count("officers"), await office.count("rooms")) == (1, 1)


async def test_a_card_lives_in_its_topic(office: Office) -> None:
    """In a forum each report has a topic of its own, in which its card, its files and all that follows stand."""
    group = await office.group(BUDI, forum=True)
    one = await office.report(SARI, photos=[picture()])
    two = await office.report(WATI)
    topics = {number: office.card(group, number).topic for number in (one, two)}
    assert None not in topics.values()
    assert topics[one] != topics[two]
    names = [topic.name for topic in office.api.world.rooms[group.id].topics.values()]
    assert [name.split(" ")[0] for name in names] == [one, two]
    await office.answers(BUDI, group, one, "Sudah ditambal.")
    await office.api.text(SARI, "Terima kasih, tetapi masih ada satu", reply_to=office.api.last(SARI))
    await office.settled()
    mine = [message for message in office.api.messages(group) if message.topic == topics[one]]
    assert any("masih ada satu" in message.text for message in mine)
    assert any(message.kind == "photo" for message in mine)
    assert any("Pratinjau" in message.text for message in mine)
    assert not [message for message in office.api.messages(group) if message.topic is None and one in message.text]
    assert office.api.problems == []


async def test_a_forum_without_the_right_to_open_topics(office: Office) -> None:
    """Where the bot may open no topic the card stands in the group itself."""
    group = office.api.new_group("Pelayanan", forum=True)
    await office.api.add_bot(BUDI, group, manage_topics=False)
    await office.enrol(BUDI, group)
    number = await office.report(SARI)
    assert office.card(group, number).topic is None
    await office.answers(BUDI, group, number, "Sudah ditambal.")
    assert "Sudah ditambal" in office.api.last(SARI).text


async def test_a_group_that_becomes_a_forum(office: Office) -> None:
    """A group that gets topics after it was bound has topics for its new reports."""
    group = office.api.new_group("Pelayanan", supergroup=True)
    await office.api.add_bot(BUDI, group)
    await office.enrol(BUDI, group)
    forum = Group(group.id, group.title, True)
    office.api.world.rooms[group.id].of = forum
    await office.writes(BUDI, forum, "/tugas")
    number = await office.report(SARI)
    assert office.card(forum, number).topic is not None


async def test_letters_outlive_a_kill(tmp_path: Path) -> None:
    """What was committed and not yet sent when the process was killed is sent by the next one, once."""
    async with BotApi() as api:
        async with opened(tmp_path / "first", api) as office:
            group = await office.group(BUDI)
            await office.begins(SARI)
            await office.presses(SARI, "Lewati")
            await office.presses(SARI, "Biasa")
            api.fail("sendMessage", times=1000, status=502, html=True)
            assert await api.tap(SARI, api.last(SARI), "Kirim") == 200
            await api.wait(lambda call: call.chat == group.id, status=502)
            # The files as they lie now are what a kill at this moment leaves.
            shutil.copytree(tmp_path / "first", tmp_path / "second")
        api.faults.clear()
        before = len(api.messages(SARI))
        async with opened(tmp_path / "second", api) as office:
            await api.wait(lambda call: call.chat == SARI.id and "Terima kasih" in call.text, after=0)
            await api.wait(lambda call: call.chat == group.id and call.text.startswith("📥"), after=0)
            await office.settled()
            assert await office.count("outbox") == 0
        assert len(api.messages(SARI)) == before + 1


async def test_a_live_location_is_not_answered_again_and_again(office: Office) -> None:
    """A place that is shared live is noted once, and its moves are not answered."""
    await office.begins(SARI)
    await office.api.say(SARI, {"location": {"latitude": -8.13, "longitude": 113.22, "live_period": 900}})
    await office.settled()
    before = len(office.api.messages(SARI))
    room = office.api.world.rooms[SARI.id]
    for step in range(3):
        place = {"latitude": -8.13 + step / 1000, "longitude": 113.22, "live_period": 900}
        moved = {**room.messages[room.last_id - 1], "location": place, "edit_date": 1795320000}
        assert await office.api.deliver("edited_message", moved) == 200
        await office.settled()
    assert len(office.api.messages(SARI)) == before


def known(group: Group, calls: list[Call]) -> str:
    """All that was ever told to a group, with the names of files and what is in them."""
    told = [
        json.dumps(call.params, ensure_ascii=False) + "".join(f"{f.name} {f.data!r}" for f in call.files.values())
        for call in calls
        if call.chat == group.id
    ]
    assert told
    return "\n".join(told)


@pytest.mark.parametrize("forum", [False, True], ids=["group", "forum"])
async def test_nobody_learns_who_reported(office: Office, forum: bool) -> None:
    """In a whole anonymous report nothing that goes to any group tells who wrote it."""
    group = await office.group(BUDI, forum=forum)
    coordinator = await office.group(WATI, agency="kominfo")
    await office.begins(SARI)
    await office.api.photo(SARI, data=picture())
    await office.api.document(SARI, "KTP Saraswati Wulandari.jpg", "image/jpeg", picture())
    await office.api.document(SARI, "Surat sariwulan 6281298765432.pdf", "application/pdf", b"%PDF-1.7")
    await office.api.contact(SARI, PHONE)
    await office.settled()
    number = await office.sends(SARI, "Anonim")
    await arrived(office, group, 3)
    await office.api.tap(BUDI, office.card(group, number), "Ambil")
    await office.answers(BUDI, group, number, "Sudah kami tambal.")
    answer = office.api.last(SARI)
    await office.api.photo(SARI, "Masih ada satu lagi", picture(), reply_to=answer)
    await office.api.document(SARI, "Saraswati 2.jpg", "image/jpeg", picture(), reply_to=answer)
    await office.api.forwarded(SARI, "Kata tetangga, dua lagi", BUDI, reply_to=answer)
    await arrived(office, group, 5)
    await office.answers(BUDI, group, number, "Sudah semua.")
    await office.presses(SARI, "Sudah teratasi")
    await office.presses(SARI, "5")
    await office.says(SARI, "Cepat sekali, terima kasih")
    await office.api.block(SARI)
    await office.writes(BUDI, group, f"/tiket {number}")
    await office.writes(BUDI, group, f"/jelaskan {number}")
    await office.writes(BUDI, group, "/tugas")
    told = known(group, office.api.calls) + known(coordinator, office.api.calls)
    assert "★★★★★" in told
    assert "Masih ada satu lagi" in told
    for secret in (str(SARI.id), "Saraswati", "Wulandari", "sariwulan", PHONE, CAMERA, "KTP", "Surat "):
        assert secret.lower() not in told.lower(), secret
    assert office.api.violations == []


async def test_the_coordinator_learns_no_more(office: Office) -> None:
    """A report that nobody is sure of goes to the coordinator, with as little of who wrote it."""
    group = await office.group(WATI, agency="kominfo")
    shown = await office.begins(SARI, "Buat laporan", "Setuju", "Tolong, ada yang aneh sekali di sini.", "Selesai")
    assert shown.labels
    for answer in ("Petugas", "Jl. Mawar nomor 3, Desa Kutorenon", "Benar", "Hari ini"):
        shown = office.api.last(SARI)
        pressed = any(label.startswith(answer) for label in shown.labels)
        shown = await (office.presses(SARI, answer) if pressed else office.says(SARI, answer))
    number = await office.sends(SARI, "Anonim", "Lewati")
    assert "Teruskan" in office.card(group, number).labels
    told = known(group, office.api.calls).lower()
    assert not [secret for secret in (str(SARI.id), "saraswati", "wulandari", "sariwulan") if secret in told]
