"""Numbers by which a person can be found are made unreadable; all other numbers stay."""

from __future__ import annotations

import pytest

from handlers.rules.privacy import MASK, masked

PERSONAL = (
    "3508012345678901",
    "3508 0123 4567 8901",
    "35.08.01.234567.8901",
    "4111-1111-1111-1111",
    "081234567890",
    "+62 812-3456-7890",
    "6281234567890",
    "0812.3456.7890",
    "0812 345 678",
    "812-3456-7890",
    "0334-881234",
    "(0334) 881234",
    "(021) 555 1234",
    "1234567890",
    "N 1234 YZ",
    "B1234XYZ",
    "ab 4567 cd",
    "D-12-AB",
    "budi.santoso@contoh.go.id",
)
OTHERS = (
    "Sejak 08-11-2026 10.30 sampai 2026-11-08 jam 10.30-11.00",
    "RT 05 RW 02, Blok B 12 No 3, KM 12 arah Pasirian",
    "Rp 150.000.000 untuk 1.500.000 orang",
    "LPR-2611-7K3Q-R",
    "titik peta -8.13312, 113.22411",
    "3 motor jatuh, 15 ton sampah, ke 120 km",
    "tahun 2019 dan 2020",
)


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_number_is_masked(text: str) -> None:
    """Wherever it stands, and nothing of it stays."""
    assert masked(text) == MASK
    assert masked(f"Hubungi {text}, Pak.\n({text})") == f"Hubungi {MASK}, Pak.\n({MASK})"


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_stay(text: str) -> None:
    """Dates, prices, places and the report's own number are what the report is about."""
    assert masked(text) == text


def test_two_numbers_in_a_row_are_both_masked() -> None:
    """Neither hides the other."""
    assert not any(char.isdigit() for char in masked("3508012345678901 3508012345678902\n081234567890 081234567891"))
