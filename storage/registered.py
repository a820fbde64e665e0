"""The numbers that the national system gave to reports, noted from a file: all of them, or none."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select

from handlers import case
from handlers.labels import local
from handlers.rules import numbers
from handlers.rules.ticket import Role
from handlers.words import Letter, Priority
from storage import cells
from storage import tables as t
from storage.cells import Wrong
from storage.desk import RecordDesk
from storage.office import Office
from storage.sheets import Invalid

AT_ONCE: Final = 500
LONGEST_STATUS: Final = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A row that came back: a report's number, and what the national system says of it."""

    line: int
    number: str
    sp4n_id: str
    status: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many numbers were noted, and how many were known already."""

    noted: int
    known: int


def take(connection: Connection, office: Office, raw: bytes, name: str, now: datetime) -> Taken:
    """Notes the numbers of a file; raises Invalid with everything that is wrong, and then keeps nothing."""
    desk = RecordDesk(connection, office, now)
    problems: list[str] = []
    given = list(_read(raw, name, local(desk, "", now), problems))
    tickets = _found(connection, given)
    problems.extend(
        f"{name} baris {line}, kolom {column}: {why}" for line, column, why in _crossed(given, tickets, connection)
    )
    if problems:
        raise Invalid(problems)
    letters: list[Letter] = []
    noted = 0
    # By their ids, as everybody locks them.
    for each in sorted(given, key=lambda each: tickets[each.number]):
        made = _noted(desk, tickets[each.number], each)
        noted += made is not None
        letters.extend(made or ())
    # Cards that show a number more give way to whatever people wait for.
    desk.flush([replace(each, priority=Priority.BROADCAST) for each in letters])
    return Taken(noted, len(given) - noted)


def _noted(desk: RecordDesk, ident: int, given: Given) -> Sequence[Letter] | None:
    """Notes one number, and changes the cards where there are any; nothing where the same was noted before."""
    ticket = desk.ticket(ident)
    assert ticket is not None
    if ticket.sp4n_id == given.sp4n_id:
        told = [
            (each.data.get("text", ""), each.data.get("on", ""))
            for each in desk.history(ident)
            if each.action == "register"
        ]
        if (given.status, given.day) in (("", ""), *told[-1:]):
            return None
    carded = desk.carded(ident)
    made = case.make(
        desk, ticket, "register", Role.SYSTEM, None, sp4n_id=given.sp4n_id, text=given.status, on=given.day
    )
    assert made is not None
    return [each for each in made.letters if each.to in carded]


def _found(connection: Connection, given: Sequence[Given]) -> dict[str, int]:
    """The ids of the reports that the rows name."""
    c, found = t.tickets.c, {}
    for start in range(0, len(given), AT_ONCE):
        query = select(c.number, c.id).where(c.number.in_([each.number for each in given[start : start + AT_ONCE]]))
        found.update({row.number: row.id for row in connection.execute(query)})
    return found


def _owners(connection: Connection, given: Sequence[Given]) -> dict[str, str]:
    """Which report has which of these national numbers already."""
    c, found = t.tickets.c, {}
    for start in range(0, len(given), AT_ONCE):
        wanted = [each.sp4n_id for each in given[start : start + AT_ONCE]]
        query = select(c.sp4n_id, c.number).where(c.sp4n_id.in_(wanted), c.sp4n_id != "")
        found.update({row.sp4n_id: row.number for row in connection.execute(query)})
    return found


def _crossed(
    given: Sequence[Given], tickets: Mapping[str, int], connection: Connection
) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the rows together and against the record: line, column, why."""
    owners = _owners(connection, given)
    # Whose number is corrected by the same file gives the old one up.
    leaving = {each.number for each in given if each.sp4n_id and owners.get(each.sp4n_id) != each.number}
    seen: Counter[tuple[str, str]] = Counter()
    for each in given:
        if each.number and each.number not in tickets:
            yield each.line, "number", f"{each.number} tidak ada di basis data"
        owner = owners.get(each.sp4n_id, each.number)
        if owner != each.number and owner not in leaving:
            yield each.line, "sp4n_id", f"{each.sp4n_id} sudah dipakai laporan {owner}"
        for column, value in (("number", each.number), ("sp4n_id", each.sp4n_id)):
            if value and seen[column, value]:
                yield each.line, column, f"{value} sudah ada di atas"
            seen[column, value] += 1


def _read(raw: bytes, name: str, today: date, problems: list[str]) -> Iterator[Given]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{name} baris {raw[: error.start].count(10) + 1}: bukan UTF-8; simpan ulang sebagai CSV UTF-8")
        return
    first = text.partition("\n")[0]
    # Where a comma parts decimals, spreadsheets part cells by semicolons.
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first and "," not in first else ",")
    try:
        missing = [each for each in ("number", "sp4n_id") if each not in (reader.fieldnames or ())]
        if missing:
            problems.append(f"{name} baris 1: kolom {', '.join(missing)} tidak ada")
            return
        for row in reader:
            yield _given(row, reader.line_num, name, today, problems)
    except csv.Error:
        problems.append(f"{name} baris {reader.line_num + 1}: bukan CSV; periksa tanda kutip yang tidak ditutup")


def _given(row: Mapping[str | None, Any], line: int, name: str, today: date, problems: list[str]) -> Given:
    if row.get(None):
        problems.append(f"{name} baris {line}: ada sel yang berlebih; beri tanda kutip bila sebuah sel berisi koma")
    date_: Callable[[str], str] = partial(_day, today)
    values: dict[str, str] = {}
    for column, read in (("number", _number), ("sp4n_id", _sp4n_id), ("status", _status), ("date", date_)):
        try:
            values[column] = read((row.get(column) or "").strip())
        except Wrong as wrong:
            problems.append(f"{name} baris {line}, kolom {column}: {wrong}")
    return Given(
        line, values.get("number", ""), values.get("sp4n_id", ""), values.get("status", ""), values.get("date", "")
    )


def _number(cell: str) -> str:
    found = numbers.read(cells.words(cell))
    if found is None:
        raise Wrong(f"{cell[:40]} bukan nomor laporan, contoh LPR-2611-7K3Q-R")
    return found


def _sp4n_id(cell: str) -> str:
    found = numbers.national(cells.words(cell))
    if found is None:
        raise Wrong(f"{cell[:40]} bukan nomor SP4N; tulis 6 sampai 10 angka, contoh 9165816")
    return found


def _status(cell: str) -> str:
    if len(cell) > LONGEST_STATUS or "\0" in cell:
        raise Wrong(f"paling banyak {LONGEST_STATUS} huruf")
    return cell.removeprefix("'")


def _day(today: date, cell: str) -> str:
    if not cell:
        return ""
    if cells.day(cell) > today:
        raise Wrong(f"{cell} belum terjadi")
    return cells.day(cell).isoformat()
