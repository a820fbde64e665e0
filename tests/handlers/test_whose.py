"""What is written after news of a report goes to that report or begins another, as its writer says, and is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers import submit, whose
from handlers.dialogue import DELETED, STALE, UNDELETED
from handlers.rules.ticket import State
from handlers.words import Kind
from tests.handlers import (
    STORY,
    UNSURE,
    Overheard,
    acts,
    answered,
    begin,
    current,
    faults,
    history,
    report,
    sample_office,
    ticket,
    tickets,
)
from tests.handlers.phones import done, opening, press, said, told
from tests.stage import FILES

SARI = "Sari"
MORE = "Di gang sebelah masih ada lubang yang lebih dalam."
ALSO = "Malam hari tidak kelihatan sama sekali."
ASKED = opening(whose.WHOSE)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


@pytest.fixture
def number(stage: Overheard) -> str:
    """A report of Sari's, of which she heard last."""
    found = report(stage, SARI)
    answered(stage, SARI, found)
    return found


def last(stage: Overheard, number: str) -> tuple[str, str]:
    """The last entry in a ticket's history: what was done, and the words."""
    entry = history(stage, ticket(stage, number).id)[-1]
    return entry.action, str(entry.data.get("text", ""))


def sari(stage: Overheard, *lines: str) -> str:
    return said(stage, *lines, who=SARI)


def test_after_news_one_is_asked(stage: Overheard, number: str) -> None:
    """A story without a reply, after news, is kept and goes nowhere before its writer has said where."""
    heard = sari(stage, MORE)
    assert heard.startswith(ASKED)
    assert number in heard
    assert last(stage, number)[0] == "answer"
    assert [label for _, label, _ in stage.heard(SARI)[-1].body.choices] == [number, "Laporan baru", "Batal"]


@pytest.mark.parametrize("way", ["[{number}]", "1", "{number}", "ini", "Itu!", "{lower}"])
def test_for_the_report_one_heard_of(stage: Overheard, number: str, way: str) -> None:
    """By button, number, label or word the text goes to that report, and to its agency."""
    sari(stage, MORE, way.format(number=number, lower=number.lower()))
    assert last(stage, number) == ("reply", MORE)
    assert told(stage, "dputr", MORE)
    assert len(tickets(stage)) == 1
    assert current(stage, SARI).dialogue == ""


@pytest.mark.parametrize("way", ["[Laporan baru]", "2", "laporan baru", "baru", "laporn baru"])
def test_for_another_report(stage: Overheard, number: str, way: str) -> None:
    """As a new report the text is the beginning of its story, and the old report hears nothing."""
    heard = sari(stage, MORE, way)
    assert whose.NOTE.source in heard
    assert MORE in heard
    assert [text for _, text in current(stage, SARI).answers["kept_story"]] == [MORE]
    assert last(stage, number)[0] == "answer"


def gathered(stage: Overheard) -> None:
    """A story in two messages, a photo and a place, while one is asked."""
    sari(stage, MORE, ALSO, "(foto)", "(lokasi)")


def test_all_that_follows_joins_it(stage: Overheard, number: str) -> None:
    """Whatever else is said before the choice goes the same way, in its order."""
    gathered(stage)
    sari(stage, "1")
    action, text = last(stage, number)
    assert action == "reply"
    assert text.startswith(f"{MORE}\n{ALSO}\n")
    assert "-8.13352" in text
    assert [len(parcel.body.files) for parcel in stage.heard("dputr") if parcel.part == "files"] == [1]


def test_all_that_follows_joins_the_new_report(stage: Overheard, number: str) -> None:
    """The same for a new report: the story, the photo and the place need not be sent again."""
    gathered(stage)
    sari(stage, "2")
    answers = current(stage, SARI).answers
    assert [text for _, text in answers["kept_story"]] == [MORE, ALSO]
    assert [file["ref"] for file in answers["kept_files"]] == [FILES["foto"].ref]
    assert answers["place"]["lat"] == pytest.approx(-8.13352)


@pytest.mark.parametrize("first", ["(foto)", "(lokasi)", "(foto: Ini buktinya.)"])
def test_a_photo_or_a_place_is_asked_about(stage: Overheard, number: str, first: str) -> None:
    """A photo or a place after news may be meant for the report, too."""
    assert sari(stage, first).startswith(ASKED)
    sari(stage, "1")
    assert last(stage, number)[0] == "reply"


@pytest.mark.parametrize("line", ["(stiker)", "(exe)", "ulang", "kembali", "bantuan", "/bantuan", "😀", "?"])
def test_nothing_that_is_kept_is_lost(stage: Overheard, number: str, line: str) -> None:
    """What cannot be read, help, back or repeat leave what was said, and ask again."""
    sari(stage, MORE)
    assert sari(stage, line) != ""
    assert current(stage, SARI).dialogue == "whose"
    sari(stage, "1")
    assert last(stage, number)[1].startswith(MORE)


def test_an_old_button_changes_nothing(stage: Overheard, number: str) -> None:
    """A button of another question, or one that never was, brings the question again."""
    sari(stage, MORE)
    for tap in ("q:report:type:complaint", "q:rating:stars:1", "q:whose:x:this"):
        assert press(stage, tap, SARI).startswith(STALE.source), tap
    for tap in ("q:whose:whose:+", "q:whose:whose:", "q:whose:whose:hilang"):
        assert press(stage, tap, SARI) != "", tap
        assert current(stage, SARI).dialogue == "whose"
    sari(stage, "1")
    assert last(stage, number) == ("reply", MORE)


