"""Danger now is told from danger past, feared, asked about and spoken of in images."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.danger import Danger, danger
from tests.rules.danger_sentences import in_danger, safe

LEAST = 0.95
GOOD_STORY = "Jalan di depan Pasar Pasirian berlubang besar, sudah tiga motor jatuh minggu ini."


def test_there_are_enough_sentences() -> None:
    """Eighty each way at the least, none twice."""
    assert min(len(in_danger()), len(safe())) >= 80
    assert len({text for _, text in in_danger()} | set(safe())) == len(in_danger()) + len(safe())


def test_precision_and_recall() -> None:
    """Of a hundred alarms at least 95 are right, and of a hundred dangers at least 95 are heard."""
    heard = [text for _, text in in_danger() if danger(text)]
    missed = [text for _, text in in_danger() if not danger(text)]
    false = [text for text in safe() if danger(text)]
    precision, recall = len(heard) / (len(heard) + len(false)), len(heard) / len(in_danger())
    figures = f"precision {precision:.3f}, recall {recall:.3f}; missed {missed}; false {false}"
    assert precision >= LEAST, figures
    assert recall >= LEAST, figures


def test_the_kind_decides_the_number() -> None:
    """Of the dangers heard, at least 95 in a hundred are of the right kind."""
    heard = [(kind, danger(text), text) for kind, text in in_danger() if danger(text)]
    wrong = [(text, kind, found) for kind, found, text in heard if kind is not found]
    assert 1 - len(wrong) / len(heard) >= LEAST, wrong


@pytest.mark.parametrize(
    "text", ["", " ", "tolong", "!!!", "\U0001f525\U0001f525", "api", GOOD_STORY, "menu", "sekarang", "1"]
)
def test_nothing_is_no_danger(text: str) -> None:
    """Empty, short and ordinary messages raise no alarm."""
    assert danger(text) is None


def test_danger_in_a_long_story() -> None:
    """One sentence of danger among many others is heard, also beside one of the past."""
    assert danger(f"{GOOD_STORY}\nTahun lalu ada kebakaran.\nTolong, sekarang rumah saya terbakar!") is Danger.FIRE
    assert danger(f"{GOOD_STORY} Tahun lalu ada kebakaran di sini.") is None


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    """No text breaks it."""
    assert danger(text) is None or isinstance(danger(text), Danger)


@pytest.mark.parametrize("piece", ["a", "rumah ", "api ", "kabel ", "anak ", "tolong ", "suami saya ", "orang orang "])
def test_the_longest_message(piece: str) -> None:
    """The longest message a chat brings is judged, whatever it repeats."""
    assert danger((piece * 4096)[:4096]) in (None, *Danger)
