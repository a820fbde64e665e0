"""Officers on WhatsApp: each in a chat of their own, which stands for the agency's group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.graphapi import Person
from tests.whatsapp_office import MONDAY, Office, alone, number_in


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with alone(tmp_path) as found:
        yield found


@pytest.fixture
def sari(office: Office) -> Person:
    return office.api.person("Saraswati")


@pytest.fixture
async def budi(office: Office) -> Person:
    found = office.api.person("Budi Santoso")
    await office.enrols(found)
    return found


@pytest.fixture
async def wati(office: Office) -> Person:
    found = office.api.person("Wati")
    await office.enrols(found)
    return found


async def test_an_invitation_is_good_once(office: Office, budi: Person) -> None:
    """A code enrols one officer in their own chat, with or without a slash, and nobody after them."""
    code = await office.code()
    tono = office.api.person("Tono")
    assert "terdaftar" in (await office.says(budi, f"/hubungkan {code}")).text
    assert "tidak berlaku" in (await office.says(tono, f"Hubungkan {code}")).text
    assert (await office.count("rooms"), await office.count("officers")) == (1, 1)


async def test_a_new_officer_gets_what_waits(office: Office, sari: Person) -> None:
    """Reports that came before an agency had anybody are shown to its first officer at once."""
    number = await office.report(sari)
    budi = office.api.person("Budi")
    await office.enrols(budi)
    assert "Ambil" in office.card(budi, number).labels


async def test_claim_answer_and_the_reporter_hears(office: Office, sari: Person, budi: Person, wati: Person) -> None:
    """A report is claimed and answered from one chat, and the colleague's chat tells how it stands."""
    number = await office.report(sari)
    await office.presses(budi, "Ambil", office.card(budi, number))
    assert "Petugas: Budi Santoso" in office.api.last(wati).text
    await office.answers(budi, number, "Sudah kami tambal.")
    assert office.said(budi, "Dikirim ke pelapor")
    assert "Sudah kami tambal." in office.api.last(sari).text
    assert "Ditindaklanjuti" in office.api.last(wati).text
    office.nothing_wrong()


async def test_two_press_at_once(office: Office, sari: Person, budi: Person, wati: Person) -> None:
    """Of two officers of one agency who press at once one gets the report, and the other hears who."""
    number = await office.report(sari)
    cards = [office.card(officer, number) for officer in (budi, wati)]
    office.api.hold()
    for officer, card in zip((budi, wati), cards, strict=True):
        await office.api.tap(officer, card, "Ambil")
    assert await office.api.flush(together=2) == [200]
    await office.settled()
    told = [shown.text for officer in (budi, wati) for shown in office.said(officer, "sudah diambil oleh")]
    assert len(told) == 1
    assert len(office.said(sari, "sedang diproses")) == 1


async def test_the_same_through_two_webhooks(office: Office, sari: Person, budi: Person, wati: Person) -> None:
    """It is the same where both taps come at the same moment by ways of their own."""
    number = await office.report(sari)
    taps = (office.api.tap(each, office.card(each, number), "Ambil") for each in (budi, wati))
    assert await asyncio.gather(*taps) == [200, 200]
    await office.settled()
    assert len([1 for each in (budi, wati) if office.said(each, "sudah diambil oleh")]) == 1


async def test_a_note_stays_inside(office: Office, sari: Person, budi: Person) -> None:
    """An internal note is kept in the history and never shown to the reporter."""
    number = await office.report(sari)
    before = len(office.api.messages(sari))
    preview = await office.says(budi, "Alat berat sedang dipakai", context=office.card(budi, number))
    assert "tersimpan" in (await office.presses(budi, "Catatan internal", preview)).text
    assert len(office.api.messages(sari)) == before
    assert "Alat berat" in (await office.says(budi, f"tiket {number}")).text


async def test_undone_before_it_leaves(tmp_path: Path) -> None:
    """An answer that is taken back within its half minute reaches nobody, and can be sent again."""
    async with alone(tmp_path, undo_seconds=30) as office:
        sari, budi = office.api.person("Sari"), office.api.person("Budi")
        await office.enrols(budi)
        number = await office.report(sari)
        before = len(office.api.messages(sari))
        await office.answers(budi, number, "Salah tulis")
        (told,) = office.said(budi, "Akan dikirim")
        await office.presses(budi, "Urungkan", told)
        await office.passes(timedelta(minutes=1))
        assert len(office.api.messages(sari)) == before
        (preview,) = office.said(budi, "Diurungkan")
        await office.presses(budi, "Kirim ke pelapor", preview)
        await office.passes(timedelta(minutes=1))
        assert "Salah tulis" in office.api.last(sari).text


