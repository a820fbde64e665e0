"""The program learns from past reports at the shell, says how well, and keeps the result whole."""

from __future__ import annotations

import csv
import json
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.administration import office_of, opened
from bot.config import Config
from bot.routing import found, keep, trained
from bot.training import Row, TooLittle, train
from handlers.rules.artefact import VERSION, Artefact
from handlers.rules.ticket import Role, State
from storage.desk import RecordDesk
from storage.migrate import upgrade
from tests.storage.samples import entry, ticket

WHEN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SUBJECTS = {
    "jalan": ("aspal berlubang", "jalan retak", "jembatan goyang", "trotoar pecah"),
    "lampu": ("lampu padam", "gelap malam hari", "tiang lampu miring", "penerangan mati"),
    "sampah": ("sampah menumpuk", "bau busuk tps", "truk sampah terlambat", "limbah plastik"),
}
AGENCIES = {"jalan": "dpu", "lampu": "dishub", "sampah": "dlh"}
PLACES = ("di depan pasar", "dekat sekolah", "di gang mawar", "sebelah masjid", "di simpang tiga")
OPENINGS = ("mohon bantuan", "tolong segera", "selamat pagi", "sudah seminggu", "warga mengeluh")


def rows(each: int = 12, labels: tuple[str, ...] = tuple(SUBJECTS)) -> list[Row]:
    """Made-up reports, so many of each label; always the same ones."""
    chance = random.Random(3)
    return [
        Row(
            f"{chance.choice(OPENINGS)} {chance.choice(SUBJECTS[label])} {chance.choice(PLACES)} no {number}",
            label,
            AGENCIES[label],
        )
        for number in range(each)
        for label in labels
    ]


@pytest.fixture(scope="module")
def artefact() -> Artefact:
    """What these reports teach."""
    return train(rows(), WHEN, lambda _: None)


def sheet(path: Path, *columns: str, given: list[Row] | None = None) -> Path:
    """A CSV file with these columns; label is the category under another name."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([getattr(row, "category" if c == "label" else c) for c in columns] for row in given or rows())
    return path


def run(*arguments: object) -> Result:
    """What a command line comes to."""
    return CliRunner().invoke(main, ["routing", *map(str, arguments)])


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """The data directory of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KENTONGAN_DATA_DIR", str(tmp_path / "data"))
        yield tmp_path / "data"


def test_what_was_learned_is_guessed(artefact: Artefact) -> None:
    """Words that were seen lead to their label, for both questions."""
    assert artefact.category is not None
    assert artefact.agency is not None
    assert artefact.category.guesses("Sampah menumpuk sekali")[0].code == "sampah"
    assert artefact.agency.guesses("LAMPU PADAM lagi")[0].code == "dishub"
    assert (artefact.version, artefact.made_at, artefact.texts) == (VERSION, WHEN, 36)


def test_learning_twice_gives_the_same(artefact: Artefact) -> None:
    """Chance has no say in it."""
    again = train([replace(row, agency="") for row in rows()], WHEN, lambda _: None)
    assert again == replace(artefact, agency=None)


def test_learning_says_how_well_it_went_and_shows_no_text() -> None:
    """Progress, measures, the calibration table; labels, but no word of a report."""
    said: list[str] = []
    train([Row(each.text, each.category) for each in rows()], WHEN, said.append)
    told = "\n".join(said)
    for part in ("36 laporan, 3 label", "bagian 5 dari 5", "tebakan pertama benar", "macro-F1", "ambang", "keyakinan"):
        assert part in told
    assert "mawar" not in told


def test_labels_with_too_few_examples_are_named_and_left_out() -> None:
    """The others are learned."""
    said: list[str] = []
    given = [replace(row, agency="") for row in rows(8)]
    found = train([*given, Row("kucing hilang di taman", "kucing")], WHEN, said.append)
    assert any("1 label kurang dari 5 contoh" in line and "kucing" in line for line in said)
    assert found.category is not None
    assert "kucing" not in found.category.labels


@pytest.mark.parametrize(
    "given",
    [[], [Row("", "jalan")], [Row("🔥", "jalan", "dpu")], rows(2), rows(40, ("jalan",)), [Row("jalan rusak")]],
)
def test_too_little_is_said_and_nothing_is_made(given: list[Row]) -> None:
    """No rows, no words, few rows, one label, no label."""
    with pytest.raises(TooLittle, match="Belum ada"):
        train(given, WHEN, lambda _: None)


def test_two_labels_are_enough() -> None:
    """Where there is one question with two answers, too."""
    learned = train([replace(row, agency="") for row in rows(12, ("jalan", "lampu"))], WHEN, lambda _: None)
    assert learned.category is not None
    assert learned.category.guesses("lampu padam")[0].code == "lampu"


def test_copies_of_one_report_are_no_test_of_each_other() -> None:
    """What can only be tried on its own copies is not learned."""
    said: list[str] = []
    copies = [Row("jalan rusak di depan pasar", label) for label in ("jalan", "lampu") for _ in range(15)]
    with pytest.raises(TooLittle):
        train(copies, WHEN, said.append)
    assert "  laporannya terlalu serupa untuk diuji, jadi tidak dipelajari." in said


