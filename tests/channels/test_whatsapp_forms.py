"""Templates that Meta refuses, and the announcements to officers who have not written for a day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.graphapi import GraphApi, Person, Template
from tests.whatsapp_office import Office, alone, number_in

LATE = timedelta(hours=25)
ANSWER, ANY = "kentongan_jawaban_laporan", "kentongan_ada_kabar"


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


def missing(api: GraphApi) -> None:
    """Meta has not approved the template of answers."""
    del api.templates[ANSWER, "id"]


def paused(api: GraphApi) -> None:
    """Meta has paused it."""
    api.paused.add(ANSWER)


def another(api: GraphApi) -> None:
    """Meta has approved it with one blank less."""
    api.templates[ANSWER, "id"] = Template("Jawaban {{1}}: {{2}}", ("Sudah teratasi", "Belum", "Lihat laporan"))


def refusals(logs: list[Any]) -> list[str]:
    """The templates of which the log says that Meta refused them."""
    return [each["template"] for each in logs if each["event"] == "template_refused" and each["log_level"] == "error"]


@pytest.mark.parametrize("spoil", [missing, paused, another])
async def test_the_next_template_stands_in(
    office: Office, sari: Person, budi: Person, spoil: Callable[[GraphApi], None]
) -> None:
    """Where a template cannot be used the general one announces the answer, which follows; the operator sees why."""
    number = await office.report(sari)
    await office.passes(LATE)
    spoil(office.api)
    with capture_logs() as logs:
        await office.answers(budi, number, "Sudah kami tambal.")
    assert refusals(logs) == [ANSWER]
    told = office.api.last(sari)
    assert (told.template, number_in(told.text)) == (ANY, number)
    await office.presses(sari, "Baca kabar")
    (said,) = office.said(sari, "“Sudah kami tambal.”")
    assert "Sudah teratasi" in said.labels


async def test_without_any_template(office: Office, sari: Person, budi: Person) -> None:
    """Where no template can be used the answer waits for the reporter, and nothing is lost."""
    number = await office.report(sari)
    await office.passes(LATE)
    office.api.templates = {("lain", "id"): Template("Halo")}
    with capture_logs() as logs:
        await office.answers(budi, number, "Sudah kami tambal.")
    assert refusals(logs) == [ANSWER, ANY]
    await office.says(sari, "menu")
    assert len(office.said(sari, "“Sudah kami tambal.”")) == 1


async def test_english_falls_back_to_indonesian(office: Office, sari: Person, budi: Person) -> None:
    """Who chose English is told in English, and in Indonesian where Meta has not approved that."""
    number = await office.report(sari)
    await office.says(sari, "bahasa")
    await office.presses(sari, "English")
    await office.passes(LATE)
    await office.answers(budi, number, "Sudah kami tambal.")
    assert "Not yet" in office.api.last(sari).labels
    await office.passes(LATE)
    del office.api.templates[ANSWER, "en"]
    await office.says(budi, f"tiket {number}")
    await office.answers(budi, number, "Juga yang kedua.")
    assert ("Belum" in office.api.last(sari).labels, office.api.last(sari).language) == (True, "id")


async def test_cards_for_an_officer_gather(office: Office, sari: Person, budi: Person) -> None:
    """Three reports that come overnight are announced once, and follow as cards when the officer presses the button."""
    await office.passes(LATE)
    numbers = [await office.report(sari) for _ in range(3)]
    forms = [shown for shown in office.api.messages(budi) if shown.kind == "template"]
    assert [number_in(shown.text) for shown in forms] == numbers[:1]
    await office.presses(budi, "Buka laporan", forms[0])
    assert [len(office.said(budi, f"📥 {number}")) for number in numbers] == [1] * 3
    await office.answers(budi, numbers[1], "Kami cek besok.")
    assert number_in(office.said(sari, "Kami cek besok.")[0].text) == numbers[1]
    office.nothing_wrong()


async def test_an_officer_is_asked_again_the_next_day(office: Office, sari: Person, budi: Person) -> None:
    """What comes half a day after an unanswered announcement is announced anew."""
    await office.passes(LATE)
    for _ in range(2):
        await office.report(sari)
    await office.passes(timedelta(hours=13))
    await office.report(sari)
    assert [shown.kind for shown in office.api.messages(budi)].count("template") == 2
    await office.says(budi, "tugas")
    assert len(office.said(budi, "📥")) == 3


async def test_news_for_an_officer_gather(office: Office, sari: Person, budi: Person) -> None:
    """What the reporter adds overnight is announced once, and follows in its order."""
    number = await office.report(sari)
    await office.passes(LATE)
    await office.says(sari, "menu")
    for text in ("Masih ada lagi", "Dekat jembatan", "Juga di depan pasar"):
        await office.presses(sari, "Tambah keterangan", await office.says(sari, number))
        await office.says(sari, text)
    forms = [shown for shown in office.api.messages(budi) if shown.kind == "template"]
    assert [shown.template for shown in forms] == ["kentongan_kabar_untuk_petugas"]
    await office.presses(budi, "Buka laporan", forms[0])
    told = [shown.text for shown in office.said(budi, "Pelapor menambahkan")]
    assert [text.partition("“")[2].partition("”")[0] for text in told] == [
        "Masih ada lagi",
        "Dekat jembatan",
        "Juga di depan pasar",
    ]
    office.nothing_wrong()
