"""The day that a story names is the first button at the question for the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlers.answers import Again
from handlers.dates_said import SaidDay
from handlers.desk import Desk, Scene
from handlers.report import DAYS
from tests.handlers import desk, sample_office
from tests.handlers.test_details import scene

ASKED = SaidDay(DAYS.offers)
STORY = "Lampu jalan di depan SDN 2 mati sejak Jumat, anak-anak pulang gelap."


@pytest.fixture
def table() -> Iterator[Desk]:
    with sample_office() as stage, stage.engine.begin() as connection:
        yield desk(stage, connection)


def shown(table: Desk, story: str) -> list[tuple[str, str]]:
    at = scene(table, {"story": story})
    return [(each.value, table.render(each.label, "id")) for each in ASKED.options(at)]


def said(table: Desk, story: str, text: str = "", pressed: str | None = None) -> Any:
    at: Scene = scene(table, {"story": story}, text)
    options = tuple((each.value, table.render(each.label, "id")) for each in ASKED.options(at))
    return ASKED.read(replace(at, talk=replace(at.talk, shown=options)), pressed)


def test_the_day_of_the_story_goes_first(table: Desk) -> None:
    """On Monday 2 November the story's Friday was 30 October; the usual buttons follow."""
    assert shown(table, STORY) == [
        ("2026-10-30", "Jumat, 30/10/2026"),
        ("today", "Hari ini"),
        ("yesterday", "Kemarin"),
    ]


def test_without_a_day_nothing_changes(table: Desk) -> None:
    """A story that names none leaves the question as it is."""
    assert shown(table, "Jalan rusak di KM 12") == [("today", "Hari ini"), ("yesterday", "Kemarin")]


def test_yesterday_is_not_offered_twice(table: Desk) -> None:
    """A day that has a button already only comes first."""
    assert shown(table, "Kemarin petugas meminta uang") == [("yesterday", "Kemarin"), ("today", "Hari ini")]


@pytest.mark.parametrize("text", ["1", "Jumat, 30/10/2026", "jumat 30/10/2026", "30/10/2026", "jumat"])
def test_typed(table: Desk, text: str) -> None:
    """Number, label and the day itself mean that day."""
    assert said(table, STORY, text) == "2026-10-30"


def test_pressed(table: Desk) -> None:
    """The button gives its day, and so do the others."""
    assert said(table, STORY, pressed="2026-10-30") == "2026-10-30"
    assert said(table, STORY, pressed="today") == "2026-11-02"
    assert said(table, STORY, pressed="yesterday") == "2026-11-01"
    assert said(table, STORY, "2") == "2026-11-02"
    assert said(table, STORY, "kemarin") == "2026-11-01"
    assert said(table, STORY, "senin lalu") == "2026-10-26"


@pytest.mark.parametrize("pressed", ["2027-01-01", "1900-01-01", "x", ""])
def test_a_forged_button_is_no_day(table: Desk, pressed: str) -> None:
    """Neither a future day nor nonsense can be pressed."""
    with pytest.raises(Again):
        said(table, STORY, pressed=pressed)


def test_labels_fit_a_button(table: Desk) -> None:
    """The longest label fits the strictest chat."""
    labels = [label for day in range(1, 31) for _, label in shown(table, f"mati sejak {day} September 2026")]
    assert max(map(len, labels)) <= 24
