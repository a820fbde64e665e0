"""The pieces of a text that are weighed: its words alone and in pairs, and the letters inside its words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain, pairwise

# What a text is about is said by then: longer ones are guessed no better for all that follows.
LONGEST = 1500
SIZES = (2, 3, 4, 5)
# Nobody writes longer words; what looks like one is an address or noise.
LONGEST_WORD = 24
# People name what troubles them first.
BEGINNING = 20
AT_FIRST = "^"
WORD = re.compile(r"[^\W\d_]+|\d+")
DIGIT = re.compile(r"\d")


def words(text: str) -> list[str]:
    """The words of a text in small letters; every digit stands as 0."""
    return [word[:LONGEST_WORD] for word in WORD.findall(DIGIT.sub("0", text[:LONGEST].lower()))]


@lru_cache(maxsize=1)
def counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """The letters and the words of a text; kept for the next question about the same text."""
    said = words(text)
    return letter_grams(said), word_grams(said)


def word_grams(text: list[str]) -> Counter[str]:
    """How often each word and each pair of neighbours occurs; a word at the beginning counts again, as such."""
    return Counter(chain(text, map(" ".join, pairwise(text)), map(AT_FIRST.__add__, text[:BEGINNING])))


def letter_grams(text: list[str]) -> Counter[str]:
    """How often each run of two to five letters occurs inside the words, their edges counted as spaces."""
    return Counter(chain.from_iterable(map(pieces, text)))


def pieces(word: str) -> list[str]:
    """The runs of letters of one word."""
    edged = f" {word} "
    end = len(edged) + 1
    return [edged[start : start + size] for size in SIZES for start in range(end - size)]
