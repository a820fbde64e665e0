"""What is wrong between the rows of the facts is named too: circles, years with gaps, names that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.facts import read_folder
from tests.storage.sheets import Sheet, folder, sheets
from tests.storage.test_facts_wrong import problems


def agency(code: str, parent: str) -> dict[str, str]:
    """A row of an agency."""
    return {**sheets()["agencies"][0], "code": code, "kind": "unit", "parent": parent}


def year(number: int, days: int = 10, kind: str = "national") -> Sheet:
    """So many free days of a year."""
    rows = range(1, days + 1)
    return [{"date": f"{number}-02-{n:02}", "name": f"Libur {n}", "kind": kind, "area": ""} for n in rows]


def regional(day: str) -> dict[str, str]:
    """A free day of the province."""
    return {"date": day, "name": "Hari jadi", "kind": "regional", "area": "35"}


def test_a_circle_of_agencies_is_named_once(tmp_path: Path) -> None:
    """With all its members, at its first line; those who only stand below it are not to blame."""
    given = {"agencies": [*(agency(*each) for each in (("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("d", "")))]}
    assert problems(tmp_path, given) == ["agencies.csv baris 3, kolom parent: induk melingkar: a → b → c → a"]


def test_every_circle_is_named(tmp_path: Path) -> None:
    """Two circles are two faults, and an agency above itself is one."""
    given = {"agencies": [*(agency(*each) for each in (("a", "a"), ("b", "c"), ("c", "b")))]}
    assert problems(tmp_path, given) == [
        "agencies.csv baris 2, kolom parent: induk melingkar: a → a",
        "agencies.csv baris 3, kolom parent: induk melingkar: b → c → b",
    ]


@pytest.mark.parametrize("sheet", ["categories", "areas"])
def test_circles_of_topics_and_areas_are_named(tmp_path: Path, sheet: str) -> None:
    """Topics and areas may stand in no circle either."""
    given = sheets()
    top = given[sheet][0]
    given[sheet] = [{**top, "parent": "36"}, {**top, "code": "36", "parent": top["code"]}]
    if sheet == "categories":
        del given["templates"]
    assert f"{sheet}.csv baris 2, kolom parent: induk melingkar: {top['code']} → 36 → {top['code']}" in problems(
        tmp_path, given
    )


def test_a_thin_year_is_named(tmp_path: Path) -> None:
    """A year with too few national holidays is not complete, nor one with joint leave alone."""
    assert problems(tmp_path, {"holidays": [*year(2026), *year(2027, 9)]}) == [
        "holidays.csv baris 12, kolom date: tahun 2027 baru 9 hari libur nasional, seharusnya paling sedikit 10"
    ]
    (problem,) = problems(tmp_path, {"holidays": year(2026, 12, "joint_leave")})
    assert problem.startswith("holidays.csv baris 2, kolom date: tahun 2026 baru 0 ")


def test_a_missing_year_is_named(tmp_path: Path) -> None:
    """Between two years that are given, each one that is not is said."""
    assert problems(tmp_path, {"holidays": [*year(2028), *year(2025), regional("2026-07-01")], **areas()}) == [
        "holidays.csv baris 2, kolom date: tahun 2026 tidak ada, padahal tahun sebelum dan sesudahnya ada",
        "holidays.csv baris 2, kolom date: tahun 2027 tidak ada, padahal tahun sebelum dan sesudahnya ada",
    ]


def test_a_wrong_day_does_not_make_its_year_thin(tmp_path: Path) -> None:
    """No fault makes another one up."""
    given = {"holidays": year(2026)}
    given["holidays"][3]["date"] = "kemarin"
    (problem,) = problems(tmp_path, given)
    assert problem.startswith("holidays.csv baris 5, kolom date: tanggal ditulis")


def areas() -> dict[str, Sheet]:
    """The areas that regional days may name."""
    return {"areas": sheets()["areas"]}


def test_regional_and_worked_days_need_no_whole_year(tmp_path: Path) -> None:
    """They only add to what is known of their year, and may fall on a national holiday."""
    worked = {"date": "2027-03-13", "name": "Sabtu kerja", "kind": "working", "area": ""}
    given = {"holidays": [*year(2026), regional("2026-02-01"), regional("2027-07-01"), worked], **areas()}
    assert len(read_folder(folder(tmp_path, given))["holidays"]) == 13


def test_a_regional_day_of_an_unknown_area_is_named(tmp_path: Path) -> None:
    """A day in no area would hold nowhere."""
    given = {"holidays": [*year(2026), {**regional("2026-07-01"), "area": "99"}], **areas()}
    assert problems(tmp_path, given) == ["holidays.csv baris 12, kolom area: 99 tidak ada di areas.csv"]


def test_a_day_that_stands_twice_in_an_area_is_named(tmp_path: Path) -> None:
    """A day has one meaning in an area, whatever its kind."""
    twice = {**year(2026)[0], "kind": "working"}
    (problem,) = problems(tmp_path, {"holidays": [*year(2026), twice]})
    assert problem == "holidays.csv baris 12, kolom date: 2026-02-01 sudah ada di atas"


def test_a_regional_day_without_an_area_is_named(tmp_path: Path) -> None:
    """A regional day has to say where it is free."""
    given = {"holidays": [*year(2026), {**regional("2026-07-01"), "area": ""}], **areas()}
    assert problems(tmp_path, given) == ["holidays.csv baris 12, kolom area: hari regional perlu area"]
