"""What an officer writes in a chat of their own becomes an answer to the ticket that is meant, and to no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers import duty, refusals
from handlers.answers import NOT_A_CHOICE
from handlers.dialogue import STALE, UNREADABLE
from handlers.files import MAX_FILES
from handlers.rules.ticket import State
from handlers.words import Kind
from tests.handlers import Overheard, acts, current, faults, history, report, sample_office, ticket
from tests.handlers.phones import WAHYU, done, drafts, file, hired, press, said, told
from tests.stage import FILES

TEXT = "Lubang sudah kami tambal pagi ini."
SENT = f"{WAHYU}> [Kirim ke pelapor]"
WHICH = "Pesan Anda tersimpan. Untuk laporan yang mana?"
HEAD = "Pratinjau jawaban untuk pelapor"


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """The sample office with one more officer of the roads, who works from WhatsApp."""
    with sample_office() as stage:
        hired(stage)
        yield stage
        assert faults(stage) == []


@pytest.fixture
def both(stage: Overheard) -> tuple[str, str]:
    """Two open tickets of two people, both with the roads."""
    return report(stage, "Sari"), report(stage, "Budi")


def test_a_reply_to_a_card_answers_its_ticket(stage: Overheard, both: tuple[str, str]) -> None:
    """A reply to the card of one of several tickets is shown, and sent to its reporter alone."""
    assert f"{HEAD} {both[0]}" in said(stage, f'(balas "{both[0]}") {TEXT}')
    assert told(stage, "Sari", TEXT) == []
    acts(stage, SENT)
    assert len(told(stage, "Sari", TEXT)) == 1
    assert told(stage, "Budi", TEXT) == []
    assert [ticket(stage, number).state for number in both] == [State.RESPONDED, State.FORWARDED]


def test_a_text_without_a_reply_asks_which_ticket(stage: Overheard, both: tuple[str, str]) -> None:
    """A text that replies to nothing is kept, and asked about; what is chosen gets it and the other does not."""
    heard = said(stage, TEXT)
    assert heard.startswith(WHICH)
    assert TEXT in heard
    assert all(number in heard for number in both)
    assert drafts(stage) == []
    assert f"{HEAD} {both[1]}" in said(stage, f"[{both[1]}]")
    acts(stage, SENT)
    assert (told(stage, "Sari", TEXT), len(told(stage, "Budi", TEXT))) == ([], 1)


def test_one_open_ticket_is_no_reason_to_guess(stage: Overheard) -> None:
    """Also where a single ticket is open the officer is asked."""
    number = report(stage, "Sari")
    said(stage, TEXT)
    assert drafts(stage) == []
    said(stage, "1")
    assert drafts(stage) == [(ticket(stage, number).id, TEXT, 0)]


WAYS = ("{number}", "2", " {lower} ", "laporan {number} ya", "{bare}")


@pytest.mark.parametrize("way", WAYS)
def test_a_ticket_is_chosen_in_words(stage: Overheard, both: tuple[str, str], way: str) -> None:
    """The number of a ticket, however it is written, or its place in the list, chooses it."""
    line = way.format(number=both[1], lower=both[1].lower(), bare=both[1].replace("-", ""))
    said(stage, TEXT, line)
    assert [found for found, _, _ in drafts(stage)] == [ticket(stage, both[1]).id]


def misprints(number: str) -> Iterator[str]:
    """The number with a character dropped, or with another one in its place."""
    yield from (number[:at] + number[at + 1 :] for at in range(4, len(number)) if number[at] != "-")
    yield from (number[:at] + ("2" if number[at] != "2" else "3") + number[at + 1 :] for at in (9, 10, 13, 14))


def test_a_misprinted_number_chooses_none(stage: Overheard, both: tuple[str, str]) -> None:
    """What is nearly the number of a ticket may be another's: the officer is asked again, and the text stays."""
    said(stage, TEXT)
    for wrong in (*misprints(both[0]), "LPR", "3", "0", "lubang", "LPR-2611-7K3Q-R", TEXT):
        assert said(stage, wrong).startswith(NOT_A_CHOICE.source), wrong
    assert drafts(stage) == []
    said(stage, both[0])
    assert drafts(stage) == [(ticket(stage, both[0]).id, TEXT, 0)]


