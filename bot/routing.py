"""Learning the routing, and judging what was learned, from the shell."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.administration import opened
from bot.config import Config
from bot.evaluating import Measures, evaluated, measures
from bot.exchange import OURS
from bot.experience import FILE
from bot.now import now
from bot.training import Row, Tell, TooLittle, train
from handlers.rules.artefact import Artefact, Damaged, read, write
from storage.lessons import lessons
from storage.takeover import ready

# Names under which a file may keep an answer.
COLUMNS: Final = {"category": ("category", "label"), "agency": ("agency",)}
NEEDS_TRAINING: Final = (
    "Pelatihan memerlukan scikit-learn, yang tidak ikut terpasang. Pasang dengan: pip install 'kentongan[train]'"
)


def place(config: Config, given: Path | None) -> Path:
    """Where the artefact lies: at the path that was given, or in the data directory."""
    return given or config.data_dir / FILE


def found(path: Path) -> tuple[Artefact | None, str]:
    """The artefact at a path, or why it cannot be used; neither where there is none."""
    try:
        return read(path.read_bytes()), ""
    except FileNotFoundError:
        return None, ""
    except Damaged as wrong:
        return None, f"{path}: {wrong}"
    except OSError as wrong:
        return None, f"{path} tidak dapat dibaca: {wrong.strerror}"


async def trained(config: Config, path: Path, source: Path | None, tell: Tell) -> Artefact:
    """Learns from a file or from the office's own record and keeps the result; raises ValueError where it cannot."""
    rows = list(_rows(source)) if source else await _own(config)
    kept, damaged = found(path)
    if damaged:
        tell(f"{damaged}. Berkas itu akan diganti.")
    try:
        artefact = train(rows, now(), tell, kept)
    except ModuleNotFoundError as missing:
        if missing.name not in ("sklearn", "scipy", "numpy"):
            raise
        raise ValueError(NEEDS_TRAINING) from None
    keep(path, artefact)
    return artefact


async def _own(config: Config) -> list[Row]:
    async with opened(config) as database:
        await database.write(ready)
        known = await database.read(lambda c: list(lessons(c)))
    if not known:
        raise TooLittle(
            "Belum ada laporan yang sudah dijawab atau didisposisikan. Latih dulu dari berkas: "
            "kentongan routing train FILE.csv"
        )
    return [Row(each.story, each.category, each.agency) for each in known]


def keep(path: Path, artefact: Artefact) -> None:
    """Writes the artefact so that at any moment the old one or the new one is there, whole; nobody else may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(half, "wb", opener=lambda name, flags: os.open(name, flags, OURS)) as file:
            file.write(write(artefact))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def judged(path: Path, source: Path, column: str) -> Measures:
    """How well the artefact at a path answers for the texts of a file; raises ValueError where it cannot be told."""
    artefact, wrong = found(path)
    if artefact is None:
        raise ValueError(wrong or f"{path} tidak ada. Buat dengan: kentongan routing train")
    rows = list(_rows(source))
    name = column or next((each for each in COLUMNS if any(getattr(row, each) for row in rows)), "category")
    classifier = artefact.agency if name == "agency" else artefact.category
    if classifier is None:
        raise ValueError(f"Artefak ini belum belajar {name}. Latih dengan berkas yang berkolom {name}.")
    pairs = [(row.text, getattr(row, name)) for row in rows if getattr(row, name)]
    if not pairs:
        raise ValueError(f"{source}: tidak ada baris dengan isi di kolom {' atau '.join(COLUMNS[name])}.")
    return measures(evaluated(classifier.guesses, pairs), classifier.threshold)


def _rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file; raises ValueError with what is wrong with it."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            sheet = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            given = {name: _column(sheet.fieldnames or (), names) for name, names in COLUMNS.items()}
            if "text" not in (sheet.fieldnames or ()) or not any(given.values()):
                raise ValueError(f"{path}: kolom text dan category (atau label) dan/atau agency tidak ada.")
            for line in sheet:
                yield Row(line["text"] or "", **{name: _cell(line, column) for name, column in given.items()})
    except UnicodeDecodeError:
        raise ValueError(f"{path} bukan teks UTF-8. Simpan sebagai CSV UTF-8.") from None
    except csv.Error as wrong:
        raise ValueError(f"{path} tidak dapat dibaca sebagai CSV: {wrong}") from None


def _column(given: Iterable[str], names: tuple[str, ...]) -> str:
    return next((name for name in names if name in given), "")


def _cell(line: dict[str, str | None], column: str) -> str:
    return (line.get(column) or "").strip() if column else ""
