"""Facts come into the record whole or not at all, and come out as they were meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from handlers import menu, moves
from handlers.facts import Facts, Holiday, Template
from storage import facts
from storage.database import Database
from storage.facts import Invalid, keep, load, read_folder, sample, take, version
from tests.storage.sheets import Sheet, folder, sheets

CALLBACK_BYTES = 64
TODAY = date(2026, 11, 3)


async def kept(database: Database, path: Path, given: dict[str, Sheet], **more: Any) -> Facts:
    """The facts after an import."""
    rows = read_folder(folder(path, given))
    await database.write(lambda c: keep(c, rows, **more))
    return await database.read(load)


async def test_the_sample_loads(database: Database) -> None:
    """The built-in regency can be imported and read back on both databases."""
    rows = read_folder(sample())
    assert await database.read(facts.empty)
    await database.write(lambda c: keep(c, rows, "Kabupaten Contoh", True))
    found = await database.read(load)
    assert not await database.read(facts.empty)
    assert (found.office, found.sample, found.version) == ("Kabupaten Contoh", True, 1)
    for name in ("agencies", "categories", "routes", "areas", "holidays", "clocks", "templates"):
        assert len(getattr(found, name)) == len(rows[name])
    assert [agency.code for agency in found.agencies] == [row["code"] for row in rows["agencies"]]
    assert [category.code for category in found.categories] == [row["code"] for row in rows["categories"]]
    assert found.coordinator is found.agencies[0]


async def test_a_folder_is_taken_whole(database: Database, tmp_path: Path) -> None:
    """What it names in a sheet that it does not have must be in the record, and nothing of it is kept otherwise."""
    first, wrong, right = (tmp_path / name for name in ("first", "wrong", "right"))
    for path in (first, wrong, right):
        path.mkdir()
    await database.write(lambda c: take(c, folder(first, sheets()), "Satu", TODAY))
    before = await database.read(load)
    routes = [{"order": "5", "category": "lubang", "area": "36", "agency": "dlh"}]
    with pytest.raises(Invalid) as raised:
        await database.write(lambda c: take(c, folder(wrong, {"routes": routes}), "Dua", TODAY))
    assert raised.value.problems == [
        "routes.csv baris 2, kolom area: 36 tidak ada di basis data; sertakan areas.csv",
        "routes.csv baris 2, kolom agency: dlh tidak ada di basis data; sertakan agencies.csv",
    ]
    assert await database.read(load) == before
    routes[0] |= {"area": "35", "agency": "kominfo"}
    await database.write(lambda c: take(c, folder(right, {"routes": routes}), "Dua", TODAY))
    found = await database.read(load)
    assert ([rule.agency for rule in found.routes], found.office, found.version) == (["kominfo"], "Dua", 2)


async def test_no_route_is_left_without_its_agency(database: Database, tmp_path: Path) -> None:
    """Agencies that routes in the record lead to cannot be dropped while the routes stay."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    await database.write(lambda c: take(c, folder(first, sheets()), "", TODAY))
    fewer = {"agencies": sheets()["agencies"][:1]}
    with pytest.raises(Invalid) as raised:
        await database.write(lambda c: take(c, folder(second, fewer), "", TODAY))
    assert [problem.split(";")[0] for problem in raised.value.problems] == [
        "agencies.csv baris 1, kolom code: dpu tidak ada lagi, padahal masih ada rute ke sana"
    ]
    fewer["routes"] = [{"order": "10", "category": "jalan", "area": "", "agency": "kominfo"}]
    await database.write(lambda c: take(c, folder(second, fewer), "", TODAY))
    assert [agency.code for agency in (await database.read(load)).agencies] == ["kominfo"]


async def test_what_is_kept_is_what_was_written(database: Database, tmp_path: Path) -> None:
    """Commas, case, keywords, flags and dates come back as they were meant."""
    given = sheets()
    given["categories"][0]["sensitive"] = "Ya"
    given["agencies"][1]["approval"] = "ya"
    found = await kept(database, tmp_path, given)
    assert found.agency_by_code["dpu"].name == "Dinas PU, dan Tata Ruang"
    assert found.category_by_code["lubang"].keywords == ("lubang", "berlubang")
    assert (found.category_by_code["jalan"].sensitive, found.category_by_code["lubang"].sensitive) == (True, False)
    assert found.holidays[-1] == Holiday(date(2026, 12, 25), "Natal", "national", "", False)
    assert [agency.approval for agency in found.agencies] == [False, True]
    assert found.templates == (
        Template("survei", "jalan", "", "id", "Kami akan meninjau lokasi."),
        Template("survei", "", "in_progress", "en", "We will have a look."),
    )
    assert [(clock.step, clock.days) for clock in found.clocks] == [("verification", 3), ("resolution", 14)]


async def test_a_second_import_replaces_and_counts(database: Database, tmp_path: Path) -> None:
    """Only the sheets that were given are replaced, and every import counts the version up."""
    assert await database.read(version) == 0
    assert (await kept(database, tmp_path, sheets(), office="Satu")).version == 1
    again = {"areas": [{"code": "36", "name": "Banten", "parent": ""}]}
    other = tmp_path / "other"
    other.mkdir()
    found = await kept(database, other, again)
    assert [area.name for area in found.areas] == ["Banten"]
    assert (len(found.agencies), found.office, found.version) == (2, "Satu", 2)


async def test_real_facts_end_the_sample(database: Database, tmp_path: Path) -> None:
    """An office that imports its own agencies is no longer marked as a sample."""
    rows = read_folder(sample())
    await database.write(lambda c: keep(c, rows, "Kabupaten Contoh", True))
    assert not (await kept(database, tmp_path, sheets())).sample


async def test_nothing_is_half_imported(database: Database, tmp_path: Path) -> None:
    """Where one sheet cannot be kept, all stand as they stood, and the version too."""
    before = await kept(database, tmp_path, sheets())
    rows = read_folder(sample())
    rows["clocks"][-1]["step"] = None
    with pytest.raises(DBAPIError):
        await database.write(lambda c: keep(c, rows, "Lain"))
    assert await database.read(load) == before


async def test_circles_are_harmless(database: Database, tmp_path: Path) -> None:
    """Parents that lead in a circle end where the circle closes."""
    rows = read_folder(folder(tmp_path, sheets()))
    for sheet in ("agencies", "categories"):
        rows[sheet][0]["parent"] = rows[sheet][1]["code"]
    rows["areas"][0]["parent"] = "35"
    await database.write(lambda c: keep(c, rows))
    found = await database.read(load)
    assert found.category_line("lubang") == ("lubang", "jalan")
    assert found.area_line("35") == ("35",)
    assert found.ancestors("dpu") == ("kominfo",)
    assert found.coordinator


def test_codes_fit_a_button() -> None:
    """With the longest code no button of any question says more than a platform carries."""
    asked = [(dialogue.name, step.key) for dialogue in menu.DIALOGUES.values() for step in dialogue.steps]
    asked += [(dialogue.name, step.key) for dialogue in moves.DIALOGUES.values() for step in dialogue.steps]
    assert max(len(f"q:{name}:{key}:{'x' * 24}") for name, key in asked) <= CALLBACK_BYTES
