"""The day of an event is read as people write it in a chat, counted from the reporter's own today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from handlers.rules import feasts
from handlers.rules.daywords import MONTHS, OF_YEAR, WEEKDAYS, any_of, pattern, plain

EARLIEST: Final = date(1945, 1, 1)
LONGEST: Final = 100
ONE_DAY: Final = timedelta(days=1)
# Across a century without a leap year, two 29 Februaries lie eight years apart.
YEARS_BACK: Final = 8
# A two-digit year lies at most this far ahead of today, else it is of the century before.
YEARS_AHEAD: Final = 20

SPANS: Final = {
    "menit": timedelta(minutes=1),
    "jam": timedelta(hours=1),
    "hari": ONE_DAY,
    "minggu": timedelta(weeks=1),
}
MONTHS_IN: Final = {"bulan": 1, "tahun": 12}
DAY_OF_PART: Final = {"awal": 1, "pertengahan": 15, "akhir": 31}
MONTH_OF_PART: Final = {"awal": 1, "pertengahan": 7, "akhir": 12}


class Unreadable(Enum):
    """Why a text is not the day of an event."""

    NONSENSE = "nonsense"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase that people write and the day it means; a day that does not exist raises ValueError."""

    phrase: re.Pattern[str]
    day: Callable[[re.Match[str], date], date | Unreadable]


