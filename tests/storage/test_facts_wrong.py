"""Every wrong row of the facts is named by file, line, column and reason, all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Integer, String

from storage.facts import SHEETS, Invalid, read_folder
from tests.storage.sheets import Sheet, folder, sheets


def problems(path: Path, given: dict[str, Sheet] | None = None) -> list[str]:
    """All that is wrong with these sheets."""
    with pytest.raises(Invalid) as raised:
        read_folder(folder(path, given or {}))
    assert str(raised.value) == "\n".join(raised.value.problems)
    return raised.value.problems


WRONG = [
    ("agencies", "code", "", "kode"),
    ("agencies", "code", "Dinas PU", "kode"),
    ("agencies", "code", "a:b", "kode"),
    ("agencies", "code", "a" * 25, "24"),
    ("agencies", "name", " ", "kosong"),
    ("agencies", "parent", "tidakada", "tidak ada"),
    ("agencies", "kind", "", "kosong"),
    ("agencies", "zone", "Jakarta", "zona"),
    ("agencies", "zone", "", "zona"),
    ("agencies", "zone", "../etc", "zona"),
    ("categories", "code", "é", "kode"),
    ("categories", "name", "", "kosong"),
    ("categories", "parent", "tidakada", "tidak ada"),
    ("categories", "sensitive", "mungkin", "ya"),
    ("categories", "evidence_required", "x", "ya"),
    ("categories", "asks", "spot;warna", "warna tidak dikenal"),
    ("routes", "order", "sepuluh", "bilangan"),
    ("routes", "order", "-1", "bilangan"),
    ("routes", "order", "²", "bilangan"),
    ("routes", "category", "tidakada", "tidak ada"),
    ("routes", "area", "99", "tidak ada"),
    ("routes", "agency", "tidakada", "tidak ada"),
    ("routes", "agency", "", "kode"),
    ("areas", "code", "", "kosong"),
    ("areas", "parent", "99", "tidak ada"),
    ("holidays", "date", "25/12/2026", "2026-11-03"),
    ("holidays", "date", "2026-02-30", "2026-11-03"),
    ("holidays", "name", "", "kosong"),
    ("holidays", "kind", "", "kosong"),
    ("holidays", "kind", "libur", "joint_leave"),
    ("holidays", "area", "35", "semua area"),
    ("clocks", "days", "", "bilangan"),
    ("clocks", "days", "1.5", "bilangan"),
    ("clocks", "days", "-1", "bilangan"),
    ("clocks", "days", "401", "400"),
    ("clocks", "days", "9" * 5000, "400"),
    ("clocks", "step", "", "kosong"),
    ("clocks", "step", "handling", "pause_cap"),
    ("clocks", "step", "keep", "verification"),
    ("clocks", "report_type", "keluhan", "complaint"),
    ("clocks", "class", "berat", "supervisory"),
    ("clocks", "unit", "hari", "calendar_day"),
    ("clocks", "unit", "", "kosong"),
    ("clocks", "valid_from", "2018", "2026-11-03"),
    ("agencies", "approval", "mungkin", "ya"),
    ("templates", "key", "Dua Kata", "kode"),
    ("templates", "category", "tidakada", "tidak ada"),
    ("templates", "state", "open", "forwarded"),
    ("templates", "language", "fr", "jv"),
    ("templates", "text", "", "kosong"),
]


def spoilt(sheet: str, column: str, value: str) -> dict[str, Sheet]:
    """The small office with one wrong value, in its sheet's last row."""
    given = sheets()
    given[sheet][-1][column] = value
    return given


def names(problem: str, sheet: str, line: int, column: str) -> bool:
    """Whether a sentence says file, line and column."""
    return re.match(rf"{sheet}\.csv baris {line}, kolom {column}: ", problem) is not None


@pytest.mark.parametrize(("sheet", "column", "value", "reason"), WRONG)
def test_a_wrong_value_is_named(tmp_path: Path, sheet: str, column: str, value: str, reason: str) -> None:
    """By file, line, column and reason."""
    given = spoilt(sheet, column, value)
    found = [each for each in problems(tmp_path, given) if names(each, sheet, len(given[sheet]) + 1, column)]
    assert len(found) == 1
    assert reason in found[0]


