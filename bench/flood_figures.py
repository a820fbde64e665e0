"""What a flood came to: a line for each stretch of time, and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.flood_town import Heap

# From the issue: acknowledged within two seconds for 95 of 100; and what a replica may use at full load.
ACKNOWLEDGED, MEMORY_MB = 2.0, 200.0
# A line of the table, and how wide each of its cells is.
HEAD = (
    *("until s", "offered", "acked", "p50 ms", "p95 ms", "p99 ms", "RSS MB", "CPU"),
    *("answers wait", "news wait", "answered", "after s", "news", "after s"),
)
WIDTH = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened until then; memory in MB of the largest replica, `cpu` in cores of all of them."""

    until: float
    heap: Heap
    memory: float
    cpu: float
    answers: int
    news: int

    def line(self) -> str:
        """The figures of a stretch, in the columns of the head."""
        heap = self.heap
        times = (f"{part(heap.acknowledged, of) * 1000:.0f}" for of in (50, 95, 99))
        cells = (
            *(f"{self.until:.0f}", f"{heap.offered}", f"{len(heap.acknowledged)}", *times),
            *(f"{self.memory:.0f}", f"{self.cpu:.2f}", f"{self.answers}", f"{self.news}"),
            *(f"{len(heap.answers)}", _middle(heap.answers), f"{len(heap.news)}", _middle(heap.news)),
        )
        return row(cells)


def row(cells: Sequence[str]) -> str:
    """Cells as a line of the table."""
    return " ".join(f"{cell:>{max(WIDTH - 1, len(name))}}" for cell, name in zip(cells, HEAD, strict=True))


def part(values: Sequence[float], of: int) -> float:
    """The value below which so many of a hundred lie; 0 where there are none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * of // 100)] if ranked else 0.0


def _middle(values: Sequence[float]) -> str:
    return f"{median(values):.1f}" if values else "-"


@dataclass(slots=True)
class Outcome:
    """All that was measured, and found in the record at the end."""

    stretches: list[Stretch] = field(default_factory=list)
    lost: int = 0
    unacknowledged: int = 0
    unanswered: int = 0
    poisoned: int = 0
    told: int = 0
    told_again: int = 0
    overtaken: int = 0
    statuses: str = ""
    refusals: str = ""
    again: int = 0

    def verdict(self) -> list[tuple[str, bool]]:
        """Each measure with its figure, and whether it was met."""
        acked = [value for one in self.stretches for value in one.heap.acknowledged]
        worst = max((part(one.heap.acknowledged, 95) for one in self.stretches), default=0.0)
        peak = max((one.memory for one in self.stretches), default=0.0)
        return [
            (f"acknowledged and not on record: {self.lost}", not self.lost),
            (f"never acknowledged: {self.unacknowledged}", not self.unacknowledged),
            (f"on record, and neither answered nor an answer waiting: {self.unanswered}", not self.unanswered),
            (f"set aside because of a fault: {self.poisoned}", not self.poisoned),
            (f"acknowledged {len(acked)}, p95 {part(acked, 95) * 1000:.0f} ms", part(acked, 95) < ACKNOWLEDGED),
            (f"p95 of the worst stretch {worst * 1000:.0f} ms", worst < ACKNOWLEDGED),
            (f"largest memory {peak:.0f} MB", peak < MEMORY_MB),
            (f"news that went before answers: {self.overtaken}", not self.overtaken),
            (
                f"told that answers are slow: {self.told}; of them more than once: {self.told_again}",
                not self.told_again,
            ),
        ]

    def summed_up(self) -> str:
        """The verdict in lines, and what the webhooks and the platform answered."""
        lines = [f"{'met' if good else 'MISSED':>7}  {what}" for what, good in self.verdict()]
        lines.append(f"{'':>7}  {self._waits('answers')}, {self._waits('news')}")
        lines.append(f"{'':>7}  webhooks answered {self.statuses}, sent again {self.again}; refused {self.refusals}")
        return "\n".join(lines)

    def _waits(self, what: str) -> str:
        values = [value for one in self.stretches for value in getattr(one.heap, what)]
        return f"{len(values)} {what} after {_middle(values)} s in the middle, {part(values, 95):.1f} s at 95 %"

    @property
    def met(self) -> bool:
        """Whether every measure was met."""
        return all(good for _, good in self.verdict())
