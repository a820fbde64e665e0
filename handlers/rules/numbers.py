"""A ticket's number is made for speaking and typing: LPR, year and month, four drawn characters, a check."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRIME: Final = 37
# Weights that differ catch every adjacent swap, and weights that are not 0 mod 37 every single error.
WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9)
# The check character itself weighs -1, so its error and its swap with a neighbour are caught alike.

# Phones write other spaces, dashes and invisible marks than a keyboard.
_SEPARATOR: Final = r"[\s.\-_\u00a0\u00ad\u2000-\u2015\u202f\u2060\u2212\ufeff]"
_GAP: Final = _SEPARATOR + "{0,4}"
_DIGIT: Final = "[0-9OIL]"
_DRAWN: Final = f"[{ALPHABET}]"
_BARE: Final = f"{_DIGIT}{{4}}{_DRAWN}{{5}}"
_BARE_IN_GROUPS: Final = f"{_DIGIT}{{4}}{_SEPARATOR}{_GAP}{_DRAWN}{{4}}{_SEPARATOR}{_GAP}{_DRAWN}"
_WITH_PREFIX: Final = _GAP.join((*"LPR", *[_DIGIT] * 4, *[_DRAWN] * 5))

# Unicode case folding would let strangers such as the Kelvin sign pass for K, hence ASCII only.
_FLAGS: Final = re.IGNORECASE | re.ASCII
_SEPARATORS: Final = re.compile(f"{_SEPARATOR}+")
_WHOLE: Final = re.compile(f"(?:LPR)?({_DIGIT}{{4}})({_DRAWN}{{4}})({_DRAWN})", _FLAGS)
_INSIDE: Final = re.compile(f"(?<![0-9A-Za-z])(?:{_WITH_PREFIX}|{_BARE_IN_GROUPS}|{_BARE})(?![0-9A-Za-z])", _FLAGS)
_ALIKE: Final = str.maketrans("OIL", "011")
# The national system counts its reports: seven digits in 2025, and none that begins with 0.
_NATIONAL: Final = re.compile(r"#?([1-9][0-9]{5,9})")


def make(day: date, draw: Callable[[int], int]) -> str:
    """A new number for a report of this day; draw(n) gives any whole number from 0 to n - 1."""
    month = f"{day.year % 100:02}{day.month:02}"
    while True:
        drawn = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(4))
        check = _check(month + drawn)
        if check is not None:
            return f"LPR-{month}-{drawn}-{check}"


def read(text: str) -> str | None:
    """The canonical form of the number that the whole text is, or None if it is not a valid number."""
    shape = _WHOLE.fullmatch(_SEPARATORS.sub("", text))
    if shape is None:
        return None
    digits, drawn, check = (part.upper() for part in shape.groups())
    month = digits.translate(_ALIKE)
    if not 1 <= int(month[2:]) <= 12 or _check(month + drawn) != check:
        return None
    return f"LPR-{month}-{drawn}-{check}"


def find(text: str) -> str | None:
    """The canonical form of the first valid number inside a sentence, or None if there is none."""
    shape = _INSIDE.search(text)
    while shape is not None:
        number = read(shape.group())
        if number is not None:
            return number
        shape = _INSIDE.search(text, shape.start() + 1)
    return None


def national(text: str) -> str | None:
    """The number of a report in the national system that the whole text is, or None."""
    shape = _NATIONAL.fullmatch(text.strip())
    return shape[1] if shape else None


def _check(payload: str) -> str | None:
    total = sum(weight * VALUES.index(char) for weight, char in zip(WEIGHTS, payload, strict=True)) % PRIME
    symbol = VALUES[total] if total < len(VALUES) else ""
    return symbol if symbol and symbol in ALPHABET else None
