"""How alike two reports are: near in place, in time, in what they are about and in their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Final

from handlers.rules.misprints import edits
from handlers.rules.placewords import ANYWHERE, COMMON_PLACE, CROSSING, EVERYWHERE, KINDS, NAMES, NUMBERED, STREET
from handlers.rules.spelling import inflected, words

# Reports that are at least so much alike tell of the same thing; all of these are chosen on made pairs.
ALIKE: Final = 0.4
# In metres: up to the first two points are one place, from the second on they are not.
NEAR, FAR, TOO_FAR = 90, 420, 1500
# In days, the same way.
SOON, LATE = 21, 150
EARTH: Final = 6_371_000
# Where both stand in one village or one district, and nothing else is known of the place.
SAME_VILLAGE, SAME_DISTRICT = 0.35, 0.2
OTHER_STREET = 0.25
# What a name of the place counts that stands in the other story only.
BY_THE_WAY: Final = 0.7
DISTRICT: Final = 3
# What is left of a pair in one place at one time whose stories have no word in common.
LEAST: Final = 0.25
# So much of the words in common says as much as all of them: two people tell one thing in words of their own.
ENOUGH: Final = 0.3
# Shorter words have no misprints; of longer stories the beginning tells what is the matter.
LONG, TOLD = 5, 1000

_NUMBER: Final = re.compile(r"\b([a-z]+)\.?\s*(?:negeri\s+)?0*(\d{1,3})\b")


@dataclass(frozen=True)
class Told:
    """What of a report can be compared; `categories`: its own and those above it, `around`: the names of its area."""

    story: str
    place: str
    area: str
    lat: float | None
    lon: float | None
    day: date
    categories: Sequence[str]
    around: Sequence[str] = ()

    @cached_property
    def named(self) -> dict[str, float]:
        """The words that name its place, each with what it says of it."""
        vain = {*ANYWHERE, *CROSSING, *(word for name in self.around for word in words(name))}
        found = {word for word in words(self.place) if word not in vain and not word.isdigit() and len(word) > 2}
        named = {word: 0.5 if word in COMMON_PLACE else 1.0 for word in found}
        return named | {f"{kind} {number}": NUMBERED[kind] for kind, number in self.numbers.items()}

    @cached_property
    def streets(self) -> frozenset[str]:
        """The names that stand behind *jalan* in the words for its place."""
        said = words(self.place)
        behind = (said[n + 1 :] for n, word in enumerate(said) if word in STREET)
        names = (next((word for word in rest[:3] if word not in ANYWHERE), "") for rest in behind)
        return frozenset(name for name in names if name in self.named and name not in COMMON_PLACE)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The numbers by which places of one kind are told apart: RT 3, SDN 2."""
        pairs = _NUMBER.findall(self.place.casefold())
        return {KINDS.get(kind, kind): number for kind, number in pairs if KINDS.get(kind, kind) in NUMBERED}

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The words of its story."""
        return tuple(words(self.story[:TOLD]))


def alike(one: Told, other: Told) -> float:
    """How much speaks for it that two reports tell of the same thing, from 0 to 1."""
    sure = _time(one, other) * _place(one, other)
    matter = _matter(one.categories, other.categories)
    # Where place and time say no, the stories need not be read.
    if sure * matter < ALIKE:
        return sure * matter * LEAST
    return sure * matter * (LEAST + (1 - LEAST) * min(1.0, matter * _words(one, other) / ENOUGH))


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance of two points on the earth."""
    up, along = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    part = sin(up) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(along) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, part)))


def _falling(value: float, until: float, gone: float) -> float:
    """1 up to the first value, 0 from the second on, and in between along a line."""
    return max(0.0, min(1.0, (gone - value) / (gone - until)))


def _time(one: Told, other: Told) -> float:
    return _falling(abs((one.day - other.day).days), SOON, LATE)


