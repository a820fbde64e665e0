"""What else people do in a chat on WhatsApp: files, changes, odd messages, and webhooks that come twice or mixed up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.graphapi import Person, Shown
from tests.office import STORY
from tests.whatsapp_office import Office, alone

UP_TO_STORY = ("Buat laporan", "Setuju")
STEPS = ("media", "download")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with alone(tmp_path) as found:
        yield found


@pytest.fixture
def sari(office: Office) -> Person:
    return office.api.person("Saraswati")


async def changed(office: Office, person: Person, kind: str, **content: Any) -> Shown:
    """A person changes or deletes the last message, and sees what comes back."""
    ident = office.api.world.chat(person).heard[-1]
    await office.api.say(person, kind, {kind: {"original_message_id": ident, **content}})
    await office.settled()
    return office.api.last(person)


async def test_photos_are_fetched_at_once(office: Office, sari: Person) -> None:
    """Photos are fetched in two steps as soon as they are on record, and those sent together are answered once."""
    await office.begins(sari)
    before = len(office.api.messages(sari))
    for caption in ("lubang", "", ""):
        assert await office.api.photo(sari, caption=caption) == 200
    await office.fetched()
    assert Counter(call.method for call in office.api.calls if call.method in STEPS) == {"media": 3, "download": 3}
    assert len(office.api.messages(sari)) == before
    await office.passes()
    assert [shown.text.partition(" ✅")[0] for shown in office.api.messages(sari)[before:]] == ["Berkas ke-3 diterima"]
    assert office.api.reads[-1].typing
    office.nothing_wrong()


async def test_documents_and_voices(office: Office, sari: Person) -> None:
    """A document and a voice note are taken as attachments, and counted in the review."""
    await office.begins(sari)
    await office.api.document(sari, caption="surat RT")
    await office.api.voice(sari)
    await office.settled()
    assert "Berkas ke-2 diterima" in office.api.last(sari).text
    for label in ("Lanjut", "Biasa"):
        shown = await office.presses(sari, label)
    assert "Lampiran: 2 berkas" in shown.text
    office.nothing_wrong()


async def test_an_edit_changes_the_answer(office: Office, sari: Person) -> None:
    """An edited message is read again as the answer that it was."""
    await office.begins(sari, *UP_TO_STORY, "Lampu jalan mati sejak Senin, gelap sekali.")
    message = {"type": "text", "text": {"body": "Lampu jalan mati sejak Selasa, gelap sekali."}}
    assert "ganti" in (await changed(office, sari, "edit", message=message)).text
    assert "Selasa" in (await office.says(sari, "ulang")).text


async def test_a_deleted_message_leaves_the_story(office: Office, sari: Person) -> None:
    """What is deleted while the story is told is no part of it."""
    await office.begins(sari, *UP_TO_STORY, STORY, "Nomor saya 0812 tolong jangan disebar")
    assert "tidak ikut" in (await changed(office, sari, "revoke")).text
    assert "0812" not in (await office.says(sari, "ulang")).text


async def test_what_nobody_can_read(office: Office, sari: Person) -> None:
    """A poll, a sticker and a contact are answered politely, and the question asked again."""
    asked = await office.begins(sari, *UP_TO_STORY)
    for act in (office.api.unsupported(sari), office.api.sticker(sari), office.api.contacts(sari, "6281999")):
        before = len(office.api.messages(sari))
        assert await act == 200
        await office.settled()
        (shown,) = office.api.messages(sari)[before:]
        assert "belum dapat kami baca" in shown.text
        assert asked.text in shown.text


async def test_a_reaction_is_no_answer(office: Office, sari: Person) -> None:
    """A thumb under a question is left alone, and neither read nor answered."""
    asked = await office.begins(sari, *UP_TO_STORY)
    reads, calls = len(office.api.reads), len(office.api.calls)
    await office.api.reaction(sari, asked)
    await office.api.reaction(sari, asked, "")
    await office.settled()
    assert (len(office.api.reads), len(office.api.calls)) == (reads, calls)


async def test_what_is_taken_is_marked_as_read(office: Office, sari: Person) -> None:
    """Each message is marked as read once it is on record."""
    await office.begins(sari, *UP_TO_STORY)
    await office.api.wait(lambda call: call.method == "read")
    heard = office.api.world.chat(sari).heard
    assert [read.id for read in office.api.reads] == heard


async def test_the_first_opening_of_the_chat(office: Office, sari: Person) -> None:
    """Somebody who opens the chat for the first time is greeted."""
    await office.api.say(sari, "request_welcome", {})
    await office.settled()
    assert "Selamat datang" in office.api.last(sari).text


async def test_a_webhook_that_comes_twice(office: Office, sari: Person) -> None:
    """Each event of a whole report that is delivered again has no effect."""
    await office.report(sari)
    shown, tickets = len(office.api.messages(sari)), await office.count("tickets")
    for event in list(office.api.events):
        assert await office.api.repeat(event) == 200
    await office.settled()
    assert (len(office.api.messages(sari)), await office.count("tickets")) == (shown, tickets) == (shown, 1)


async def test_batches_of_many_people_shuffled(office: Office) -> None:
    """Webhooks with the messages of ten people, doubled and in any order, are answered once each."""
    people = [office.api.person(f"Warga {n}") for n in range(10)]
    for seed in range(3):
        async with office.api.batched(size=10, copies=2, shuffle=Random(seed)):
            for person in people:
                await office.api.text(person, "menu")
        await office.settled()
    assert [len(office.api.messages(person)) for person in people] == [3] * 10
    office.nothing_wrong()


async def test_statuses_and_messages_in_one_webhook(office: Office) -> None:
    """Statuses that come mixed with messages do not keep anybody waiting."""
    people = [office.api.person(f"Warga {n}") for n in range(5)]
    office.api.hold()
    for person in people:
        await office.api.text(person, "Halo")
    await office.api.flush(together=5)
    await office.settled()
    office.api.hold()
    for person in people:
        await office.api.read(person)
        await office.api.text(person, "1")
    assert set(await office.api.flush(size=3, copies=2, shuffle=Random(1))) == {200}
    await office.settled()
    assert all(len(office.api.messages(person)) == 2 for person in people)


async def test_another_number_is_not_ours(office: Office, sari: Person) -> None:
    """A webhook for another number of the business is acknowledged, and neither answered nor kept."""
    office.api.webhook, hook = None, office.api.webhook
    await office.api.text(sari, "Halo")
    office.api.webhook = hook
    ours = office.api.delivery.pending.pop()
    assert await office.api.raw(ours.replace(office.api.phone_number_id.encode(), b"999000111222333")) == 200
    await office.settled()
    assert office.api.calls == []
    assert await office.count("contacts") == 0
    assert await office.api.raw(ours) == 200
    await office.settled()
    assert len(office.api.messages(sari)) == 1


async def test_what_is_not_signed_is_refused(office: Office, sari: Person) -> None:
    """A body without Meta's signature, or with that of another body, changes nothing."""
    body = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()
    other = office.api.delivery.signature(b"{}")
    assert [await office.api.raw(body, signature) for signature in ("", "sha256=", other)] == [403] * 3
    assert await office.api.verify() == (200, "1158201444")
    assert (await office.api.verify("salah"))[0] == 403


async def test_a_person_by_id_alone(office: Office) -> None:
    """Who shows no phone number is answered all the same, and makes a whole report."""
    laras = office.api.person("Laras", user_id="ID.1000000000000016")
    assert await office.report(laras)
    assert all("recipient" in call.params for call in office.api.calls if call.to)
    office.nothing_wrong()


async def test_a_draft_is_kept_for_days(office: Office, sari: Person) -> None:
    """A report that was left is found again after days, where the person comes back by themselves."""
    await office.begins(sari, *UP_TO_STORY, STORY)
    await office.passes(timedelta(days=5))
    assert "Lanjutkan" in (await office.says(sari, "menu")).labels
    assert STORY[:40] in (await office.presses(sari, "Lanjutkan")).text
