"""Words that stand somewhere, found again in whatever form, or but for one misprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from handlers.rules.misprints import edits
from handlers.rules.spelling import inflected

# Shorter words have no misprints.
LONG: Final = 5
# What is longer is no word.
WORD: Final = 24


@dataclass(frozen=True)
class Spoken:
    """The words that stand there, ready to be looked up."""

    there: frozenset[str]

    def among(self, wanted: Iterable[str]) -> set[str]:
        """Which of these words stand there too."""
        return {each for each in wanted if each in self.there or self._in_another_form(each)}

    def _in_another_form(self, word: str) -> bool:
        return not self._roots.isdisjoint(_rooted(word)) or (len(word) >= LONG and self._mistyped(word))

    def _mistyped(self, word: str) -> bool:
        """Whether one misprint makes one of the words with an end of it; in short words it would make another word."""
        first, last = word[0], word[-1]
        for size in (len(word) - 1, len(word), len(word) + 1):
            for each in self._by_length.get(size, ()):
                if (each[0] == first or each[-1] == last) and edits(word, each, 1) <= 1:
                    return True
        return False

    @cached_property
    def _roots(self) -> frozenset[str]:
        return frozenset[str]().union(*map(_rooted, self.there))

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        found: dict[int, list[str]] = {}
        for each in self.there:
            if len(each) >= LONG:
                found.setdefault(len(each), []).append(each)
        return found


def _rooted(word: str) -> frozenset[str]:
    # Numbers say who somebody is: they are not remembered.
    return _roots(word) if len(word) <= WORD and word.isalpha() else frozenset((word, *inflected(word)))


@lru_cache(maxsize=4096)
def _roots(word: str) -> frozenset[str]:
    return frozenset((word, *inflected(word)))
