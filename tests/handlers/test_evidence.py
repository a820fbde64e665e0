"""Proof before the end: where a topic wants a photo, a report is not resolved without one, and no word is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from handlers.rules.ticket import State
from storage import facts as stored_facts
from storage import tables as t
from tests.handlers import Overheard, acts, answered, faults, history, report, sample_office, ticket
from tests.handlers.phones import hired, said

AGUS = "Agus Wibowo @ dputr"
DONE = "Lubang sudah kami tambal pagi ini."
WANTED = "belum dapat diselesaikan"


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office(undo=30) as stage:
        yield stage
        assert faults(stage) == []


@pytest.fixture
def number(stage: Overheard) -> str:
    """A report about a road, of which the sample wants to see that it is mended."""
    return report(stage, "Sari")


def does(stage: Overheard, *lines: str, who: str = AGUS) -> str:
    """What the bot says when an officer does this."""
    return "\n".join(acts(stage, *(f"{who}> {line}" for line in lines)))


def put(stage: Overheard, number: str, **values: Any) -> None:
    """The ticket as it is wanted."""
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.number == number).values(**values))


def state(stage: Overheard, number: str) -> State:
    return ticket(stage, number).state


def test_words_alone_do_not_resolve(stage: Overheard, number: str) -> None:
    """Words without a photo are kept and a photo is asked for; nothing leaves before it came."""
    heard = does(stage, "[Selesaikan]", DONE)
    assert WANTED in heard
    assert "Jawaban Anda tersimpan" in heard
    assert "[Kirim ke pelapor]" not in heard
    assert state(stage, number) is State.FORWARDED


def test_the_photo_joins_the_words(stage: Overheard, number: str) -> None:
    """The photo that is sent next completes the draft, with the words before it and those that came with it."""
    heard = does(stage, "[Selesaikan]", DONE, "(foto: Difoto jam 9.)")
    assert f"“{DONE}\n    Difoto jam 9.”" in heard
    assert "📎 1 berkas" in heard
    does(stage, "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED
    (entry,) = (entry for entry in history(stage, ticket(stage, number).id) if entry.action == "resolve")
    assert entry.data["text"] == f"{DONE}\nDifoto jam 9."
    assert len(entry.data["files"]) == 1


@pytest.mark.parametrize("file", ["(foto)", "(video)", "(pdf)"])
def test_what_shows_something_is_proof(stage: Overheard, number: str, file: str) -> None:
    """A photo, a video and a document are proof."""
    does(stage, "[Selesaikan]", DONE, file, "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED


@pytest.mark.parametrize(
    ("sent", "why"), [("(suara)", "Pesan suara"), ("(besar)", "terlalu besar"), ("(exe)", "Jenis")]
)
def test_what_shows_nothing_is_none(stage: Overheard, number: str, sent: str, why: str) -> None:
    """A voice note, or a file that cannot be taken, is refused in words; the question stays open."""
    assert why in does(stage, "[Selesaikan]", DONE, sent)
    assert "📎 1 berkas" in does(stage, "(foto)")


def test_more_words_ask_again(stage: Overheard, number: str) -> None:
    """Who writes on is told what is still missing, and the draft is as it was."""
    assert "tetap tersimpan" in does(stage, "[Selesaikan]", DONE, "Fotonya menyusul.")
    assert f"“{DONE}”" in does(stage, "(foto)")


def test_a_photo_with_the_words_is_enough(stage: Overheard, number: str) -> None:
    """A photo that comes with the closing words needs no second question."""
    heard = does(stage, "[Selesaikan]", f"(foto: {DONE})")
    assert WANTED not in heard
    assert "Pratinjau penutupan" in heard


def test_an_album_stays_together(stage: Overheard, number: str) -> None:
    """Several photos sent as one proof all join the draft."""
    does(stage, "[Selesaikan]", DONE, "(album7)", "(album7)")
    heard = "\n".join(acts(stage, "+ 2 detik"))
    assert "📎 2 berkas" in heard
    does(stage, "[Kirim ke pelapor]")
    (entry,) = (entry for entry in history(stage, ticket(stage, number).id) if entry.action == "resolve")
    assert len(entry.data["files"]) == 2


def test_what_was_shown_before_counts(stage: Overheard, number: str) -> None:
    """A photo that went with an earlier answer is proof enough."""
    does(stage, f'(balas "{number}") (foto: Sedang dikerjakan.)', "[Kirim ke pelapor]")
    acts(stage, "+ 1 menit")
    assert WANTED not in does(stage, "[Selesaikan]", DONE, "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED


def test_a_voice_sent_before_does_not_count(stage: Overheard, number: str) -> None:
    """A voice note that went with an earlier answer shows nothing."""
    does(stage, f'(balas "{number}") (suara)', "[Kirim ke pelapor]")
    assert WANTED in does(stage, "[Selesaikan]", DONE)


def test_what_was_taken_back_does_not_count(stage: Overheard, number: str) -> None:
    """A photo whose message was undone proves nothing until it is sent."""
    does(stage, f'(balas "{number}") (foto: Salah laporan.)', "[Kirim ke pelapor]", "[Urungkan]", "[Batal]")
    assert WANTED in does(stage, "[Selesaikan]", DONE)


def test_a_note_counts_and_the_reporters_photo_does_not(stage: Overheard, number: str) -> None:
    """What the office noted for itself is proof; what the reporter sent shows what is wrong, not that it is mended."""
    acts(stage, f'Sari> (balas "{number}") (foto)')
    assert WANTED in does(stage, "[Selesaikan]", DONE, "batal")
    does(stage, f'(balas "{number}") (foto: Arsip)', "[Catatan internal]")
    assert WANTED not in does(stage, "[Selesaikan]", DONE)


def test_after_a_reopening_it_is_wanted_anew(stage: Overheard, number: str) -> None:
    """What was shown before the reporter heard it is not solved counts no more."""
    does(stage, "[Selesaikan]", f"(foto: {DONE})", "[Kirim ke pelapor]")
    acts(stage, "+ 1 menit", "Sari> [Belum]", "Sari> Masih ada dua lubang di sebelahnya.")
    assert WANTED in does(stage, "[Selesaikan]", DONE)


def test_undone_and_sent_again(stage: Overheard, number: str) -> None:
    """A closing that is taken back keeps its photo, and can be sent again."""
    does(stage, "[Selesaikan]", DONE, "(foto)", "[Kirim ke pelapor]", "[Urungkan]")
    assert state(stage, number) is State.FORWARDED
    does(stage, "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED


def test_a_topic_below_inherits(stage: Overheard, number: str) -> None:
    """Where a topic wants no proof but the one above it does, it is wanted all the same."""
    put(stage, number, category="parkir")
    assert WANTED not in does(stage, "[Selesaikan]", DONE, "[Batal]")
    with stage.engine.begin() as connection:
        connection.execute(update(t.categories).where(t.categories.c.code == "jalan").values(evidence_required=True))
        stage.office = replace(stage.office, facts=stored_facts.load(connection))
    assert WANTED in does(stage, "[Selesaikan]", DONE)


def test_a_question_needs_no_photo(stage: Overheard, number: str) -> None:
    """Who only wanted to know something is answered by words."""
    put(stage, number, report_type="information_request")
    does(stage, "[Selesaikan]", "Jalan itu diaspal bulan depan.", "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED


def test_a_mere_answer_needs_none(stage: Overheard, number: str) -> None:
    """An answer leaves without a photo, and silence closes it without one."""
    answered(stage, "Sari", number)
    assert state(stage, number) is State.RESPONDED
    acts(stage, *["+ 1 hari"] * 20)
    assert state(stage, number) is State.RESOLVED


def test_a_draft_from_before_is_asked_too(stage: Overheard, number: str) -> None:
    """Where the topic became one that wants proof while a draft lay ready, sending it asks for the photo."""
    put(stage, number, category="parkir")
    does(stage, "[Selesaikan]", DONE)
    put(stage, number, category="jalan-rusak")
    assert WANTED in does(stage, "[Kirim ke pelapor]")
    assert state(stage, number) is State.FORWARDED
    does(stage, "(foto)", "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED


def test_a_head_cannot_approve_without(stage: Overheard) -> None:
    """A closing that waits for its head is not approved without proof, and can be sent back."""
    number = report(stage, "Sari")
    put(stage, number, category="rsud", agency="rsud-haryoto")
    yuli, tri = "Yuli Andriani @ rsud-haryoto", "Tri Winarsih @ rsud-haryoto"
    does(stage, f"/tiket {number}", "[Selesaikan]", DONE, "[Kirim ke pelapor]", who=yuli)
    put(stage, number, category="jalan-rusak")
    assert WANTED in does(stage, "[Setujui]", who=tri)
    assert state(stage, number) is State.FORWARDED
    does(stage, "[Kembalikan]", "Sertakan fotonya.", who=tri)
    does(stage, "[Kirim ke pelapor]", "(foto)", "[Kirim ke pelapor]", who=yuli)
    does(stage, "[Setujui]", who=tri)
    assert state(stage, number) is State.RESOLVED


def test_leaving_the_question_leaves_the_report(stage: Overheard, number: str) -> None:
    """*Batal* leaves the report as it was, and a photo that comes afterwards joins nothing."""
    does(stage, "[Selesaikan]", DONE)
    assert "tidak jadi" in does(stage, "[Batal]")
    assert "Pratinjau" not in does(stage, "(foto)")
    assert state(stage, number) is State.FORWARDED


def test_in_a_chat_of_ones_own(stage: Overheard) -> None:
    """On WhatsApp the same is asked, and the photo is sent like any other."""
    hired(stage)
    number = report(stage, "Sari")
    assert WANTED in said(stage, f"tiket {number}", "[Selesaikan]", DONE)
    assert "Pratinjau penutupan" in said(stage, "(foto)")
    said(stage, "[Kirim ke pelapor]")
    assert state(stage, number) is State.RESOLVED
