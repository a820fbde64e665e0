"""What a story lacks is asked in at most two questions, and stands with it in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import details
from handlers.desk import Contact, Desk, Scene
from handlers.details import DETAIL_STEPS, GAPS, LABELS, QUESTIONS, complete, noted
from handlers.dialogue import Dialogue, back, current, hear
from handlers.rules.gaps import DETAILS
from handlers.words import Inbound, Kind, Person, Talk, Text, Turn
from tests.handlers import desk, sample_office

ASKED = Dialogue("asked", DETAIL_STEPS, lambda scene: Turn(scene.talk))
BUDI = Contact(1, "stage")
NOBODY = Person("p:Budi", "Budi")


@pytest.fixture
def table() -> Iterator[Desk]:
    with sample_office() as stage, stage.engine.begin() as connection:
        yield desk(stage, connection)


def scene(table: Desk, answers: dict[str, Any], text: str = "", tap: str = "") -> Scene:
    kind = Kind.TAP if tap else Kind.TEXT
    event = Inbound("stage", "1", kind, NOBODY, datetime(2026, 11, 2, tzinfo=UTC), text=text, tap=tap)
    return Scene(event, BUDI, Talk("asked", answers), table)


def told(table: Desk, story: str, category: str, **more: Any) -> dict[str, Any]:
    answers = {"story": story, "type": "complaint", **more}
    return dict(noted(scene(table, answers), answers, category))


def says(table: Desk, answers: dict[str, Any], text: str) -> dict[str, Any]:
    return dict(hear(scene(table, answers, text), ASKED).talk.answers)


def test_a_good_story_is_asked_nothing(table: Desk) -> None:
    """Where nothing is missing, no question stands open."""
    answers = told(table, "Jalan di depan Pasar Pasirian berlubang, tiga motor jatuh.", "jalan-rusak")
    assert answers[GAPS] == []
    assert current(ASKED, answers) is None
    assert complete(answers) == answers["story"]


def test_two_questions_and_their_answers(table: Desk) -> None:
    """Both are asked, the most wanted first, and stand below the story by their names."""
    answers = told(table, "Sampah dibiarkan begitu saja, bau.", "sampah")
    assert answers[GAPS] == ["spot", "since"]
    answers = says(table, answers, "depan Balai Desa Sukorejo")
    assert current(ASKED, answers) is DETAIL_STEPS[1]
    answers = says(table, answers, "hampir tiap minggu")
    assert current(ASKED, answers) is None
    assert complete(answers) == (
        "Sampah dibiarkan begitu saja, bau.\nLokasi tepatnya: depan Balai Desa Sukorejo\n"
        "Waktu terjadinya: hampir tiap minggu"
    )


def test_one_answer_may_tell_both(table: Desk) -> None:
    """What the first answer tells is not asked again."""
    answers = says(table, told(table, "Sampah dibiarkan, bau.", "sampah"), "depan balai desa, sudah tiga minggu")
    assert current(ASKED, answers) is None


@pytest.mark.parametrize("said", ["Lewati", "lewat", "tidak tahu"])
def test_each_can_be_skipped(table: Desk, said: str) -> None:
    """Who skips goes on, and the story stays as it was told."""
    answers = told(table, "Sampah dibiarkan begitu saja, bau.", "sampah")
    skipped = says(table, says(table, answers, said), said)
    assert current(ASKED, skipped) is None
    assert complete(skipped) == answers["story"]
    pressed = hear(scene(table, answers, tap="q:asked:detail_1:skip"), ASKED)
    assert pressed.talk.answers["detail_1"] == ""


def test_back_asks_again(table: Desk) -> None:
    """The last answer can be taken back, and the second question stands on the first."""
    answers = says(table, told(table, "Sampah dibiarkan, bau.", "sampah"), "depan balai desa")
    turn = back(scene(table, answers), ASKED)
    assert "detail_1" not in turn.talk.answers


@pytest.mark.parametrize("kind", ["aspiration", "information_request"])
def test_wishes_and_questions_are_asked_nothing(table: Desk, kind: str) -> None:
    """Only complaints are asked for details."""
    assert told(table, "Mohon ada taman.", "sampah", type=kind)[GAPS] == []


def test_the_category_above_stands_in(table: Desk) -> None:
    """A category that asks for nothing asks what the one above it asks; without a category the matter alone."""
    facts = table.facts
    mute = tuple(replace(each, asks=()) if each.code == "sampah" else each for each in facts.categories)
    answers = {"story": "hal itu", "type": "complaint"}
    other = SampleFacts(table, replace(facts, categories=mute))
    assert noted(scene(other, answers), answers, "sampah")[GAPS] == ["spot", "what"]  # type: ignore[arg-type]
    assert told(table, "hal itu", "")[GAPS] == ["what"]


class SampleFacts:
    """A desk with other facts."""

    def __init__(self, table: Desk, facts: Any) -> None:
        self.now, self.facts, self.render = table.now, facts, table.render


def test_another_category_asks_anew(table: Desk) -> None:
    """Details of one category are dropped with it."""
    answers = says(table, told(table, "Sampah dibiarkan, bau.", "sampah"), "depan balai desa")
    again = noted(scene(table, answers), answers, "pungli")
    assert "detail_1" not in again
    assert again[GAPS] == ["office", "since"]


def test_a_pin_is_exact(table: Desk) -> None:
    """Who shared a point on the map is not asked where exactly."""
    place = {"text": "", "lat": -8.1, "lon": 113.2, "area": ""}
    assert told(table, "Lampu jalan mati.", "lampu-jalan", place=place)[GAPS] == []
    assert told(table, "Lampu jalan mati.", "lampu-jalan")[GAPS] == ["spot"]


@pytest.mark.parametrize("key", DETAILS)
def test_each_question_gives_an_example(key: str) -> None:
    """A question is short and shows how an answer looks."""
    assert isinstance(QUESTIONS[key], Text)
    assert "Contoh:" in QUESTIONS[key].source
    assert len(QUESTIONS[key].source) <= 140
    assert LABELS[key]


def test_a_detail_that_is_a_number_only_is_asked_again(table: Desk) -> None:
    """An answer without substance is no detail."""
    answers = told(table, "Lampu jalan mati.", "lampu-jalan")
    turn = hear(scene(table, answers, "?"), ASKED)
    assert "detail_1" not in turn.talk.answers
    assert details.KEYS == ("detail_1", "detail_2")
