"""Facts in and out of the record: CSV files are checked whole before a row is kept."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, String, Table, delete, func, insert, select

from handlers.facts import Agency, Area, Category, Clock, Facts
from handlers.rules.routing import Route
from storage import tables as t
from storage.rows import upsert

SAMPLE = "sample"
MOST = 2**31 - 1
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


class Invalid(Exception):  # noqa: N818 - says what the rows are
    """Rows that cannot be taken: one sentence each, with file, line, column and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Wrong(Exception):  # noqa: N818
    """Why a value cannot be taken."""


def _words(text: str) -> str:
    if not text:
        raise _Wrong("tidak boleh kosong")
    return text


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise _Wrong("kode hanya huruf kecil, angka, dan tanda hubung, paling banyak 24")
    return text


def _maybe_code(text: str) -> str:
    return _code(text) if text else ""


def _text(text: str) -> str:
    return text


def _flag(text: str) -> bool:
    if text.casefold() not in ("", "ya", "tidak", "yes", "no", "1", "0", "true", "false"):
        raise _Wrong("tulis ya atau kosongkan")
    return text.casefold() in ("ya", "yes", "1", "true")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _Wrong("harus bilangan bulat")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Wrong("tanggal ditulis seperti 2026-11-03") from None


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise _Wrong("zona waktu tidak dikenal, contoh Asia/Jakarta") from None
    return text


def _keywords(text: str) -> list[str]:
    return [word.strip().casefold() for word in text.split(";") if word.strip()]


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
            "code": _code,
            "name": _words,
            "parent": _maybe_code,
            "kind": _words,
            "area": _text,
            "zone": _zone,
            "short": _text,
        },
        ("code",),
        optional=("short",),
        ordered=True,
    ),
    Sheet(
        "categories",
        t.categories,
        {
            "code": _code,
            "name": _words,
            "parent": _maybe_code,
            "keywords": _keywords,
            "sensitive": _flag,
            "evidence_required": _flag,
        },
        ("code",),
        ordered=True,
    ),
    Sheet("routes", t.routes, {"order": _number, "category": _maybe_code, "area": _text, "agency": _code}, ("order",)),
    Sheet("areas", t.areas, {"code": _words, "name": _words, "parent": _text}, ("code",)),
    Sheet("holidays", t.holidays, {"date": _date, "name": _words, "kind": _words, "area": _text}, ("date", "area")),
    Sheet(
        "clocks",
        t.clocks,
        {
            "policy": _words,
            "step": _words,
            "report_type": _text,
            "class": _text,
            "days": _number,
            "unit": _words,
            "legal_basis": _text,
            "valid_from": _date,
        },
        ("policy", "step", "report_type", "class"),
        renamed={"class": "klass"},
    ),
)

