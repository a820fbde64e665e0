"""Facts come into the record whole or not at all, and come out as they were meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from handlers import menu, moves
from handlers.facts import Facts
from storage import facts
from storage.database import Database
from storage.facts import keep, load, read_folder, sample, version
from tests.storage.sheets import Sheet, folder, sheets

CALLBACK_BYTES = 64


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
    for name in ("agencies", "categories", "routes", "areas", "holidays", "clocks"):
        assert len(getattr(found, name)) == len(rows[name])
    assert [agency.code for agency in found.agencies] == [row["code"] for row in rows["agencies"]]
    assert [category.code for category in found.categories] == [row["code"] for row in rows["categories"]]
    assert found.coordinator is found.agencies[0]


async def test_what_is_kept_is_what_was_written(database: Database, tmp_path: Path) -> None:
    """Commas, case, keywords, flags and dates come back as they were meant."""
    given = sheets()
    given["categories"][0]["sensitive"] = "Ya"
    found = await kept(database, tmp_path, given)
    assert found.agency_by_code["dpu"].name == "Dinas PU, dan Tata Ruang"
    assert found.category_by_code["lubang"].keywords == ("lubang", "berlubang")
    assert (found.category_by_code["jalan"].sensitive, found.category_by_code["lubang"].sensitive) == (True, False)
    assert [(day.isoformat(), name) for day, name in found.holidays] == [("2026-12-25", "Natal")]
    assert [(clock.step, clock.days) for clock in found.clocks] == [("verification", 3), ("resolution", 14)]


async def test_a_second_import_replaces_and_counts(database: Database, tmp_path: Path) -> None:
    """Only the sheets that were given are replaced, and every import counts the version up."""
    assert await database.read(version) == 0
    assert (await kept(database, tmp_path, sheets(), office="Satu")).version == 1
    again = {"holidays": [{"date": "2027-01-01", "name": "Tahun baru", "kind": "national", "area": ""}]}
    other = tmp_path / "other"
    other.mkdir()
    found = await kept(database, other, again)
    assert [name for _, name in found.holidays] == ["Tahun baru"]
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
    given = sheets()
    for sheet in ("agencies", "categories"):
        given[sheet][0]["parent"] = given[sheet][1]["code"]
    given["areas"][0]["parent"] = "35"
    found = await kept(database, tmp_path, given)
    assert found.category_line("lubang") == ("lubang", "jalan")
    assert found.area_line("35") == ("35",)
    assert found.coordinator


def test_codes_fit_a_button() -> None:
    """With the longest code no button of any question says more than a platform carries."""
    asked = [(dialogue.name, step.key) for dialogue in menu.DIALOGUES.values() for step in dialogue.steps]
    asked += [(dialogue.name, step.key) for dialogue in moves.DIALOGUES.values() for step in dialogue.steps]
    assert max(len(f"q:{name}:{key}:{'x' * 24}") for name, key in asked) <= CALLBACK_BYTES
