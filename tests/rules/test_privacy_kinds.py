"""What tells who somebody is comes out by its kind, and what a report is about stays; all numbers are made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.privacy import MASK, Personal, find, masked

KINDS = {
    Personal.NIK: """NIK saya 3508121505900001|nik: 3508 1215 0590 0001|3508125505900001 atas nama ibu saya
NIK 35.08.12.150590.0001|ktp 3508-1215-0590-0001 belum jadi|nik pemohon 1101010101010001""",
    Personal.FAMILY_CARD: """No KK 3508121505150002|kartu keluarga nomor 3508 1215 0515 0002
KK: 3508121505150002|kk saya 3508.1215.0515.0002""",
    Personal.BANK_CARD: """kartu 4111111111111111|4111 1111 1111 1111|kartu debit 5500-0000-0000-0004
kartu atm 4012888888881881""",
    Personal.ACCOUNT: """rekening BRI 0123-01-012345-50-1|no rek 1234567890|norek mandiri 1370012345678
rekening bank jatim 0012345678|transfer ke rek 12345678 BCA|VA 8808123456789012""",
    Personal.PHONE: """081234567890|HP 0812-3456-7890|wa +62 812 3456 7890|wa.me/6281234567890|62 812.3456.7890
81234567890|nomor saya 812-3456-7890|telp (0334) 881234|0334-881234|021 5551234|hubungi 0812 3456 789""",
    Personal.MAIL: "budi@contoh.id|surel ani.s@mail.contoh.co.id|e-mail: warga+lapor@contoh.org",
    Personal.PLATE: """B 1234 XYZ|N1234YZ|nopol n 4567 uv|truk N-8123-YA|motor P 2345 QR|AG 1234 BC
mobil dinas N 1234 YP""",
    Personal.NUMBER: "id pelanggan 512345678901|nomor meter 14123456789|nomor bpjs 0001234567894",
}
HARMLESS = """Laporan LPR-2611-7K3Q-R belum dijawab|laporan nomor 8112829|tiket 2611000123|12 November 2026
12-11-2026|12/11/2026 pukul 08.30|2026-11-12|jam 08.00-16.00|pukul 07.00 sampai 15.30|Rp 1.500.000.000
rp1500000000|Rp. 250.000 per bulan|1.250.000 rupiah|125.000.000.000 rupiah|KM 12,5 arah Senduro|km 145
RT 3 RW 5|RT 05/RW 02|rt 003 rw 012|kode pos 67316|Jalan A 12|Jl. D 12 AB|Blok B 12 No 3|Jalan 17 Agustus 45
SDN 2 Pasirian|sejak 2019 sampai 2026|tahun 2023 2024 2025 2026|tahun 2024/2025, 2025/2026|mobil L 300 dan truk
isi 5 l 1000 rb|2 ha dan 1500 m|usia 67 tahun, 3 anak|tegangan 220 V 450 VA|no. 45 lantai 2|gang 3 no 7
-8.13312, 113.22411|https://maps.app.goo.gl/Ab12Cd34Ef56|https://contoh.id/berita/20261112123456
periode 2019 s/d 2024 tdk ada|112, 110, 119, 129|Perda 3 Tahun 2018 pasal 12|100-200 orang
tabung 3 kg Rp 25.000 x 4|hasil 1.500 ton, 24.000 liter|DT 07 D 12|golongan III/d 2024""".replace("\n", "|").split("|")


def made_up() -> list[tuple[Personal, str]]:
    return [(kind, text) for kind, texts in KINDS.items() for text in texts.replace("\n", "|").split("|")]


@pytest.mark.parametrize(("kind", "text"), made_up())
def test_kind(kind: Personal, text: str) -> None:
    """Each number is found once, as what it is, and nothing of it stays."""
    for said in (text, f"{text}, tolong.", f"Mohon bantuan ({text})"):
        assert [span.kind for span in find(said)] == [kind], said
        assert sum(char.isdigit() for char in masked(said).replace("wa.me/6", "")) == 0, masked(said)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    """Numbers of reports, days, hours, prices, places and measures are no personal data."""
    assert masked(text) == text
    assert masked(f"Menurut warga {text}.") == f"Menurut warga {text}."


def test_there_are_enough_cases() -> None:
    """Sixty cases at the least, with false alarms among them."""
    assert len(made_up()) >= 35
    assert len(HARMLESS) >= 40


def test_what_stands_between_stays() -> None:
    """Only the numbers go; the words around them are the report."""
    text = "NIK 3508121505900001, HP 081234567890, jam 08.00-16.00, Rp 25.000, truk N 1234 YZ, tgl 12-11-2026."
    hidden = f"NIK {MASK}, HP {MASK}, jam 08.00-16.00, Rp 25.000, truk {MASK}, tgl 12-11-2026."
    assert masked(text) == hidden
    assert [span.kind for span in find(text)] == [Personal.NIK, Personal.PHONE, Personal.PLATE]


def test_a_date_does_not_shelter_the_number_behind_it() -> None:
    """A number right behind a day is found all the same."""
    assert masked("12-11-2026 3508121505900001") == f"12-11-2026 {MASK}"
    assert masked("2026-11-12 081234567890") == f"2026-11-12 {MASK}"


@given(st.text(alphabet="0123456789 .-+@aBNkK/\n:", max_size=300))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    """Spans lie in order, apart, within the text; what is masked once holds nothing more to mask."""
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert "\0" not in masked(text)
