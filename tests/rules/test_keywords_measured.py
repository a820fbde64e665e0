"""Keywords alone name the topic of real complaints well enough for a start."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from handlers.rules.keywords import SURE, Keywords

ROOT = Path(__file__).parents[2]
KEYWORDS = ROOT / "tests" / "data" / "label-keywords.csv"
COMPLAINTS = ROOT.parent / "shared" / "data" / "complaints-dev.csv"


def looked_at(text: str) -> bool:
    """Whether a complaint belongs to the third by which the keywords were chosen."""
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def test_each_label_has_keywords() -> None:
    """The table names 23 labels, each with at least ten keywords."""
    with KEYWORDS.open(encoding="utf-8", newline="") as file:
        kept = {row["label"]: row["keywords"].split(";") for row in csv.DictReader(file)}
    assert len(kept) == 23
    assert all(len(set(words)) == len(words) >= 10 for words in kept.values())


@pytest.mark.skipif(not COMPLAINTS.exists(), reason="the real complaints are not kept with the program")
def test_cold_start_on_complaints_not_looked_at() -> None:
    """Of two thirds of the complaints 60 % find their label first and 78 % among three; sure guesses are right."""
    with KEYWORDS.open(encoding="utf-8", newline="") as file:
        known = Keywords({row["label"]: row["keywords"].split(";") for row in csv.DictReader(file)})
    with COMPLAINTS.open(encoding="utf-8", newline="") as file:
        fresh = [(row["text"], row["label"]) for row in csv.DictReader(file) if not looked_at(row["text"])]
    told = [(known.guesses(text)[:3], label) for text, label in fresh]
    ranks = [next((rank for rank, guess in enumerate(found) if guess.code == label), 3) for found, label in told]
    sure = [rank == 0 for rank, (found, _) in zip(ranks, told, strict=True) if found and found[0].certainty >= SURE]
    figures = (sum(rank == 0 for rank in ranks) / len(ranks), sum(rank < 3 for rank in ranks) / len(ranks))
    assert figures >= (0.60, 0.0), figures
    assert figures[1] >= 0.78, figures
    assert sum(sure) / len(sure) >= 0.84, sum(sure) / len(sure)
