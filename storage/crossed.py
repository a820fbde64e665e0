"""What only shows between the rows of the sheets: names that lead nowhere, circles, and years with gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from handlers.facts import JOINT_LEAVE, NATIONAL, REGIONAL, Facts

Line = tuple[int, dict[str, Any]]

# Sheet, column, and the sheet whose codes it names.
NAMES = (
    ("agencies", "parent", "agencies"),
    ("categories", "parent", "categories"),
    ("areas", "parent", "areas"),
    ("routes", "category", "categories"),
    ("routes", "area", "areas"),
    ("routes", "agency", "agencies"),
    ("holidays", "area", "areas"),
    ("templates", "category", "categories"),
)
TREES = ("agencies", "categories", "areas")
DECREED = (NATIONAL, JOINT_LEAVE)
COORDINATOR = "coordinator"
# The decree names about 16 national holidays a year.
FEWEST = 10


@dataclass(slots=True)
class File:
    """One file as it was read: each row with its line, and the codes it names, right or wrong."""

    rows: list[Line] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


def problems(found: Mapping[str, File], record: Facts | None) -> Iterator[str]:
    """Every fault between the rows; names in a sheet that was not given are looked up in the record."""
    for sheet, column, target in NAMES:
        if sheet in found:
            yield from _unknown(found, record, sheet, column, target)
    if record and "agencies" in found and "routes" not in found:
        yield from _left_behind(found["agencies"], record)
    for sheet in TREES:
        if sheet in found:
            yield from _circles(sheet, found[sheet])
    if "holidays" in found:
        yield from _places(found["holidays"])
        yield from _years(found["holidays"])


def headless(found: Mapping[str, File]) -> Iterator[str]:
    """That nobody takes what no other agency can be found for."""
    if "agencies" in found and all(values.get("kind") != COORDINATOR for _, values in found["agencies"].rows):
        yield f"agencies.csv baris 1, kolom kind: tidak ada instansi dengan kind {COORDINATOR}"


def _unknown(found: Mapping[str, File], record: Facts | None, sheet: str, column: str, target: str) -> Iterator[str]:
    if target in found:
        codes, where = found[target].codes, f"di {target}.csv"
    elif record:
        codes, where = {each.code for each in getattr(record, target)}, f"di basis data; sertakan {target}.csv"
    else:
        return
    for line, values in found[sheet].rows:
        value = values.get(column)
        if value and value not in codes:
            yield f"{sheet}.csv baris {line}, kolom {column}: {value} tidak ada {where}"


def _left_behind(agencies: File, record: Facts) -> Iterator[str]:
    for code in sorted({route.agency for route in record.routes} - agencies.codes):
        why = f"{code} tidak ada lagi, padahal masih ada rute ke sana; sertakan routes.csv"
        yield f"agencies.csv baris 1, kolom code: {why}"


def _circles(sheet: str, file: File) -> Iterator[str]:
    """One fault for each circle of parents, at the line where it is first seen."""
    rows = {values["code"]: (line, values.get("parent", "")) for line, values in file.rows if "code" in values}
    seen: set[str] = set()
    for code in rows:
        path: list[str] = []
        while code in rows and code not in seen:
            seen.add(code)
            path.append(code)
            code = rows[code][1]
        if code in path:
            circle = path[path.index(code) :]
            line = min(rows[each][0] for each in circle)
            yield f"{sheet}.csv baris {line}, kolom parent: induk melingkar: {' → '.join([*circle, code])}"


def _places(file: File) -> Iterator[str]:
    for line, values in file.rows:
        kind, area = values.get("kind"), values.get("area")
        if kind == REGIONAL and not area:
            yield f"holidays.csv baris {line}, kolom area: hari regional perlu area"
        if kind in DECREED and area:
            yield f"holidays.csv baris {line}, kolom area: {kind} berlaku di semua area; kosongkan, atau tulis regional"


def _years(file: File) -> Iterator[str]:
    """Years that are too thin, or missing between two others; not asked while a row itself is wrong."""
    if any("date" not in values or "kind" not in values for _, values in file.rows):
        return
    lines: dict[int, int] = {}
    counts: dict[int, int] = {}
    for line, values in file.rows:
        day: date = values["date"]
        if values["kind"] in DECREED:
            lines.setdefault(day.year, line)
            counts[day.year] = counts.get(day.year, 0) + (values["kind"] == NATIONAL)
    for year in range(min(lines, default=0), max(lines, default=-1) + 1):
        if year not in lines:
            after = min(each for each in lines if each > year)
            where = f"holidays.csv baris {lines[after]}, kolom date"
            yield f"{where}: tahun {year} tidak ada, padahal tahun sebelum dan sesudahnya ada"
        elif counts[year] < FEWEST:
            where = f"holidays.csv baris {lines[year]}, kolom date"
            yield f"{where}: tahun {year} baru {counts[year]} hari libur nasional, seharusnya paling sedikit {FEWEST}"
