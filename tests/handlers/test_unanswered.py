"""The coordinator sees who has not followed up, and reminds one agency in their own name, not too often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from handlers import unanswered
from handlers.desk import Entry
from handlers.rules.ticket import Role, State
from handlers.words import Kind
from storage import sums
from storage import tables as t
from tests.handlers import Overheard, acts, desk, faults, report, sample_office, ticket, tickets
from tests.handlers.phones import hired, said
from tests.handlers.phones import press as tapped

COORDINATOR = "Dwi Kurniawati"
HOUR = timedelta(hours=1)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def put(stage: Overheard, like: str, agencies: Sequence[str]) -> None:
    """A ticket at each of these agencies, like another one; each is a day more late than the one before."""
    made = ticket(stage, like)
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        for n, agency in enumerate(agencies):
            due = stage.now - timedelta(days=n + 1)
            at.add_ticket(replace(made, number=f"LPR-2611-AAAA-{n}", agency=agency, due_at=due))
        at.flush(())


def listed(stage: Overheard, person: str = COORDINATOR, chat: str = "kominfo") -> list[str]:
    """What the list says in a chat, line by line."""
    acts(stage, f"{person} @ {chat}> /belum")
    return stage.heard(chat)[-1].body.text.splitlines()


def press(stage: Overheard, tap: str, person: str = COORDINATOR, chat: str = "kominfo") -> str:
    """What the chat hears first after a press."""
    before = len(stage.heard(chat))
    list(stage.send(person, chat, Kind.TAP, tap=tap, message="b0"))
    return stage.heard(chat)[before].body.text if len(stage.heard(chat)) > before else ""


def reminded(stage: Overheard, chat: str) -> int:
    """How often a chat was reminded by name."""
    return sum("meminta tindak lanjut" in each.body.text for each in stage.heard(chat))


def test_the_worst_are_first_and_the_rest_is_counted(stage: Overheard) -> None:
    """Ten agencies are named, those with more late reports first, and eight can be reminded."""
    number = report(stage, "Sari")
    codes = [each.code for each in stage.office.facts.agencies if each.parent == "kominfo"][:12]
    put(stage, number, [*codes, "bpbd", "bpbd", "dlh"])
    head, first, second, *rest = listed(stage)
    assert "16 laporan terbuka, 15 lewat batas, 16 belum ditindaklanjuti" in head
    assert first == "• Badan Penanggulangan Bencana Daerah: 3 terbuka, 3 lewat batas, 3 belum ditindaklanjuti"
    assert second.startswith("• Dinas Lingkungan Hidup: 2 terbuka, 2 lewat batas")
    assert sum(line.startswith("• ") for line in rest) == 8
    assert "… dan 2 instansi lain" in rest
    assert rest[-1].startswith("Menurut tahun diterima: 2026 (16). Tertua: Senin, 2 November 2026")
    choices = stage.heard("kominfo")[-1].body.choices
    assert [choice for choice, _, _ in choices][:2] == ["b:remind:bpbd", "b:remind:dlh"]
    assert len(choices) == 8


def test_years_are_those_of_receipt(stage: Overheard) -> None:
    """A report that came by letter counts in the year in which it came."""
    ident = ticket(stage, report(stage, "Sari")).id
    report(stage, "Budi")
    with stage.engine.begin() as connection:
        values = {"received_on": (stage.now - timedelta(days=400)).date()}
        connection.execute(update(t.tickets).where(t.tickets.c.id == ident).values(values))
        sums.recounted(connection, lambda agency: stage.office.facts.calendar(agency).zone)
    assert listed(stage)[-1].startswith("Menurut tahun diterima: 2025 (1) · 2026 (1). Tertua: ")


def test_an_agency_sees_those_below_it_only(stage: Overheard) -> None:
    """Whoever has agencies below sees them, and whoever has none hears so."""
    number = report(stage, "Sari")
    put(stage, number, ["upt-jalan-pasirian", "dlh"])
    text = "\n".join(listed(stage, "Agus Wibowo", "dputr"))
    assert "UPT Jalan" in text
    assert "Lingkungan" not in text
    assert "untuk instansi yang membawahi instansi lain" in listed(stage, "Slamet Widodo", "dlh")[0]
    assert "tidak terdaftar" in listed(stage, "Orang Lewat", "kominfo")[0]


def test_a_reminder_bears_a_name(stage: Overheard) -> None:
    """The agency hears who asks and which reports are meant, and can open them; the coordinator who was told."""
    number = report(stage, "Sari")
    put(stage, number, ["dputr"] * 7)
    said = press(stage, "b:remind:dputr")
    assert "sudah diingatkan: 8 laporan belum ditindaklanjuti, 7 laporan lewat batas" in said
    assert "Yang dihubungi: Agus Wibowo, Rini Astutik" in said
    body = stage.heard("dputr")[-1].body
    assert body.text.startswith(f"{COORDINATOR} dari Dinas Komunikasi dan Informatika meminta tindak lanjut: 8 laporan")
    assert body.text.endswith("… dan 2 laporan lain. Ketik /tugas untuk daftarnya.")
    assert len(body.choices) == 6
    assert body.choices[0][1] == "LPR-2611-AAAA-6"


def test_once_in_four_hours(stage: Overheard) -> None:
    """Whoever presses, an agency is reminded once in four hours; another agency at once."""
    put(stage, report(stage, "Sari"), ["dlh"])
    press(stage, "b:remind:dputr")
    stage.now += 4 * HOUR - timedelta(seconds=1)
    assert "kurang dari 4 jam" in press(stage, "b:remind:dputr", "Bambang Prasetyo")
    assert "sudah diingatkan: 1" in press(stage, "b:remind:dlh")
    assert (reminded(stage, "dputr"), reminded(stage, "dlh")) == (1, 1)
    stage.now += timedelta(seconds=1)
    press(stage, "b:remind:dputr", "Bambang Prasetyo")
    assert reminded(stage, "dputr") == 2


def test_an_agency_that_cannot_be_reached(stage: Overheard) -> None:
    """Where no chat is bound the coordinator hears so, and may try again at once when there is one."""
    report(stage, "Sari")
    with stage.engine.begin() as connection:
        bound = connection.execute(delete(t.rooms).where(t.rooms.c.agency == "dputr").returning(t.rooms)).all()
    assert "tidak dapat diingatkan" in press(stage, "b:remind:dputr")
    assert reminded(stage, "dputr") == 0
    with stage.engine.begin() as connection:
        connection.execute(t.rooms.insert(), [dict(row._mapping) for row in bound])
    assert "sudah diingatkan" in press(stage, "b:remind:dputr")


def test_nothing_left_to_remind_of(stage: Overheard) -> None:
    """A button of an old list reminds nobody of reports that were handled since."""
    made = ticket(stage, report(stage, "Sari"))
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        answered = replace(made, state=State.IN_PROGRESS)
        at.change(answered, Entry(made.id, at.now, None, Role.OFFICER, "extend", answered.state, made.agency))
        at.flush(())
    assert "sudah menindaklanjuti semua" in press(stage, "b:remind:dputr")
    assert reminded(stage, "dputr") == 0


@pytest.mark.parametrize("tap", ["b:", "b:remind:", "b:remind:kominfo", "b:remind:setda", "b:x:dputr", "b:dputr"])
def test_a_forged_press_reminds_nobody(stage: Overheard, tap: str) -> None:
    """Only an agency below, and none by another word, is reminded."""
    report(stage, "Sari")
    assert "tidak dapat diingatkan" in press(stage, tap)
    assert (reminded(stage, "dputr"), reminded(stage, "setda")) == (0, 0)


def test_others_cannot_remind(stage: Overheard) -> None:
    """An agency beside, and somebody without office in the coordinator's chat, remind nobody."""
    report(stage, "Sari")
    assert "tidak berada di bawah" in press(stage, "b:remind:dputr", "Slamet Widodo", "dlh")
    assert "tidak terdaftar" in press(stage, "b:remind:dputr", "Orang Lewat")
    press(stage, "b:remind:dputr", "Sari", "Sari")
    assert reminded(stage, "dputr") == 0


