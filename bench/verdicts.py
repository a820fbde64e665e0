"""What the measures want, beside what came out of the rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Key = tuple[str, str, int, str]
"""Part, contender, number of citizens (0 where there are none), and the name of the figure."""
Figures = Mapping[Key, Sequence[float]]
"""The figures of all rounds, in the order of the rounds."""
KENTONGAN, POSTGRESQL, FLOOR, PTB = "kentongan", "kentongan-postgresql", "floor", "ptb"


@dataclass(frozen=True, slots=True)
class Wanted:
    """At least (or `most`: at most) so much of a figure; beside another one's, so many times that."""

    measure: int
    of: Key
    limit: float
    beside: str = ""
    most: bool = False

    def found(self, figures: Figures) -> float | None:
        """The median; of ratios, each is taken within its own round, where both met the same machine."""
        part, _, citizens, name = self.of
        mine = figures.get(self.of, ())
        other = figures.get((part, self.beside, citizens, name), ()) if self.beside else [1.0] * len(mine)
        ratios = [one / its for one, its in zip(mine, other, strict=False) if its]
        return median(ratios) if ratios else None

    def met(self, found: float) -> bool:
        """Whether this is what is wanted."""
        return found <= self.limit if self.most else found >= self.limit


def _at_64(measure: int, part: str, of: str, beside: str, limit: float) -> Wanted:
    return Wanted(measure, (part, of, 64, "turns"), limit, beside)


WANTED: tuple[Wanted, ...] = (
    _at_64(1, "sqlite", KENTONGAN, FLOOR, 0.7),
    _at_64(1, "sqlite", KENTONGAN, PTB, 4.0),
    Wanted(1, ("sqlite", KENTONGAN, 16, "turns"), 0.55, FLOOR),
    Wanted(1, ("sqlite", KENTONGAN, 64, "cpu_ms"), 1.5, FLOOR, most=True),
    Wanted(1, ("sqlite", KENTONGAN, 64, "p99"), 1.6, FLOOR, most=True),
    Wanted(1, ("sqlite", KENTONGAN, 1, "p50"), 1.0, PTB, most=True),
    _at_64(2, "slow", KENTONGAN, FLOOR, 0.65),
    _at_64(2, "slow", KENTONGAN, PTB, 20.0),
    _at_64(3, "postgresql", POSTGRESQL, FLOOR, 0.65),
    _at_64(3, "postgresql", POSTGRESQL, "plain", 2.5),
    *(Wanted(4, ("delivery", name, 0, "letters"), 1500.0) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(4, ("limits", name, 0, "times_account"), 0.98) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(4, ("limits", name, 0, "times_account"), 1.02, most=True) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(4, ("limits", name, 0, "refused"), 0.0, most=True) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(6, ("rest", name, 0, "first"), 1.5, most=True) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(6, ("rest", name, 0, "start"), 1.5, most=True) for name in (KENTONGAN, POSTGRESQL)),
    *(Wanted(6, ("rest", name, 0, "rest_mb"), 100.0, most=True) for name in (KENTONGAN, POSTGRESQL)),
    Wanted(6, ("sqlite", KENTONGAN, 0, "peak_mb"), 200.0, most=True),
    Wanted(6, ("postgresql", POSTGRESQL, 0, "peak_mb"), 200.0, most=True),
)
HEAD = ("measure", "part", "contender", "citizens", "figure", "wanted", "median", "")


def verdicts(figures: Figures, wanted: Iterable[Wanted] = WANTED) -> list[tuple[str, ...]]:
    """A row for each wanted figure: what it is, what is wanted, the median, and whether it is met."""
    rows: list[tuple[str, ...]] = [HEAD]
    for one in wanted:
        found = one.found(figures)
        part, of, citizens, name = one.of
        want = f"{'<=' if one.most else '>='} {one.limit:g}{' x ' + one.beside if one.beside else ''}"
        verdict = "not measured" if found is None else "met" if one.met(found) else "MISSED"
        shown = "-" if found is None else f"{found:.4g}"
        rows.append((str(one.measure), part, of, str(citizens or "-"), name, want, shown, verdict))
    return rows


def missed(rows: Iterable[tuple[str, ...]]) -> bool:
    """Whether anything that was measured is not what is wanted."""
    return any(row[-1] == "MISSED" for row in rows)
