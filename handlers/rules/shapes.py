"""Which area a point lies in, by the boundaries of areas kept as scaled whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, inf, radians
from struct import Struct, unpack_from
from typing import Final

# Steps in a degree: one step is about a metre.
SCALE: Final = 100_000
# Borders are drawn coarsely: up to 300 m beside one, its nearest area is meant.
TOLERANCE: Final = 270
# The edge of a cell of the index, in steps.
CELL: Final = SCALE // 4
HEAD: Final = Struct("<5i")
RING: Final = Struct("<5i")
# South, west, north, east of the islands and their sea, in degrees.
ARCHIPELAGO: Final = (-11.5, 94.5, 6.5, 141.5)
PROVINCES: Final = 30

Ring = Sequence[tuple[int, int]]
Box = tuple[int, int, int, int]
Steps = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """The boundary of an area: its Kemendagri code, its name, and its rings as `packed` makes them."""

    code: str
    name: str
    rings: bytes


def scaled(degrees: float) -> int:
    """Degrees as whole steps."""
    return round(degrees * SCALE)


def in_archipelago(lat: float, lon: float) -> bool:
    """Whether a point lies among the islands of Indonesia or in the sea between them, roughly."""
    south, west, north, east = ARCHIPELAGO
    return south <= lat <= north and west <= lon <= east


def box_of(ring: Ring) -> Box:
    """West, south, east and north of the points of a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def packed(rings: Sequence[Ring]) -> bytes:
    """Rings of (east, north) steps as bytes: the box of all and their number, of each its box and length, the points.

    A point is inside where it lies in an odd number of rings, so holes are rings like the others.
    """
    boxes = [box_of(ring) for ring in rings]
    west, south, east, north = zip(*boxes, strict=True)
    head = HEAD.pack(min(west), min(south), max(east), max(north), len(rings))
    lengths = (RING.pack(*box, len(ring)) for ring, box in zip(rings, boxes, strict=True))
    points = ([x for x, _ in ring] + [y for _, y in ring] for ring in rings)
    return head + b"".join(lengths) + b"".join(Struct(f"<{len(each)}i").pack(*each) for each in points)


def rings_near(raw: bytes, x: int, y: int, wide: int = 0, high: int = 0) -> Iterator[tuple[Steps, Steps]]:
    """The rings whose box, so much wider and higher, holds a point: their east and their north steps."""
    rings = HEAD.unpack_from(raw)[4]
    start = HEAD.size + rings * RING.size
    for west, south, east, north, points in RING.iter_unpack(raw[HEAD.size : start]):
        if south - high <= y <= north + high and west - wide <= x <= east + wide:
            flat = unpack_from(f"<{2 * points}i", raw, start)
            yield flat[:points], flat[points:]
        start += 8 * points


def holds(raw: bytes, x: int, y: int) -> bool:
    """Whether a point lies inside these rings."""
    inside = False
    for xs, ys in rings_near(raw, x, y):
        before = ys[-1] > y
        for n, each in enumerate(ys):
            after = each > y
            if after != before:
                before = after
                x0, y0 = xs[n - 1], ys[n - 1]
                if x < x0 + (y - y0) * (xs[n] - x0) / (each - y0):
                    inside = not inside
    return inside


def distance(raw: bytes, x: int, y: int) -> float:
    """How many steps a point is from the nearest of these rings; infinite beyond the tolerance."""
    narrow = cos(radians(y / SCALE))
    wide = int(TOLERANCE / narrow) + 1
    low, high, found = y - TOLERANCE, y + TOLERANCE, inf
    for xs, ys in rings_near(raw, x, y, wide, TOLERANCE):
        before = ys[-1]
        for n, each in enumerate(ys):
            if (each >= low or before >= low) and (each <= high or before <= high):
                ax, bx = (xs[n - 1] - x) * narrow, (xs[n] - x) * narrow
                found = min(found, _to_segment(ax, before - y, bx, each - y))
            before = each
    return found if found <= TOLERANCE else inf


def _to_segment(ax: float, ay: float, bx: float, by: float) -> float:
    """How far the origin is from a segment."""
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
    east, north = ax + along * dx, ay + along * dy
    return float((east * east + north * north) ** 0.5)


class Shapes:
    """The boundaries of areas with an index over them; a boundary is decoded only where a point is near it."""

    def __init__(self, boundaries: Iterable[Boundary]) -> None:
        # The finest areas first: a kecamatan says more than its kabupaten.
        self.boundaries = tuple(sorted(boundaries, key=lambda each: -each.code.count(".")))

    def __bool__(self) -> bool:
        return bool(self.boundaries)

    @cached_property
    def nationwide(self) -> bool:
        """Whether the boundaries cover the nation, so that a point outside all of them is in the sea or abroad."""
        return len({each.code[:2] for each in self.boundaries}) >= PROVINCES

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[Boundary]]:
        cells: dict[tuple[int, int], list[Boundary]] = {}
        margin = 2 * TOLERANCE
        for each in self.boundaries:
            west, south, east, north, _ = HEAD.unpack_from(each.rings)
            for column in range((west - margin) // CELL, (east + margin) // CELL + 1):
                for row in range((south - margin) // CELL, (north + margin) // CELL + 1):
                    cells.setdefault((column, row), []).append(each)
        return cells

    def warm(self) -> None:
        """Builds the index now, and not when the first point comes."""
        _ = self._cells, self.nationwide

    def at(self, lat: float, lon: float) -> str:
        """The code of the finest area in which a point lies, or beside whose border; empty where there is none."""
        x, y = scaled(lon), scaled(lat)
        known = [each for each in self._cells.get((x // CELL, y // CELL), ()) if _close(each, x, y)]
        inside = next((each.code for each in known if holds(each.rings, x, y)), "")
        if inside and inside.count(".") == max(each.code.count(".") for each in known):
            return inside
        # Between two coarse borders there are slits; there the nearest finer area is meant.
        finer = [each for each in known if each.code.startswith(f"{inside}." if inside else "")]
        away = [(distance(each.rings, x, y), -each.code.count("."), each.code) for each in finer]
        nearest = min(away, default=(inf, 0, ""))
        return nearest[2] if nearest[0] < inf else inside


def _close(each: Boundary, x: int, y: int) -> bool:
    west, south, east, north, _ = HEAD.unpack_from(each.rings)
    margin = 2 * TOLERANCE
    return bool(west - margin <= x <= east + margin and south - margin <= y <= north + margin)
