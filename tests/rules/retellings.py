"""Made reports: problems told by four people each, and what else people report around them.

A row of tests/data/retellings.csv is a report of a scene: of the same thing, or of something that differs in its
street, problem, year or area. `days` are counted from the first report, `east` and `north` are metres from the middle.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, groupby
from pathlib import Path

from handlers.rules.likeness import Told

FILE = Path(__file__).parent.parent / "data" / "retellings.csv"
FIRST = date(2026, 9, 7)
METRE = 1 / 111_195
# What the areas are called.
NAMES = {
    "35.08.04": "Pasirian",
    "35.08.15": "Sukodono",
    "35.08.05": "Tempeh",
    "35.08.13": "Gucialit",
    "35.08.12": "Senduro",
    "35.08.03.2005": "Jugosari",
}
Row = dict[str, str]
Pair = tuple[str, Told, Told]


def scenes(held_back: bool) -> list[list[Row]]:
    """The rows of each scene; the weights were chosen on those that were not held back."""
    with FILE.open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if bool(row["held_back"]) == held_back]
    return [list(rows) for _, rows in groupby(kept, key=lambda row: row["scene"])]


def told(row: Row) -> Told:
    """A row as a report."""
    lat = -8.2 + int(row["north"]) * METRE if row["north"] else None
    lon = 113.1 + int(row["east"]) * METRE / 0.99 if row["east"] else None
    line, around = row["category"].split("/")[::-1], ("Lumajang", NAMES.get(row["area"], ""))
    day = FIRST + timedelta(days=int(row["days"]))
    return Told(row["story"], row["place"], row["area"], lat, lon, day, line, around)


def alike(held_back: bool) -> Iterator[Pair]:
    """Pairs that tell of the same thing."""
    for rows in scenes(held_back):
        same = [told(row) for row in rows if row["kind"] == "same"]
        yield from ((rows[0]["scene"], one, other) for one, other in combinations(same, 2))


def apart(held_back: bool) -> Iterator[Pair]:
    """Pairs that do not: each of the other reports with two of those of the scene."""
    for rows in scenes(held_back):
        same = [told(row) for row in rows if row["kind"] == "same"]
        for row in (row for row in rows if row["kind"] != "same"):
            yield from ((f"{row['scene']}: other {row['kind']}", one, told(row)) for one in (same[0], same[2]))
