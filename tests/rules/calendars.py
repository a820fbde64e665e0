"""The calendars of offices in the three zones, with the free days of 2026 and the first of 2027."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from handlers.rules.workdays import Calendar

# Joint decree of three ministers on the free days of 2026: national holidays, then collective leave.
NATIONAL_2026 = """01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17
08-25 12-25"""
JOINT_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
FREE = {
    **{date.fromisoformat(f"2026-{day}"): "Libur nasional" for day in NATIONAL_2026.split()},
    **{date.fromisoformat(f"2026-{day}"): "Cuti bersama" for day in JOINT_2026.split()},
}
JANUARY_2027 = {date(2027, 1, 1): "Tahun Baru 2027", date(2027, 1, 5): "Isra Mikraj"}

WIB = Calendar(FREE, frozenset({2026}))
WITA = Calendar(FREE, frozenset({2026}), "Asia/Makassar")
WIT = Calendar(FREE, frozenset({2026}), "Asia/Jayapura")
NEW_YEAR = Calendar({**FREE, **JANUARY_2027}, frozenset({2026, 2027}))
# A regency's own free Tuesday, a Saturday and a day of joint leave on which it works.
REGENCY = Calendar(
    {**FREE, date(2026, 10, 13): "Hari jadi kabupaten"},
    frozenset({2026}),
    worked=frozenset({date(2026, 11, 21), date(2026, 12, 24)}),
)

CALENDARS = st.sampled_from((WIB, WITA, WIT, NEW_YEAR, REGENCY))
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))
COUNTS = st.integers(0, 70)


def local(text: str, calendar: Calendar = WIB) -> datetime:
    """The moment at which the office's clock shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


def end_of(text: str, calendar: Calendar = WIB) -> datetime:
    """The last second of this day in the office's zone."""
    return local(f"{text}T23:59:59", calendar)