def test_labels_that_would_be_alike_bear_a_number(stage: Overheard) -> None:
    """Two agencies whose names begin with the same words have two buttons."""
    put(stage, report(stage, "Sari"), ["dlh"])
    facts = stage.office.facts
    alike = tuple(replace(each, short="Dinas Pekerjaan Umum Bina Marga") for each in facts.agencies)
    stage.office = replace(stage.office, facts=replace(facts, agencies=alike))
    listed(stage)
    labels = [label for _, label, _ in stage.heard("kominfo")[-1].body.choices]
    assert labels == ["Ingatkan Dinas Pekerj… 1", "Ingatkan Dinas Pekerj… 2"]


def test_silence_is_no_satisfaction(stage: Overheard) -> None:
    """The figure is that of those who rated; who said nothing is named beside it."""

    def figure(*outcomes: tuple[int | None, str]) -> str:
        with stage.engine.begin() as connection:
            for rating, outcome in outcomes:
                values = {"rating": rating, "outcome": outcome, "closed_at": stage.now, "state": "resolved"}
                row = {**tickets_row, "number": f"LPR-2611-BBBB-{next(count)}", **values}
                connection.execute(t.tickets.insert(), row)
            sums.rated_anew(connection)
            at = desk(stage, connection)
            return at.render(unanswered.satisfaction(at, ("dputr", "dlh")), "id")

    report(stage, "Sari")
    with stage.engine.begin() as connection:
        tickets_row = dict(connection.execute(t.tickets.select()).one()._mapping)
    del tickets_row["id"]
    count = iter(range(9))
    assert figure() == figure((None, "")) == ""
    assert figure((None, "silent")) == "Nilai pelapor 30 hari: belum ada penilaian · 1 tidak menjawab (tidak dihitung)"
    assert figure((5, "")) == "Nilai pelapor 30 hari: 5,0 ★ dari 1 penilaian · 1 tidak menjawab (tidak dihitung)"
    assert "4,5 ★ dari 2 penilaian · 1 tidak" in figure((4, "silent"))
    assert "3,7 ★ dari 3 penilaian · 1 tidak" in figure((2, ""))
    stage.now += timedelta(days=31)
    assert figure() == ""
    assert len(tickets(stage)) == 6


# -- in an officer's own chat


def test_the_bare_word_asks_for_the_list(stage: Overheard) -> None:
    """On WhatsApp a coordinator types the word without a slash, and reminds from there."""
    report(stage, "Sari")
    hired(stage, agency="kominfo")
    for words in ("belum", "Belum", "/belum"):
        assert "1 belum ditindaklanjuti" in said(stage, words)
    assert "sudah diingatkan" in tapped(stage, "b:remind:dputr")
    assert reminded(stage, "dputr") == 1
    hired(stage, "Tuti", "dlh")
    assert "membawahi instansi lain" in said(stage, "belum", who="Tuti")


def test_the_bare_word_answers_what_stands_open(stage: Overheard) -> None:
    """In reply to a card it is an answer, and within a question an answer to that."""
    hired(stage)
    number = report(stage, "Sari")
    assert "Pratinjau jawaban" in said(stage, f'(balas "{number}") belum')
    assert "membawahi" not in said(stage, "lapor", "belum")