Rows = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class _File:
    """One file as it was read: each row with its line, and the codes it names, right or wrong."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


def read_folder(folder: Path | Any) -> Rows:
    """All sheets of a folder, checked each and against each other; raises Invalid with every problem at once."""
    problems: list[str] = []
    found: dict[str, _File] = {}
    for sheet in SHEETS:
        path = folder / f"{sheet.name}.csv"
        if path.is_file():
            found[sheet.name] = _read(sheet, path.read_bytes(), problems)
    if not found:
        problems.append(f"{folder}: tidak ada berkas fakta (agencies.csv, categories.csv, …)")
    problems.extend(_crossed(found))
    if problems:
        raise Invalid(problems)
    return {
        sheet.name: [_renamed(sheet, values) for _, values in found[sheet.name].rows]
        for sheet in SHEETS
        if sheet.name in found
    }


def _renamed(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    return {sheet.renamed.get(name, name): value for name, value in values.items()}


def _read(sheet: Sheet, raw: bytes, problems: list[str]) -> _File:
    name, found = f"{sheet.name}.csv", _File()
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
    for cells in reader:
        where = f"{name} baris {reader.line_num}"
        values = _row(sheet, cells, where, problems)
        found.codes.add((cells.get("code") or "").strip())
        found.rows.append((reader.line_num, values))
        key = tuple(values.get(each) for each in sheet.unique)
        if None not in key and key in seen:
            problems.append(f"{where}, kolom {sheet.unique[0]}: {key[0]} sudah ada di atas")
        seen.add(key)
    return found


def _row(sheet: Sheet, cells: Mapping[str | None, Any], where: str, problems: list[str]) -> dict[str, Any]:
    if cells.get(None):
        problems.append(f"{where}: ada sel yang berlebih; beri tanda kutip bila sebuah sel berisi koma")
    values: dict[str, Any] = {}
    for name, read in sheet.columns.items():
        try:
            value = read((cells.get(name) or "").strip())
            _fits(sheet, name, value)
            values[name] = value
        except _Wrong as wrong:
            problems.append(f"{where}, kolom {name}: {wrong}")
    return values


def _fits(sheet: Sheet, name: str, value: Any) -> None:
    """Refuses what its column cannot hold, before the database does."""
    kind = sheet.table.c[sheet.renamed.get(name, name)].type
    if isinstance(value, str) and "\0" in value:
        raise _Wrong("berisi bita yang bukan tulisan")
    if isinstance(kind, String) and kind.length and len(str(value)) > kind.length:
        raise _Wrong(f"paling banyak {kind.length} huruf")
    if isinstance(kind, Integer) and value > MOST:
        raise _Wrong(f"paling besar {MOST}")


CROSSED = (
    ("agencies", "parent", "agencies"),
    ("categories", "parent", "categories"),
    ("areas", "parent", "areas"),
    ("routes", "category", "categories"),
    ("routes", "area", "areas"),
    ("routes", "agency", "agencies"),
)


def _crossed(found: Mapping[str, _File]) -> Iterable[str]:
    """What only shows between the sheets: parents and routes that lead nowhere."""
    for sheet, column, target in CROSSED:
        if sheet not in found or target not in found:
            continue
        for line, values in found[sheet].rows:
            value = values.get(column)
            if value and value not in found[target].codes:
                yield f"{sheet}.csv baris {line}, kolom {column}: {value} tidak ada di {target}.csv"


def sample() -> Any:
    """The folder of the sample regency, inside the package."""
    return files("storage") / "sample"


def keep(connection: Connection, rows: Rows, office: str = "", is_sample: bool = False) -> None:
    """Replaces each sheet that was given; running programs see it by the version."""
    for sheet in SHEETS:
        if sheet.name not in rows:
            continue
        connection.execute(delete(sheet.table))
        numbered = [{**row, "position": n} if sheet.ordered else row for n, row in enumerate(rows[sheet.name])]
        filled = [{"short": "", **row} if sheet.name == "agencies" else row for row in numbered]
        if filled:
            connection.execute(insert(sheet.table), filled)
    if office:
        put(connection, "office", office)
    if "agencies" in rows:
        put(connection, "sample", "1" if is_sample else "")
    put(connection, "facts_version", str(version(connection) + 1))


def put(connection: Connection, key: str, value: str) -> None:
    """Keeps a setting of the record."""
    made = upsert(connection.dialect.name)(t.settings).values(key=key, value=value)
    connection.execute(made.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def get(connection: Connection, key: str) -> str:
    """A setting of the record; empty where there is none."""
    return connection.execute(select(t.settings.c.value).where(t.settings.c.key == key)).scalar() or ""


def version(connection: Connection) -> int:
    """Counts up with every import of facts."""
    return int(get(connection, "facts_version") or 0)


def empty(connection: Connection) -> bool:
    """Whether no agency is known yet."""
    return connection.execute(select(func.count()).select_from(t.agencies)).scalar_one() == 0


def load(connection: Connection) -> Facts:
    """All facts, as they stand."""

    def rows(table: Table, *order: Any) -> Iterable[Any]:
        return connection.execute(select(table).order_by(*order))

    a, c = t.agencies.c, t.categories.c
    return Facts(
        agencies=tuple(
            Agency(r.code, r.name, r.parent, r.kind, r.area, r.zone, r.short) for r in rows(t.agencies, a.position)
        ),
        categories=tuple(
            Category(r.code, r.name, r.parent, tuple(r.keywords), r.sensitive, r.evidence_required)
            for r in rows(t.categories, c.position)
        ),
        routes=tuple(Route(r.order, r.category, r.area, r.agency) for r in rows(t.routes, t.routes.c.order)),
        areas=tuple(Area(r.code, r.name, r.parent) for r in rows(t.areas, t.areas.c.code)),
        holidays=tuple((r.date, r.name) for r in rows(t.holidays, t.holidays.c.date)),
        clocks=tuple(
            Clock(r.policy, r.step, r.report_type, r.klass, r.days, r.unit, r.legal_basis, r.valid_from)
            for r in rows(t.clocks, t.clocks.c.id)
        ),
        office=get(connection, "office"),
        sample=bool(get(connection, "sample")),
        version=version(connection),
    )
