"""The complaints that are replayed, which are never shown, and the names of those who tell them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.replay_place import Lost

ROOT = Path(__file__).parent.parent
COMPLAINTS = ROOT.parent / "shared" / "data" / "complaints-dev.csv"
LONGEST = 4096
PARTS = ("qua", "zel", "vox", "wyn", "xir", "jop", "fyd", "zug", "vek", "qom", "wux", "fiz", "yev", "jaq", "xol")


@dataclass(frozen=True, slots=True)
class Story:
    """A complaint; it is never shown."""

    text: str = field(repr=False)

    def parts(self) -> list[str]:
        """The story as a phone sends it, in messages that Telegram and WhatsApp take."""
        parts, left = [], self.text.strip()
        while len(left) > LONGEST:
            cut = left.rfind(" ", 0, LONGEST) + 1 or LONGEST
            parts.append(left[:cut].strip())
            left = left[cut:].strip()
        return [*parts, left]


def complaints(count: int, seed: int) -> list[Story]:
    """So many different complaints, drawn by the seed."""
    csv.field_size_limit(1_000_000)
    with COMPLAINTS.open(encoding="utf-8", newline="") as file:
        texts = sorted({row["text"].strip() for row in csv.DictReader(file)} - {""})
    if count > len(texts):
        raise Lost(f"there are only {len(texts)} different complaints to replay")
    return [Story(text) for text in Random(f"{seed}:stories").sample(texts, count)]


def made_up_names(count: int, seed: int) -> list[str]:
    """Names that nobody bears, of words that come but once, so that one found anywhere is one that leaked."""
    chance, words = Random(f"{seed}:names"), dict[str, None]()
    while len(words) < 2 * count:
        words["".join(chance.choices(PARTS, k=4)).capitalize()] = None
    each = iter(words)
    return [f"{first} {last}" for first, last in zip(each, each, strict=True)]
