"""Who reports what is reported already is shown so, by neutral facts alone, and asked whether to join."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest

from handlers import nearby
from handlers.answers import Option, Pick, Where, Written
from handlers.desk import Scene
from handlers.dialogue import Dialogue, Step, back, current, hear
from handlers.rules.ticket import State
from handlers.words import Inbound, Kind, Letter, Person, Talk, Turn
from storage.desk import RecordDesk
from tests.handlers import Overheard, acts, contact, faults, sample_office
from tests.handlers.neighbours import HERE, METRE, MINE, PLACE, at_desk, opened, put

X = TypeVar("X")
PRIVACY = Step("privacy", Pick((Option("00", "Biasa"), Option("10", "Anonim"))), "Privasi?")
# The part of a report in which the question stands, with those that follow it.
PART = Dialogue(
    "report",
    (
        Step("place", Where(), "Di mana?", then=nearby.look),
        nearby.NEARBY_STEP,
        Step("agency", Pick((Option("dputr", "Benar"), Option("?", "Petugas menentukan"))), "Instansi?"),
        Step("date", Written(4), "Kapan?"),
        Step("files", Written(1), "Foto?"),
        PRIVACY,
    ),
    lambda scene: scene.reply(Talk(), scene.letter("Selesai.")),
)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault, and three people who spoke to it before."""
    with sample_office() as stage:
        acts(stage, *(f"{person}> halo" for person in ("Sari", "Budi", "Wati")))
        yield stage
        assert faults(stage) == []


def seen(stage: Overheard, answers: Mapping[str, Any] = MINE, person: str = "Budi") -> Any:
    """What is found near for these answers."""
    return at_scene(stage, lambda scene: nearby.look(scene, answers), answers, person).get("near")


def at_scene(stage: Overheard, work: Callable[[Scene], X], answers: Mapping[str, Any], person: str = "Budi") -> X:
    """What this work comes to while somebody reports."""
    happened = Inbound("stage", "e", Kind.TEXT, Person(f"p:{person}", person), stage.now)
    ident = contact(stage, f"p:{person}")

    def done(table: RecordDesk) -> tuple[X, tuple[Letter, ...]]:
        return work(Scene(happened, table.contact(ident), Talk("report", answers), table)), ()

    return at_desk(stage, done)


def heard(stage: Overheard, talk: Talk, kind: Kind, **more: Any) -> Turn:
    """What follows on an event in this part of a report."""

    def work(scene: Scene) -> Turn:
        return hear(replace(scene, event=replace(scene.event, kind=kind, **more), talk=talk), PART)

    return at_scene(stage, work, {})


def asked(turn: Turn) -> str:
    """The question that stands open after a turn."""
    step = current(PART, turn.talk.answers)
    return step.key if step else ""


def written(stage: Overheard, turn: Turn) -> str:
    """What a turn says."""
    return "\n".join(stage.office.render(letter.text, "id") for letter in turn.letters)


def offered(stage: Overheard) -> Turn:
    """The question, after a point was shared."""
    talk = Talk("report", {key: value for key, value in MINE.items() if key != "place"})
    turn = heard(stage, talk, Kind.PLACE, place=HERE)
    assert asked(turn) == "nearby"
    return turn


def test_only_neutral_facts_are_told_of_anothers_report(stage: Overheard) -> None:
    """Topic, area, rough distance, day and agency; no word of the story, no house, number, name or telephone."""
    lead = opened(stage)
    turn = offered(stage)
    text = written(stage, turn)
    for part in ("Jalan rusak & berlubang", "Kecamatan Pasirian", "sekitar 100 m", "Dinas"):
        assert part in text
    whole = text + json.dumps(turn.talk.answers["near"])
    for private in (lead.number, "17", "Siti", "0812", "motor", "nomor 17", "Sari", "Melati", lead.title):
        assert private not in whole.replace(str(lead.happened), "")
    labels = [stage.office.render(choice.label, "id") for choice in turn.letters[0].choices]
    assert labels[:2] == ["Ikut memantau", "Tidak, laporan baru"]


@pytest.mark.parametrize(
    "answers",
    [
        {"category": "?"},
        {"category": "perundungan"},
        {"category": "sampah"},
        {"type": "information_request"},
        {"type": "aspiration"},
        {"date": "2025-11-20"},
        {"place": {"text": "", "lat": HERE.lat + 900 * METRE, "lon": HERE.lon, "area": "35.08.04"}},
        {"place": {"text": "Jl. Mawar", "lat": None, "lon": None, "area": "35.08.04"}},
        {"place": {"text": "Jl. Melati", "lat": None, "lon": None, "area": "35.08.10"}},
        {"place": {"text": "Jl. Melati", "lat": None, "lon": None, "area": ""}},
    ],
    ids=["no topic", "sensitive", "topic", "question", "wish", "year", "far", "street", "district", "nowhere"],
)
def test_what_is_not_the_same_is_not_shown(stage: Overheard, answers: dict[str, Any]) -> None:
    """Nothing is shown for another matter, place or time, to a question, or while the topic is not known."""
    opened(stage)
    assert seen(stage)
    assert not seen(stage, {**MINE, **answers})


def test_nothing_is_looked_for_before_place_and_topic_are_known(stage: Overheard) -> None:
    """Without a place or a topic the answers stay as they are."""
    opened(stage)
    for missing in ("place", "category"):
        answers = {key: value for key, value in MINE.items() if key != missing}
        assert at_scene(stage, lambda scene, given=answers: nearby.look(scene, given), answers) == answers  # type: ignore[misc]


