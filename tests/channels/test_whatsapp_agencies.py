"""Several agencies on WhatsApp: forwarding, returning and assigning between chats of officers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.rules.ticket import Role
from tests.graphapi import Person
from tests.whatsapp_office import Office, alone


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
async def tono(office: Office) -> Person:
    """The coordinator."""
    found = office.api.person("Tono")
    await office.says(found, f"hubungkan {await office.code('kominfo', Role.COORDINATOR)}")
    return found


async def test_forwarded_to_another_agency(office: Office, sari: Person, budi: Person) -> None:
    """A report that is passed on comes with its card to the other agency's officer, and is closed to the first."""
    rina = office.api.person("Rina")
    await office.enrols(rina, "dishub")
    number = await office.report(sari)
    card = office.card(budi, number)
    await office.presses(budi, "Teruskan", card)
    await office.says(budi, "Dinas Perhubungan")
    assert office.said(budi, "diteruskan ke Dinas Perhubungan")
    assert "Ambil" in office.card(rina, number).labels
    assert "alihkan ke Dinas Perhubungan" in office.api.last(sari).text
    assert "sekarang ditangani Dinas Perhubungan" in (await office.presses(budi, "Ambil", card)).text
    await office.answers(rina, number, "Rambu sudah kami pasang.")
    assert "Dinas Perhubungan menjawab" in office.api.last(sari).text
    office.nothing_wrong()


async def test_returned_to_the_coordinator_and_back(office: Office, sari: Person, budi: Person, tono: Person) -> None:
    """A report that is not an agency's goes to the coordinator with the reason, and can come back with a new card."""
    number = await office.report(sari)
    await office.presses(budi, "Bukan wewenang", office.card(budi, number))
    await office.says(budi, "Ini jalan provinsi, mohon ke Dinas PU provinsi.")
    assert office.said(tono, "jalan provinsi")
    assert "Ambil" not in office.card(tono, number).labels
    before = len(office.said(budi, f"📥 {number}"))
    await office.presses(tono, "Teruskan", office.card(tono, number))
    await office.says(tono, "dputr")
    assert len(office.said(budi, f"📥 {number}")) == before + 1
    assert "Ambil" in office.card(budi, number).labels
    office.nothing_wrong()


async def test_assigned_to_a_colleague(office: Office, sari: Person, budi: Person) -> None:
    """A report is given to a colleague by name, and both chats show who has it."""
    wati = office.api.person("Wati")
    await office.enrols(wati)
    number = await office.report(sari)
    asked = await office.presses(budi, "Tugaskan", office.card(budi, number))
    assert asked.labels[:2] == ["Budi Santoso", "Wati"]
    await office.presses(budi, "Wati", asked)
    assert office.said(wati, f"Wati ditugasi menangani laporan {number}")
    for officer in (budi, wati):
        assert any("Petugas: Wati" in shown.text for shown in office.said(officer, number))
    office.nothing_wrong()


async def test_a_report_nobody_is_sure_of(office: Office, sari: Person, tono: Person) -> None:
    """A report without an agency comes to the coordinator, who can send it on."""
    await office.begins(sari, "Buat laporan", "Setuju", "Tolong, ada yang aneh sekali di sini.", "Selesai")
    for answer in ("Petugas", "Jl. Mawar nomor 3, Desa Kutorenon", "Benar", "Hari ini"):
        pressed = any(label.startswith(answer) for label in office.api.last(sari).labels)
        await (office.presses(sari, answer) if pressed else office.says(sari, answer))
    number = await office.sends(sari, "Anonim", "Lewati")
    card = office.card(tono, number)
    assert "Teruskan" in card.labels
    assert "identitas tidak dibuka" in card.text


async def test_nobody_learns_who_reported(office: Office, sari: Person, budi: Person, tono: Person) -> None:
    """Nothing that goes to any officer tells the reporter's name or number."""
    await office.begins(sari)
    await office.api.document(sari, b"%PDF-1.7 surat", name="KTP Saraswati 6281.pdf")
    await office.settled()
    number = await office.sends(sari, "Anonim")
    await office.answers(budi, number, "Sudah kami tambal.")
    await office.says(sari, "Masih ada satu lagi", context=office.api.last(sari))
    await office.says(budi, f"tiket {number}")
    told = [
        f"{shown.raw} {[file.name for file in shown.files]}"
        for each in (budi, tono)
        for shown in office.api.messages(each)
    ]
    for secret in ("Saraswati", sari.wa_id, "KTP"):
        assert not [text for text in told if secret in text]
    assert any("lampiran-1.pdf" in text for text in told)
