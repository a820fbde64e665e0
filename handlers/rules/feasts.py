"""The feasts by which people date what happened: Ramadan, Lebaran, Idul Adha, New Year, Christmas, Independence Day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

ONE_DAY: Final = timedelta(days=1)

FASTING: Final = "puasa"
LEBARAN: Final = "lebaran"
SACRIFICE: Final = "kurban"

# First day of the fast, Lebaran and Idul Adha, by the Gregorian year of Lebaran. To 2026 as the Ministry of
# Religion determined them; later years as the package holidays 0.109 reckons them for Indonesia, a day sooner or later.
# A table, because a story is about years that an office's own sheet of holidays no longer holds or does not hold yet.
ISLAMIC: Final = (
    ("2019-05-06", "2019-06-05", "2019-08-11"),
    ("2020-04-24", "2020-05-24", "2020-07-31"),
    ("2021-04-13", "2021-05-13", "2021-07-20"),
    ("2022-04-03", "2022-05-02", "2022-07-10"),
    ("2023-03-23", "2023-04-22", "2023-06-29"),
    ("2024-03-12", "2024-04-10", "2024-06-17"),
    ("2025-03-01", "2025-03-31", "2025-06-06"),
    ("2026-02-19", "2026-03-21", "2026-05-27"),
    ("2027-02-08", "2027-03-10", "2027-05-17"),
    ("2028-01-28", "2028-02-27", "2028-05-05"),
    ("2029-01-16", "2029-02-15", "2029-04-25"),
    ("2030-01-05", "2030-02-04", "2030-04-14"),
    ("2030-12-26", "2031-01-25", "2031-04-03"),
    ("2031-12-15", "2032-01-14", "2032-03-22"),
    ("2032-12-04", "2033-01-03", "2033-03-12"),
    ("2033-11-23", "2033-12-23", "2034-03-01"),
    ("2034-11-12", "2034-12-12", "2035-02-19"),
    ("2035-11-01", "2035-12-01", "2036-02-07"),
)
_MOVING: Final[Mapping[str, tuple[date, ...]]] = {
    name: tuple(date.fromisoformat(row[column]) for row in ISLAMIC)
    for column, name in enumerate((FASTING, LEBARAN, SACRIFICE))
}
_FIXED: Final = {"tahun baru": (1, 1), "natal": (12, 25), "17 agustus": (8, 17)}
NAMES: Final = (*_MOVING, *_FIXED)

# How many days of a feast belong to it: what was after it was after the last of them.
LASTS: Final = {LEBARAN: 2}
BEFORE: Final = ("sebelum", "menjelang", "malam")
AFTER: Final = ("setelah", "habis")
DAYS_OF: Final = {"minggu": 7, "bulan": 30, "tahun": 365}
FAST_PART: Final = {"awal": 0, "pertengahan": 14}


def day(said: Mapping[str, str | None], year: int | None, today: date) -> date | None:
    """The day of a feast in this year, or of the last one that was not after today, moved as was said."""
    name = str(said["feast"])
    found = [moved(said, name, first) for first in _firsts(name, today) if year is None or first.year == year]
    past = [each for each in found if each <= today]
    if past:
        return past[-1] if year is None else past[0]
    return found[0] if found and year is not None else None


def moved(said: Mapping[str, str | None], name: str, first: date) -> date:
    """The day that is meant beside the first day of a feast."""
    count, side = int(said.get("count") or 1), said.get("side")
    if said.get("unit"):
        count *= DAYS_OF.get(str(said["unit"]), 1)
        return first + (count if side in AFTER else -count) * ONE_DAY
    if said.get("sign"):
        return first + (count if said["sign"] == "hplus" else -count) * ONE_DAY
    if said.get("nth"):
        return first + (int(said["nth"] or 1) - 1) * ONE_DAY
    if side in AFTER:
        return _last(name, first) + ONE_DAY
    if side in BEFORE:
        return first - ONE_DAY
    part = said.get("part")
    return _last(name, first) if part == "akhir" else first + FAST_PART.get(part or "", 0) * ONE_DAY


def _last(name: str, first: date) -> date:
    if name == FASTING:
        return _MOVING[LEBARAN][_MOVING[FASTING].index(first)] - ONE_DAY
    return first + (LASTS.get(name, 1) - 1) * ONE_DAY


def _firsts(name: str, today: date) -> Iterator[date]:
    if name in _MOVING:
        yield from _MOVING[name]
        return
    month, number = _FIXED[name]
    yield from (date(year, month, number) for year in range(max(today.year - 30, 1), min(today.year + 2, 9999)))
