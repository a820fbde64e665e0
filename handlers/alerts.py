"""What an office should know before it becomes a trouble: decrees that end, agencies short of people, missing years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from handlers import coverage, roster, tree
from handlers.desk import Desk, Officer
from handlers.labels import short
from handlers.rules.workdays import Calendar
from handlers.words import Lines, T, Words

YEARS = T(
    "alerts.years",
    "⚠️ Hari libur tahun {years} belum ada, jadi batas waktu bisa salah. Minta pengelola memasukkan kalendernya.",
)
ENDS = T(
    "alerts.ends",
    "⚠️ SK {names} berakhir {day} ({n} hari lagi). Pejabat penghubung atau koordinator dapat memperbaruinya lewat "
    "/petugas.",
)
ENDS_AT = T("alerts.ends_at", "⚠️ SK di {agency} berakhir {day} ({n} hari lagi): {names}.")
MORE = T("alerts.more", "… dan {n} baris lain. Lihat /petugas.")
# How many days before its end somebody is told of a decree's end.
MARKS = (14, 7, 1)
SHOWN = 10
ONE_DAY = timedelta(days=1)


def of(desk: Desk, agency: str) -> Sequence[Words]:
    """The lines for an agency's morning."""
    day, days_off = roster.today(desk, agency), desk.facts.calendar(agency)
    lines: list[Words] = []
    if tree.is_coordinator(desk, agency):
        missing = desk.facts.missing(day)
        lines.extend([YEARS(years=", ".join(map(str, missing)))] if missing else [])
        lines.extend(_ending_elsewhere(desk, agency, day, days_off))
        lines.extend(_weekly(desk, day, days_off))
    return (*_ending_here(desk, desk.rosters().get(agency, ()), day, days_off), *lines)


def _ending_here(desk: Desk, officers: Iterable[Officer], day: date, days_off: Calendar) -> Sequence[Words]:
    found = _by_end(officers, day, days_off)
    return [ENDS(names=_names(desk, found[end]), day=end, n=(end - day).days) for end in sorted(found)]


def _ending_elsewhere(desk: Desk, agency: str, day: date, days_off: Calendar) -> Sequence[Words]:
    """The decrees of all other agencies that end soon, a line for each agency and end."""
    lines: list[Words] = []
    for code, officers in desk.rosters().items():
        if code == agency or code not in desk.facts.agency_by_code:
            continue
        label = desk.facts.agency_by_code[code].label
        for end, ending in sorted(_by_end(officers, day, days_off).items()):
            lines.append(ENDS_AT(agency=label, day=end, n=(end - day).days, names=_names(desk, ending)))
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], MORE(n=rest)] if rest > 0 else lines


def _by_end(officers: Iterable[Officer], day: date, days_off: Calendar) -> dict[date, list[Officer]]:
    """The officers whose decree's end has a mark today, by that end."""
    found: dict[date, list[Officer]] = defaultdict(list)
    for officer in officers:
        if officer.valid_until and _marked(officer.valid_until, day, days_off):
            found[officer.valid_until].append(officer)
    return found


def _marked(end: date, day: date, days_off: Calendar) -> bool:
    """Whether the end lies a mark away from this day, or from one of the free days that follow it."""
    left = (end - day).days
    free = 0
    while free < left and not days_off.is_working(day + (free + 1) * ONE_DAY):
        free += 1
    return any(left - free <= mark <= left for mark in MARKS)


def _names(desk: Desk, officers: Sequence[Officer]) -> Words:
    return Lines(tuple(short(desk.name(officer.contact), 30) for officer in officers[:SHOWN]), ", ")


def _weekly(desk: Desk, day: date, days_off: Calendar) -> Sequence[Words]:
    """On the first working day of a week: how far the agencies are covered, where something is missing."""
    if any(days_off.is_working(day - n * ONE_DAY) for n in range(1, day.weekday() + 1)):
        return ()
    found = coverage.of(desk)
    return () if coverage.whole(found) else coverage.lines(desk, found)
