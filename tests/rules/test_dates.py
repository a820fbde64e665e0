"""A day is read as Indonesians write it, and nothing that they write breaks the reading."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handlers.rules.dates import Unreadable, read_day
from handlers.rules.daywords import KNOWN

FUTURE = Unreadable.FUTURE
NONSENSE = Unreadable.NONSENSE

SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
SUNDAY = date(2026, 11, 22)
END_OF_MARCH = date(2026, 3, 31)
MID_MARCH = date(2026, 3, 15)
LEAP_DAY = date(2028, 2, 29)
NEW_YEAR = date(2027, 1, 1)


def d(text: str) -> date:
    return date.fromisoformat(text)


TODAY = """hari ini|Hari ini|hr ini|td|tadi|tadi pagi|tadi siang|td sore|tadi subuh|pagi tadi
tadi jam 7|barusan|baru saja|baru aja|sekarang|skrg|saat ini|malam ini|pagi ini|sejak tadi
2 jam yang lalu|5 menit lalu|sejam lalu|dini hari tadi|jam 7 pagi tadi|Sabtu|21/11/2026|today
this morning|tonight|just now|an hour ago|tanggal 21|0 hari lalu|malam minggu"""

YESTERDAY = """kemarin|Kemarin.|kmrn|kemaren|KEMARIN!!|kemarinn|kemarin sore|kmrn pagi|kemarin jam 7
kemarin pukul 19.00|kemarin 19:30|kemarin, pukul 19.00 WIB|semalam|smlm|tadi malam|td mlm|malam tadi
malam kemarin|kemarin malam|sore kemarin|hari kemarin|sejak kemarin|dari kmrn|mulai kemarin sore
sehari yang lalu|1 hari lalu|jumat|Jum'at|jum\u2019at sore|kemarin 😭|yesterday|yesterday at 7pm
last night|a day ago|wingi|20 November"""

ON_SATURDAY = {
    "kemarin lusa": "2026-11-19",
    "2 hari lalu": "2026-11-19",
    "dua hari yg lalu": "2026-11-19",
    "2hr lalu": "2026-11-19",
    "2 hari kemarin": "2026-11-19",
    "the day before yesterday": "2026-11-19",
    "tiga hari yang lalu": "2026-11-18",
    "kira-kira 3 hari lalu": "2026-11-18",
    "kira2 3 hr yg lalu": "2026-11-18",
    "sudah 3 hari ini": "2026-11-18",
    "3 days ago": "2026-11-18",
    "three days ago": "2026-11-18",
    "minggu lalu": "2026-11-14",
    "minggu yang lalu": "2026-11-14",
    "minggu kemarin": "2026-11-14",
    "pekan lalu": "2026-11-14",
    "seminggu lalu": "2026-11-14",
    "a week ago": "2026-11-14",
    "last week": "2026-11-14",
    "2 minggu yang lalu": "2026-11-07",
    "sebulan lalu": "2026-10-21",
    "bulan lalu": "2026-10-21",
    "3 bulan lalu": "2026-08-21",
    "11 bulan lalu": "2025-12-21",
    "setahun lalu": "2025-11-21",
    "tahun lalu": "2025-11-21",
    "hari Minggu": "2026-11-15",
    "Minggu": "2026-11-15",
    "minggu pagi": "2026-11-15",
    "hari minggu lalu": "2026-11-15",
    "kemarin hari minggu": "2026-11-15",
    "Sunday": "2026-11-15",
    "Senin": "2026-11-16",
    "hari Senin": "2026-11-16",
    "Senin lalu": "2026-11-16",
    "senin yang lalu": "2026-11-16",
    "Senin kemarin": "2026-11-16",
    "kemarin senin": "2026-11-16",
    "senin ini": "2026-11-16",
    "senen pagi": "2026-11-16",
    "pagi hari senin jam 9": "2026-11-16",
    "last Monday": "2026-11-16",
    "on monday": "2026-11-16",
    "senin minggu lalu": "2026-11-09",
    "minggu lalu hari senin": "2026-11-09",
    "senin 2 minggu lalu": "2026-11-02",
    "sabtu lalu": "2026-11-14",
    "malam jumat": "2026-11-19",
    "jumat malam": "2026-11-20",
    "12/11/2026": "2026-11-12",
    "12-11-26": "2026-11-12",
    "12.11.2026": "2026-11-12",
    "12 / 11 / 2026": "2026-11-12",
    "12 11 2026": "2026-11-12",
    "12/11": "2026-11-12",
    "12-11 jam 19.00": "2026-11-12",
    "2026-11-12": "2026-11-12",
    "tgl 12/11/2026 pukul 07.30": "2026-11-12",
    "12/11/99": "1999-11-12",
    "25/12": "2025-12-25",
    "29/2": "2024-02-29",
    "17 Agustus": "2026-08-17",
    "17 agustus 2026": "2026-08-17",
    "17 agt": "2026-08-17",
    "17-agt-26": "2026-08-17",
    "17agustus2026": "2026-08-17",
    "17 agustus 1945": "1945-08-17",
    "17 agustus tahun lalu": "2025-08-17",
    "25 desember": "2025-12-25",
    "tgl 5 november": "2026-11-05",
    "pada tanggal 5 nopember 2026": "2026-11-05",
    "tgl 5 bulan 11": "2026-11-05",
    "tgl. 5": "2026-11-05",
    "tanggal 5": "2026-11-05",
    "tanggal 25": "2026-10-25",
    "tanggal 31": "2026-10-31",
    "tanggal 5 bulan lalu": "2026-10-05",
    "tanggal 21 kemarin": "2026-10-21",
    "Senin, 16 November 2026": "2026-11-16",
    "hari senin tgl 16/11": "2026-11-16",
    "Monday, Nov 16": "2026-11-16",
    "Nov 5": "2026-11-05",
    "5 Nov 2026": "2026-11-05",
    "November 5th, 2026": "2026-11-05",
    "sekitar awal bulan lalu": "2026-10-01",
    "pertengahan bulan lalu": "2026-10-15",
    "akhir bulan lalu": "2026-10-31",
    "end of last month": "2026-10-31",
    "awal bulan ini": "2026-11-01",
    "akhir februari": "2026-02-28",
    "sejak agustus": "2026-08-01",
    "awal tahun": "2026-01-01",
    "akhir tahun lalu": "2025-12-31",
    "selsa": "2026-11-17",
    "kamsi": "2026-11-19",
    "hari rabbu": "2026-11-18",
    "5 novmber": "2026-11-05",
    "17 agusuts 2026": "2026-08-17",
    "wendesday": "2026-11-18",
}

OTHER_DAYS = (
    (MONDAY, "senin", "2026-11-23"),
    (MONDAY, "senin lalu", "2026-11-16"),
    (MONDAY, "senin kemarin", "2026-11-16"),
    (MONDAY, "minggu", "2026-11-22"),
    (MONDAY, "minggu lalu", "2026-11-16"),
    (MONDAY, "malam minggu", "2026-11-21"),
    (SUNDAY, "hari minggu", "2026-11-22"),
    (SUNDAY, "hari minggu lalu", "2026-11-15"),
    (SUNDAY, "minggu lalu", "2026-11-15"),
    (END_OF_MARCH, "sebulan lalu", "2026-02-28"),
    (END_OF_MARCH, "4 bulan lalu", "2025-11-30"),
    (END_OF_MARCH, "akhir bulan lalu", "2026-02-28"),
    (END_OF_MARCH, "31/3", "2026-03-31"),
    (MID_MARCH, "tanggal 30", "2026-01-30"),
    (MID_MARCH, "tanggal 28", "2026-02-28"),
    (MID_MARCH, "16 maret", "2025-03-16"),
    (date(2026, 3, 1), "kemarin", "2026-02-28"),
    (date(2028, 3, 1), "kemarin", "2028-02-29"),
    (LEAP_DAY, "setahun lalu", "2027-02-28"),
    (LEAP_DAY, "4 tahun lalu", "2024-02-29"),
    (LEAP_DAY, "29/2", "2028-02-29"),
    (LEAP_DAY, "29 februari lalu", "2024-02-29"),
    (date(2104, 2, 28), "29/2", "2096-02-29"),
    (NEW_YEAR, "kemarin", "2026-12-31"),
    (NEW_YEAR, "31 desember", "2026-12-31"),
    (NEW_YEAR, "tanggal 2", "2026-12-02"),
    (NEW_YEAR, "bulan lalu", "2026-12-01"),
    (NEW_YEAR, "1/1", "2027-01-01"),
)

IN_THE_FUTURE = """besok|besok pagi|lusa|besok lusa|nanti|nanti malam|minggu depan|senin depan
bulan depan|3 hari lagi|22/11/2026|1-12-26|12/11/27|17 agustus 2027|25 desember tahun ini|2026-12-01
akhir bulan ini|tanggal 25 bulan ini|tomorrow|next week|next Monday|in 3 days
lebaran depan|puasa tahun depan|nanti habis lebaran|besok lebaran|lebaran 2027|natal tahun ini"""

WITHOUT_SENSE = """|31/2/2026|30 februari|29/2/2026|31/11|0/0/0000|32/1/2026|12/13/2026|tanggal 0
tanggal 32|tanggal 99|31 september|5|2026|tidak tahu|lupa|ragu|kami|macet|kapan-kapan
beberapa hari lalu|sudah lama|jam 7|5 juny|sabu|Selasa, 16 November 2026|1/1/1944|31 desember 1944
12/11/0026|9999 bulan lalu|9999 tahun lalu|1-2 hari lalu|12/11/2026/5|.|/|//|12/|minggu ini
lebaran 2010|tahun baru imlek|puasa senin kamis|habis|sebelum|h-1|rumah
jalan rusak di depan rumah|\u0661/\u0661/2026|\x00|\ud800"""


def phrases(text: str) -> list[str]:
    return [phrase for line in text.split("\n") for phrase in line.split("|")]


@pytest.mark.parametrize("text", phrases(TODAY))
def test_today(text: str) -> None:
    """A word for this day means today."""
    assert read_day(text, SATURDAY) == SATURDAY


@pytest.mark.parametrize("text", phrases(YESTERDAY))
def test_yesterday(text: str) -> None:
    """A word for the day or the night before means yesterday."""
    assert read_day(text, SATURDAY) == SATURDAY - timedelta(days=1)


@pytest.mark.parametrize(("text", "meant"), ON_SATURDAY.items())
def test_said_on_a_saturday(text: str, meant: str) -> None:
    """A phrase means one day, counted from Saturday 21 November 2026."""
    assert read_day(text, SATURDAY) == d(meant)


@pytest.mark.parametrize(("today", "text", "meant"), OTHER_DAYS)
def test_ends_of_weeks_months_and_years(today: date, text: str, meant: str) -> None:
    """Counting back is right across the ends of weeks, months, years and leap years."""
    assert read_day(text, today) == d(meant)


@pytest.mark.parametrize("text", phrases(IN_THE_FUTURE))
def test_future(text: str) -> None:
    """What has not happened yet is told apart from nonsense."""
    assert read_day(text, SATURDAY) is FUTURE


@pytest.mark.parametrize("text", phrases(WITHOUT_SENSE))
def test_nonsense(text: str) -> None:
    """Impossible, vague, ancient and foreign texts are no days."""
    assert read_day(text, SATURDAY) is NONSENSE


@pytest.mark.parametrize(("variant", "said"), KNOWN.items())
def test_variants_mean_the_same(variant: str, said: str) -> None:
    """A variant of a word means what the word itself means."""
    assert read_day(f"{variant} lalu", SATURDAY) == read_day(f"{said} lalu", SATURDAY)
    assert read_day(f"2 {variant} lalu", SATURDAY) == read_day(f"2 {said} lalu", SATURDAY)
