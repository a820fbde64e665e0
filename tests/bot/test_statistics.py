"""The operator reads from the shell what happened at each agency in a month."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bot.__main__ import main
from bot.administration import opened
from bot.config import Config
from storage import tables as t
from storage.migrate import upgrade

DPU: dict[str, Any] = dict(zip(t.TALLIED, (12, 2, 1, 9, 5, 1, 0, 1, 3, 5 * 216_000), strict=True))
HEALTH: dict[str, Any] = dict(zip(t.TALLIED, (4, 0, 0, 3, 0, 0, 0, 0, 0, 0), strict=True))


def asked(folder: Path, *arguments: str) -> Result:
    """What the command says."""
    settings = {"KENTONGAN_DATA_DIR": str(folder), "KENTONGAN_DATABASE_URL": ""}
    return CliRunner(env=settings).invoke(main, ["statistics", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of an office in which two agencies were busy in a month."""

    async def put() -> None:
        async with opened(Config(data_dir=tmp_path)) as database:
            await database.write(upgrade)
            month = {"month": date(2026, 10, 1), "part": 0}
            rows = [{"agency": "dpu", **month, **DPU}, {"agency": "dinkes", **month, **HEALTH}]
            await database.write(lambda c: c.execute(insert(t.tallies), rows).rowcount)

    asyncio.run(put())
    return tmp_path


def test_each_agency_has_a_line_and_all_have_one(folder: Path) -> None:
    """Counts under their titles, the mean of the days to resolution, and the sums at the end."""
    said = asked(folder, "--month", "2026-10")
    assert said.exit_code == 0, said.output
    head, *lines = [line.split() for line in said.output.splitlines()]
    assert head[:3] == ["instansi", "masuk", "dialihkan"]
    assert lines == [
        ["dinkes", "4", "0", "0", "3", "0", "0", "0", "0", "0", "–"],
        ["dpu", "12", "2", "1", "9", "5", "1", "0", "1", "3", "2,5"],
        ["Semua", "16", "2", "1", "12", "5", "1", "0", "1", "3", "2,5"],
    ]


def test_a_month_without_reports_is_said_to_be_one(folder: Path) -> None:
    """An empty month is a sentence and no table."""
    said = asked(folder, "--month", "2019-01")
    assert said.exit_code == 0
    assert said.output == "Tidak ada laporan yang masuk atau berubah pada 2019-01.\n"


def test_a_month_is_written_in_figures(folder: Path) -> None:
    """What is no month is refused before anything is read."""
    assert asked(folder, "--month", "Oktober").exit_code == 2