def _matter(one: Sequence[str], other: Sequence[str]) -> float:
    """1 for the same category, less where one lies above the other, least where only the topic above is the same."""
    if not one or not other or one[-1] != other[-1]:
        return 0.0
    if one[0] == other[0]:
        return 1.0
    return 0.85 if one[0] in other or other[0] in one else 0.6


def _place(one: Told, other: Told) -> float:
    """How likely both mean one place, by their points, the names they give, and the area."""
    apart = _apart(one, other)
    if apart is not None and (apart > TOO_FAR or not (one.named and other.named)):
        return _falling(apart, NEAR, FAR)
    if apart is None and _elsewhere(one.area, other.area):
        return 0.0
    named = _names(one, other)
    if apart is not None:
        return max(_falling(apart, NEAR, FAR), named * 0.6)
    return named


def _apart(one: Told, other: Told) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return metres(one.lat, one.lon, other.lat, other.lon)


def _elsewhere(one: str, other: str) -> bool:
    """Whether two areas are known and neither lies in the other."""
    short = min(len(one.split(".")), len(other.split(".")))
    return bool(one and other) and one.split(".")[:short] != other.split(".")[:short]


def _names(one: Told, other: Told) -> float:
    """How well the words for two places fit each other."""
    found = max(_covered(one, other), _covered(other, one))
    if one.streets and other.streets and not _among(one.streets, other.streets):
        found *= OTHER_STREET
    if any(other.numbers.get(kind, number) != number for kind, number in one.numbers.items()):
        found *= OTHER_STREET
    if one.area != other.area or one.area.count(".") < DISTRICT - 1:
        return found
    return max(found, SAME_VILLAGE if one.area.count(".") >= DISTRICT else SAME_DISTRICT)


def _covered(one: Told, other: Told) -> float:
    """Which part of the names of one place the other report mentions; a lone common word is not enough."""
    there, by_the_way = _among(one.named, other.named), _among(one.named, other.said)
    hit = sum(
        weight if name in there else weight * BY_THE_WAY
        for name, weight in one.named.items()
        if name in there or name in by_the_way
    )
    return min(1.0, hit) * hit / max(0.01, sum(one.named.values()))


def _words(one: Told, other: Told) -> float:
    """Which part of the words that tell something two stories have in common, but for the names of the place."""
    names = (*one.named, *other.named)
    left, right = _telling(one, names), _telling(other, names)
    if not left or not right:
        return 0.0
    return (len(_among(left, right)) + len(_among(right, left))) / (len(left) + len(right))


def _telling(told: Told, names: Sequence[str]) -> list[str]:
    """The words of a story that tell what is the matter, each thing by one name."""
    vain = {*EVERYWHERE, *ANYWHERE, *COMMON_PLACE, *names}
    found = (NAMES.get(word, word) for word in told.said if len(word) > 2 and not word.isdigit())
    return list(dict.fromkeys(word for word in found if word not in vain))


def _among(wanted: Iterable[str], there: Iterable[str]) -> set[str]:
    """Which of these words stand there too, in whatever form, or but for one misprint."""
    words_there = frozenset(there)
    roots = frozenset[str]().union(*map(_roots, words_there))
    ends: dict[tuple[int, str], list[str]] = {}
    for each in words_there:
        for end in (f"{each[0]}-", f"-{each[-1]}") if len(each) >= LONG else ():
            ends.setdefault((len(each), end), []).append(each)
    return {each for each in wanted if _roots(each) & roots or _mistyped(each, ends)}


@lru_cache(maxsize=4096)
def _roots(word: str) -> frozenset[str]:
    return frozenset((word, *inflected(word)))


def _mistyped(word: str, ends: Mapping[tuple[int, str], Sequence[str]]) -> bool:
    """Whether one misprint makes one of the words with these ends of it; in short words it would make another word."""
    if len(word) < LONG:
        return False
    sizes, own = (len(word) - 1, len(word), len(word) + 1), (f"{word[0]}-", f"-{word[-1]}")
    return any(edits(word, each, 1) <= 1 for size in sizes for end in own for each in ends.get((size, end), ()))
