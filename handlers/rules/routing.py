"""Which agency answers: the ordered rule table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One rule; an empty category or area stands for any."""

    order: int
    category: str
    area: str
    agency: str


def line_of(code: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """A code and all that stand above it, nearest first; a circle ends where it closes."""
    line: list[str] = []
    while code and code not in line:
        line.append(code)
        code = parents.get(code, "")
    return tuple(line)


def route(routes: Iterable[Route], categories: Sequence[str], areas: Sequence[str]) -> Route | None:
    """The first of the ordered rules that fits the line of the category and the line of the area."""
    if not categories:
        return None
    for rule in routes:
        if (not rule.category or rule.category in categories) and (not rule.area or rule.area in areas):
            return rule
    return None
