"""Names that are written almost alike: old spelling, doubled letters, and a few misprints."""

from __future__ import annotations

import re
from typing import Final

OLD: Final = (("oe", "u"), ("dj", "j"), ("tj", "c"))
TWICE: Final = re.compile(r"([a-z])\1+")


def key(words: str) -> str:
    """How names are compared: letters only, in one word, today's spelling, none of them doubled."""
    plain = words.casefold()
    for old, new in OLD:
        plain = plain.replace(old, new)
    return TWICE.sub(r"\1", re.sub(r"[^a-z0-9]", "", plain))


def signature(name: str) -> int:
    """Which letters a name has, as bits: names that differ in many of them are far apart."""
    bits = 0
    for char in name:
        bits |= 1 << (ord(char) - 48)
    return bits


def allowed(name: str) -> int:
    """How many misprints a name of this length may have."""
    return 0 if len(name) < 5 else 1 if len(name) < 8 else 2


def edits(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with the next; more than `most` is not counted."""
    size = len(other)
    if abs(len(one) - size) > most:
        return most + 1
    far = most + 1
    last: list[int] = []
    row = [min(j, far) for j in range(size + 1)]
    for i, a in enumerate(one, 1):
        # Only what lies near the diagonal can still be near enough.
        low, high = max(1, i - most), min(size, i + most)
        fresh = [far] * (size + 1)
        if low == 1:
            fresh[0] = min(i, far)
        for j in range(low, high + 1):
            b = other[j - 1]
            cost = row[j - 1] if a == b else 1 + min(row[j - 1], row[j], fresh[j - 1])
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            fresh[j] = min(cost, far)
        last, row = row, fresh
        if min(row) >= far:
            return far
    return row[-1]
