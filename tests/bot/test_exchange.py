"""The operator hands reports over to the national system and takes its numbers in, from the shell."""

from __future__ import annotations

import csv
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.administration import imported, office_of, opened
from bot.config import Config
from bot.exchange import handed_over, taken_in
from bot.now import now
from handlers.desk import Ticket
from handlers.rules.clocks import Run
from handlers.rules.ticket import Clock, State
from storage.desk import RecordDesk
from storage.exchange import COLUMNS
from storage.migrate import upgrade
from tests.storage.sheets import folder, sheets

NUMBER = "LPR-2611-AAAA-Z"
KEYS = (b"k" * 32,)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of an office whose reports cannot be taken back."""
    return Config(data_dir=tmp_path / "data", secret_keys=KEYS, grace_seconds=0)


async def reported(config: Config, *numbers: str, runs: tuple[Run, ...] = ()) -> None:
    """Reports of somebody who came to the counter."""
    async with opened(config) as database:
        await database.write(upgrade)
        office = await office_of(config, database)
        moment = now()
        made = Ticket(
            0, NUMBER, 0, State.FORWARDED, "complaint", "lubang", "dpu", "", "=1+1",
            "Jalan rusak, telepon 081234567890.", {"text": "Jl. Mawar"}, date(2026, 11, 20), True, False,
            moment, moment, runs=runs, due_at=runs[0].due if runs else None,
        )  # fmt: skip

        def work(desk: RecordDesk) -> None:
            reporter = desk.somebody("Siti Rahmawati")
            for number in numbers:
                desk.add_ticket(replace(made, number=number, reporter=reporter))
            desk.flush(())

        await database.write(lambda c: work(RecordDesk(c, office, moment)))


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(each.name for each in folder.iterdir())


def read(path: Path) -> list[list[str]]:
    """The cells of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


async def test_reports_are_written_to_a_file(config: Config, tmp_path: Path) -> None:
    """With a header, as many as are said, harmless, and for nobody else's eyes."""
    await reported(config, NUMBER, "LPR-2611-BBBB-S")
    steps: list[tuple[int, int]] = []
    path = tmp_path / "sp4n.csv"
    assert await handed_over(config, path, lambda *step: steps.append(step)) == 2
    head, first, second = read(path)
    assert tuple(head) == COLUMNS
    assert path.read_bytes().startswith(b"number,")
    assert (first[0], second[0], first[5], first[6]) == (
        NUMBER,
        "LPR-2611-BBBB-S",
        "'=1+1",
        "Jalan rusak, telepon [disamarkan].",
    )
    assert "Siti" not in path.read_text(encoding="utf-8")
    assert steps == [(2, 2)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_file_is_never_written_over(config: Config, tmp_path: Path) -> None:
    """Somebody may have filled it in; and nothing half written is left behind."""
    path = tmp_path / "sp4n.csv"
    path.write_text("isi", encoding="utf-8")
    with pytest.raises(ValueError, match="sudah ada"):
        await handed_over(config, path, lambda *_: None)
    assert path.read_text(encoding="utf-8") == "isi"
    elsewhere = replace(config, data_dir=tmp_path / "sp4n.csv" / "data")
    with pytest.raises(OSError, match=r"sp4n\.csv"):
        await handed_over(elsewhere, tmp_path / "lain.csv", lambda *_: None)
    assert names(tmp_path) == ["sp4n.csv"]


async def test_numbers_are_taken_in(config: Config, tmp_path: Path) -> None:
    """What has a number is not handed over again."""
    await reported(config, NUMBER, "LPR-2611-BBBB-S")
    taken = await taken_in(config, f"number,sp4n_id\n{NUMBER},1916449\n".encode(), "sp4n.csv")
    assert (taken.noted, taken.known) == (1, 0)
    path = tmp_path / "sp4n.csv"
    assert await handed_over(config, path, lambda *_: None) == 1
    assert [row[0] for row in read(path)[1:]] == ["LPR-2611-BBBB-S"]
    with pytest.raises(ValueError, match=r"sp4n\.csv baris 2, kolom sp4n_id: 1916449 sudah dipakai laporan"):
        await taken_in(config, b"number,sp4n_id\nLPR-2611-BBBB-S,1916449\n", "sp4n.csv")


def command(tmp_path: Path, *words: str, keys: str = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=") -> Result:
    """What the command line says."""
    env = {"KENTONGAN_DATA_DIR": str(tmp_path / "data"), "KENTONGAN_SECRET_KEYS": keys}
    return CliRunner().invoke(main, list(words), env=env)


def test_the_commands(tmp_path: Path) -> None:
    """Each says what it did, or in sentences what is wrong, and ends accordingly."""
    out, back = tmp_path / "keluar.csv", tmp_path / "masuk.csv"
    done = command(tmp_path, "sp4n", "out", str(out))
    assert (done.exit_code, done.stdout) == (0, f"0 laporan ditulis ke {out}.\n")
    assert len(read(out)) == 1
    again = command(tmp_path, "sp4n", "out", str(out))
    assert (again.exit_code, "Pilih nama lain" in again.stderr) == (1, True)
    back.write_text("number,sp4n_id\n", encoding="utf-8")
    assert command(tmp_path, "sp4n", "in", str(back)).stdout == "0 nomor SP4N dicatat, 0 sudah tercatat sebelumnya.\n"
    back.write_text("number,sp4n_id\nLPR,1\n", encoding="utf-8")
    wrong = command(tmp_path, "sp4n", "in", str(back))
    assert (wrong.exit_code, wrong.stderr.splitlines()[0]) == (1, "Tidak ada yang diubah. Perbaiki dulu:")
    assert "masuk.csv baris 2, kolom number" in wrong.stderr
    assert command(tmp_path, "sp4n", "in", str(back), keys="").exit_code == 2


async def test_an_import_of_days_says_how_many_deadlines_moved(tmp_path: Path) -> None:
    """Without keys too: a deadline tells nobody's name."""
    config, given = Config(data_dir=tmp_path / "data"), sheets()
    del given["holidays"]
    moved: list[int] = []
    await imported(config, folder(tmp_path, given), "Kantor", moved.append)
    # An end that nobody could have counted so is counted anew.
    end = now().replace(hour=16, minute=59, second=59, microsecond=0, year=now().year + 1)
    await reported(config, NUMBER, runs=(Run(Clock.HANDLING, now(), 14, end),))
    await imported(config, tmp_path, "Kantor", moved.append)
    assert moved == [0, 1]
