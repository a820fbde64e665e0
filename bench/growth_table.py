"""The table of what was measured at each size, with what is wanted and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.growth_questions import BASELINES, QUESTIONS, Question
from bench.growth_timing import Times

# Of the turns a second at the smallest size.
KEPT: Final = 0.9
WIDTH: Final = 22


@dataclass(slots=True)
class Measured:
    """What was measured on one record; `turns`: a second, `cpu_ms`: program and database for one of them."""

    tickets: int
    times: dict[str, Times]
    turns: float = 0.0
    cpu_ms: float = 0.0


def table(kind: str, found: Sequence[Measured]) -> tuple[str, bool]:
    """The lines to print, and whether everything that is wanted was met at the largest size."""
    head = (f"{kind}, warm, ms", *(f"{one.tickets:,}" for one in found), "wanted", "")
    lines, fine = [head, ("", *("database / call" for _ in found), "", "")], True
    for each in (*QUESTIONS, *BASELINES):
        cells = [_cell(one.times[each.name]) for one in found]
        met = each.wanted is None or _middle(found[-1].times[each.name].inside) < each.wanted
        lines.append((each.name, *cells, *_judged(each, met)))
        fine = fine and met
    share = found[-1].turns / found[0].turns
    met = share >= KEPT
    rates = [f"{one.turns:.0f} = {one.turns / found[0].turns:.2f}" for one in found]
    lines.append(("turns a second", *rates, f">= {KEPT} x first", "met" if met else "MISSED"))
    lines.append(("CPU ms a turn", *(f"{one.cpu_ms:.2f}" for one in found), "", ""))
    lines.append(("p99 in the database", *(_slowest(one) for one in found), "", ""))
    return "\n".join(_line(each) for each in lines) + "\n", fine and met


def _line(cells: Sequence[str]) -> str:
    return "".join(f"{cell:<32}" if not n else f"{cell:>{WIDTH}}" for n, cell in enumerate(cells)).rstrip()


def _cell(times: Times) -> str:
    return f"{_middle(times.inside):.3f} / {_middle(times.whole):.2f}"


def _judged(of: Question, met: bool) -> tuple[str, str]:
    return ("baseline", "") if of.wanted is None else (f"< {of.wanted:g}", "met" if met else "MISSED")


def _middle(values: Sequence[float]) -> float:
    return median(values)


def _slowest(one: Measured) -> str:
    """The question whose slow ones are slowest."""
    name, worst = max(((each.name, _late(one.times[each.name])) for each in QUESTIONS), key=lambda pair: pair[1])
    return f"{worst:.2f} {name}"[: WIDTH - 1]


def _late(times: Times) -> float:
    return sorted(times.inside)[min(len(times.inside) - 1, len(times.inside) * 99 // 100)]