def read_day(text: str, today: date) -> date | Unreadable:
    """The day that a text means to a reporter whose local day is today, or why it is not one."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        return Unreadable.NONSENSE
    try:
        found = _meant(plain(words), today)
    except (ValueError, OverflowError):
        return Unreadable.NONSENSE
    if isinstance(found, Unreadable):
        return found
    if found > today:
        return Unreadable.FUTURE
    return found if found >= EARLIEST else Unreadable.NONSENSE


def _meant(phrase: str, today: date) -> date | Unreadable:
    for rule in RULES if READABLE.fullmatch(phrase) else ():
        match = rule.phrase.fullmatch(phrase)
        if match is not None:
            return rule.day(match, today)
    return Unreadable.NONSENSE


def _future(match: re.Match[str], today: date) -> Unreadable:
    return Unreadable.FUTURE


def _today(match: re.Match[str], today: date) -> date:
    return today


def _yesterday(match: re.Match[str], today: date) -> date:
    return today - ONE_DAY


def _day_before_yesterday(match: re.Match[str], today: date) -> date:
    return today - 2 * ONE_DAY


def _ago(match: re.Match[str], today: date) -> date:
    said = match.groupdict()
    count, unit = int(said.get("count") or 1), said["unit"]
    if unit in MONTHS_IN:
        return _months_before(today, count * MONTHS_IN[unit])
    return today - timedelta(days=(count * SPANS[unit]).days)


def _weekday(match: re.Match[str], today: date) -> date:
    latest = _latest_allowed(match, today)
    return latest - (latest.weekday() - WEEKDAYS[match["weekday"]]) % 7 * ONE_DAY


def _eve(match: re.Match[str], today: date) -> date:
    latest = _latest_allowed(match, today)
    return latest - (latest.weekday() - WEEKDAYS[match["weekday"]] + 1) % 7 * ONE_DAY


def _weekday_of_week(match: re.Match[str], today: date) -> date:
    said = match.groupdict()
    weeks = 0 if said.get("this") else int(said.get("count") or 1)
    monday = today - today.weekday() * ONE_DAY
    return monday + (WEEKDAYS[said["weekday"]] - 7 * weeks) * ONE_DAY


def _weekday_and_day(match: re.Match[str], today: date) -> date | Unreadable:
    found = _meant(match["rest"], today)
    if isinstance(found, date) and found.weekday() != WEEKDAYS[match["weekday"]]:
        return Unreadable.NONSENSE
    return found


def _day_and_month(match: re.Match[str], today: date) -> date | Unreadable:
    day, month, year = int(match["day"]), _month(match), _year(match, today)
    if year is not None:
        return date(year, month, day)
    latest = _latest_allowed(match, today)
    for year in range(latest.year, latest.year - YEARS_BACK - 1, -1):
        if day <= monthrange(year, month)[1] and date(year, month, day) <= latest:
            return date(year, month, day)
    return Unreadable.NONSENSE


def _day_alone(match: re.Match[str], today: date) -> date | Unreadable:
    day, latest = int(match["day"]), _latest_allowed(match, today)
    for back in range(3):
        first = _months_before(latest.replace(day=1), back)
        if day <= _last_of(first).day and first.replace(day=day) <= latest:
            return first.replace(day=day)
    return Unreadable.NONSENSE


def _day_of_near_month(match: re.Match[str], today: date) -> date:
    return _near_month(match, today).replace(day=int(match["day"]))


def _part_of_near_month(match: re.Match[str], today: date) -> date:
    return _part_of(_near_month(match, today), match)


def _part_of_month(match: re.Match[str], today: date) -> date:
    month, year = _month(match), _year(match, today)
    if year is not None:
        return _part_of(date(year, month, 1), match)
    this_year = _part_of(date(today.year, month, 1), match)
    return this_year if this_year <= today else _part_of(date(today.year - 1, month, 1), match)


def _part_of_year(match: re.Match[str], today: date) -> date:
    month, year = MONTH_OF_PART[match["part"]], _year(match, today)
    first = date(today.year if year is None else year, month, 1)
    return _last_of(first) if match["part"] == "akhir" else first


def _part_of(first: date, match: re.Match[str]) -> date:
    last = _last_of(first)
    return first.replace(day=min(DAY_OF_PART[match.groupdict().get("part") or "awal"], last.day))


def _feast(match: re.Match[str], today: date) -> date | Unreadable:
    return feasts.day(match.groupdict(), _year(match, today), today) or Unreadable.NONSENSE


def _near_month(match: re.Match[str], today: date) -> date:
    return _months_before(today.replace(day=1), 1 if match.groupdict().get("past") else 0)


def _latest_allowed(match: re.Match[str], today: date) -> date:
    return today - ONE_DAY if match.groupdict().get("past") else today


def _month(match: re.Match[str]) -> int:
    return MONTHS[match["month"]] if match["month"] in MONTHS else int(match["month"])


def _year(match: re.Match[str], today: date) -> int | None:
    said = match.groupdict()
    if said.get("near"):
        return today.year if said["near"] == "ini" else today.year - 1
    if not said.get("year"):
        return None
    year = int(said["year"])
    if len(said["year"]) > 2:
        return year
    year += today.year // 100 * 100
    return year if year <= today.year + YEARS_AHEAD else year - 100


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


OF_FEAST: Final = "(?: (?:tahun )?FULLYEAR| tahun NEAR| PAST| ini)?"
# The first that fits holds; words in capitals are the blanks of daywords.
PHRASES: Final[tuple[tuple[str, Callable[[re.Match[str], date], date | Unreadable]], ...]] = (
    ("(?:malam )?(?:besok|nanti|lusa)(?: (?:besok|lusa|hari|WEEKDAY))*", _future),
    ("(?:.+ )?(?:minggu|bulan|tahun|WEEKDAY|MONTH) depan", _future),
    ("(?:besok|nanti) (?:SIDE )?FEAST", _future),
    ("(?:SIDE )?FEAST (?:tahun )?(?:depan|besok|nanti)", _future),
    ("next (?:minggu|bulan|tahun|WEEKDAY|MONTH)", _future),
    ("(?:in|dalam) COUNT UNIT(?: lagi)?|[0-9]{1,4} [a-z]+ lagi", _future),
    ("semalam|tadi malam|malam tadi|last malam|(?:malam )?kemarin", _yesterday),
    ("hari ini|saat ini|HOUR ini|tadi|barusan|baru saja|sekarang", _today),
    ("kemarin lusa|lusa kemarin|kemarin dulu|before kemarin", _day_before_yesterday),
    ("COUNT UNIT(?: (?:lalu|kemarin|ini|terakhir))?", _ago),
    ("LONG (?:lalu|kemarin)", _ago),
    ("last LONG", _ago),
    ("WEEKDAY (?:COUNT )?(?:minggu lalu|minggu kemarin|last minggu)", _weekday_of_week),
    ("(?:COUNT )?minggu (?:lalu|kemarin) (?:hari )?WEEKDAY", _weekday_of_week),
    ("WEEKDAY minggu THIS", _weekday_of_week),
    ("NOTWEEK THIS", _weekday_of_week),
    ("malam WEEKDAY(?: PAST)?", _eve),
    ("WEEKDAY(?: HOUR)?(?: PAST)?", _weekday),
    ("PAST (?:hari )?WEEKDAY", _weekday),
    ("(?:tanggal )?DAY (?:bulan )?MONTH" + OF_YEAR, _day_and_month),
    ("MONTH DAY" + OF_YEAR, _day_and_month),
    ("(?:tanggal )?DAY/NUMBER(?:/YEAR)?", _day_and_month),
    ("(?:tanggal )?DAY(?:/| bulan )NUMBER" + OF_YEAR, _day_and_month),
    ("(?:tanggal )?DAY NUMBER FULLYEAR", _day_and_month),
    ("FULLYEAR/NUMBER/DAY", _day_and_month),
    ("tanggal DAY(?: PAST)?", _day_alone),
    ("tanggal DAY (?:bulan PAST|bulan ini)", _day_of_near_month),
    ("tanggal DAY PAST bulan", _day_of_near_month),
    ("PART bulan(?: PAST| ini)?", _part_of_near_month),
    ("PART PAST bulan", _part_of_near_month),
    ("(?:PART )?(?:bulan )?MONTH" + OF_YEAR, _part_of_month),
    ("PART tahun(?: NEAR)?", _part_of_year),
    ("PART (?:tahun )?FULLYEAR", _part_of_year),
    ("(?:(?:SIDE|(?:hari )?PART) )?(?:bulan )?FEAST" + OF_FEAST, _feast),
    ("(?:hari )?SIGN COUNT FEAST" + OF_FEAST, _feast),
    ("COUNT UNIT SIDE (?:bulan )?FEAST" + OF_FEAST, _feast),
    ("(?:hari )?ke NTH (?:bulan )?FEAST" + OF_FEAST, _feast),
    ("(?:bulan )?FEAST (?:hari )?ke NTH", _feast),
    ("WEEKDAY (?:HOUR )?REST", _weekday_and_day),
)
RULES: Final = tuple(Rule(pattern(phrase), day) for phrase, day in PHRASES)
# Most of what a story says is no day, and needs to be read once only.
READABLE: Final = any_of(rule.phrase for rule in RULES)