def test_a_second_question_leaves_the_first_as_it_was(tmp_path: Path, data: Path) -> None:
    """A file with one column alone teaches that; both can then be measured from the same artefact."""
    labels, agencies = sheet(tmp_path / "a.csv", "text", "label"), sheet(tmp_path / "b.csv", "text", "agency")
    assert run("train", labels).exit_code == 0
    second = run("train", agencies)
    assert second.exit_code == 0
    assert "sebelumnya tetap dipakai" in second.output
    kept = data / "routing.kentongan"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [each.name for each in data.iterdir()] == [kept.name]
    for path, column in ((labels, "category"), (agencies, "agency")):
        for more in ((), ("--column", column)):
            result = run("evaluate", path, "--json", *more)
            assert result.exit_code == 0, result.output
            said = json.loads(result.stdout)
            assert list(said) == ["n", "top1", "top3", "macro_f1", "covered", "covered_top1"]
            assert said["n"] == 36
            assert said["top1"] > 0.9


def test_both_columns_at_once_and_a_table_to_read(tmp_path: Path) -> None:
    """With semicolons too, as a spreadsheet here writes them."""
    path, target = sheet(tmp_path / "a.csv", "text", "category", "agency"), tmp_path / "deep" / "P"
    path.write_text("\ufeff" + path.read_text().replace(",", ";"), encoding="utf-8")
    assert run("train", path, "--artefact", target).exit_code == 0
    result = run("evaluate", path, "--artefact", target)
    assert "macro_f1" in result.output
    assert run("evaluate", path, "--artefact", target, "--column", "agency").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"text,label\n\xff\xfe,a\n", "bukan teks UTF-8"),
        (b"isi,label\na,b\n", "kolom text"),
        (b"text,isi\na,b\n", "kolom text"),
        (b"", "kolom text"),
        (b"text,label\n", "Belum ada"),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_refused(tmp_path: Path, data: Path, content: bytes, said: str) -> None:
    """With a sentence, and nothing is written."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    result = run("train", path)
    assert result.exit_code == 1
    assert said in result.output
    assert not data.exists()


def test_a_damaged_artefact_is_said_and_replaced_by_the_next_training(tmp_path: Path) -> None:
    """Measuring stops with a sentence; learning goes on without it."""
    path, target = sheet(tmp_path / "a.csv", "text", "label"), tmp_path / "P"
    missing = run("evaluate", path, "--artefact", target)
    assert (missing.exit_code, "tidak ada" in missing.output) == (1, True)
    target.write_bytes(b"KENTONGAN")
    damaged = run("evaluate", path, "--artefact", target)
    assert (damaged.exit_code, "terpotong" in damaged.output) == (1, True)
    assert "akan diganti" in run("train", path, "--artefact", target).output
    assert found(target)[0] is not None
    other = run("evaluate", path, "--artefact", target, "--column", "agency")
    assert (other.exit_code, "belum belajar agency" in other.output) == (1, True)


def test_an_office_without_history_is_told_so(data: Path) -> None:
    """And what it can do instead."""
    result = run("train")
    assert result.exit_code == 1
    assert "kentongan routing train FILE.csv" in result.output


async def handled(config: Config, given: list[Row]) -> None:
    """These reports on record, each answered by its agency."""
    async with opened(config) as database:
        await database.write(upgrade)
        office = await office_of(config, database)

        def work(desk: RecordDesk) -> None:
            for number, row in enumerate(given):
                about = {"story": row.text, "category": row.category, "agency": row.agency, "state": State.RESPONDED}
                made = desk.add_ticket(ticket(desk.somebody("Siti"), f"LPR-{number}", **about))
                desk.change(made, entry(made, "answer", role=Role.OFFICER))
            desk.flush(())

        await database.write(lambda c: work(RecordDesk(c, office, WHEN)))


async def test_the_office_learns_from_its_own_reports(tmp_path: Path) -> None:
    """Both questions at once, without any file."""
    config, target = Config(data_dir=tmp_path / "own", secret_keys=(b"k" * 32,)), tmp_path / "P"
    await handled(config, rows(8))
    learned = await trained(config, target, None, lambda _: None)
    assert (learned.texts, found(target)[0]) == (24, learned)
    assert learned.agency is not None
    assert learned.agency.guesses("bau busuk tps")[0].code == "dlh"


def test_measuring_needs_no_scikit_learn(tmp_path: Path, artefact: Artefact) -> None:
    """Nothing that only training needs is loaded for it."""
    path, target = sheet(tmp_path / "a.csv", "text", "label"), tmp_path / "P"
    keep(target, artefact)
    code = (
        "import sys; from pathlib import Path; from bot.routing import judged; "
        "print(judged(Path(sys.argv[1]), Path(sys.argv[2]), '').n, {'sklearn', 'numpy', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, target, path], capture_output=True, text=True, check=True)
    assert done.stdout == "36 set()\n"
