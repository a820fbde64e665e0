"""The operator's import is checked against the record, and the check says which years' free days are missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.administration import diagnosed, imported, opened
from bot.config import Config
from bot.now import now
from storage.facts import keep, load, read_folder
from storage.migrate import upgrade
from tests.storage.sheets import folder, sheets


async def test_an_import_fills_in_the_years_around_it(tmp_path: Path) -> None:
    """This year and the next have free days after any import, and the counts are of what was given."""
    config, given = Config(data_dir=tmp_path / "data"), sheets()
    del given["holidays"]
    counts = await imported(config, folder(tmp_path, given), "Kantor")
    assert counts == {name: len(rows) for name, rows in given.items()}
    async with opened(config) as database:
        facts = await database.read(load)
    assert {day.day.year for day in facts.holidays} == {now().year, now().year + 1}
    assert facts.office == "Kantor"


async def test_a_route_to_an_agency_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    """Where the agencies are not given with it, the record's count, and nothing is changed."""
    config, first, second = Config(data_dir=tmp_path / "data"), tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    await imported(config, folder(first, sheets()), "Satu")
    routes = [{"order": "10", "category": "", "area": "", "agency": "dlh"}]
    with pytest.raises(ValueError, match="kolom agency: dlh tidak ada di basis data"):
        await imported(config, folder(second, {"routes": routes}), "Dua")
    async with opened(config) as database:
        facts = await database.read(load)
    assert (facts.office, [route.agency for route in facts.routes]) == ("Satu", ["dpu"])


async def test_the_check_names_a_missing_year(tmp_path: Path) -> None:
    """An office whose calendar lacks this year is told so, with what to do."""
    config, given = Config(data_dir=tmp_path / "data"), sheets()
    del given["holidays"]
    rows = read_folder(folder(tmp_path, given))
    async with opened(config) as database:
        await database.write(upgrade)
        await database.write(lambda c: keep(c, rows))
    (said,) = [text for fine, text in await diagnosed(config) if not fine and text.startswith("Hari libur")]
    assert re.match(r"Hari libur dan cuti bersama tahun \d{4}", said)
    assert "kentongan facts import" in said
