"""The sheets of facts: CSV files, read whole and with everything that is wrong in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, String, Table

from handlers.facts import KINDS, Facts
from handlers.rules.gaps import DETAILS
from handlers.rules.ticket import Clock, State, Term
from storage import boundaries, cells, crossed
from storage import tables as t
from storage.cells import Wrong
from storage.crossed import File

MOST = 2**31 - 1
TYPES = ("complaint", "aspiration", "information_request")
CLASSES = ("supervisory", "non_supervisory")
UNITS = ("working_day", "calendar_day")
LANGUAGES = ("id", "en", "jv", "su")
# What a clock does besides running is no step.
VERBS = {Clock.KEEP, Clock.STOP, Clock.RESUME, Clock.EXTEND, Clock.CLASSIFY, Clock.RESPONDED, Clock.MOVE_ON}
STEPS = tuple(dict.fromkeys([*(each.value for each in Clock if each not in VERBS), *(each.value for each in Term)]))


class Invalid(Exception):  # noqa: N818 - says what the rows are
    """Rows that cannot be taken: one sentence each, with file, line, column and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its columns with how each is read, and the table it fills."""

    name: str
    table: Table
    columns: Mapping[str, Callable[[str], Any]]
    unique: tuple[str, ...]
    optional: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False


SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "agencies",
        t.agencies,
        {
            "code": cells.code,
            "name": cells.words,
            "parent": cells.maybe_code,
            "kind": cells.words,
            "area": cells.text,
            "zone": cells.zone,
            "short": cells.text,
            "approval": cells.flag,
        },
        ("code",),
        optional=("short", "approval"),
        ordered=True,
    ),
    Sheet(
        "categories",
        t.categories,
        {
            "code": cells.code,
            "name": cells.words,
            "parent": cells.maybe_code,
            "keywords": cells.keywords,
            "sensitive": cells.flag,
            "evidence_required": cells.flag,
            "asks": cells.several_of(DETAILS),
        },
        ("code",),
        optional=("asks",),
        ordered=True,
    ),
    Sheet(
        "routes",
        t.routes,
        {"order": cells.number, "category": cells.maybe_code, "area": cells.text, "agency": cells.code},
        ("order",),
    ),
    Sheet("areas", t.areas, {"code": cells.words, "name": cells.words, "parent": cells.text}, ("code",)),
    Sheet(
        "holidays",
        t.holidays,
        {"date": cells.day, "name": cells.words, "kind": cells.one_of(KINDS), "area": cells.text},
        ("date", "area"),
    ),
    Sheet(
        "clocks",
        t.clocks,
        {
            "policy": cells.words,
            "step": cells.one_of(STEPS),
            "report_type": cells.maybe_one_of(TYPES),
            "class": cells.maybe_one_of(CLASSES),
            "days": cells.days,
            "unit": cells.one_of(UNITS),
            "legal_basis": cells.text,
            "valid_from": cells.day,
        },
        ("policy", "step", "report_type", "class"),
        renamed={"class": "klass"},
    ),
    Sheet(
        "templates",
        t.templates,
        {
            "key": cells.code,
            "category": cells.maybe_code,
            "state": cells.maybe_one_of(State),
            "language": cells.maybe_one_of(LANGUAGES, LANGUAGES[0]),
            "text": cells.words,
        },
        ("key", "language"),
        optional=("language",),
        ordered=True,
    ),
)

Rows = dict[str, list[dict[str, Any]]]


def read_folder(folder: Path | Any, record: Facts | None = None) -> Rows:
    """All sheets of a folder, checked each, against each other, and where one is not given against the record.

    Raises Invalid with every problem at once.
    """
    problems: list[str] = []
    found: dict[str, File] = {}
    for sheet in SHEETS:
        path = folder / f"{sheet.name}.csv"
        if path.is_file():
            found[sheet.name] = _read(sheet, path.read_bytes(), problems)
    borders = folder / boundaries.NAME
    drawn = boundaries.read(borders.read_bytes(), problems) if borders.is_file() else None
    if not found and drawn is None:
        problems.append(f"{folder}: tidak ada berkas fakta (agencies.csv, categories.csv, …, {boundaries.NAME})")
    problems.extend(crossed.problems(found, record))
    # Said alone: a row that is wrong may be the one that is missed.
    problems.extend(() if problems else crossed.headless(found))
    if problems:
        raise Invalid(problems)
    rows = {
        sheet.name: [_renamed(sheet, values) for _, values in found[sheet.name].rows]
        for sheet in SHEETS
        if sheet.name in found
    }
    return rows if drawn is None else {**rows, "boundaries": drawn}


def _renamed(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    return {sheet.renamed.get(name, name): value for name, value in values.items()}


def _read(sheet: Sheet, raw: bytes, problems: list[str]) -> File:
    name, found = f"{sheet.name}.csv", File()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{name} baris {raw[: error.start].count(10) + 1}: bukan UTF-8; simpan ulang sebagai CSV UTF-8")
        return found
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [each for each in sheet.columns if each not in (reader.fieldnames or ()) and each not in sheet.optional]
    if missing:
        problems.append(f"{name} baris 1: kolom {', '.join(missing)} tidak ada")
        return found
    seen: set[tuple[Any, ...]] = set()
    for row in reader:
        where = f"{name} baris {reader.line_num}"
        values = _row(sheet, row, where, problems)
        found.codes.add((row.get("code") or "").strip())
        found.rows.append((reader.line_num, values))
        key = tuple(values.get(each) for each in sheet.unique)
        if None not in key and key in seen:
            problems.append(f"{where}, kolom {sheet.unique[0]}: {key[0]} sudah ada di atas")
        seen.add(key)
    return found


def _row(sheet: Sheet, row: Mapping[str | None, Any], where: str, problems: list[str]) -> dict[str, Any]:
    if row.get(None):
        problems.append(f"{where}: ada sel yang berlebih; beri tanda kutip bila sebuah sel berisi koma")
    values: dict[str, Any] = {}
    for name, read in sheet.columns.items():
        try:
            value = read((row.get(name) or "").strip())
            _fits(sheet, name, value)
            values[name] = value
        except Wrong as wrong:
            problems.append(f"{where}, kolom {name}: {wrong}")
    return values


def _fits(sheet: Sheet, name: str, value: Any) -> None:
    """Refuses what its column cannot hold, before the database does."""
    kind = sheet.table.c[sheet.renamed.get(name, name)].type
    if isinstance(value, str) and "\0" in value:
        raise Wrong("berisi bita yang bukan tulisan")
    if isinstance(kind, String) and kind.length and len(str(value)) > kind.length:
        raise Wrong(f"paling banyak {kind.length} huruf")
    if isinstance(kind, Integer) and value > MOST:
        raise Wrong(f"paling besar {MOST}")
