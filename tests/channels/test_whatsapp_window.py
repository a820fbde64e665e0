"""The day after a person's last message: after it everything is said by template, once, in order, and follows later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.graphapi import GraphApi, Person, Shown
from tests.whatsapp_office import DAY, Office, Time, alone, approve_all, number_in, opened

LATE = timedelta(hours=25)
# How it comes out that the day is over: the program counts it, Graph answers so at once, or says so afterwards.
WAYS = ("counted", "answer", "status")
LONG = "Lubang di depan sekolah kami tambal bertahap mulai Kamis. " * 30


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


async def over(office: Office, person: Person, way: str) -> None:
    """The day after a person's last message is over, known to the program or not."""
    if way == "counted":
        await office.passes(LATE)
        return
    office.api.window_by = way
    chat = office.api.world.chat(person)
    assert chat.last_heard is not None
    chat.last_heard -= LATE.total_seconds()


def since(office: Office, person: Person, before: int) -> list[Shown]:
    """What reached a person after so many messages."""
    return office.api.messages(person)[before:]


async def drafted(office: Office, officer: Person, number: str, action: str, text: str) -> None:
    """An officer asks by the buttons of the list of one report."""
    await office.presses(officer, action, await office.says(officer, f"tiket {number}"))
    await office.presses(officer, "Kirim ke pelapor", await office.says(officer, text))


@pytest.mark.parametrize("way", WAYS)
async def test_all_news_come_by_template(office: Office, sari: Person, budi: Person, way: str) -> None:
    """After a day a claim, a question, an answer and the end are told by template, each once, in their order."""
    number = await office.report(sari)
    before = len(office.api.messages(sari))
    await over(office, sari, way)
    await office.presses(budi, "Ambil", office.card(budi, number))
    await drafted(office, budi, number, "Minta data", "Mohon patokan tempatnya.")
    await office.answers(budi, number, "Sudah kami tambal.")
    await office.presses(budi, "Selesaikan", await office.says(budi, f"tiket {number}"))
    await office.presses(budi, "Kirim ke pelapor", await office.shows(budi, caption="Selesai Kamis."))
    shown = since(office, sari, before)
    assert [each.kind for each in shown] == ["template"] * 4
    for each, words in zip(
        shown, ("sedang diproses", "Mohon patokan", "Sudah kami tambal.", "Selesai Kamis."), strict=True
    ):
        assert words in each.text
        assert number_in(each.text) == number
        assert "Lihat laporan" in each.labels
    assert "Sudah teratasi" in shown[2].labels
    # The photo follows once the reporter writes.
    assert await office.count("outbox") == 1
    assert office.api.violations == []


@pytest.mark.parametrize("way", WAYS)
async def test_two_that_were_on_their_way(tmp_path: Path, way: str) -> None:
    """News that wait together for a day that has ended come in their order, none twice."""
    async with alone(tmp_path, undo_seconds=30) as office:
        sari, budi = office.api.person("Sari"), office.api.person("Budi")
        await office.enrols(budi)
        numbers = [await office.report(sari) for _ in range(4)]
        before = len(office.api.messages(sari))
        await over(office, sari, way)
        for number in numbers:
            await office.answers(budi, number, "Sudah kami tambal.")
        office.api.hold()
        await office.passes(timedelta(seconds=40))
        await office.api.flush(size=20, shuffle=Random(5))
        await office.settled()
        shown = since(office, sari, before)
        assert [(each.kind, number_in(each.text)) for each in shown] == [("template", each) for each in numbers]


async def test_a_tap_opens_the_day_again(office: Office, sari: Person, budi: Person) -> None:
    """Who presses a template's button is written to freely again, and the report is judged by it."""
    number = await office.report(sari)
    await office.passes(LATE)
    await office.answers(budi, number, "Sudah kami tambal.")
    shown = await office.presses(sari, "Sudah teratasi")
    assert "Seberapa puas" in shown.text
    await office.presses(sari, "5")
    await office.presses(sari, "Lewati")
    assert "★★★★★" in office.api.last(budi).text
    office.nothing_wrong()


