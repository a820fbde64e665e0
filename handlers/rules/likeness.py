"""How alike two reports are: near in place, in time, in what they are about and in their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from heapq import heappop, heappush
from math import asin, cos, radians, sin, sqrt
from typing import Final, TypeVar

from handlers.rules.placewords import ANYWHERE, COMMON_PLACE, CROSSING, EVERYWHERE, KINDS, NAMES, NUMBERED, STREET
from handlers.rules.spelling import words
from handlers.rules.spoken import Spoken

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
# Of longer stories the beginning tells what is the matter.
TOLD: Final = 1000

# What stands in every place, and besides in every story.
_NOWHERE: Final = ANYWHERE | {*CROSSING}
_VAIN: Final = EVERYWHERE | ANYWHERE | COMMON_PLACE
_NUMBER: Final = re.compile(r"\b([a-z]+)\.?\s*(?:negeri\s+)?0*(\d{1,3})\b")


Each = TypeVar("Each")


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
        around = _words_of(tuple(self.around))
        found = {
            word
            for word in self._where
            if len(word) > 2 and word not in _NOWHERE and word not in around and not word.isdigit()
        }
        named = {word: 0.5 if word in COMMON_PLACE else 1.0 for word in found}
        return named | {f"{kind} {number}": NUMBERED[kind] for kind, number in self.numbers.items()}

    @cached_property
    def streets(self) -> frozenset[str]:
        """The names that stand behind *jalan* in the words for its place."""
        said = self._where
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

    @cached_property
    def names(self) -> Spoken:
        """What names its place, to be looked up."""
        return Spoken(frozenset(self.named))

    @cached_property
    def spoken(self) -> Spoken:
        """What its story says, to be looked up."""
        return Spoken(frozenset(self.said))

    @cached_property
    def _where(self) -> Sequence[str]:
        return words(self.place)


def likest(mine: Told, others: Sequence[Each], told: Callable[[Each], Told], most: int) -> list[Each]:
    """The others that tell of the same thing, the likest first; of those that are equally like, the first ones.

    Each is read no further than is needed to know that it is not among them.
    """
    found: list[Each] = []
    known: dict[int, Told] = {}
    # How like an other can be at most, negated; which one; and how far it was read. Popped in this order.
    queue = [(-1.0, number, 0) for number in range(len(others))]
    while queue and len(found) < most:
        negated, number, read = heappop(queue)
        if read == 2:
            found.append(others[number])
            continue
        if read == 0:
            known[number] = told(others[number])
        other = known[number]
        like = _by_story(mine, other, -negated) if read else _by_place_and_time(mine, other)
        if like >= ALIKE:
            heappush(queue, (-like, number, read + 1))
    return found


def alike(one: Told, other: Told) -> float:
    """How much speaks for it that two reports tell of the same thing, from 0 to 1."""
    sure = _by_place_and_time(one, other)
    # Where place and time say no, the stories need not be read.
    return sure * LEAST if sure < ALIKE else _by_story(one, other, sure)


def _by_place_and_time(one: Told, other: Told) -> float:
    """How alike two reports can be at most, by time, place and topic."""
    return _time(one, other) * _place(one, other) * _matter(one.categories, other.categories)


def _by_story(one: Told, other: Told, sure: float) -> float:
    """How alike they are by their stories too."""
    matter = _matter(one.categories, other.categories)
    return sure * (LEAST + (1 - LEAST) * min(1.0, matter * _words(one, other) / ENOUGH))


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
    if one.streets and other.streets and not Spoken(other.streets).among(one.streets):
        found *= OTHER_STREET
    if any(other.numbers.get(kind, number) != number for kind, number in one.numbers.items()):
        found *= OTHER_STREET
    if one.area != other.area or one.area.count(".") < DISTRICT - 1:
        return found
    return max(found, SAME_VILLAGE if one.area.count(".") >= DISTRICT else SAME_DISTRICT)


def _covered(one: Told, other: Told) -> float:
    """Which part of the names of one place the other report mentions; a lone common word is not enough."""
    there = other.names.among(one.named)
    # The story is only searched for what the words for the place do not hold.
    by_the_way = other.spoken.among(one.named.keys() - there) if len(there) < len(one.named) else ()
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
    common = len(Spoken(frozenset(right)).among(left)) + len(Spoken(frozenset(left)).among(right))
    return common / (len(left) + len(right))


def _telling(told: Told, names: Sequence[str]) -> list[str]:
    """The words of a story that tell what is the matter, each thing by one name."""
    found = (NAMES.get(word, word) for word in told.said if len(word) > 2 and not word.isdigit())
    return list(dict.fromkeys(word for word in found if word not in _VAIN and word not in names))


@lru_cache(maxsize=256)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in words(name))
