"""*Jelaskan*: why a report went where it went, told of every way on which it can have come there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from storage import tables as t
from tests.handlers import UNSURE, Overheard, acts, faults, report, sample_office
from tests.handlers.phones import hired, said

AGUS, DWI = "Agus Wibowo @ dputr", "Dwi Kurniawati @ kominfo"
BY_WORDS = {
    "by": "keywords",
    "category": [["jalan-rusak", 0.91], ["selokan", 0.05]],
    "agency": [],
    "picked": "confirmed",
}
LEARNED = {"by": "model:2026-10-01", "category": [["sampah", 0.64], ["selokan", 0.2]], "agency": [["dlh", 0.72]]}


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def put(stage: Overheard, number: str, **values: Any) -> None:
    """The ticket as it is wanted."""
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.number == number).values(**values))


def told(stage: Overheard, number: str, who: str = AGUS) -> str:
    """What the office hears."""
    return "\n".join(acts(stage, f"{who}> /jelaskan {number}"))


def test_by_a_rule(stage: Overheard) -> None:
    """The topic that was read, by what and how certainly, what its reporter said to it, and the rule behind."""
    number = report(stage, "Sari")
    put(stage, number, guesses=BY_WORDS, why="rule:10")
    heard = told(stage, number)
    assert "terbaca dari ceritanya: “Jalan & lalu lintas › Jalan rusak & berlubang”, cukup yakin (91 %)" in heard
    assert "menurut kata kunci dalam ceritanya" in heard
    assert "Kemungkinan lain: “Air, selokan & rumah › Selokan & genangan” (5 %)" in heard
    assert "Pelapor membenarkan usul itu" in heard
    assert "aturan nomor 10, topik “Jalan & lalu lintas › Jalan rusak & berlubang” di semua wilayah" in heard
    assert "ditangani Dinas Pekerjaan Umum dan Tata Ruang" in heard


def test_by_a_rule_for_an_area(stage: Overheard) -> None:
    """A rule that holds in one area says in which."""
    number = report(stage, "Sari")
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).values(agency="dinkes", guesses={}, why="rule:170"))
        rows = connection.execute(t.history.select().where(t.history.c.action == "forward")).all()
        for row in rows:
            data = {**row.data, "agency": "dinkes"}
            connection.execute(update(t.history).where(t.history.c.id == row.id).values(data=data, agency="dinkes"))
    heard = told(stage, number, DWI)
    assert "aturan nomor 170, topik “Kesehatan › Rumah sakit (RSUD)” di Pasirian" in heard


def test_by_a_rule_that_is_gone(stage: Overheard) -> None:
    """A rule that the facts no longer hold is told by its number."""
    number = report(stage, "Sari")
    put(stage, number, why="rule:999")
    assert "aturan nomor 999, yang sekarang sudah diganti" in told(stage, number)


def test_by_what_was_learned(stage: Overheard) -> None:
    """Where no rule fits, what past reports teach is told with its certainty and since when it is known."""
    number = report(stage, "Sari")
    put(stage, number, guesses={**LEARNED, "agency": [["dputr", 0.88]], "picked": "offered"}, why="model")
    heard = told(stage, number)
    assert "agak yakin (64 %), menurut pengalaman dari laporan terdahulu (dipelajari Kamis, 1 Oktober 2026)" in heard
    assert "Pelapor memilih dari topik yang diusulkan: “Jalan & lalu lintas" in heard
    assert "yang berwenang Dinas Pekerjaan Umum dan Tata Ruang, cukup yakin (88 %)" in heard


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("reporter", "Pelapor memilih instansinya sendiri: Dinas Pekerjaan Umum"),
        ("officer", "Petugas yang mencatat laporan ini memilih Dinas Pekerjaan Umum"),
        ("disaster:7", "mode darurat bencana, jadi laporan diteruskan langsung ke Dinas Pekerjaan Umum"),
        ("disaster:x", "mode darurat bencana, jadi laporan diteruskan langsung ke Dinas Pekerjaan Umum"),
        ("rule:", "aturan nomor"),
        ("", "Tidak ada aturan yang cocok"),
    ],
)
def test_every_other_reason(stage: Overheard, why: str, words: str) -> None:
    """Each reason that can stand on a report has its words, damaged ones too."""
    number = report(stage, "Sari")
    put(stage, number, why=why)
    assert words in told(stage, number)


@pytest.mark.parametrize(
    ("guesses", "words"),
    [
        ({}, "Topik yang dicatat: “Jalan"),
        ({"by": "keywords"}, "tidak terbaca satu topik pun"),
        ({**BY_WORDS, "picked": "unknown"}, "Pelapor tidak tahu topiknya"),
        ({**BY_WORDS, "picked": "other"}, "memilih topiknya sendiri dari daftar: “Jalan"),
        ({**BY_WORDS, "picked": "?"}, "Topik yang dicatat: “Jalan"),
        ({**BY_WORDS, "category": [["hilang", 0.2]]}, "“Belum ditentukan”, tidak yakin (20 %)"),
        ({**BY_WORDS, "by": "model:"}, "menurut pengalaman dari laporan terdahulu."),
        ({**BY_WORDS, "by": "model:kemarin"}, "menurut pengalaman dari laporan terdahulu."),
    ],
)
def test_every_guess_and_answer(stage: Overheard, guesses: dict[str, Any], words: str) -> None:
    """What was guessed, and what the reporter made of it, is told; of an old report that nothing is known."""
    number = report(stage, "Sari")
    put(stage, number, guesses=guesses)
    assert words in told(stage, number)


def test_unsure_then_the_coordinator(stage: Overheard) -> None:
    """Nobody was sure: the coordinator decided, with the agencies that were thought of, and each step is told."""
    number = report(stage, "Sari", story=UNSURE)
    put(stage, number, guesses={**LEARNED, "picked": "unknown"})
    heard = told(stage, number, DWI)
    assert "menyerahkan pilihannya kepada petugas, jadi Dinas Komunikasi dan Informatika yang menentukan" in heard
    assert "Instansi yang diusulkan: Dinas Lingkungan Hidup (72 %)" in heard
    acts(stage, f"{DWI}> [Teruskan]", f"{DWI}> Dinas PU (jalan, sungai)")
    heard = told(stage, number)
    step = "2 November 2026: koordinator (Dinas Komunikasi dan Informatika) meneruskannya ke Dinas Pekerjaan Umum"
    assert step in heard


def test_each_later_step_and_nobodys_name(stage: Overheard) -> None:
    """Returned, forwarded, passed on, corrected: by which office and why, and no officer is named."""
    number = report(stage, "Sari")
    put(stage, number, guesses=BY_WORDS)
    acts(stage, f"{AGUS}> [Bukan wewenang]", f"{AGUS}> Ini jalan provinsi.")
    acts(stage, f'{DWI}> (pada "{number}") [Teruskan]', f"{DWI}> Dinas Perhubungan")
    hari = "Hari Santoso @ dishub"
    acts(stage, f"{hari}> /tiket {number}", f'{hari}> (pada "Riwayat") [Lainnya…]', f"{hari}> [Ubah topik]")
    acts(stage, f"{hari}> [Selokan & genangan]")
    acts(stage, f"{DWI}> /tiket {number}", f'{DWI}> (pada "Riwayat") [Teruskan]', f"{DWI}> BPBD (bencana)")
    heard = told(stage, number, DWI)
    roads = "petugas Dinas Pekerjaan Umum dan Tata Ruang mengembalikannya ke Dinas Komunikasi dan Informatika"
    assert f"{roads}. Alasan: Ini jalan provinsi." in heard
    assert "koordinator (Dinas Komunikasi dan Informatika) meneruskannya ke Dinas Perhubungan" in heard
    assert "petugas Dinas Perhubungan mengubah topiknya dari “Jalan & lalu lintas › Jalan rusak" in heard
    assert "instansi di atas Dinas Perhubungan mengalihkannya ke Badan Penanggulangan" in heard
    assert "Pelapor membenarkan usul itu" in heard
    explained = heard.partition("Mengapa")[2]
    assert not any(name in explained for name in ("Agus", "Dwi Kurniawati", "Hari Santoso", "Sari"))
    assert explained.count("•") == 7


def test_a_stand_in_is_named(stage: Overheard) -> None:
    """Where another agency stands in, it is said for whom, and that the first target was the competent one."""
    number = report(stage, "Sari")
    acts(stage, f"{AGUS}> (keluarkan bot)")
    heard = told(stage, number, DWI)
    assert "naik ke Dinas Komunikasi dan Informatika, karena Dinas Pekerjaan Umum dan Tata Ruang belum dapat" in heard
    assert "Dinas Komunikasi dan Informatika mewakili Dinas Pekerjaan Umum dan Tata Ruang" in heard


def test_a_merged_one_names_the_other(stage: Overheard) -> None:
    """Of a report that is handled with another the number of that one is told."""
    number, other = report(stage, "Sari"), report(stage, "Tono")
    acts(stage, f"{DWI}> /tiket {other}", f'{DWI}> (pada "Riwayat") [Gabungkan]', f"{DWI}> {number}")
    assert f"ditangani bersama {number}" in told(stage, other, DWI)


def test_who_may_not_see_hears_nothing(stage: Overheard) -> None:
    """An agency that never had the report, and somebody outside, learn nothing of it."""
    number = report(stage, "Sari")
    assert "tidak ditemukan" in told(stage, number, "Hari Santoso @ dishub")
    assert "aturan" not in told(stage, number, "Orang Lewat @ dputr")


def test_in_a_chat_of_ones_own(stage: Overheard) -> None:
    """On WhatsApp the word is typed without its slash."""
    hired(stage)
    number = report(stage, "Sari")
    assert f"Mengapa laporan {number} ada di" in said(stage, f"jelaskan {number}")