BOUNDED = [
    (sheet.name, column)
    for sheet in SHEETS
    for column in sheet.columns
    if isinstance(sheet.table.c[sheet.renamed.get(column, column)].type, (String, Integer))
    and getattr(sheet.table.c[sheet.renamed.get(column, column)].type, "length", 1) is not None
]


@pytest.mark.parametrize(("sheet", "column"), BOUNDED)
def test_a_value_no_column_can_hold_is_named(tmp_path: Path, sheet: str, column: str) -> None:
    """What is too long or too large for the record is refused before the record refuses it."""
    table = next(each for each in SHEETS if each.name == sheet)
    kind = table.table.c[table.renamed.get(column, column)].type
    value = "x" * (kind.length + 1) if isinstance(kind, String) and kind.length else str(2**31)
    given = spoilt(sheet, column, value)
    assert [each for each in problems(tmp_path, given) if names(each, sheet, len(given[sheet]) + 1, column)]


@pytest.mark.parametrize("sheet", ["agencies", "categories", "areas", "routes", "holidays", "clocks", "templates"])
def test_a_row_that_stands_twice_is_named(tmp_path: Path, sheet: str) -> None:
    """The second one is the wrong one."""
    given = sheets()
    given[sheet].append(given[sheet][-1])
    (problem,) = problems(tmp_path, given)
    assert problem.startswith(f"{sheet}.csv baris {len(given[sheet]) + 1}, ")
    assert "sudah ada" in problem


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Each fault is one sentence, over all files, and no fault makes another one up."""
    given = sheets()
    given["agencies"][0]["code"] = "A"
    given["agencies"][1]["code"] = "B"
    given["agencies"][1]["parent"] = ""
    given["routes"] = [{"order": "x", "category": "", "area": "", "agency": ""}]
    found = problems(tmp_path, given)
    assert [each.split(":")[0] for each in found] == [
        "agencies.csv baris 2, kolom code",
        "agencies.csv baris 3, kolom code",
        "routes.csv baris 2, kolom order",
        "routes.csv baris 2, kolom agency",
    ]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """All that are missing, and not the one that may be left out."""
    given = sheets()
    given["agencies"] = [
        {key: value for key, value in row.items() if key not in ("kind", "zone", "short")} for row in given["agencies"]
    ]
    (problem,) = [each for each in problems(tmp_path, given) if each.startswith("agencies.csv")]
    assert problem == "agencies.csv baris 1: kolom kind, zone tidak ada"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("35,Jawa Timur,,lebih", "a cell too many"),
        ("35,Jawa\0Timur,", "a byte no text has"),
    ],
)
def test_a_row_that_is_no_row_is_named(tmp_path: Path, row: str, why: str) -> None:
    """A comma that was not quoted, or a broken byte, does not slip through."""
    (tmp_path / "areas.csv").write_text(f"code,name,parent\n{row}\n", encoding="utf-8")
    assert problems(tmp_path)[0].startswith("areas.csv baris 2"), why


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is said to be so."""
    (tmp_path / "areas.csv").write_bytes("code,name,parent\n35,Caf\u00e9,\n".encode("latin-1"))
    assert problems(tmp_path)[0].startswith("areas.csv")


def test_a_spreadsheets_own_marks_do_no_harm(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, empty lines and a cell with a line break are read as meant."""
    text = 'code,name,parent\r\n35,"Jawa\r\nTimur",\r\n\r\n36, Banten ,\r\n'
    (tmp_path / "areas.csv").write_bytes(text.encode("utf-8-sig"))
    rows = read_folder(tmp_path)["areas"]
    assert [row["name"].split() for row in rows] == [["Jawa", "Timur"], ["Banten"]]


def test_a_folder_without_facts_is_said_to_be_one(tmp_path: Path) -> None:
    """Nothing to import is a fault, not an empty office."""
    (problem,) = problems(tmp_path)
    assert "tidak ada berkas" in problem