def test_another_agencys_ticket_cannot_be_chosen(stage: Overheard, both: tuple[str, str]) -> None:
    """A ticket that lies elsewhere is not among those that a text can be meant for."""
    elsewhere = report(stage, "Ani", story="Tetangga sebelah menaruh barang bekas di bahu sehingga orang susah lewat.")
    heard = said(stage, TEXT)
    assert elsewhere not in heard
    ident = ticket(stage, elsewhere).id
    for refused in (said(stage, elsewhere), press(stage, f"q:duty:ticket:{ident}")):
        assert NOT_A_CHOICE.source in refused
    assert drafts(stage) == []


def test_a_text_and_its_photos_become_one_answer(stage: Overheard, both: tuple[str, str]) -> None:
    """Photos that follow a text before its ticket is chosen belong to it: nothing of it is lost."""
    said(stage, TEXT)
    file(stage, FILES["foto"])
    heard = file(stage, FILES["video"], text="Ini videonya.")
    assert heard.startswith(WHICH)
    said(stage, f"[{both[0]}]")
    assert drafts(stage) == [(ticket(stage, both[0]).id, f"{TEXT}\nIni videonya.", 2)]


def test_photos_alone_become_an_answer(stage: Overheard, both: tuple[str, str]) -> None:
    """A photo without a word is asked about as well, and no more are kept than can be sent."""
    for _ in range(MAX_FILES + 2):
        file(stage, FILES["foto"])
    said(stage, "2")
    assert drafts(stage) == [(ticket(stage, both[1]).id, "", MAX_FILES)]


def test_what_is_no_choice_loses_nothing(stage: Overheard, both: tuple[str, str]) -> None:
    """A sticker, a place, a forbidden file, an old button or help leave the text that waits for its ticket."""
    acts(stage, f'{WAHYU}> (balas "{both[0]}") Yang lama.')
    said(stage, "[Batal]", TEXT)
    assert said(stage, "(stiker)").startswith(UNREADABLE.source)
    assert UNREADABLE.source in said(stage, "(lokasi)")
    assert "10 MB" in said(stage, "(exe)")
    for tap in ("q:report:type:complaint", "q:do-answer:value:x", "q:duty:x:1", "q:menu:go:lapor", "q:", "q"):
        assert press(stage, tap).startswith(STALE.source), tap
    assert NOT_A_CHOICE.source in press(stage, "q:duty:ticket:0")
    assert duty.HELP.source in said(stage, "bantuan")
    said(stage, f"tiket {both[0]}", "tugas", both[1])
    assert drafts(stage)[-1] == (ticket(stage, both[1]).id, TEXT, 0)


@pytest.mark.parametrize("way", ["batal", "/batal", "BATAL", "cancel", "[Batal]"])
def test_the_question_can_be_left(stage: Overheard, both: tuple[str, str], way: str) -> None:
    """Cancel ends the question, and the text goes nowhere."""
    assert refusals.STOPPED.source in said(stage, TEXT, way)
    assert said(stage, "1").startswith(WHICH)
    assert [number for number, _, _ in drafts(stage)] == []


def test_where_nothing_is_open_one_hears_so(stage: Overheard) -> None:
    """With no open ticket a text is meant for none, and the officer is told that it was not taken."""
    assert said(stage, TEXT).startswith("Pesan Anda belum diproses, karena tidak ada laporan terbuka.")
    assert current(stage, WAHYU).dialogue == ""


