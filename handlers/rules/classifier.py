"""Guesses what a text is about from what its pieces weigh; certainties are shares that were right before."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import add, mul

from handlers.rules.grams import counted
from handlers.rules.guesses import Guess

# A weight is a byte, a lane of a sum two: so many rows fit into one sum.
LANE = 2
MOST = 256
# Weights may be negative and bytes are not; the first lane, a piece's own importance, never is.
ZERO = 128


@dataclass(frozen=True, slots=True)
class Weights:
    """What the pieces of one kind weigh: a row for each piece, whose lanes are multiplied by `scales`.

    A row is one number, so that adding rows adds all their lanes at once. The first lane is the importance of the
    piece, by whose sum over a text everything is divided.
    """

    rows: Mapping[str, int]
    scales: array[float]

    def of(self, counts: Mapping[str, int]) -> list[float]:
        """The lanes of a text in which the pieces occur so often, without the first; zero where none is known."""
        lanes = len(self.scales)
        length, sums = 0.0, [0.0] * lanes
        for times, rows in self._known(counts).items():
            factor = 1 + log(times)
            for start in range(0, len(rows), MOST):
                part = rows[start : start + MOST]
                total = struct.unpack(f"<{lanes}H", sum(part).to_bytes(LANE * lanes, "little"))
                length += factor * factor * total[0]
                lift = ZERO * len(part)
                sums = [old + factor * (new - lift) for old, new in zip(sums, total, strict=True)]
        norm = sqrt(length * self.scales[0]) or 1.0
        return [total * scale / norm for total, scale in zip(sums[1:], self.scales[1:], strict=True)]

    def _known(self, counts: Mapping[str, int]) -> dict[int, list[int]]:
        """The rows of the pieces that are known, by how often these occur."""
        found: dict[int, list[int]] = defaultdict(list)
        for piece, times in counts.items():
            row = self.rows.get(piece)
            if row is not None:
                found[times].append(row)
        return found


@dataclass(frozen=True, slots=True)
class Classifier:
    """What was learned of one question: a straight line over the pieces, and a layer between that bends.

    The first lanes of the weights are the labels', the others the layer's; `bends` are where the layer begins to
    count, `outputs` what it says of each label. `promised` and `kept`: how certain it is of itself at some points, and
    the share that was right there. From the certainty `threshold` on a text may go straight on.
    """

    labels: tuple[str, ...]
    letters: Weights
    words: Weights
    bends: array[float]
    offsets: array[float]
    outputs: tuple[array[float], ...]
    promised: array[float]
    kept: array[float]
    threshold: float = 1.0

    def scores(self, text: str) -> list[float]:
        """How much speaks for each label, in the order of `labels`."""
        letters, said = counted(text)
        lanes = list(map(add, self.letters.of(letters), self.words.of(said)))
        straight, layer = lanes[: len(self.labels)], lanes[len(self.labels) :]
        bent = [max(0.0, each) for each in map(add, layer, self.bends)]
        through = [sum(map(mul, bent, output)) for output in self.outputs]
        return [sum(each) for each in zip(straight, self.offsets, through, strict=True)]

    def guesses(self, text: str) -> tuple[Guess, ...]:
        """All labels with their certainties, best first."""
        ranked = sorted(zip(shares(self.scores(text)), self.labels, strict=True), key=lambda each: -each[0])
        return tuple(Guess(label, between(share, self.promised, self.kept)) for share, label in ranked)


def shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one."""
    most = max(scores)
    raised = [exp(score - most) for score in scores]
    total = sum(raised)
    return [each / total for each in raised]


def between(number: float, points: Sequence[float], values: Sequence[float]) -> float:
    """The value at a number from 0 to 1, on straight lines from one point to the next."""
    above = bisect_right(points, number)
    if above == 0:
        return values[0] if values else number
    if above == len(points):
        return values[-1]
    low, high = points[above - 1], points[above]
    return values[above - 1] + (values[above] - values[above - 1]) * (number - low) / (high - low)


def row(lanes: bytes) -> int:
    """The row with these lanes of one byte each."""
    spread = bytearray(LANE * len(lanes))
    spread[::LANE] = lanes
    return int.from_bytes(spread, "little")


def lanes(row: int, count: int) -> bytes:
    """The lanes of a row."""
    return row.to_bytes(LANE * count, "little")[::LANE]
