"""Which area a point lies in, by shapes made for the purpose."""

from __future__ import annotations

from itertools import pairwise

import pytest

from handlers.rules.shapes import Boundary, Ring, Shapes, distance, holds, in_archipelago, packed, scaled


def ring(*points: tuple[float, float]) -> Ring:
    """A ring of (lat, lon) in degrees."""
    return [(scaled(lon), scaled(lat)) for lat, lon in (*points, points[0])]


def square(south: float, west: float, side: float = 0.1) -> Ring:
    """A square with its south-west corner there."""
    return ring((south, west), (south, west + side), (south + side, west + side), (south + side, west))


def area(code: str, *rings: Ring) -> Boundary:
    """An area of these rings."""
    return Boundary(code, f"Area {code}", packed(rings))


# Two kecamatan side by side in the west of their kabupaten, whose east has none; an island of another province.
HOME = (
    area("35.08", square(-8.2, 113.0, 0.3)),
    area("35.08.01", square(-8.2, 113.0)),
    area("35.08.02", square(-8.1, 113.0)),
    area("51", square(-8.6, 115.0)),
)
SHAPES = Shapes(HOME)
# About 100 m in degrees.
STEP = 0.0009
PLACES = [
    (-8.15, 113.05, "35.08.01"),
    (-8.05, 113.05, "35.08.02"),
    (-8.15, 113.25, "35.08"),
    (-8.55, 115.05, "51"),
    (-8.15, 113.05 - 1, ""),
    (-8.2 - STEP, 113.05, "35.08.01"),
    (-8.2 - 2 * STEP, 113.05, "35.08.01"),
    (-8.2 - 4 * STEP, 113.05, ""),
    (-8.15, 113.0 - 2 * STEP, "35.08.01"),
    (-8.15, 113.0 - 4 * STEP, ""),
    (-8.2 - STEP, 113.0 - STEP, "35.08.01"),
    (-8.15, 113.1 + STEP, "35.08.01"),
    (-8.15, 113.1 + 4 * STEP, "35.08"),
    (-8.6 - STEP, 115.05, "51"),
]


@pytest.mark.parametrize(("lat", "lon", "code"), PLACES)
def test_a_point_lies_in_the_finest_area(lat: float, lon: float, code: str) -> None:
    """Inside, the kecamatan goes before the kabupaten; up to 300 m beside a border, the nearest is meant."""
    assert SHAPES.at(lat, lon) == code


def test_a_shape_need_not_be_simple() -> None:
    """A hollow shape, a hole, an island in the hole and a concave bay are all told apart."""
    bay = ring((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.9), (0.1, 0.5), (1.0, 0.1), (1.0, 0.0))
    ringed = packed([square(2.0, 0.0, 1.0), square(2.2, 0.2, 0.6), square(2.4, 0.4, 0.2)])
    assert [holds(packed([bay]), scaled(lon), scaled(0.9)) for lon in (0.05, 0.5, 0.95)] == [True, False, True]
    across = [holds(ringed, scaled(lon), scaled(2.5)) for lon in (-0.1, 0.1, 0.3, 0.5, 0.7, 0.9, 1.1)]
    assert across == [False, True, False, True, False, True, False]


def test_points_on_a_grid_lie_in_one_of_two_neighbours() -> None:
    """A border belongs to one side: no point is in both neighbours, and none between them is in neither."""
    one, other = packed([square(0.0, 0.0)]), packed([square(0.0, 0.1)])
    for lat, lon in pairwise([0.01, 0.05, 0.1, 0.15, 0.19] * 2):
        found = [holds(each, scaled(lon), scaled(lat / 2)) for each in (one, other)]
        assert sum(found) == 1


def test_a_distance_is_one_over_the_ground() -> None:
    """A degree of longitude is shorter away from the equator, and beyond the tolerance nothing is measured."""
    north = packed([square(60.0, 10.0)])
    assert distance(north, scaled(10.0 - 0.004), scaled(60.05)) == pytest.approx(200, abs=2)
    assert distance(north, scaled(10.05), scaled(60.0 - 0.002)) == pytest.approx(200, abs=1)
    assert distance(north, scaled(10.05), scaled(59.9)) == float("inf")


def test_no_boundaries_are_no_shapes() -> None:
    """Without boundaries every point is nowhere, and nothing is claimed about the nation."""
    empty = Shapes(())
    assert (bool(empty), empty.at(-8.1, 113.1), empty.nationwide) == (False, "", False)


def test_the_nation_is_known_by_its_provinces() -> None:
    """Only who knows nearly all provinces can say that a point lies in none."""
    assert not SHAPES.nationwide
    assert Shapes(area(f"{n}.01", square(0.0, n)) for n in range(11, 45)).nationwide


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [(-6.2, 106.8, True), (5.5, 95.3, True), (-8.5, 140.4, True), (106.8, -6.2, False), (51.5, 0.1, False)],
)
def test_the_islands_are_known_roughly(lat: float, lon: float, inside: bool) -> None:
    """A point of Indonesia is told from one abroad and from one with its numbers exchanged."""
    assert in_archipelago(lat, lon) is inside


@pytest.mark.parametrize("point", [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (113.2, -8.1)])
def test_any_point_of_the_globe_has_an_answer(point: tuple[float, float]) -> None:
    """The poles and the date line are nowhere, and nothing fails there."""
    assert SHAPES.at(*point) == ""
