"""What a text is about, by the keywords of each category: found through slang, typos, affixes and words in between."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from handlers.rules.guesses import Guess
from handlers.rules.spelling import bare, derived, inflected, words

Phrase = tuple[str, ...]
Places = Mapping[str, Sequence[int]]

# All numbers were chosen on a third of 5,829 real complaints with keywords for 23 topics; none of them is sharp.
# At most so many words may stand inside a phrase; as near to each other, in any order, they count this part.
GAP: Final = 2
NEAR: Final = 6
LOOSE: Final = 0.25
# What each further word of a phrase adds, and what standing at the very beginning of the text adds.
LONGER: Final = 0.5
EARLIER: Final = 0.4
# What each further keyword of a category counts of the one before, and a category that holds a phrase in a longer one.
FADING: Final = 0.85
SHARED: Final = 0.5
# What stands behind such a word says where something is, and seldom what it is: it counts this part.
BESIDE: Final = frozenset(
    ("depan", "dekat", "sebelah", "samping", "seberang", "belakang", "sekitar", "pinggir", "ngarep")
)
LANDMARK: Final = 0.4
# Words shorter than this are too easily mistaken for each other, and so are these.
TYPED: Final = 6
TRUE: Final = frozenset(("sampai", "sedang", "sekali", "selama", "semua", "semakin", "sendiri", "kepada", "sering"))
# Nobody types longer words; so many are remembered, as most words of a story stand in many others.
LONGEST: Final = 32
REMEMBERED: Final = 8192
# A category's share of all that counts, where what we do not understand counts as much as two keywords,
# and how many of such guesses were right.
UNKNOWN: Final = 2.0
CURVE: Final = (
    (0.0, 0.0),
    (0.1, 0.05),
    (0.2, 0.17),
    (0.3, 0.38),
    (0.4, 0.64),
    (0.5, 0.78),
    (0.6, 0.88),
    (0.7, 0.94),
    (1.0, 0.98),
)
# Of the guesses from here on seven in eight were right; below this not one in twenty.
SURE: Final = 0.75
FAINT: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Keyword:
    phrase: Phrase
    codes: tuple[str, ...]
    counts: float
    second: str


@dataclass(frozen=True)
class Keywords:
    """The keywords of all categories, ready to be found in a text."""

    phrases: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        """All is looked up at once, so that no citizen waits for it."""
        _ = self._by_first, self._forms, self._nouns, self._shortened

    def guesses(self, text: str) -> tuple[Guess, ...]:
        """The categories whose keywords stand in the text, best first; ties go by code."""
        scores = self.scores(text)
        whole = sum(scores.values()) + UNKNOWN
        best = sorted(scores, key=lambda code: (-scores[code], code))
        found = (Guess(code, _certainty(scores[code] / whole)) for code in best)
        return tuple(guess for guess in found if guess.certainty >= FAINT)

    def scores(self, text: str) -> dict[str, float]:
        """What the keywords in a text count together for each category; each further one counts less."""
        said = self._known(text)
        found: dict[str, list[float]] = {}
        for word in said.places:
            for keyword in self._by_first.get(word, ()):
                if keyword.second and keyword.second not in said.places:
                    continue
                counts = keyword.counts * said.counts(keyword.phrase)
                for code in keyword.codes if counts else ():
                    found.setdefault(code, []).append(counts)
        return {code: _faded(counts) for code, counts in found.items()}

    def _known(self, text: str) -> _Said:
        typed = words(text)
        places: dict[str, list[int]] = {}
        meant = {word: self._meant(word) for word in set(typed)}
        for place, word in enumerate(typed):
            if known := meant[word]:
                places.setdefault(known, []).append(place)
        beside = frozenset(place for place, word in enumerate(typed, 1) if word in BESIDE)
        return _Said(places, max(len(typed), 1), beside)

    @cached_property
    def _meant(self) -> Callable[[str], str]:
        return lru_cache(REMEMBERED)(self._looked_up)

    def _looked_up(self, word: str) -> str:
        if len(word) > LONGEST:
            return ""
        if known := self._forms.get(word):
            return known
        roots = (*inflected(word), *derived(word))
        for forms in (self._forms, self._nouns):
            for root in roots:
                if root in forms:
                    return forms[root]
        return next((self._forms[near] for each in bare(word) if (near := self._mistyped(each))), "")

    @cached_property
    def _spelled(self) -> dict[Phrase, list[str]]:
        found: dict[Phrase, list[str]] = {}
        for code, phrases in self.phrases.items():
            for phrase in {tuple(words(phrase)) for phrase in phrases}:
                found.setdefault(phrase, []).append(code)
        found.pop((), None)
        return found

    @cached_property
    def _vocabulary(self) -> dict[str, str]:
        said = sorted({word for phrase in self._spelled for word in phrase}, key=lambda word: (len(word), word))
        meant: dict[str, str] = {}
        for word in said:
            meant[word] = next((meant[root] for root in inflected(word) if root in meant), word)
        return meant

    @cached_property
    def _forms(self) -> dict[str, str]:
        forms = dict(self._vocabulary)
        for word, meant in self._vocabulary.items():
            for root in inflected(word):
                forms.setdefault(root, meant)
        return forms

    @cached_property
    def _nouns(self) -> dict[str, str]:
        return {root: meant for word, meant in self._vocabulary.items() for root in derived(word)}

    @cached_property
    def _shortened(self) -> dict[str, str]:
        long = (word for word in self._vocabulary if len(word) >= TYPED)
        return {short: word for word in long for short in _shorter(word)}

    def _mistyped(self, word: str) -> str:
        if len(word) < TYPED - 1 or word in TRUE:
            return ""
        for near in (word, *_shorter(word)):
            meant = near if near in self._vocabulary and len(near) >= TYPED else self._shortened.get(near, "")
            if meant and meant[0] == word[0] and _one_slip(word, meant):
                return meant
        return ""

    @cached_property
    def _by_first(self) -> dict[str, list[_Keyword]]:
        known: dict[Phrase, set[str]] = {}
        for phrase, spelled in self._spelled.items():
            known.setdefault(tuple(self._vocabulary[word] for word in phrase), set()).update(spelled)
        holding: dict[str, list[Phrase]] = {}
        for phrase in known:
            for word in set(phrase):
                holding.setdefault(word, []).append(phrase)
        found: dict[str, list[_Keyword]] = {}
        for phrase, codes in known.items():
            rarest = min((holding[word] for word in phrase), key=len)
            sharing = {code for other in rarest if set(phrase) <= set(other) for code in known[other]}
            counts = self._weight(len(codes), len(sharing)) * (1 + LONGER * (len(phrase) - 1))
            second = phrase[1] if len(phrase) > 1 else ""
            found.setdefault(phrase[0], []).append(_Keyword(phrase, tuple(sorted(codes)), counts, second))
        return found

    def _weight(self, same: int, sharing: int) -> float:
        many = len(self.phrases)
        return math.log(1 + many / (same + SHARED * (sharing - same))) / math.log(1 + many)


@dataclass(frozen=True, slots=True)
class _Said:
    places: Places
    length: int
    beside: frozenset[int] = frozenset()

    def counts(self, phrase: Phrase) -> float:
        if any(word not in self.places for word in phrase):
            return 0.0
        for start in self.places[phrase[0]]:
            if self._follows(start, phrase):
                return self._early(start)
        for start in self.places[phrase[0]]:
            if all(any(abs(place - start) <= NEAR for place in self.places[word]) for word in phrase):
                return LOOSE * self._early(start)
        return 0.0

    def _follows(self, place: int, phrase: Phrase) -> bool:
        for word in phrase[1:]:
            after = (each for each in self.places[word] if place < each <= place + GAP + 1)
            place = next(after, -1)
            if place < 0:
                return False
        return True

    def _early(self, place: int) -> float:
        return (LANDMARK if place in self.beside else 1) * (1 + EARLIER * (1 - place / self.length))


def _faded(counts: list[float]) -> float:
    return sum(each * FADING**rank for rank, each in enumerate(sorted(counts, reverse=True)))


def _certainty(share: float) -> float:
    (low, least), (high, most) = next(pair for pair in pairwise(CURVE) if share <= pair[1][0])
    return round(least + (most - least) * (share - low) / (high - low), 4)


def _shorter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_slip(typed: str, meant: str) -> bool:
    first = next((place for place, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), len(meant))
    here, there = typed[first:], meant[first:]
    swapped = here[1:2] + here[:1] + here[2:] == there
    return swapped or here[1:] == there[1:] or here[1:] == there or here == there[1:]
