"""Names that are written almost alike: old spelling, doubled letters, and a few misprints."""

from __future__ import annotations

import re
from typing import Final

OLD: Final = (("oe", "u"), ("dj", "j"), ("tj", "c"))
TWICE: Final = re.compile(r"([a-z])\1+")
NO_LETTER: Final = re.compile(r"[^a-z0-9]")
BITS: Final = {char: 1 << place for place, char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}


def key(words: str) -> str:
    """How names are compared: letters only, in one word, today's spelling, none of them doubled."""
    plain = words.casefold()
    for old, new in OLD:
        plain = plain.replace(old, new)
    return TWICE.sub(r"\1", NO_LETTER.sub("", plain))


def signature(name: str) -> int:
    """Which letters a name has, and which of them twice, as bits: a misprint changes at most two of them."""
    bits = 0
    for char in name:
        bit = BITS[char]
        bits |= bit << len(BITS) if bits & bit else bit
    return bits


def allowed(name: str) -> int:
    """How many misprints a name of this length may have."""
    return 0 if len(name) < 5 else 1 if len(name) < 8 else 2


def edits(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with the next; more than `most` is not counted."""
    if one == other:
        return 0
    if most <= 0 or abs(len(one) - len(other)) > most:
        return most + 1
    one, other = _differing(one, other)
    if not one or not other:
        return len(one) + len(other)
    if most == 1:
        swapped = len(one) == 2 and one == other[::-1]
        return 1 if swapped or len(one) == len(other) == 1 else 2
    tries = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        tries.append((one[2:], other[2:]))
    return 1 + min(edits(left, right, most - 1) for left, right in tries)


def _differing(one: str, other: str) -> tuple[str, str]:
    """Two names without what both begin and end with."""
    shorter = min(len(one), len(other))
    same = 0
    while same < shorter and one[same] == other[same]:
        same += 1
    end = 0
    while end < shorter - same and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[same : len(one) - end], other[same : len(other) - end]
