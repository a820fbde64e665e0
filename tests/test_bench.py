"""The benchmark's verdicts."""

from __future__ import annotations

from bench.verdicts import Key, Wanted, missed, verdicts

MINE, FLOOR = ("sqlite", "kentongan", 64, "turns"), ("sqlite", "floor", 64, "turns")


def test_a_ratio_is_taken_within_its_round() -> None:
    """A machine that was slow for a round was slow for both."""
    figures: dict[Key, list[float]] = {MINE: [70.0, 7.0, 700.0], FLOOR: [100.0, 10.0, 1000.0]}
    assert Wanted(1, MINE, 0.7, "floor").found(figures) == 0.7


def test_each_wanted_figure_is_judged() -> None:
    """What is measured is met or missed, at least or at most; what is not measured is neither."""
    figures: dict[Key, list[float]] = {MINE: [3.0, 1.0, 2.0]}
    wanted = (Wanted(1, MINE, 2.0), Wanted(1, MINE, 2.5), Wanted(1, MINE, 2.5, most=True), Wanted(1, FLOOR, 1.0))
    rows = verdicts(figures, wanted)[1:]
    assert [row[-1] for row in rows] == ["met", "MISSED", "met", "not measured"]
    assert missed(rows)
    assert not missed(rows[2:])
