"""A story that names one day for its trouble gives that day; one that names none, or several, gives none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.dates import EARLIEST
from handlers.rules.since import day_in

SATURDAY = date(2026, 11, 21)

NAMED = {
    "Lampu jalan di depan SDN 2 mati sejak Senin, anak-anak pulang gelap.": "2026-11-16",
    "Air PDAM tidak mengalir sejak kemarin": "2026-11-20",
    "sampah sudah 3 minggu tidak diangkut": "2026-10-31",
    "Tadi pagi pohon tumbang menutup jalan": "2026-11-21",
    "Jalan rusak dari bulan puasa, belum diperbaiki.": "2026-02-19",
    "air mati dari kemarin sore, mohon bantuannya": "2026-11-20",
    "sudah seminggu lampu padam": "2026-11-14",
    "Got mampet sejak tanggal 5 November 2026.": "2026-11-05",
    "Kemarin petugas meminta uang Rp50.000 di loket": "2026-11-20",
    "semalam ada balap liar di depan rumah": "2026-11-20",
    "Bansos saya tidak cair sejak bulan Agustus": "2026-08-01",
    "KTP belum jadi, sudah 2 bulan menunggu": "2026-09-21",
    "2 hari yang lalu truk menabrak pagar sekolah": "2026-11-19",
    "Minggu lalu petugas datang tetapi tidak ada perbaikan": "2026-11-14",
    "Hari Rabu saya ke puskesmas dan ditolak": "2026-11-18",
    "Senin lalu saya ditolak di loket": "2026-11-16",
    "kejadiannya tgl 12/11/2026 pukul 07.30": "2026-11-12",
    "Hari ini air keruh lagi": "2026-11-21",
    "sejak Lebaran jalan ini gelap": "2026-03-21",
    "sejak habis Lebaran guru jarang masuk": "2026-03-23",
    "Jembatan retak sejak 17 Agustus": "2026-08-17",
    "anak saya sudah 3 hari demam, obat puskesmas habis": "2026-11-18",
    "selama 4 hari ini air tidak keluar": "2026-11-17",
    "udah sebulan got buntu min": "2026-10-21",
    "Sejak sebulan yang lalu truk pasir lewat kampung": "2026-10-21",
    "Dalam 3 hari petugas janji datang, padahal rusak sejak Jumat": "2026-11-20",
    "tadi malam ada yang membuang limbah": "2026-11-20",
    "Sejak pagi tadi listrik padam": "2026-11-21",
    "dari tadi malam air mati": "2026-11-20",
    "Mulai hari Kamis kandang itu bau sekali": "2026-11-19",
    "Awal bulan ini dipungut, tepatnya tanggal 3 November": "2026-11-03",
    "mati lampu sejak jam 7 pagi tadi": "2026-11-21",
    "Terjadi 10 November 2026 di depan pasar": "2026-11-10",
    "sejak setahun lalu jalan berlubang": "2025-11-21",
    "Tiang roboh dua minggu lalu, belum ada yang datang": "2026-11-07",
    "bulan lalu sudah ditambal, sekarang berlubang lagi": "2026-10-21",
    "Waktu Lebaran kemarin tarif angkutan naik dua kali": "2026-03-21",
    "sejak tahun baru air kecil": "2026-01-01",
    "Sdh 5 hr sampah blm diangkut": "2026-11-16",
    "sejak senin kmrn dokter tidak ada": "2026-11-16",
    "Barusan saya ditilang tanpa surat": "2026-11-21",
    "lampu mati 3 hari terakhir": "2026-11-18",
    "Sejak H-1 Lebaran pasar kotor": "2026-03-20",
}
UNNAMED = """Puskesmas buka jam 3 pagi dan selalu penuh
Lampu mati di RT 3 RW 5
Saya punya 3 anak yang sekolah di sini
Jalan 17 Agustus berlubang besar
Loket buka Senin sampai Jumat
Setiap Minggu ada pasar kaget di jalan
tiap hari Senin macet di depan sekolah
Ibu saya umur 67 tahun belum dapat bantuan
Anak saya berusia 3 tahun, stunting
anak saya sudah 3 tahun belum punya akta
Saya sudah 10 tahun tinggal di sini, jalan rusak
Harga gas Rp 25.000 padahal 3 kg
Jalan rusak di KM 12
Pasar Minggu becek dan bau
Mohon diperbaiki sebelum Lebaran
Usul taman dibuat tahun depan
Besok ada kerja bakti, mohon truk sampah
Kemarin sudah lapor, tadi pagi mati lagi
Lampu mati sejak Senin, sudah 3 minggu sampah menumpuk
Jalan berlubang, sudah tiga motor jatuh minggu ini
Petugas hanya datang seminggu sekali
SKTM dijanjikan selesai 3 hari kerja
Jalannya rusak parah, mohon perhatian
Saya lahir 12 Mei 1990 dan belum punya KTP
Sejak dulu jalan ini gelap
sudah lama rusak
sudah beberapa hari air mati
sekitar 2 atau 3 hari yang lalu
Dua ekor sapi saya mati
Perda 5 Mei 2020 tidak dijalankan
dari rumah ke sekolah 5 km
Uang 200 ribu dari warga diminta petugas
Salat Jumat terganggu suara bising
Mulai sekarang mohon ditertibkan
Tolong aktifkan mulai 25 Desember
Kapal berangkat hari Senin dan hari Kamis
Tanggal 3 dan tanggal 10 selalu antre
Bus nomor 5 tidak lewat lagi
Jalan Mei 1998 rusak
Gang 3 banjir
truk lewat dari jam 5 sampai jam 8 pagi
Masa berlaku 5 tahun sudah habis
2-3 hari air mati
SDN 5 kekurangan guru
Rumah nomor 17 bocor""".splitlines()


@pytest.mark.parametrize(("story", "meant"), NAMED.items())
def test_named(story: str, meant: str) -> None:
    """The day that a story names, counted from Saturday 21 November 2026."""
    assert day_in(story, SATURDAY) == date.fromisoformat(meant)


@pytest.mark.parametrize("story", UNNAMED)
def test_unnamed(story: str) -> None:
    """Hours, ages, prices, numbers, names of roads, habits, wishes and two different days name no day."""
    assert day_in(story, SATURDAY) is None


def test_there_are_enough_sentences() -> None:
    """Sixty sentences at the least."""
    assert len(NAMED) + len(UNNAMED) >= 60


@given(story=st.text(max_size=400), today=st.dates())
@settings(deadline=None)
def test_any_text(story: str, today: date) -> None:
    """No text and no day raises, and what is found is past."""
    found = day_in(story, today)
    assert found is None or EARLIEST <= found <= today


@pytest.mark.parametrize("piece", ["sejak ", "dari senin ", "sudah 3 hari ", "kemarin ", "1/", "tanggal 5 ", "a"])
def test_the_longest_message(piece: str) -> None:
    """The longest message a chat brings is read, whatever it repeats."""
    found = day_in((piece * 4096)[:4096], SATURDAY)
    assert found is None or found <= SATURDAY
