"""A whole office on WhatsApp: what a citizen sees there, from the greeting to the stars."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.graphapi import Person
from tests.office import PLACE, STORY
from tests.whatsapp_office import Office, alone, number_in

# What a person types who uses no button; the story and the place are the only words.
NUMBERS = ("1", "1", STORY, "1", "1", PLACE, "1", "1", "1", "1", "1")


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


async def test_from_the_greeting_to_the_stars(office: Office, sari: Person, budi: Person) -> None:
    """A report by buttons and lists is answered, confirmed and rated, and Graph has nothing to object to."""
    number = await office.report(sari)
    await office.presses(budi, "Ambil", office.card(budi, number))
    assert office.said(sari, "sedang diproses")
    await office.answers(budi, number, "Sudah kami tambal.")
    assert "“Sudah kami tambal.”" in office.api.last(sari).text
    await office.presses(sari, "Sudah teratasi")
    await office.presses(sari, "5")
    assert "Terima kasih" in (await office.says(sari, "Cepat sekali")).text
    assert "★★★★★" in office.api.last(budi).text
    assert len(office.said(sari, number)) == 4
    office.nothing_wrong()


async def test_by_numbers_alone(office: Office, sari: Person, budi: Person) -> None:
    """Who presses nothing and types numbers makes the same report, and rates it the same."""
    await office.says(sari, "Halo")
    for answer in NUMBERS:
        await office.says(sari, answer)
    number = number_in(office.api.last(sari).text)
    await office.answers(budi, number, "Sudah kami tambal.")
    for answer in ("1", "5", "1"):
        shown = await office.says(sari, answer)
    assert "Terima kasih" in shown.text
    assert "★★★★★" in office.api.last(budi).text
    office.nothing_wrong()


async def test_every_question_has_its_way_out(office: Office, sari: Person) -> None:
    """Without a slash, at each question, help and the question can be had again, and the report put aside."""
    await office.says(sari, "Halo")
    for number, answer in enumerate(NUMBERS[:-1]):
        labels = (await office.says(sari, answer)).labels
        before = len(office.api.messages(sari))
        await office.says(sari, "bantuan")
        # The question after it may fill a message by itself.
        assert "Kata yang selalu bisa dipakai" in office.api.messages(sari)[before].text
        assert (await office.says(sari, "Ulang")).labels == labels
        kept = number > 1
        assert ("Lanjutkan" in (await office.says(sari, "BATAL")).labels) == kept
        await office.says(sari, "lanjut" if kept else "lapor")
    assert "Periksa laporan Anda" in office.api.last(sari).text
    office.nothing_wrong()


async def test_one_step_back(office: Office, sari: Person) -> None:
    """A person who goes back is asked the question before, and nothing else is lost."""
    await office.begins(sari)
    assert "Kapan terjadinya" in (await office.presses(sari, "Kembali")).text
    await office.says(sari, "kemarin")
    await office.presses(sari, "Lewati")
    review = await office.presses(sari, "Anonim")
    assert "Minggu, 1 November 2026" in review.text
    assert STORY in review.text


async def test_one_field_is_changed_before_sending(office: Office, sari: Person) -> None:
    """One field of the review is asked again, and nothing is sent before Kirim."""
    await office.begins(sari)
    for label in ("Lewati", "Biasa", "Ubah", "Tanggal"):
        await office.presses(sari, label)
    review = await office.says(sari, "kemarin")
    assert "Minggu, 1 November 2026" in review.text
    assert await office.count("tickets") == 0
    assert number_in((await office.presses(sari, "Kirim")).text)


async def test_the_map_answers_where(office: Office, sari: Person) -> None:
    """The place is asked with WhatsApp's own button, and its answer is taken as the place."""
    asked = await office.begins(sari, "Buat laporan", "Setuju", STORY, "Selesai", "Benar")
    assert asked.form == "location_request_message"
    assert await office.api.location(sari, -8.1335, 113.2248, context=asked) == 200
    await office.settled()
    assert "titik di peta, Kecamatan Lumajang, Kabupaten Lumajang" in office.api.last(sari).text
    for label in ("Benar", "Hari ini", "Lewati", "Biasa", "Kirim"):
        shown = await office.presses(sari, label)
    assert number_in(shown.text)
    office.nothing_wrong()


async def test_a_place_from_the_list_has_its_name(office: Office, sari: Person) -> None:
    """The name and address of a place that was picked stand in the report."""
    asked = await office.begins(sari, "Buat laporan", "Setuju", STORY, "Selesai", "Benar")
    await office.api.location(sari, -8.1335, 113.2248, "SDN 2 Kutorenon", "Jl. Panglima Sudirman", context=asked)
    await office.settled()
    assert "SDN 2 Kutorenon" in office.api.last(sari).text


async def test_status_by_number_and_by_list(office: Office, sari: Person) -> None:
    """The owner sees everything of a report, a stranger its outline; one's own are found without a number."""
    number = await office.report(sari)
    tono = office.api.person("Tono")
    await office.says(tono, "Cek status")
    outline = (await office.says(tono, number.lower().replace("-", " "))).text
    assert "Terdisposisi" in outline
    assert "Cerita" not in outline
    shown = await office.says(sari, "laporan saya")
    assert shown.labels[0] == number
    assert STORY in (await office.says(sari, "1")).text
    assert STORY in (await office.presses(sari, number, shown)).text


async def test_an_answer_to_the_agency_by_replying(office: Office, sari: Person, budi: Person) -> None:
    """A question of the agency is answered by just writing, and more is added by replying to any news of a report."""
    number = await office.report(sari)
    await office.presses(budi, "Minta data", office.card(budi, number))
    await office.presses(budi, "Kirim ke pelapor", await office.says(budi, "Mohon patokan tempatnya."))
    question = office.api.last(sari)
    assert "Mohon patokan" in question.text
    assert number in (await office.says(sari, "Di depan warung Bu Tini")).text
    assert "Di depan warung Bu Tini" in office.api.last(budi).text
    await office.says(sari, "Dekat jembatan juga ada", context=question)
    assert "Dekat jembatan" in office.api.last(budi).text
    office.nothing_wrong()


async def test_not_solved_opens_it_again(office: Office, sari: Person, budi: Person) -> None:
    """Belum asks why, and the officer hears it."""
    number = await office.report(sari)
    await office.answers(budi, number, "Sudah kami tambal.")
    await office.presses(sari, "Belum")
    assert "dibuka kembali" in (await office.says(sari, "Masih ada dua lubang lagi")).text
    assert office.said(budi, "Masih ada dua lubang lagi")