@pytest.mark.parametrize(
    "values",
    [
        {"secret": True},
        {"category": "perundungan"},
        {"state": State.RESPONDED},
        {"state": State.NEEDS_INFO},
        {"state": State.VERIFIED, "report_type": "aspiration"},
    ],
    ids=["secret", "sensitive", "answered", "asked", "wish"],
)
def test_what_is_secret_or_no_longer_worked_on_is_not_shown(stage: Overheard, values: dict[str, Any]) -> None:
    """A report that is secret, sensitive, answered or waits for its reporter is nobody else's to join."""
    lead = opened(stage)
    assert seen(stage)
    put(stage, lead, **values)
    assert not seen(stage)


def test_an_anonymous_report_may_be_joined(stage: Overheard) -> None:
    """Nothing is shown by which its reporter could be known."""
    lead = opened(stage, anonymous=True)
    (near,) = seen(stage)
    assert near["id"] == lead.id
    assert "Siti" not in json.dumps(near)


def test_ones_own_report_is_not_offered(stage: Overheard) -> None:
    """Who reports again what they reported adds to it by other ways."""
    opened(stage, "Budi")
    assert not seen(stage)


def test_what_can_still_be_taken_back_is_not_offered(stage: Overheard) -> None:
    """Within the grace period a report is left alone; after ninety days it is too old."""
    stage.office = replace(stage.office, grace=timedelta(seconds=60))
    opened(stage)
    assert not seen(stage)
    stage.now += timedelta(seconds=60)
    assert seen(stage)
    stage.now += timedelta(days=91)
    assert not seen(stage)


def test_the_three_most_alike_are_offered(stage: Overheard) -> None:
    """Of several the nearest come first, three at most, each with a button and a number of its own."""
    for n in range(5):
        day = date(2026, 11, 1) - timedelta(days=n)
        opened(stage, place={**PLACE, "text": "", "lat": HERE.lat + (50 * n + 55) * METRE}, happened=day)
    turn = offered(stage)
    near = turn.talk.answers["near"]
    assert len(near) == 3
    assert [each["day"] for each in near] == ["2026-11-01", "2026-10-31", "2026-10-30"]
    labels = [stage.office.render(choice.label, "id") for choice in turn.letters[0].choices]
    assert labels[:4] == ["Ikut memantau 1", "Ikut memantau 2", "Ikut memantau 3", "Tidak, laporan baru"]
    second = heard(stage, turn.talk, Kind.TEXT, text="2")
    assert second.talk.answers["nearby"] == str(near[1]["id"])
    assert heard(stage, turn.talk, Kind.TEXT, text="4").talk.answers["nearby"] == nearby.NEW


@pytest.mark.parametrize("said", ["ikut", "Ikut memantau", "1", "ya"])
def test_who_joins_is_asked_no_more_than_is_needed(stage: Overheard, said: str) -> None:
    """After *Ikut memantau* only the privacy is left; *Kembali* leads back to the choice."""
    lead = opened(stage)
    turn = heard(stage, offered(stage).talk, Kind.TEXT, text=said)
    assert turn.talk.answers["nearby"] == str(lead.id)
    assert nearby.joins(turn.talk.answers)
    assert asked(turn) == "privacy"
    assert (turn.talk.answers["agency"], turn.talk.answers["files"]) == ("dputr", [])
    again = at_scene(stage, lambda scene: back(replace(scene, talk=turn.talk), PART), {})
    assert asked(again) == "nearby"
    assert asked(heard(stage, again.talk, Kind.TEXT, text="bukan")) == "agency"


@pytest.mark.parametrize("said", ["bukan", "beda", "2", "Buat laporan baru"])
def test_who_does_not_join_goes_on(stage: Overheard, said: str) -> None:
    """After *Bukan* all questions of a report follow."""
    opened(stage)
    turn = heard(stage, offered(stage).talk, Kind.TEXT, text=said)
    assert not nearby.joins(turn.talk.answers)
    assert asked(turn) == "agency"


def test_what_was_answered_before_stays(stage: Overheard) -> None:
    """Joining puts nothing in the place of an answer, and a change of mind takes away only what it put there."""
    opened(stage)
    given = {**offered(stage).talk.answers, "date": "2026-11-20", "kept_files": [{"ref": "a"}]}
    turn = heard(stage, Talk("report", given), Kind.TEXT, text="ikut")
    assert (turn.talk.answers["date"], turn.talk.answers["files"]) == ("2026-11-20", [{"ref": "a"}])
    elsewhere = {**turn.talk.answers, "place": {**MINE["place"], "lat": 1.0}, "files": [{"ref": "a"}, {"ref": "b"}]}
    left = at_scene(stage, lambda scene: nearby.look(scene, elsewhere), elsewhere)
    assert not {"near", "nearby", "assumed", "agency", "files"} & set(left)
    assert (left["date"], left["kept_files"]) == ("2026-11-20", [{"ref": "a"}, {"ref": "b"}])


def test_the_same_place_again_asks_nothing_again(stage: Overheard) -> None:
    """Looking again finds the same, and leaves the choice that was made."""
    opened(stage)
    turn = heard(stage, offered(stage).talk, Kind.TEXT, text="bukan")
    assert at_scene(stage, lambda scene: nearby.look(scene, turn.talk.answers), {}) == turn.talk.answers
