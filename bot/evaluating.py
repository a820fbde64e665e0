"""How well guesses did: counted from what was guessed and what was right, never shown with a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from handlers.rules.guesses import Guess

# At least so many texts shall go straight on, and at least so many of these shall be right.
COVERED: Final = 0.70
RIGHT: Final = 0.88
BINS: Final = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
# Where too few texts are sure enough, none goes straight on.
NEVER: Final = 1.0
# Of fewer texts a share says nothing.
FEWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """What was right for a text, and what was guessed, best first."""

    right: str
    guesses: Sequence[Guess]

    @property
    def best(self) -> str:
        return self.guesses[0].code if self.guesses else ""

    @property
    def certainty(self) -> float:
        return self.guesses[0].certainty if self.guesses else 0.0

    @property
    def hit(self) -> bool:
        return self.best == self.right


@dataclass(frozen=True, slots=True)
class Measures:
    """How many texts, and the shares right: at first, among three, evenly over labels, and from the threshold on."""

    n: int
    top1: float
    top3: float
    macro_f1: float
    covered: float
    covered_top1: float

    def rounded(self) -> dict[str, float]:
        """The numbers by their names, with four decimals."""
        return {name: round(number, 4) for name, number in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Bin:
    """The texts whose best guess was about so certain: how many, what was promised, and what was right."""

    low: float
    high: float
    n: int
    promised: float
    right: float


def evaluated(guesses: Callable[[str], Sequence[Guess]], rows: Iterable[tuple[str, str]]) -> list[Judged]:
    """Every text with its answer, judged."""
    return [Judged(answer, guesses(text)) for text, answer in rows]


def measures(judged: Sequence[Judged], threshold: float) -> Measures:
    """The shares right of these texts, of which those from the threshold on go straight on."""
    if not judged:
        return Measures(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    sure = [each for each in judged if each.certainty >= threshold]
    return Measures(
        len(judged),
        share(each.hit for each in judged),
        share(each.right in [guess.code for guess in each.guesses[:3]] for each in judged),
        macro_f1(judged),
        len(sure) / len(judged),
        share(each.hit for each in sure),
    )


def share(of: Iterable[bool]) -> float:
    """How much of it holds; nothing of nothing."""
    every = list(of)
    return sum(every) / len(every) if every else 0.0


def macro_f1(judged: Sequence[Judged]) -> float:
    """The F1 of each label that was right or guessed, all counted alike."""
    right, guessed = Counter(each.right for each in judged), Counter(each.best for each in judged)
    hits = Counter(each.right for each in judged if each.hit)
    labels = set(right) | {label for label in guessed if label}
    return sum(2 * hits[label] / (right[label] + guessed[label]) for label in labels) / len(labels)


def threshold(judged: Sequence[Judged]) -> float:
    """The certainty from which a text may go straight on.

    Where most texts can be right often enough, it lies midway between going on with just enough texts and with as
    many as keep the share: another year's texts are a little different. Where they cannot, the share goes before.
    """
    ranked = sorted(judged, key=lambda each: -each.certainty)
    hits, good = 0, 0
    for place, each in enumerate(ranked, 1):
        hits += each.hit
        if place >= FEWEST and hits >= RIGHT * place:
            good = place
    if not good:
        return NEVER
    enough = int(COVERED * len(ranked)) + 1
    last = (good + enough) // 2 if good > enough else good
    return ranked[last - 1].certainty


def calibration(judged: Sequence[Judged]) -> Iterator[Bin]:
    """What certainties promised and what was right, from the least certain on; empty bins are left out."""
    for low, high in pairwise(BINS):
        within = [each for each in judged if low <= each.certainty < high or each.certainty == high == BINS[-1]]
        if within:
            promised = sum(each.certainty for each in within) / len(within)
            yield Bin(low, high, len(within), promised, share(each.hit for each in within))


def confusions(judged: Sequence[Judged], most: int = 10) -> list[tuple[str, str, int]]:
    """What was right, what was guessed instead, and how often; the most frequent first."""
    wrong = Counter((each.right, each.best) for each in judged if not each.hit)
    return [(right, guessed, count) for (right, guessed), count in wrong.most_common(most)]