async def test_ask_resolve_and_history(office: Office, sari: Person, budi: Person) -> None:
    """An officer asks for more, gets it, resolves the report, and finds it all in its history."""
    number = await office.report(sari)
    await office.presses(budi, "Minta data", office.card(budi, number))
    await office.presses(budi, "Kirim ke pelapor", await office.says(budi, "Mohon patokan tempatnya."))
    await office.says(sari, "Di depan warung Bu Tini")
    await office.presses(budi, "Selesaikan", office.said(budi, "Ditanggapi oleh pelapor")[-1])
    assert "foto atau dokumen" in (await office.says(budi, "Sudah ditambal Kamis pagi.")).text
    await office.presses(budi, "Kirim ke pelapor", await office.shows(budi))
    assert any("selesai ditangani" in shown.text for shown in office.api.messages(sari)[-2:])
    shown = (await office.says(budi, f"tiket {number.lower()}")).text
    for line in ("Mohon patokan", "Di depan warung", "Sudah ditambal", "Status: Selesai"):
        assert line in shown
    assert "Jalan rusak" in (await office.says(budi, f"jelaskan {number}")).text
    office.nothing_wrong()


async def test_the_list_of_tasks(office: Office, sari: Person, budi: Person) -> None:
    """The open reports stand in a list, of which each opens its card."""
    numbers = [await office.report(sari) for _ in range(2)]
    shown = await office.says(budi, "Tugas")
    assert "2 laporan terbuka" in shown.text
    assert set(shown.labels) == set(numbers)
    assert (await office.presses(budi, numbers[1], shown)).text.startswith(f"📥 {numbers[1]}")
    assert (await office.says(budi, numbers[0])).text.startswith(f"📥 {numbers[0]}")


async def test_what_is_written_without_a_reply(office: Office, sari: Person, budi: Person) -> None:
    """A text that replies to nothing is kept, and its report asked for; of three none is ever guessed."""
    numbers = [await office.report(sari) for _ in range(3)]
    asked = await office.says(budi, "Sudah kami tambal kemarin sore.")
    assert "Untuk laporan yang mana" in asked.text
    assert set(numbers) <= set(asked.labels)
    preview = await office.presses(budi, numbers[1], asked)
    assert f"pelapor {numbers[1]}" in preview.text
    await office.presses(budi, "Kirim ke pelapor", preview)
    told = office.said(sari, "Sudah kami tambal kemarin sore.")
    assert [number_in(shown.text) for shown in told] == [numbers[1]]


async def test_three_reports_are_never_confused(office: Office, sari: Person, budi: Person) -> None:
    """Three previews that stand open at once go each to its own report, in whatever order they are sent."""
    numbers = [await office.report(sari) for _ in range(3)]
    previews = {n: await office.says(budi, f"Jawaban {n}", context=office.card(budi, n)) for n in numbers}
    for number in reversed(numbers):
        await office.presses(budi, "Kirim ke pelapor", previews[number])
    for number in numbers:
        (told,) = office.said(sari, f"Jawaban {number}")
        assert number_in(told.text) == number


async def test_a_decree_that_has_ended(office: Office, sari: Person) -> None:
    """An officer whose decree has ended is a citizen again: no card comes, and no button of old acts."""
    budi = office.api.person("Budi")
    await office.enrols(budi, valid_until=MONDAY.date())
    number = await office.report(sari)
    card = office.card(budi, number)
    await office.passes(timedelta(days=2))
    before = len(office.api.messages(sari))
    assert "tidak berlaku" in (await office.presses(budi, "Ambil", card)).text
    assert not office.said(budi, "Riwayat")
    await office.says(budi, "Sudah beres", context=card)
    assert len(office.api.messages(sari)) == before
    other = await office.report(sari)
    assert not office.said(budi, other)


async def test_an_officer_is_a_citizen_too(office: Office, budi: Person, wati: Person) -> None:
    """An officer reports like anybody, sees it as a reporter, and cannot handle it."""
    number = await office.report(budi)
    assert "Ambil" in office.card(wati, number).labels
    await office.answers(wati, number, "Kami cek.")
    assert "Sudah teratasi" in office.api.last(budi).labels
    await office.presses(budi, "Sudah teratasi")
    await office.presses(budi, "4", office.said(budi, "Seberapa puas")[-1])
    await office.presses(budi, "Lewati", office.said(budi, "diperbaiki")[-1])
    assert "★★★★☆" in office.api.last(wati).text
    assert not office.said(budi, "📥")
