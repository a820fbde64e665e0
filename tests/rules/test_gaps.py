"""A story that tells what is needed is asked nothing; one that does not is asked for just that."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.gaps import DETAILS, MOST, OFFICE, SINCE, SPOT, WHAT, WHO, gaps

SAMPLE = Path(__file__).resolve().parents[2] / "storage" / "sample" / "categories.csv"

TOLD = {
    SPOT: """Jalan berlubang di depan SDN 2|Lampu mati di perempatan Sukodono|Got mampet RT 3 RW 5|Ruas KM 12 ambles
Pohon miring samping masjid|Aspal rusak Jalan Melati|sampah numpuk di jln. Semeru|tiang roboh dekat Indomaret
kabel menjuntai rumah nomor 12|jembatan Gladak Perak retak|parkir liar sebelah pasar Pasirian|Blok C2 banjir""",
    SINCE: """Air mati sejak Senin|sampah sudah 3 minggu tidak diangkut|truk ngebut setiap malam|sering sekali macet
baunya tiap sore|tadi pagi air keruh|kalau hujan pasti banjir|listrik padam berkali-kali|jam 2 malam masih ramai
sudah sebulan gelap|lampu mati 5 hari|kemarin tidak ada petugas""",
    WHO: """Anak-anak takut lewat|warga kesulitan air|ibu saya belum dapat bantuan|tiga motor jatuh|20 KK kebanjiran
siswa terpaksa belajar di lantai|sapi saya mati|pasien menunggu lama|petani tidak kebagian pupuk|kami resah""",
    OFFICE: """Puskesmas Senduro tutup|SDN 2 Pasirian memungut uang|kantor desa Sukorejo lambat|di RSUD antre lama
Dukcapil menolak berkas|SMP Negeri 1 bocor|pegawai kecamatan Candipuro judes|Bidan Ani tidak ada di tempat
loket PDAM tutup|pangkalan elpiji Barokah mahal|Dinas Sosial tidak menjawab|MI Nurul Huda roboh""",
    WHAT: """Lampu jalan mati|antre sampai siang|petugas meminta uang|KTP belum jadi|airnya keruh|jalannya rusak parah
tidak dilayani|mohon perbaikan jalan|kenapa bantuan berhenti|gaji dipotong""",
}
LACKING = {
    SPOT: "Jalan kampung rusak parah|Lampu mati di jalan yang gelap|banyak sampah berserakan|pohon mau tumbang",
    SINCE: "Truk pasir lewat kampung kami|Petugas kasar kepada ibu saya|Kandang ayam bau sekali|airnya keruh",
    WHO: "Jalan berlubang besar sekali|Bantuan tidak cair|Pelayanannya lambat|Selokan mampet di Jalan Melati",
    OFFICE: "Guru jarang masuk|sekolah memungut uang|puskesmas tutup terus|pegawai di kantor tidak ramah",
    WHAT: "Ini tentang jalan depan Pasar Pasirian|KTP saya di kantor kecamatan|soal puskesmas Senduro",
}


def cases(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, text) for key, lines in texts.items() for text in lines.replace("\n", "|").split("|")]


@pytest.mark.parametrize(("key", "story"), cases(TOLD))
def test_told(key: str, story: str) -> None:
    """What is told is not asked."""
    assert gaps(story, (key,)) == ()


@pytest.mark.parametrize(("key", "story"), cases(LACKING))
def test_lacking(key: str, story: str) -> None:
    """What is not told is asked."""
    assert gaps(story, (key,)) == (key,)


def test_a_place_tells_the_spot() -> None:
    """Words of the place, or a point on the map, are exact enough; a village alone is not."""
    assert gaps("Jalan rusak parah", (SPOT,), "Desa Sukorejo") == (SPOT,)
    assert gaps("Jalan rusak parah", (SPOT,), "Depan balai desa Sukorejo") == ()
    assert gaps("Jalan rusak parah", (SPOT,), pinned=True) == ()


def test_at_most_two() -> None:
    """However much a story lacks, two details are named, in the order of the table."""
    assert gaps("soal itu", DETAILS) == DETAILS[:MOST]
    assert gaps("soal itu", reversed(DETAILS)) == (OFFICE, WHO)


@given(story=st.text(max_size=300), place=st.text(max_size=60))
@settings(deadline=None)
def test_any_text(story: str, place: str) -> None:
    """No text breaks it."""
    assert set(gaps(story, DETAILS, place)) <= set(DETAILS)


@pytest.mark.parametrize("piece", ["a", "rt ", "jalan ", "desa ", "sd ", "\U0001f525"])
def test_the_longest_message(piece: str) -> None:
    """The longest message a chat brings is read, whatever it repeats."""
    assert len(gaps((piece * 4096)[:4096], DETAILS)) <= MOST


def test_the_sample_asks_for_something_everywhere() -> None:
    """Each category of the sample regency says what it needs, at most two details, all of them known."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        asks = {row["code"]: row["asks"].split(";") for row in csv.DictReader(file)}
    assert all(0 < len(each) <= MOST and set(each) <= set(DETAILS) for each in asks.values())


def test_a_victim_is_not_asked_for_places_and_hours() -> None:
    """Who tells of violence is not questioned about where and how often."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        asks = {row["code"]: row["asks"].split(";") for row in csv.DictReader(file)}
    for code in ("kdrt", "pelecehan", "perlindungan-anak"):
        assert not {SPOT, SINCE, OFFICE} & set(asks[code])
