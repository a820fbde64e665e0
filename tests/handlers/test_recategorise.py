"""Correcting a report's topic: who may, how it is chosen, what it changes, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from handlers.rules.ticket import State
from handlers.words import Kind
from storage import tables as t
from tests.handlers import Overheard, acts, contact, faults, history, report, sample_office, ticket
from tests.handlers.phones import hired, said

AGUS, DWI = "Agus Wibowo @ dputr", "Dwi Kurniawati @ kominfo"
GUESSES = {
    "by": "keywords",
    "category": [["jalan-rusak", 0.7], ["selokan", 0.2], ["trotoar", 0.05]],
    "agency": [],
    "picked": "confirmed",
}


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


@pytest.fixture
def number(stage: Overheard) -> str:
    """A report about a road, with what it was taken for."""
    number = report(stage, "Sari")
    put(stage, number, guesses=GUESSES)
    return number


def put(stage: Overheard, number: str, **values: Any) -> None:
    """The ticket as it is wanted."""
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.number == number).values(**values))


def does(stage: Overheard, *lines: str, who: str = AGUS) -> str:
    """What the bot says when an officer does this."""
    return "\n".join(acts(stage, *(f"{who}> {line}" for line in lines)))


def asks(stage: Overheard, number: str, who: str = AGUS) -> str:
    """The question for the topic, as the officer sees it."""
    does(stage, f"/tiket {number}", '(pada "Riwayat") [Lainnya…]', who=who)
    return does(stage, "[Ubah topik]", who=who)


def press(stage: Overheard, person: str, chat: str, tap: str) -> list[str]:
    return list(stage.send(person, chat, Kind.TAP, tap=tap, message="b0"))


def test_the_likely_ones_come_first(stage: Overheard, number: str) -> None:
    """The topics that were guessed stand before those at the top, without the one that is to be corrected."""
    heard = asks(stage, number)
    assert "Sekarang tercatat: Jalan & lalu lintas › Jalan rusak & berlubang" in heard
    buttons = heard.splitlines()[-1].strip()
    assert buttons.startswith("[Selokan & genangan] [Trotoar] [Jalan & lalu lintas]")
    assert "[Jalan rusak & berlubang]" not in heard


def test_without_guesses_the_words_count(stage: Overheard, number: str) -> None:
    """Of a report from before, what its words point to today is offered."""
    put(stage, number, guesses={}, category="parkir")
    assert "[Jalan rusak & berlubang]" in asks(stage, number)


def test_in_one_tap(stage: Overheard, number: str) -> None:
    """A likely topic is one tap; the ticket, its card and its history say so, and its clocks and state stay."""
    before = ticket(stage, number)
    asks(stage, number)
    heard = does(stage, "[Selokan & genangan]")
    after = ticket(stage, number)
    assert "✅ Topik" in heard
    assert "dputr~" in heard
    assert after.category == "selokan"
    assert (after.state, after.agency, after.due_at, after.runs) == (
        before.state,
        before.agency,
        before.due_at,
        before.runs,
    )
    (entry,) = (entry for entry in history(stage, after.id) if entry.action == "recategorise")
    assert (entry.data["from"], entry.data["to"], entry.actor) == (
        "jalan-rusak",
        "selokan",
        contact(stage, "p:Agus Wibowo"),
    )
    assert "Topik diubah oleh Agus Wibowo dari Jalan" in does(stage, f"/tiket {number}")


def test_from_the_list(stage: Overheard, number: str) -> None:
    """From the whole list it is a topic and what lies below it, page by page."""
    asks(stage, number)
    assert "Lebih tepatnya" in does(stage, "[Lainnya…]", "Bansos & perlindungan")
    does(stage, "[Bantuan sosial]")
    assert ticket(stage, number).category == "bansos"


def test_the_topic_at_the_top_alone(stage: Overheard, number: str) -> None:
    """Where nobody can say more the topic at the top is enough."""
    asks(stage, number)
    does(stage, "[Jalan & lalu lintas]", "[Belum dapat dipastikan]")
    assert ticket(stage, number).category == "jalan"


def test_the_reporter_is_left_alone(stage: Overheard, number: str) -> None:
    """What a report is called inside the office is no news for its reporter."""
    before = len(stage.heard("Sari"))
    asks(stage, number)
    does(stage, "[Trotoar]")
    assert len(stage.heard("Sari")) == before


def test_a_sensitive_topic_makes_it_secret(stage: Overheard, number: str) -> None:
    """A sensitive topic makes the report secret; its reporter is told so, and no other topic makes it public again."""
    asks(stage, number)
    heard = does(stage, "[Lainnya…]", "Bansos & perlindungan", "Kekerasan rumah tangga")
    assert ticket(stage, number).secret
    assert "menjadi rahasia" in heard
    assert "hanya Anda dan petugas" in stage.heard("Sari")[-1].body.text
    count = len(stage.heard("Sari"))
    asks(stage, number)
    does(stage, "[Trotoar]")
    assert ticket(stage, number).secret
    assert len(stage.heard("Sari")) == count


def test_not_while_others_read_along(stage: Overheard, number: str) -> None:
    """A report whose news also go to others that are not secret is not made secret under their eyes."""
    other = report(stage, "Tono")
    does(stage, f"/tiket {other}", '(pada "Riwayat") [Gabungkan]', number, who=DWI)
    assert ticket(stage, other).state is State.MERGED
    asks(stage, number)
    heard = does(stage, "[Lainnya…]", "Bansos & perlindungan", "Kekerasan rumah tangga")
    assert "laporan tersendiri" in heard
    assert not ticket(stage, number).secret
    assert ticket(stage, number).category == "jalan-rusak"
    asks(stage, number)
    does(stage, "[Trotoar]")
    assert ticket(stage, number).category == "trotoar"
    assert ticket(stage, other).category == "jalan-rusak"


def test_who_else_may(stage: Overheard, number: str) -> None:
    """The coordinator may correct what another agency holds; an agency that does not hold it may not."""
    ident = ticket(stage, number).id
    assert "Ubah topik" in does(stage, f"/tiket {number}", who=DWI)
    does(stage, "[Ubah topik]", "[Trotoar]", who=DWI)
    assert ticket(stage, number).category == "trotoar"
    press(stage, "Hari Santoso", "dishub", f"t:{ident}:recategorise")
    press(stage, "Hari Santoso", "dishub", "q:do-recategorise:value:selokan")
    assert ticket(stage, number).category == "trotoar"


def test_who_answers_for_it(stage: Overheard, number: str) -> None:
    """Where the rules name another agency for the new topic, the officer hears which."""
    asks(stage, number)
    heard = does(stage, "[Lingkungan & bencana]", "[Sampah]")
    assert "aturan nomor 110, topik ini ditangani Dinas Lingkungan Hidup" in heard


@pytest.mark.parametrize("code", ["jalan-rusak", "hilang", "", "💥", "+" * 60])
def test_what_is_no_correction(stage: Overheard, number: str, code: str) -> None:
    """The same topic, an unknown one or a forged button changes nothing, and leaves a way on."""
    asks(stage, number)
    press(stage, "Agus Wibowo", "dputr", f"q:do-recategorise:value:{code}")
    assert ticket(stage, number).category == "jalan-rusak"
    assert [entry for entry in history(stage, ticket(stage, number).id) if entry.action == "recategorise"] == []
    asks(stage, number)
    does(stage, "[Trotoar]")
    assert ticket(stage, number).category == "trotoar"


def test_twice_is_once(stage: Overheard, number: str) -> None:
    """Pressing the same button twice corrects once."""
    asks(stage, number)
    does(stage, "[Trotoar]", "[Trotoar]")
    assert len([each for each in history(stage, ticket(stage, number).id) if each.action == "recategorise"]) == 1


def test_while_the_coordinator_decides(stage: Overheard, number: str) -> None:
    """A report that nobody was sure of gets its topic from the coordinator, and other agencies are suggested."""
    put(stage, number, state=State.RECEIVED.value, agency="kominfo", category="", guesses={}, story="Tolong kami, Pak.")
    asks(stage, number, who=DWI)
    does(stage, "[Lingkungan & bencana]", "[Sampah]", who=DWI)
    shown = does(stage, f"/tiket {number}", who=DWI)
    assert "[Dinas Lingkungan Hidup]" in shown


def test_in_a_chat_of_ones_own(stage: Overheard) -> None:
    """On WhatsApp the same is chosen from lists."""
    hired(stage)
    number = report(stage, "Sari")
    said(stage, f"tiket {number}", "[Lainnya…]", "[Ubah topik]", "[Lingkungan & bencana]")
    assert "✅ Topik" in said(stage, "[Pohon rawan tumbang]")
    assert ticket(stage, number).category == "pohon"