@pytest.mark.parametrize("word", ["batal", "menu", "[Batal]"])
def test_it_can_be_left(stage: Overheard, number: str, word: str) -> None:
    """Who leaves sends nothing to anybody."""
    sari(stage, MORE, word)
    assert current(stage, SARI).dialogue in ("", "menu")
    assert last(stage, number)[0] == "answer"


def test_an_unfinished_report_is_not_lost(stage: Overheard, number: str) -> None:
    """With a report on the shelf the choice of a new one asks what is to become of that, and keeps both."""
    begin(stage, SARI, UNSURE)
    answered(stage, SARI, number, "Sudah kami periksa lagi.")
    sari(stage, "batal", MORE)
    heard = sari(stage, "2")
    assert submit.RESUME.label.source in str(stage.heard(SARI)[-1].body.choices)  # type: ignore[union-attr]
    assert heard != ""
    sari(stage, "[Hapus draf]")
    assert [text for _, text in current(stage, SARI).answers["kept_story"]] == [MORE]


def test_a_reply_needs_no_question(stage: Overheard, number: str) -> None:
    """A reply to the news goes straight to its report; so does one while the question stands open."""
    sari(stage, f'(balas "{number}") {MORE}')
    assert last(stage, number) == ("reply", MORE)
    answered(stage, SARI, number, "Sudah kami periksa.")
    stage.now += timedelta(hours=1)
    sari(stage, ALSO, f'(balas "Sudah kami periksa") {MORE}')
    assert [entry.action for entry in history(stage, ticket(stage, number).id)].count("reply") == 2
    sari(stage, "1")
    assert last(stage, number) == ("reply", ALSO)


def test_the_verdict_is_no_text(stage: Overheard, number: str) -> None:
    """*Sudah* after the news is a verdict, not something to be asked about."""
    sari(stage, "sudah")
    assert ticket(stage, number).state is State.RESOLVED


def test_an_agency_that_asked_gets_its_answer(stage: Overheard) -> None:
    """Where the agency has asked for more, what is written is the answer, without a question."""
    number = report(stage, SARI)
    acts(stage, "Agus Wibowo @ dputr> [Minta data]", "Agus Wibowo @ dputr> Di gang yang mana?")
    acts(stage, "Agus Wibowo @ dputr> [Kirim ke pelapor]")
    sari(stage, MORE)
    assert last(stage, number) == ("supply", MORE)


def test_closed_or_old_news_raises_no_question(stage: Overheard, number: str) -> None:
    """After a report was closed, or long after the news, a story is the beginning of a new report."""
    stage.now += timedelta(days=8)
    assert whose.NOTE.source in sari(stage, MORE)
    sari(stage, "batal", "hapus draf")
    answered(stage, SARI, number, "Sudah kami periksa.")
    sari(stage, "sudah", "[5 ★ Sangat puas]", "lewati")
    assert whose.NOTE.source in sari(stage, MORE)


def test_without_news_a_story_begins_a_report(stage: Overheard) -> None:
    """Whoever has only heard that a report arrived, and tells a story, begins another."""
    report(stage, SARI)
    assert whose.NOTE.source in sari(stage, UNSURE)


def test_a_report_that_was_closed_meanwhile(stage: Overheard, number: str) -> None:
    """Where the report was closed before the choice the writer hears that the text did not go there."""
    sari(stage, MORE)
    put = ticket(stage, number)
    acts(stage, f'{SARI}> (balas "menjawab laporan {number}") sudah')
    assert ticket(stage, put.number).state is State.RESOLVED
    assert last(stage, number)[0] != "reply"


# -- deletions


def test_a_deleted_message_does_not_go_along(stage: Overheard, number: str) -> None:
    """A message that its writer deletes while they are asked is left out, and they are told."""
    sari(stage, MORE, ALSO)
    heard = done(stage, Kind.DELETED, SARI, message=stage.written[(SARI, MORE)])
    assert heard.startswith(DELETED.source)
    sari(stage, "1")
    assert last(stage, number) == ("reply", ALSO)


def test_a_deleted_part_of_a_story_is_left_out(stage: Overheard) -> None:
    """While a story is told a message of it can be deleted; with the last one the story is asked for again."""
    acts(stage, f"{SARI}> lapor", f"{SARI}> [Setuju]", f"{SARI}> {STORY}", f"{SARI}> {ALSO}")
    assert done(stage, Kind.DELETED, SARI, message=stage.written[(SARI, STORY)]) == DELETED.source
    assert [text for _, text in current(stage, SARI).partial] == [ALSO]
    heard = done(stage, Kind.DELETED, SARI, message=stage.written[(SARI, ALSO)])
    assert heard.startswith(DELETED.source)
    assert "Ceritakan apa yang terjadi" in heard
    assert not current(stage, SARI).partial
    assert "Selesai bercerita" not in str(stage.heard(SARI)[-1].body.choices)


def test_a_deleted_answer_is_owned_up_to(stage: Overheard) -> None:
    """Where a deleted message was taken as an answer already, the person hears that it counts, and how to change it."""
    begin(stage, SARI)
    for lines, deleted in (((), STORY), (("[Benar]", "Depan pasar"), "Depan pasar")):
        sari(stage, *lines)
        before = current(stage, SARI).answers
        assert done(stage, Kind.DELETED, SARI, message=stage.written[(SARI, deleted)]).startswith(UNDELETED.source)
        assert current(stage, SARI).answers == before


def test_other_deletions_are_passed_over(stage: Overheard, number: str) -> None:
    """A message that was no answer, or was of yesterday's report, may be deleted without a word."""
    before = ticket(stage, number)
    for message in (stage.written[(SARI, STORY)], "", "hilang"):
        assert done(stage, Kind.DELETED, SARI, message=message) == ""
    assert ticket(stage, number) == before
