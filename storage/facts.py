"""Facts in and out of the record: a folder is checked whole before a row is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select

from handlers.facts import Agency, Area, Category, Clock, Disaster, Facts, Template
from handlers.rules.routing import Route
from storage import boundaries, calendar, nation
from storage import tables as t
from storage.migrate import one_by_one
from storage.rows import upsert
from storage.sheets import SHEETS, Invalid, Rows, Sheet, read_folder

__all__ = [
    "COUNTED",
    "SAMPLE",
    "SHEETS",
    "Invalid",
    "Rows",
    "disaster_of",
    "disasters",
    "empty",
    "get",
    "keep",
    "known_anew",
    "load",
    "put",
    "read_folder",
    "refresh",
    "sample",
    "take",
    "version",
]

SAMPLE = "sample"
# The setting that says up to which version of the facts all deadlines are counted.
COUNTED = "deadlines_counted"


def sample() -> Any:
    """The folder of the sample regency, inside the package."""
    return files("storage") / "sample"


def take(connection: Connection, folder: Path, office: str, today: date) -> Rows:
    """Imports a folder, checked against itself and the record; raises Invalid and keeps nothing where it is wrong."""
    rows = read_folder(folder, load(connection))
    keep(connection, rows, office, today=today)
    return rows


def keep(
    connection: Connection, rows: Rows, office: str = "", is_sample: bool = False, today: date | None = None
) -> None:
    """Replaces each sheet that was given; running programs see it by the version.

    With `today`, the free days of this year and the next are filled in where nobody imported them.
    """
    for sheet in SHEETS:
        if sheet.name in rows:
            _replace(connection, sheet, rows[sheet.name])
    if "boundaries" in rows:
        boundaries.replace(connection, rows["boundaries"])
    if today:
        calendar.seed(connection, _years(today))
    if office:
        put(connection, "office", office)
    if "agencies" in rows:
        put(connection, "sample", "1" if is_sample else "")
    _count(connection)


def keep_first(connection: Connection, rows: Rows, office: str, is_sample: bool) -> None:
    """Fills a record that has no facts; where another replica that started with this one has done so, it stays."""
    one_by_one(connection)
    if empty(connection):
        keep(connection, rows, office, is_sample)


def refresh(connection: Connection, today: date) -> bool:
    """Fills in the free days of this year and the next; true, and a new version, where that changed something."""
    changed = calendar.seed(connection, _years(today))
    if changed:
        _count(connection)
    return changed


def _years(today: date) -> tuple[int, int]:
    return today.year, today.year + 1


def _replace(connection: Connection, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    if sheet.table is t.holidays:
        calendar.replace(connection, rows)
        return
    connection.execute(delete(sheet.table))
    if rows:
        numbered = [{**row, "position": n} if sheet.ordered else row for n, row in enumerate(rows)]
        connection.execute(insert(sheet.table), numbered)


def _count(connection: Connection) -> None:
    put(connection, "facts_version", str(version(connection) + 1))


def known_anew(connection: Connection) -> None:
    """A new version for what no deadline stands on: running programs take it up, and nothing is counted anew."""
    row = select(t.settings.c.value).where(t.settings.c.key == "facts_version")
    # Of two that change something at once, each counts for itself.
    connection.execute(row.with_for_update() if connection.dialect.name == "postgresql" else row)
    counted = get(connection, COUNTED) == str(version(connection))
    _count(connection)
    if counted:
        put(connection, COUNTED, str(version(connection)))


def put(connection: Connection, key: str, value: str) -> None:
    """Keeps a setting of the record."""
    made = upsert(connection.dialect.name)(t.settings).values(key=key, value=value)
    connection.execute(made.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


# Built once: every beat asks whether facts have changed.
_SETTING = select(t.settings.c.value).where(t.settings.c.key == bindparam("name"))


def get(connection: Connection, key: str) -> str:
    """A setting of the record; empty where there is none."""
    return connection.execute(_SETTING, {"name": key}).scalar() or ""


def version(connection: Connection) -> int:
    """Counts up with every change of the facts."""
    return int(get(connection, "facts_version") or 0)


def empty(connection: Connection) -> bool:
    """Whether no agency is known yet."""
    return connection.execute(select(func.count()).select_from(t.agencies)).scalar_one() == 0


def load(connection: Connection) -> Facts:
    """All facts, as they stand."""

    def rows(table: Table, *order: Any) -> Iterable[Any]:
        return connection.execute(select(table).order_by(*order))

    a, c, e = t.agencies.c, t.categories.c, t.templates.c
    return Facts(
        agencies=tuple(
            Agency(r.code, r.name, r.parent, r.kind, r.area, r.zone, r.short, r.approval)
            for r in rows(t.agencies, a.position)
        ),
        categories=tuple(
            Category(r.code, r.name, r.parent, tuple(r.keywords), r.sensitive, r.evidence_required, tuple(r.asks))
            for r in rows(t.categories, c.position)
        ),
        routes=tuple(Route(r.order, r.category, r.area, r.agency) for r in rows(t.routes, t.routes.c.order)),
        areas=tuple(Area(r.code, r.name, r.parent) for r in rows(t.areas, t.areas.c.code)),
        holidays=calendar.days(connection),
        clocks=tuple(
            Clock(r.policy, r.step, r.report_type, r.klass, r.days, r.unit, r.legal_basis, r.valid_from)
            for r in rows(t.clocks, t.clocks.c.id)
        ),
        templates=tuple(
            Template(r.key, r.category, r.state, r.language, r.text) for r in rows(t.templates, e.position)
        ),
        disasters=disasters(connection),
        office=get(connection, "office"),
        sample=bool(get(connection, "sample")),
        version=version(connection),
        boundaries=boundaries.load(connection),
        nation=nation.names,
    )


def disasters(connection: Connection) -> tuple[Disaster, ...]:
    """The disasters that nobody has ended yet, the oldest first."""
    d = t.disasters.c
    query = select(t.disasters).where(d.ended_at.is_(None)).order_by(d.id)
    return tuple(disaster_of(row) for row in connection.execute(query))


def disaster_of(row: Row[Any]) -> Disaster:
    """A disaster as the record keeps it."""
    return Disaster(row.id, row.kind, row.area, row.agency, row.declared_by, row.since, row.until, row.ended_at)