async def test_a_long_answer_follows(office: Office, sari: Person, budi: Person) -> None:
    """What a template cannot hold is announced, and comes whole and once when the person answers."""
    number = await office.report(sari)
    await office.passes(LATE)
    before = len(office.api.messages(sari))
    await office.answers(budi, number, LONG)
    (told,) = since(office, sari, before)
    assert (told.kind, len(told.text) <= 1024) == ("template", True)
    assert "bertahap" not in told.text
    before += 1
    await office.presses(sari, told.labels[-1])
    shown = since(office, sari, before)
    assert len([each for each in shown if LONG.strip() in each.text]) == 1
    assert any("Sudah teratasi" in each.labels for each in shown)
    await office.says(sari, "menu")
    assert len(office.said(sari, LONG.strip())) == 1
    office.nothing_wrong()


async def test_files_follow(office: Office, sari: Person, budi: Person) -> None:
    """The photo of an answer follows when the reporter has answered, because a template holds none."""
    number = await office.report(sari)
    await office.passes(LATE)
    before = len(office.api.messages(sari))
    await office.shows(budi, caption="Sudah kami tambal.", context=office.card(budi, number))
    await office.presses(budi, "Kirim ke pelapor")
    assert [each.kind for each in since(office, sari, before)] == ["template"]
    await office.presses(sari, "Lihat laporan")
    assert [each.kind for each in since(office, sari, before)].count("image") == 1
    await office.says(sari, "terima kasih")
    assert len([each for each in office.api.messages(sari) if each.files]) == 1


async def test_held_letters_outlive_a_restart(tmp_path: Path) -> None:
    """What waits for a person to answer is sent by the process that hears the answer."""
    time = Time()
    async with GraphApi(clock=time.seconds) as api:
        approve_all(api)
        sari, budi = api.person("Sari"), api.person("Budi")
        async with opened(tmp_path, api, time) as office:
            await office.enrols(budi)
            number = await office.report(sari)
            await office.passes(LATE)
            await office.answers(budi, number, LONG)
        assert api.last(sari).kind == "template"
        async with opened(tmp_path, api, time) as office:
            await office.presses(sari, api.last(sari).labels[-1])
            assert len(office.said(sari, LONG.strip())) == 1
            assert await office.count("outbox") == 0


async def test_an_open_report_is_found_again(office: Office, sari: Person, budi: Person) -> None:
    """The button of an announcement, pressed in the middle of another report, shows the news and the question again."""
    number = await office.report(sari)
    asked = await office.begins(sari, "Buat laporan", "Lampu jalan mati di depan balai desa.")
    await office.passes(LATE)
    await office.answers(budi, number, "Sudah kami tambal.")
    before = len(office.api.messages(sari))
    await office.presses(sari, "Lihat laporan")
    shown = since(office, sari, before)
    assert number in shown[0].text
    assert "Selesai bercerita" in shown[-1].labels
    assert asked.labels == shown[-1].labels
    await office.presses(sari, "Selesai bercerita")
    assert "Lampu jalan mati" in office.api.last(sari).text


async def test_the_calendar_of_a_report(office: Office, sari: Person, budi: Person) -> None:
    """Answers on the days 6, 13 and 59 reach the reporter by template, and a reply to each lands in its report."""
    number = await office.report(sari)
    for days in (6, 7, 46):
        await office.passes(days * DAY)
        text = f"Kabar sesudah {days} hari"
        await office.says(budi, "tugas")
        await office.presses(budi, number)
        await office.answers(budi, number, text)
        told = office.api.last(sari)
        assert (told.kind, text in told.text) == ("template", True)
        await office.says(sari, f"Tanggapan atas {days}", context=told)
        assert office.said(budi, f"Tanggapan atas {days}")
    assert len(office.said(sari, "Kabar sesudah")) == 3
    assert (await office.says(budi, f"tiket {number}")).text.count("Tanggapan atas") == 3
    office.nothing_wrong()
