"""How well guesses did is counted right, and certainties are taken down to what came of them."""

from __future__ import annotations

import random

import pytest

from bot.evaluating import Judged, calibration, confusions, macro_f1, measures, threshold
from bot.training import experience
from handlers.rules.guesses import Guess


def judged(*given: tuple[str, str, float]) -> list[Judged]:
    """Texts with what was right, what was guessed, and how certainly."""
    return [Judged(right, [Guess(guess, sure)]) for right, guess, sure in given]


def test_measures_are_counted() -> None:
    """By hand: two of four right at first, one of two above the threshold."""
    some = judged(("a", "a", 0.9), ("a", "b", 0.8), ("b", "b", 0.4), ("c", "b", 0.3))
    assert measures(some, 0.7).rounded() == {
        "n": 4, "top1": 0.5, "top3": 0.5, "macro_f1": 0.3889, "covered": 0.5, "covered_top1": 0.5,
    }  # fmt: skip
    assert macro_f1(some) == pytest.approx((2 / 3 + 0.5 + 0) / 3)
    assert confusions(some) == [("a", "b", 1), ("c", "b", 1)]
    assert [(each.low, each.n, each.right) for each in calibration(some)] == [
        (0.3, 1, 0.0), (0.4, 1, 1.0), (0.8, 1, 0.0), (0.9, 1, 1.0),
    ]  # fmt: skip
    assert measures([], 0.5).n == 0


def test_the_threshold_keeps_the_share_that_must_be_right() -> None:
    """Where enough are sure, midway; where few are, only those; where none are, only what is beyond doubt."""
    sure = judged(*[("a", "a", 1 - n / 1000) for n in range(100)])
    assert measures(sure, threshold(sure)).covered == pytest.approx(0.85, abs=0.02)
    half = sure + judged(*[("a", "b", 0.5 - n / 1000) for n in range(100)])
    found = measures(half, threshold(half))
    assert found.covered_top1 >= 0.88
    assert found.covered < 0.7
    wrong = judged(*[("a", "b", 1 - n / 1000) for n in range(100)])
    assert threshold(wrong) == threshold([]) == 1.0


def test_experience_never_falls_while_certainty_rises() -> None:
    """Guesses of themselves are taken down to what came of them."""
    chance = random.Random(5)
    some = [(chance.random(), chance.random()) for _ in range(600)]
    points, kept = experience(judged(*[("a", "a" if luck < sure / 2 else "b", sure) for sure, luck in some]))
    assert list(points) == sorted(set(points))
    assert list(kept) == sorted(set(kept))
    assert kept[-1] == pytest.approx(0.5, abs=0.15)
    assert [list(each) for each in experience([])] == [[], []]
