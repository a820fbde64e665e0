"""The names of areas in a text: where each stands, which areas it may mean, and how plainly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.rules.placemarks import (
    DIRECTIONS,
    EVERYDAY,
    Marker,
    Tokens,
    joined,
    marker,
    skipped,
    toward,
    whole,
)
from handlers.rules.placenames import DISTRICTS, HAMLETS, PRINTED, PROVINCES, REGENCIES, VILLAGES, Names

LEVELS: Final = {
    Marker.PROVINCE: PROVINCES,
    Marker.REGENCY: REGENCIES,
    Marker.CITY: REGENCIES,
    Marker.DISTRICT: DISTRICTS,
    Marker.VILLAGE: VILLAGES,
    Marker.HAMLET: HAMLETS,
}
NAMED, BEGINNING, OTHER_LEVEL = PRINTED[0], 0.8, 0.7
# A whole story is not searched for misprints.
TRIES: Final = 6
SHORTEST, SHORTEST_MISPRINTED = 4, 6
# On the way to a town there is its road: Jl. Raya Pasirian.
ROAD: Final = "raya"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that may name areas: where they end, the areas with how well each fits, and how plainly they are meant.

    `marked`: a word before them says so. `whole`: they are all that a part of the text says.
    """

    end: int
    codes: Mapping[str, float]
    marked: bool = False
    whole: bool = False


@dataclass(slots=True)
class Reader:
    """A text that is read once, from its beginning to its end; `sure`: only what cannot be an everyday word."""

    places: Names
    said: Tokens
    sure: bool
    tries: int = TRIES

    def mentions(self) -> Iterator[Mention]:
        """The names that stand in the text, one after the other."""
        at = 0
        while at < len(self.said):
            kind = marker(self.said[at].word)
            found = None
            if kind in LEVELS:
                found = self.marked(at + 1, kind)
            elif kind is Marker.OTHER:
                at = self.past(at + 1)
                continue
            found = found or self.unmarked(at)
            if found is None:
                at = self.past(at + 1) if kind is Marker.HAMLET else at + 1
                continue
            if not toward(self.said, at):
                yield found
            at = found.end

    def past(self, at: int) -> int:
        """Where the name of a street or a house ends: at the latest where an area of ours is named after it."""
        end = skipped(self.said, at)
        for start in range(at, end):
            road = self.said[start].word == ROAD and start + 1
            if road or (start > at and self.known(start)):
                return road or start
        return end

    def known(self, at: int) -> bool:
        """Whether the name of an area of ours stands here that is no everyday word."""
        found = self.unmarked(at, misprinted=False)
        return found is not None and any(map(self.places.at_home, found.codes))

    def marked(self, at: int, kind: Marker) -> Mention | None:
        """The name after a word that marks one: of its own level, else misprinted, else of another level."""
        level, places = LEVELS[kind], self.places
        for end, name in joined(self.said, at):
            if codes := [code for code in places.index.get(name, ()) if places.level(code) == level]:
                return Mention(end, dict.fromkeys(self.of_kind(codes, kind), NAMED), marked=True)
        if level == VILLAGES and at < len(self.said) and (begun := places.heads.get(self.said[at].key)):
            return Mention(at + 1, dict.fromkeys(begun, BEGINNING), marked=True)
        for end, name in joined(self.said, at, 3):
            if near := self.near(name, level):
                return Mention(end, near, marked=True)
        if level in (HAMLETS, PROVINCES):
            return None
        for end, name in joined(self.said, at):
            codes = [code for code in places.index.get(name, ()) if level != VILLAGES or places.at_home(code)]
            if codes and name not in DIRECTIONS:
                return Mention(end, dict.fromkeys(codes, OTHER_LEVEL), marked=True)
        return None

    def of_kind(self, codes: list[str], kind: Marker) -> list[str]:
        """Of a kota and a kabupaten of one name, the one that was said."""
        if kind not in (Marker.CITY, Marker.REGENCY):
            return codes
        city = kind is Marker.CITY
        return [code for code in codes if self.places.names[code].startswith("Kota") == city] or codes

    def unmarked(self, at: int, misprinted: bool = True) -> Mention | None:
        """A name that nothing marks: as it is written, or misprinted where it is a whole part or one of our own."""
        index, heads = self.places.index, self.places.heads
        for end, name in joined(self.said, at):
            borne = index.get(name, ())
            begun = () if self.sure or name in EVERYDAY else heads.get(name, ())
            if not borne and not begun:
                continue
            alone = not self.sure and whole(self.said, at, end)
            if codes := begun or (borne and self.meant(borne, name, at, alone)):
                return Mention(end, dict.fromkeys(codes, BEGINNING if begun else NAMED), whole=alone)
        return None if self.sure or not misprinted else self.almost(at)

    def meant(self, codes: Iterable[str], name: str, at: int, alone: bool) -> list[str]:
        """Of the areas that bear a name, those that it can mean without a word that marks it."""
        places = self.places
        if name in DIRECTIONS or len(name) < SHORTEST or name.isdigit():
            return []
        if name in EVERYDAY:
            codes = [code for code in codes if alone and (places.at_home(code) or places.level(code) < DISTRICTS)]
        if at and self.said[at - 1].word == ROAD:
            codes = [code for code in codes if places.at_home(code)]
        found = list(codes)
        towns = [code for code in found if places.at_home(code) or places.level(code) <= REGENCIES]
        # Bandung is the town, not one of the kecamatan of that name, unless another name says so.
        return towns if alone and towns and self.said[-1].part == 0 else found

    def almost(self, at: int) -> Mention | None:
        """A misprinted name of ours, or of a town where it is a whole part of the text."""
        for end, name in joined(self.said, at, 2):
            if len(name) < SHORTEST_MISPRINTED or name in EVERYDAY or name in DIRECTIONS:
                continue
            alone = whole(self.said, at, end)
            near = {code: fit for code, fit in self.near(name).items() if alone or fit > PRINTED[2]}
            if not near and alone:
                near = self.near(name, REGENCIES)
            if near:
                return Mention(end, near, whole=alone)
        return None

    def near(self, name: str, level: int = 0) -> dict[str, float]:
        """The areas whose names are nearest to a misprinted one, as long as not too many were looked for."""
        if self.tries <= 0:
            return {}
        self.tries -= self.sure or level == DISTRICTS
        return self.places.misprinted(name, level)
