"""Feasts by which people date what happened: Lebaran, the fast and others, with what was before and after them."""

from __future__ import annotations

import holidays
import pytest

from handlers.rules.dates import read_day
from handlers.rules.feasts import ISLAMIC
from tests.rules.test_dates import ON_SATURDAY, OTHER_DAYS, SATURDAY, TODAY, YESTERDAY, d, phrases

FEASTS = {
    "Lebaran": "2026-03-21",
    "waktu Lebaran": "2026-03-21",
    "Idul Fitri": "2026-03-21",
    "hari raya Idulfitri": "2026-03-21",
    "hari raya": "2026-03-21",
    "1 minggu setelah lebaran": "2026-03-28",
    "habis Lebaran": "2026-03-23",
    "setelah hari raya": "2026-03-23",
    "sejak lebaran": "2026-03-21",
    "lebaran kemarin": "2026-03-21",
    "lebaran hari ke-2": "2026-03-22",
    "Lebaran tahun lalu": "2025-03-31",
    "lebaran 2024": "2024-04-10",
    "sebelum lebaran": "2026-03-20",
    "H-1 Lebaran": "2026-03-20",
    "H-7 lebaran": "2026-03-14",
    "h+3 idul fitri": "2026-03-24",
    "malam takbiran": "2026-03-20",
    "waktu takbiran kemarin": "2026-03-20",
    "malam lebaran": "2026-03-20",
    "sebelum puasa": "2026-02-18",
    "menjelang Ramadan": "2026-02-18",
    "seminggu sebelum puasa": "2026-02-12",
    "waktu Ramadan kemarin": "2026-02-19",
    "bulan puasa": "2026-02-19",
    "dari bulan puasa": "2026-02-19",
    "awal ramadhan": "2026-02-19",
    "pertengahan puasa": "2026-03-05",
    "akhir puasa": "2026-03-20",
    "puasa hari ke-5": "2026-02-23",
    "hari ke 10 Ramadan": "2026-02-28",
    "bulan puasa tahun kemarin": "2025-03-01",
    "habis puasa": "2026-03-21",
    "Idul Adha": "2026-05-27",
    "lebaran haji": "2026-05-27",
    "hari raya kurban": "2026-05-27",
    "setelah idul adha": "2026-05-28",
    "17an": "2026-08-17",
    "17-an": "2026-08-17",
    "agustusan": "2026-08-17",
    "tujuh belasan": "2026-08-17",
    "habis 17an": "2026-08-18",
    "sebelum 17 Agustus": "2026-08-16",
    "tanggal 17an": "2026-11-17",
    "tahun baru": "2026-01-01",
    "malam tahun baru": "2025-12-31",
    "setelah tahun baru": "2026-01-02",
    "tahun baru 2024": "2024-01-01",
    "natal": "2025-12-25",
    "malam Natal": "2025-12-24",
    "natal tahun lalu": "2025-12-25",
    "sebelum natal": "2025-12-24",
}

# The last feast is that before the reporter's own today, in a year that has two of it also.
FEASTS_ON = (
    ("2026-03-20", "lebaran", "2025-03-31"),
    ("2026-03-21", "lebaran", "2026-03-21"),
    ("2026-03-21", "malam takbiran", "2026-03-20"),
    ("2026-03-20", "takbiran", "2026-03-20"),
    ("2026-03-01", "bulan puasa", "2026-02-19"),
    ("2026-02-18", "puasa", "2025-03-01"),
    ("2030-12-28", "awal puasa", "2030-12-26"),
    ("2033-12-30", "lebaran", "2033-12-23"),
    ("2033-06-01", "lebaran", "2033-01-03"),
    ("2033-06-01", "lebaran tahun ini", "2033-01-03"),
    ("2027-01-01", "tahun baru", "2027-01-01"),
    ("2027-01-01", "malam tahun baru", "2026-12-31"),
    ("2026-12-25", "natal", "2026-12-25"),
)


@pytest.mark.parametrize(("text", "meant"), FEASTS.items())
def test_feasts(text: str, meant: str) -> None:
    """Before, after, at and around a feast is a day, counted from Saturday 21 November 2026."""
    assert read_day(text, SATURDAY) == d(meant)


@pytest.mark.parametrize(("today", "text", "meant"), FEASTS_ON)
def test_the_feast_that_is_meant(today: str, text: str, meant: str) -> None:
    """A feast without a year is the last one that has come."""
    assert read_day(text, d(today)) == d(meant)


@pytest.mark.parametrize("year", range(2020, 2036))
def test_lebaran_is_that_of_the_calendar(year: int) -> None:
    """The table of feasts holds every Lebaran that the calendar of free days knows, and a fast of 29 or 30 days."""
    known = {
        day
        for day, name in holidays.country_holidays("ID", years=year, language="en_US").items()
        if "Eid al-Fitr" in name
    }
    rows = [tuple(map(d, row)) for row in ISLAMIC]
    lebaran = [row for row in rows if row[1].year == year]
    assert lebaran
    assert {row[1] for row in lebaran} <= known
    assert all((row[1] - row[0]).days in (29, 30) and (row[2] - row[1]).days in range(66, 70) for row in lebaran)


def test_there_are_enough_phrases() -> None:
    """Eighty phrases at the least, with Ramadan and Lebaran among them."""
    plain = [*phrases(TODAY), *phrases(YESTERDAY), *ON_SATURDAY, *(text for _, text, _ in OTHER_DAYS)]
    assert len(plain) + len(FEASTS) + len(FEASTS_ON) >= 80
    assert len(FEASTS) >= 40
