"""Places in words: which areas a text names, through misprints, short forms and names that several areas bear."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Final

from handlers.rules.placemarks import Tokens, tokens
from handlers.rules.placementions import Mention, Reader
from handlers.rules.placenames import REGENCIES, Names, Row, Spot

__all__ = ["Places", "Row", "Spot"]

MOST: Final = 8
REMEMBERED: Final = 16
AT_HOME, CLOSE, AGAINST = 0.25, 0.2, 0.5


class Places(Names):
    """The names of areas, and what texts mean by them; the served area goes before all others."""

    def find(self, text: str, sure: bool = False) -> tuple[Spot, ...]:
        """The areas that a text means, the likeliest first; several where it does not say which.

        `sure`: only those that a word such as Kecamatan marks, or that two names agree upon.
        """
        return self._found(text, sure)

    @cached_property
    def _found(self) -> Callable[[str, bool], tuple[Spot, ...]]:
        # One turn may ask for the same text several times.
        return lru_cache(REMEMBERED)(self._looked_up)

    def _looked_up(self, text: str, sure: bool) -> tuple[Spot, ...]:
        said = tokens(text)
        mentions = _once_each(Reader(self, said, sure).mentions())
        scores: dict[str, float] = {}
        for code in dict.fromkeys(code for each in mentions for code in each.codes):
            line = self.line(code)
            backing = [max((fit for at, fit in each.codes.items() if at in line), default=0.0) for each in mentions]
            if self._accepted(code, mentions, backing, sure, said):
                against = sum(
                    each.marked and not fit and not any(code in self.line(at) for at in each.codes)
                    for each, fit in zip(mentions, backing, strict=True)
                )
                scores[code] = sum(backing) - AGAINST * against + AT_HOME * self.at_home(code)
        best = self._best(scores)
        # A name that so many bear tells no more than none, and nobody reads so long a list.
        return tuple(map(self.spot, best)) if len(best) <= MOST else ()

    def _accepted(self, code: str, mentions: list[Mention], backing: list[float], sure: bool, said: Tokens) -> bool:
        own = [each for each in mentions if code in each.codes]
        if any(each.marked for each in own) or sum(fit > 0 for fit in backing) > 1:
            return True
        if sure:
            return False
        if self.at_home(code) or any(each.whole for each in own):
            return True
        last = self.level(code) == REGENCIES and any(each.end == len(said) for each in own)
        return last and not any(self.at_home(at) for each in mentions for at in each.codes)

    def _best(self, scores: Mapping[str, float]) -> list[str]:
        top = max(scores.values(), default=0.0)
        best = [code for code, score in scores.items() if score >= top - CLOSE]
        # A province alone says nothing where it holds the served area.
        best = [code for code in best if code == self.served or code not in self.line(self.served)]
        best.sort(key=lambda code: (-scores[code], not self.at_home(code), self.level(code)))
        # One name of a kecamatan and a desa in it: the larger is certain. Where more is agreed upon, it scores higher.
        return [
            code
            for code in best
            if not any(code != other and other in self.line(code) and scores[other] >= scores[code] for other in best)
            and not any(code != other and code in self.line(other) and scores[other] > scores[code] for other in best)
        ]


def _once_each(mentions: Iterable[Mention]) -> list[Mention]:
    """Names that are said again say nothing more; the one that is meant most plainly stays."""
    found: dict[frozenset[str], Mention] = {}
    for each in mentions:
        said = frozenset(each.codes)
        if said not in found or (each.marked, each.whole) > (found[said].marked, found[said].whole):
            found[said] = each
    return list(found.values())
