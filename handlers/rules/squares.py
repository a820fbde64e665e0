"""The squares of a grid over the map: what lies within reach of a point lies in its square or in one beside it."""

from __future__ import annotations

from math import floor
from typing import Final

# In degrees: at least 430 metres on a side as far from the equator as Indonesia reaches.
SIDE: Final = 0.004
_COLUMNS: Final = 100_000


def square(lat: float | None, lon: float | None) -> int | None:
    """The number of the square in which a point lies; nothing where there is no point."""
    if lat is None or lon is None:
        return None
    return floor((lat + 90) / SIDE) * _COLUMNS + floor((lon + 180) / SIDE)


def around(lat: float, lon: float) -> tuple[int, ...]:
    """The square of a point and the eight beside it."""
    middle = floor((lat + 90) / SIDE) * _COLUMNS + floor((lon + 180) / SIDE)
    return tuple(middle + row * _COLUMNS + column for row in (-1, 0, 1) for column in (-1, 0, 1))