def test_a_ticket_that_left_meanwhile_gets_nothing(stage: Overheard, both: tuple[str, str]) -> None:
    """A ticket that went to another agency while its officer was asked gets no answer from here."""
    said(stage, TEXT)
    acts(stage, "Agus Wibowo @ dputr> [Teruskan]", "Agus Wibowo @ dputr> [Dinas Perhubungan]")
    assert ticket(stage, both[1]).agency == "dishub"
    said(stage, f"[{both[1]}]")
    assert drafts(stage) == []


def test_a_reply_while_one_is_asked_goes_to_its_own_ticket(stage: Overheard, both: tuple[str, str]) -> None:
    """Who replies to a card instead of choosing answers that ticket; the first text still waits for its own."""
    said(stage, TEXT, f'(balas "📥 {both[0]}") Petugas sedang di lokasi.')
    said(stage, f"[{both[1]}]")
    first, second = (ticket(stage, number).id for number in both)
    assert drafts(stage) == [(first, "Petugas sedang di lokasi.", 0), (second, TEXT, 0)]


# -- drafts


def test_a_photo_soon_after_joins_the_draft(stage: Overheard, both: tuple[str, str]) -> None:
    """A photo without words within two minutes belongs to the text before it; a later one is asked about."""
    said(stage, f'(balas "{both[0]}") {TEXT}')
    stage.now += timedelta(minutes=1)
    assert "📎 1 berkas" in file(stage, FILES["foto"])
    stage.now += timedelta(minutes=2)
    assert file(stage, FILES["foto"]).startswith(WHICH)
    assert drafts(stage) == [(ticket(stage, both[0]).id, TEXT, 1)]


def test_a_photo_with_words_is_asked_about(stage: Overheard, both: tuple[str, str]) -> None:
    """A photo that says something of its own may be meant for another ticket."""
    said(stage, f'(balas "{both[0]}") {TEXT}')
    assert file(stage, FILES["foto"], text="Untuk yang di pasar.").startswith(WHICH)


def test_a_file_that_cannot_join_is_refused_in_words(stage: Overheard, both: tuple[str, str]) -> None:
    """A file that is too large or forbidden does not vanish without a word."""
    said(stage, f'(balas "{both[0]}") {TEXT}')
    assert "10 MB" in file(stage, FILES["besar"])
    assert drafts(stage) == [(ticket(stage, both[0]).id, TEXT, 0)]


def test_a_draft_follows_its_message(stage: Overheard, both: tuple[str, str]) -> None:
    """A message that is changed changes its preview, one that is deleted takes it away; what was sent stays sent."""
    said(stage, f'(balas "{both[0]}") {TEXT}')
    message = stage.written[(WAHYU, TEXT)]
    assert "Ditambal kemarin." in done(stage, Kind.EDIT, text="Ditambal kemarin.", message=message)
    assert duty.DROPPED.source in done(stage, Kind.DELETED, message=message)
    assert drafts(stage) == []
    said(stage, TEXT, "1", "[Kirim ke pelapor]")
    message = stage.written[(WAHYU, TEXT)]
    assert "tidak ikut" in done(stage, Kind.EDIT, text="Ditambal kemarin.", message=message)
    assert done(stage, Kind.DELETED, message=message) == ""
    assert [entry.action for entry in history(stage, ticket(stage, both[0]).id)].count("answer") == 1


def test_the_buttons_of_a_draft(stage: Overheard, both: tuple[str, str]) -> None:
    """A note stays in the office, a dropped draft goes nowhere, and nobody else's button works."""
    said(stage, f'(balas "{both[0]}") {TEXT}', "[Catatan internal]", f'(balas "{both[0]}") Draf kedua.')
    hired(stage, "Tuti")
    assert "Draf itu sudah tidak ada." in press(stage, "d:2:send", "Tuti")
    said(stage, "[Batal]")
    assert [entry.action for entry in history(stage, ticket(stage, both[0]).id)][-1] == "note"
    assert told(stage, "Sari", TEXT) == told(stage, "Sari", "Draf kedua.") == []
