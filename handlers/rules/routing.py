"""Which agency answers: the ordered rule table, and suggestions of a category from the words of a story."""

from __future__ import annotations

import re
from collections import Counter
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


Index = Mapping[str, Sequence[tuple[str, str, float]]]


def index(keywords: Mapping[str, Sequence[str]]) -> Index:
    """Keywords by their first word: the phrase, its category, and what it counts; one that many share counts less."""
    said = {code: sorted(filter(None, {_words(phrase) for phrase in phrases})) for code, phrases in keywords.items()}
    shared = Counter(phrase for phrases in said.values() for phrase in phrases)
    found: dict[str, list[tuple[str, str, float]]] = {}
    for code, phrases in said.items():
        for phrase in phrases:
            words = phrase.split()
            found.setdefault(words[0], []).append((f" {phrase} ", code, len(words) / shared[phrase]))
    return found


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def suggest(story: str, known: Index, most: int = 3) -> tuple[str, ...]:
    """The categories whose keywords stand in the story, best first."""
    said = f" {_words(story)} "
    scores: dict[str, float] = {}
    for word in set(said.split()):
        for phrase, code, counts in known.get(word, ()):
            if phrase in said:
                scores[code] = scores.get(code, 0.0) + counts
    return tuple(sorted(scores, key=lambda code: (-scores[code], code))[:most])
